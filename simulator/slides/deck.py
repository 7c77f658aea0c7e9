"""A deck of slides as a .pptx file, 16:9, through python-pptx, which is imported when it is used."""

from collections.abc import Sequence
from math import ceil
from typing import Any, BinaryIO
from unicodedata import east_asian_width

from errsurf.claims.checking import FAILS, HOLDS
from errsurf.slides.slide import Slide, Told

FONT, CHINESE_FONT = "Arial", "Microsoft YaHei"
"""The fonts of letters, and of those of Chinese, Japanese and Korean; a program without one takes its own."""
WIDTH, HEIGHT, EDGE = 13.333, 7.5, 0.4
TITLE = (EDGE, 0.25, WIDTH - 2 * EDGE, 1.0)
PICTURE = (EDGE, 1.4, 8.889, 5.0)
CLAIMS = (PICTURE[0] + PICTURE[2] + 0.3, 1.4, WIDTH - PICTURE[0] - PICTURE[2] - 0.3 - EDGE, 5.7)
CAPTION = (EDGE, 6.5, PICTURE[2], 0.8)
ALONE = (EDGE, 1.4, WIDTH - 2 * EDGE, 5.8)
"""Places in inches: left, top, width, height.  A picture has 144 pixels an inch."""
LETTER, LINE, POINTS = 0.56, 1.25, 72
"""Width of a letter and height of a line, as shares of the type's size, and points an inch."""
TITLE_ONLY = 5
VERDICTS = {HOLDS: (0, 110, 60), FAILS: (176, 0, 32)}


def write_deck(slides: Sequence[Slide], file: BinaryIO) -> None:
    """Write the slides; their pictures are copied into the file."""
    from pptx import Presentation
    from pptx.util import Inches

    deck = Presentation()
    deck.slide_width, deck.slide_height = Inches(WIDTH), Inches(HEIGHT)
    for each in slides:
        _add(deck.slides.add_slide(deck.slide_layouts[TITLE_ONLY]), each)
    deck.save(file)


def _add(page: Any, slide: Slide) -> None:
    page.background.fill.solid()
    page.background.fill.fore_color.rgb = _colour(slide.theme.behind)
    _place(page.shapes.title, TITLE)
    _write_title(page.shapes.title.text_frame, slide)
    _add_movie(page, slide)
    if slide.caption:
        _write_caption(page.shapes.add_textbox(*_inches(CAPTION)).text_frame, slide)
    _write_claims(page.shapes.add_textbox(*_inches(CLAIMS)).text_frame, slide)
    page.notes_slide.notes_text_frame.text = slide.notes


def _write_title(frame: Any, slide: Slide) -> None:
    frame.word_wrap = True
    frame.text = slide.title
    _style(frame.paragraphs[0], _largest([slide.title], TITLE, (32, 28, 24, 20, 16)), slide.theme.foreground, bold=True)


def _write_caption(frame: Any, slide: Slide) -> None:
    frame.word_wrap = True
    frame.text = slide.caption
    _style(frame.paragraphs[0], _largest([slide.caption], CAPTION, (20, 18, 16, 14, 12, 11, 10)), slide.theme.grey)


def _add_movie(page: Any, slide: Slide) -> None:
    place = _inches(_fitted(slide))
    if slide.movie.suffix == ".mp4":
        shape = page.shapes.add_movie(str(slide.movie), *place, str(slide.poster), "video/mp4")
    else:
        shape = page.shapes.add_picture(str(slide.movie), *place)
    shape._element.xpath(".//p:cNvPr")[0].set("descr", slide.title)


def _write_claims(frame: Any, slide: Slide) -> None:
    frame.word_wrap = True
    texts = [text for claim in slide.claims for text in (claim.shown, claim.says, "")]
    size = _largest(texts, CLAIMS, (20, 18, 16, 14, 12, 11, 10))
    for claim in slide.claims:
        _write_claim(frame, claim, size, slide)


def _write_claim(frame: Any, claim: Told, size: int, slide: Slide) -> None:
    from pptx.util import Pt

    bright = sum(slide.theme.behind) > 3 * 128
    colour = VERDICTS.get(claim.verdict, slide.theme.grey) if bright else slide.theme.foreground
    for text, ink, bold in ((claim.shown, colour, True), (claim.says, slide.theme.foreground, False)):
        paragraph = frame.add_paragraph() if frame.text else frame.paragraphs[0]
        paragraph.text = text
        _style(paragraph, size, ink, bold=bold)
    paragraph.space_after = Pt(size)


def _style(paragraph: Any, size: int, colour: tuple[int, int, int], *, bold: bool = False) -> None:
    """Type of a paragraph's text; it is the text's own, as PowerPoint follows no paragraph's."""
    from pptx.enum.text import PP_ALIGN
    from pptx.oxml import parse_xml
    from pptx.oxml.ns import nsdecls
    from pptx.util import Pt

    paragraph.alignment = PP_ALIGN.LEFT
    for run in paragraph.runs:
        run.font.name, run.font.size, run.font.bold = FONT, Pt(size), bold
        run.font.color.rgb = _colour(colour)
        run.font._rPr.append(parse_xml(f'<a:ea {nsdecls("a")} typeface="{CHINESE_FONT}"/>'))


def _largest(texts: Sequence[str], box: tuple[float, float, float, float], sizes: Sequence[int]) -> int:
    """The largest of these sizes, from the largest down, at which texts fit into a box; else the last."""
    width, height = (POINTS * (side - 0.2) for side in box[2:])

    def fits(size: int) -> bool:
        rows = sum(max(1, ceil(1.1 * _letters(text) * LETTER * size / width)) for text in texts)
        return rows * LINE * size <= height

    return next(filter(fits, sizes), sizes[-1])


def _letters(text: str) -> int:
    """The width of a text in letters; those of Chinese are twice as wide."""
    return sum(2 if east_asian_width(letter) in "WF" else 1 for letter in text)


def _fitted(slide: Slide) -> tuple[float, float, float, float]:
    """The place of a slide's picture, in the shape that it has, beside claims, above a caption, or alone."""
    from pptx.parts.image import Image

    width, height = Image.from_file(str(slide.poster)).size
    left, top, most, tall = PICTURE if slide.claims else ALONE
    scale = min(most / width, (PICTURE[3] if slide.caption else tall) / height)
    return left + (most - scale * width) / 2, top, scale * width, scale * height


def _inches(place: Sequence[float]) -> list[Any]:
    from pptx.util import Inches

    return [Inches(each) for each in place]


def _place(shape: Any, place: Sequence[float]) -> None:
    shape.left, shape.top, shape.width, shape.height = _inches(place)


def _colour(colour: tuple[int, int, int]) -> Any:
    from pptx.dml.color import RGBColor

    made: Any = RGBColor
    return made(*colour)
