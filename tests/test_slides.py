"""Decks of slides: what is on them, that it fits, and what is refused."""

from pathlib import Path
from zipfile import ZipFile

import pytest
from pptx import Presentation

from errsurf.slides import deck
from helpers.command_line import SMALL, CommandLine

CLAIM = """
[[claim]]
says = "It stays near the saddle."
group = "sgd, full batch"
statistic = "share_near"
point = [0.0, 0.0]
radius = 0.9
above = 0.3
"""
ABOUT = 'title = "A first slide"\nabout = "What to see."\nseed = 7\n'
FAST = ("--seconds", "0.2", "--hold", "0.1", "--size", "480x270")


@pytest.mark.parametrize("movie", ["gif", "mp4"])
def test_a_slide_has_title_movie_claim_verdict_and_notes(errsurf: CommandLine, movie: str) -> None:
    errsurf.file(ABOUT + SMALL + CLAIM, "a.toml")
    assert errsurf("run", "a.toml", "--no-pictures", "--quiet") == 0
    assert errsurf("slides", "a.toml", "results/a", "talk.pptx", "--movie", movie, *FAST) == 0, errsurf.err
    assert errsurf.out == "talk.pptx\n"
    made = Presentation("talk.pptx")
    assert made.slide_width / made.slide_height == pytest.approx(16 / 9, rel=1e-3)
    assert len(made.slides) == 2
    for page in made.slides:
        assert page.shapes.title.text == "A first slide"
        texts = [shape.text_frame.text for shape in page.shapes if shape.has_text_frame]
        assert any("holds" in text and "It stays near the saddle." in text for text in texts)
        notes = page.notes_slide.notes_text_frame.text
        for words in (
            "What to see.",
            "It stays near the saddle. (holds)",
            "share within 0.9",
            "16 particles",
            "seed 7",
        ):
            assert words in notes
        for shape in page.shapes:
            assert 0 <= shape.left <= shape.left + shape.width <= made.slide_width
            assert 0 <= shape.top <= shape.top + shape.height <= made.slide_height
    media = [name for name in ZipFile("talk.pptx").namelist() if name.startswith("ppt/media/")]
    assert any(name.endswith(movie) for name in media)


def test_a_deck_is_in_a_language(errsurf: CommandLine) -> None:
    assert errsurf("slides", errsurf.file(SMALL + CLAIM), "talk.pptx", "--lang", "zh", *FAST) == 0
    (page,) = Presentation("talk.pptx").slides
    assert any("成立" in shape.text_frame.text for shape in page.shapes if shape.has_text_frame)
    assert "每组 16 个粒子" in page.notes_slide.notes_text_frame.text


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["small.toml", "talk.ppt"], "talk.ppt: a deck of slides ends in .pptx, such as talk.pptx"),
        (["small.toml", "old.pptx"], "old.pptx exists"),
        (["nothing", "talk.pptx"], "nothing: no such file"),
        (["small.toml"], "missing argument"),
        (["small.toml", "no/talk.pptx"], "there is no folder no"),
    ],
)
def test_what_cannot_be_is_said_and_nothing_is_written(errsurf: CommandLine, arguments: list[str], words: str) -> None:
    errsurf.file()
    Path("old.pptx").touch()
    assert errsurf("slides", *arguments) == 2
    assert words in errsurf.err
    assert errsurf.names() == {"small.toml", "old.pptx"}


def test_long_texts_are_set_smaller_until_they_fit() -> None:
    sizes = (20, 16, 12, 8)
    found = [deck._largest(["word " * count], deck.CLAIMS, sizes) for count in (1, 100, 180, 2000)]
    assert found[0] == 20
    assert found == sorted(found, reverse=True)
    assert found[-1] == 8
    assert deck._largest(["字" * 400], deck.CLAIMS, sizes) < deck._largest(["a" * 400], deck.CLAIMS, sizes)


def test_type_is_that_of_the_text_itself(errsurf: CommandLine) -> None:
    """PowerPoint follows no default of a paragraph: white text on a dark slide would be black."""
    errsurf.file(ABOUT + SMALL + CLAIM + '[picture]\ncaption = "Look at the edge."\n', "a.toml")
    assert errsurf("slides", "a.toml", "talk.pptx", "--theme", "dark", *FAST) == 0, errsurf.err
    (page,) = Presentation("talk.pptx").slides
    frames = [shape.text_frame for shape in page.shapes if shape.has_text_frame]
    assert "Look at the edge." in [frame.text for frame in frames]
    runs = [run for frame in frames for paragraph in frame.paragraphs for run in paragraph.runs]
    assert len(runs) == 4
    for run in runs:
        assert run.font.name == "Arial"
        assert run.font.size.pt >= 10
        assert min(run.font.color.rgb) > 128
        assert run.font._rPr.find("{*}ea").get("typeface") == "Microsoft YaHei"
