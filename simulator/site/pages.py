"""The pages of a site besides its live ones: gallery, surfaces with a picker, and the lesson."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version

from errsurf.drawing.page.markup import Markup, filled, markup, script_json
from errsurf.optimizers import optimizer_names
from errsurf.run.language import translated as scenario_in
from errsurf.scenario import Scenario, bundled
from errsurf.site.addresses import NAMES, SHARED, Entry, place, relative
from errsurf.site.lecture import LectureClaim, home, in_order, lecture, numbers
from errsurf.site.surface_scenarios import OWN
from errsurf.site.templates import text_of
from errsurf.words import ENGLISH, said

INDEX, LESSON, SURFACES = "index.html", "lesson.html", "surfaces.html"
FORMULA = Entry("surfaces", OWN)
TITLES = {INDEX: "Gallery", SURFACES: "Surfaces", LESSON: "Lesson", FORMULA.page: "Your own formula"}
OPENINGS = {
    INDEX: "Runs of optimizers on error surfaces of two parameters. Each page computes its run in your browser: every "
    "setting can be changed, and a click on the map drops particles there.",
    SURFACES: "Every surface with four optimizers from all over its window. Choose the optimizer of the first group, "
    "then a surface; on its page all settings can be changed.",
    LESSON: "What one lecture claims of training, in its order. Each claim is checked by the page beneath it, which "
    "computes its run here and now; change its settings and see whether the claim still holds.",
}
VERDICTS = ("holds", "does not hold", "not decided")
UNKNOWN = "not yet checked"
SENTENCE = re.compile("(?:.*?[.?!](?=\\s|$)|.*?[\u3002\uff1f\uff01])")


@dataclass(frozen=True)
class Site:
    """What the pages of a site are made of: its scenarios in order, its surfaces, and its languages."""

    scenarios: Sequence[Scenario]
    surfaces: Sequence[Scenario]
    languages: Sequence[str]

    @property
    def entries(self) -> dict[Entry, Scenario]:
        """All live pages."""
        found = {Entry("scenarios", each.name): each for each in self.scenarios}
        return found | {Entry("surfaces", each.name): each for each in self.surfaces}

    @property
    def lectured(self) -> list[Scenario]:
        """The scenarios that show claims of the lecture, in its order."""
        return in_order([each for each in self.scenarios if numbers(each)])

    @property
    def pages(self) -> dict[str, Callable[[str], Markup]]:
        """The pages that there are, and what makes each in a language."""
        found: dict[str, Callable[[str], Markup]] = {INDEX: lambda language: gallery(self, language)}
        if self.surfaces:
            found[SURFACES] = lambda language: picker(self, language)
        if self.lectured:
            found[LESSON] = lambda language: lesson(self, language)
        return found

    @property
    def formulas(self) -> list[str]:
        """The live page for one's own formula, if it is there."""
        return [entry.page for entry in self.entries if entry == FORMULA]

    def files(self) -> Iterator[tuple[str, str]]:
        """Names and texts of these pages in all languages, their style and their script."""
        for language in self.languages:
            for page, content in self.pages.items():
                yield place(language, page), self._page(page, language, content(language))
        yield f"{SHARED}/site.css", text_of("site.css")
        yield f"{SHARED}/site.js", text_of("site.js")

    def _page(self, page: str, language: str, content: Markup) -> str:
        file = place(language, page)
        return filled(
            text_of("page.html"),
            language=language,
            title=said(TITLES[page], language),
            description=said(OPENINGS[page], language),
            nav=links(self, page, language),
            content=content,
            style=relative(file, f"{SHARED}/site.css"),
            script=relative(file, f"{SHARED}/site.js"),
            verdicts=script_json({verdict: said(verdict, language) for verdict in VERDICTS}),
            version=version("errsurf"),
            made=said(f"Made by errsurf {version('errsurf')}.", language),
        )


