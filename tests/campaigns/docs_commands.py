"""Every page of the documentation as its reader would run it, with its own settings: for an hour, by hand.

Run ``python tests/campaigns/docs_commands.py [PAGE ...]``.  Each page has an empty folder; failures are printed, and
the exit code is the number of pages that failed.
"""

import sys
import tempfile
import time
from contextlib import chdir
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from test_docs_commands import WITH_CODE

from helpers.doc_commands import run_page


def main(pages: list[str]) -> int:
    """Run the pages, and count those that failed."""
    return sum(not _runs(page) for page in pages or WITH_CODE)


def _runs(page: str) -> bool:
    start = time.monotonic()
    with tempfile.TemporaryDirectory() as folder, chdir(folder):
        try:
            done = run_page(page, cheap=False, marks=("", "campaign"))
        except Exception as error:
            _say(f"{page}: {type(error).__name__}: {error}")
            return False
    _say(f"{page}: {done} commands and blocks in {time.monotonic() - start:.0f} s")
    return True


def _say(text: str) -> None:
    sys.stderr.write(f"{text}\n")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
