"""The live pages of a site: what they have in common lies once, in files that they share."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from errsurf.drawing.page.formula_box import can_have_box
from errsurf.drawing.page.live_page import LivePage, as_bytes, known_modules, worker_text
from errsurf.drawing.page.live_page import read_pages as page_versions
from errsurf.drawing.page.markup import Markup, json_text
from errsurf.drawing.page.parts import Part, Shared, common, joined, packed_part, part_script, without
from errsurf.drawing.page.playground import PRESETS
from errsurf.drawing.page.template import boot_script, live_script, page_style, put_together
from errsurf.run.language import translated
from errsurf.scenario import Scenario
from errsurf.site.addresses import SHARED, Entry, place, relative, words_file
from errsurf.site.templates import text_of

ERRSURF = f"{SHARED}/errsurf.js"
Arrays = Mapping[str, NDArray[Any]]


@dataclass(frozen=True)
class LivePages:
    """All live pages of a site in some languages, before they are put together."""

    languages: Sequence[str]
    pages: Mapping[Entry, Mapping[str, LivePage]]
    worker: str

    def files(self, above: Callable[[Entry, str], Markup]) -> Iterator[tuple[str, str]]:
        """Names and texts of their files; ``above`` is what stands at the top of a page in a language."""
        base = self._common([page for versions in self.pages.values() for page in versions.values()], {})
        words = {
            each: self._common([versions[each] for versions in self.pages.values()], base) for each in self.languages
        }
        yield ERRSURF, self._script(base)
        yield from ((words_file(each), part_script(Part(told, {}))) for each, told in words.items())
        for entry, versions in self.pages.items():
            told = self._common([versions[each] for each in self.languages], base)
            arrays = _same([versions[each].part.arrays for each in self.languages])
            yield entry.data, part_script(Part(told, arrays))
            for language, page in versions.items():
                known = joined(joined(base, words[language]), told)
                own = Part(without(_plain(page), known), {k: v for k, v in page.part.arrays.items() if k not in arrays})
                yield place(language, entry.page), self._page(entry, language, page, own, above(entry, language))
        for theme in sorted({_style(page) for versions in self.pages.values() for page in versions.values()}):
            yield f"{SHARED}/{theme}", page_style(theme.removesuffix(".css"), live=True) + text_of("above.css")

    def _common(self, pages: Sequence[LivePage], base: Any) -> Any:
        return without(common([_plain(page) for page in pages]), base)

    def _script(self, base: Any) -> str:
        """The script that all pages read last: the part that they share, their code, and what starts it."""
        parts = part_script(Part(base, {"worker": as_bytes(self.worker), "codes": self._codes}), "unshift")
        box = any(page.box for versions in self.pages.values() for page in versions.values())
        code = f"window.errsurfPage = () => {{\n{live_script(box=box)}}};\n"
        return parts + code + text_of("above.js") + boot_script()

    @property
    def _codes(self) -> NDArray[np.uint8]:
        return np.frombuffer(b"".join(dict.fromkeys(part.module.code for part in known_modules())), np.uint8)

    def _page(self, entry: Entry, language: str, page: LivePage, own: Part, above: Markup) -> str:
        file = place(language, entry.page)
        scripts = [relative(file, each) for each in (words_file(language), entry.data, ERRSURF)]
        shared = Shared(relative(file, f"{SHARED}/{_style(page)}"), scripts, above)
        directory, data = packed_part(own)
        return put_together(page.texts, directory, data, page.made, live=True, box=page.box, shared=shared)


def read_pages(
    entries: Mapping[Entry, Scenario], languages: Sequence[str], progress: Callable[[float], None]
) -> LivePages:
    """Read what the pages of scenarios are told; raises UserError for one that no page can compute."""
    scenarios = list(entries.values())
    worker, missing = worker_text(scenarios, box=any(map(can_have_box, scenarios)))
    pages: dict[Entry, dict[str, LivePage]] = {}
    for k, (entry, scenario) in enumerate(entries.items()):
        versions = [translated(scenario, (language,)) for language in languages]
        found = page_versions(versions, None, missing, known_modules(), PRESETS)
        pages[entry] = dict(zip(languages, found, strict=True))
        progress((k + 1) / len(entries))
    return LivePages(languages, pages, worker)


def _plain(page: LivePage) -> Any:
    """What a page is told, as JSON has it."""
    return json.loads(json_text(page.part.told))


def _same(versions: Sequence[Arrays]) -> dict[str, NDArray[Any]]:
    """The arrays that all versions of a page have alike."""
    first = versions[0]
    return {
        name: array for name, array in first.items() if all(np.array_equal(array, each[name]) for each in versions[1:])
    }


def _style(page: LivePage) -> str:
    return f"{'projector' if page.texts['theme'].startswith('projector') else 'light'}.css"