def links(site: Site, page: str, language: str) -> Markup:
    """Links to the other pages, and to this one in other languages, for the top of a page."""
    file = place(language, page)
    found = []
    for each in (*site.pages, *site.formulas):
        here = Markup(' aria-current="page"' if each == page else "")
        found.append(_filled('<a href="$to"$here>$word</a>', to=relative(file, place(language, each)), here=here,
                             word=said(TITLES[each], language)))  # fmt: skip
    for other in site.languages:
        if other != language:
            found.append(_filled('<a class="tongue" lang="$tag" hreflang="$tag" href="$to">$word</a>', tag=other,
                                 to=relative(file, place(other, page)), word=NAMES.get(other, other)))  # fmt: skip
    return _filled('<nav class="site" aria-label="$label">\n$links$more</nav>\n', label=said("Site", language),
                   links=_lines(found), more=_others(site, page, language))  # fmt: skip


def _others(site: Site, page: str, language: str) -> Markup:
    """On the page of a surface, a choice of another one."""
    if not page.startswith("surfaces/"):
        return Markup()
    file = place(language, page)
    options = [
        _filled('<option value="$to"$here>$title</option>', to=relative(file, place(language, entry.page)),
                here=Markup(" selected" if entry.page == page else ""), title=_in(scenario, language).title)
        for entry, scenario in site.entries.items() if entry.kind == "surfaces"
    ]  # fmt: skip
    return _filled('<label>$word <select>\n$options</select></label>\n', word=said("Surface", language),
                   options=_lines(options))  # fmt: skip


def gallery(site: Site, language: str) -> Markup:
    """Cards of all scenarios, those of the lecture first."""
    lectured, known = site.lectured, set(bundled())
    rest = [each for each in site.scenarios if each not in lectured]
    parts = {
        "From the lecture": lectured,
        "Beyond the lecture": [each for each in rest if each.name in known],
        "Other scenarios": [each for each in rest if each.name not in known],
    }
    return _lines(
        _filled('<h2>$head</h2>\n<ul class="cards">\n$cards</ul>', head=said(head, language),
                cards=_lines(_card(Entry("scenarios", each.name), each, language, INDEX) for each in scenarios))
        for head, scenarios in parts.items() if scenarios
    )  # fmt: skip


def picker(site: Site, language: str) -> Markup:
    """A choice of optimizers, and cards of all surfaces."""
    options = [_filled('<option value="$name">$name</option>', name=name) for name in optimizer_names()]
    choice = _filled(
        '<p class="picker"><label>$word <select id="optimizers">\n<option value="">$all</option>\n$options'
        "</select></label></p>",
        word=said("Optimizer", language), all=said("four to compare", language), options=_lines(options),
    )  # fmt: skip
    cards = (_card(Entry("surfaces", each.name), each, language, SURFACES) for each in site.surfaces)
    return _filled('$choice\n<h2>$head</h2>\n<ul class="cards">\n$cards</ul>\n', choice=choice,
                   head=said("All surfaces", language), cards=_lines(cards))  # fmt: skip


def _card(entry: Entry, scenario: Scenario, language: str, page: str) -> Markup:
    shown, file = _in(scenario, language), place(language, page)
    mark = Markup(" data-surface") if entry.kind == "surfaces" else Markup()
    return _filled(
        '<li class="card"><img src="$still" alt="" width="480" height="270" loading="lazy">\n<div class="words">'
        '<h3><a href="$to"$mark>$title</a></h3>\n<p>$sentence</p>\n$claims</div></li>',
        still=relative(file, entry.still), to=relative(file, place(language, entry.page)), mark=mark, title=shown.title,
        sentence=first_sentence(shown.about), claims=_claims(shown, language),
    )  # fmt: skip


def _claims(shown: Scenario, language: str) -> Markup:
    if not shown.claim:
        return Markup()
    items = _lines(_filled("<li>$says</li>", says=claim.says) for claim in shown.claim)
    return _filled("<details><summary>$word</summary><ul>\n$items</ul></details>\n", items=items,
                   word=said(f"Claims: {len(shown.claim)}", language))  # fmt: skip


def first_sentence(text: str) -> str:
    """The first sentence of a text."""
    text = " ".join(text.split())
    found = SENTENCE.match(text)
    return found[0] if found else text


def lesson(site: Site, language: str) -> Markup:
    """The lecture's claims in order, each with the pages that check it."""
    homes = {each.name: home(each) for each in site.lectured}
    parts = []
    for part in lecture(language):
        claims = [_claim(site, claim, homes, language) for claim in part.claims if _has(site, claim)]
        if claims:
            parts.append(_filled("<h2>$title</h2>\n$claims", title=part.title, claims=_lines(claims)))
    contents = _lines(
        _filled('<li value="$number"><a href="#claim-$number">$figure</a></li>', number=claim.number,
                figure=claim.figure)
        for part in lecture(language) for claim in part.claims if _has(site, claim)
    )  # fmt: skip
    return _filled('<ol class="contents">\n$contents</ol>\n$parts', contents=contents, parts=_lines(parts))


def _has(site: Site, claim: LectureClaim) -> bool:
    """Whether a page of the site shows a claim; what is measured elsewhere stands in a lesson that is whole."""
    shown = {number for each in site.lectured for number in numbers(each)}
    others = {each.number for part in lecture(ENGLISH) for each in part.claims if not each.measured}
    return claim.number in shown or (claim.measured and others <= shown)


def _claim(site: Site, claim: LectureClaim, homes: Mapping[str, int | None], language: str) -> Markup:
    shown = [each for each in site.lectured if claim.number in numbers(each)]
    shown.sort(key=lambda each: homes[each.name] != claim.number)
    bodies = [_filled("<p>$says</p>", says=claim.says)]
    if claim.measured:
        words = said("Times depend on the machine; {} measures them", language)
        bodies.append(_filled('<p class="note">$before<code>errsurf batches</code>$after</p>',
                              **dict(zip(("before", "after"), words.split("{}"), strict=True))))  # fmt: skip
    bodies += [_checked(each, claim.number, homes[each.name], language) for each in shown]
    if claim.see:
        bodies.append(_see([number for number in claim.see if _in_lesson(site, number)], language))
    if claim.note:
        bodies.append(_filled('<p class="note">$note</p>', note=claim.note))
    return _filled('<section class="claim" id="claim-$number"><h3>$number. $figure</h3>\n$bodies</section>',
                   number=claim.number, figure=claim.figure, bodies=_lines(bodies))  # fmt: skip


def _in_lesson(site: Site, number: int) -> bool:
    return any(number in numbers(each) for each in site.lectured)


def _see(claims: Sequence[int], language: str) -> Markup:
    found = Markup(", ".join(_filled('<a href="#claim-$number">$number</a>', number=number) for number in claims))
    return _filled('<p class="note">$word $claims</p>', word=said("See claims", language), claims=found)


def _checked(scenario: Scenario, number: int, at: int | None, language: str) -> Markup:
    """The scenario's claims of this number with their verdicts, and its page, or where that stands."""
    shown = _in(scenario, language)
    items = _lines(
        _filled('<li data-name="$name" data-claim="$k"><strong class="verdict" aria-live="polite">$verdict</strong> '
                "$says</li>", name=scenario.name, k=k, verdict=said(UNKNOWN, language), says=claim.says)
        for k, claim in enumerate(shown.claim) if number in claim.lecture
    )  # fmt: skip
    checked = _filled('<ul class="checked">\n$items</ul>', items=items)
    if at != number:
        text = said(f"Checked by the page at claim {at}", language)
        link = _filled('<p class="note"><a href="#claim-$at">$text</a></p>', at=at or 0, text=text)
        return _lines([checked, link])
    entry, file = Entry("scenarios", scenario.name), place(language, LESSON)
    page = relative(file, place(language, entry.page))
    return _filled(
        '$checked\n<figure class="frame" data-page="$page?embed" data-name="$name" data-title="$title">'
        '<img src="$still" alt="" loading="lazy"><figcaption><a href="$page">$open</a>: $title</figcaption></figure>',
        checked=checked, page=page, name=scenario.name, title=shown.title, still=relative(file, entry.still),
        open=said("On a page of its own", language),
    )  # fmt: skip


def _in(scenario: Scenario, language: str) -> Scenario:
    return scenario_in(scenario, (language,))


def _filled(template: str, **values: object) -> Markup:
    return filled(template, **values)


def _lines(parts: Iterator[Markup] | Sequence[Markup]) -> Markup:
    return Markup("".join(f"{markup(part)}\n" for part in parts))
