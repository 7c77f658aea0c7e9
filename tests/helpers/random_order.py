"""A plugin of pytest: files, and the tests in each, in an order that ``--order SEED`` chooses; also with pytest-xdist.

``PYTHONPATH=tests pytest -p helpers.random_order --order 7 -n 2 --dist loadfile``
"""

from itertools import groupby
from random import Random

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option, which workers of pytest-xdist get too."""
    parser.addoption("--order", type=int, default=0, metavar="SEED", help="run the tests in the order of this seed")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Shuffle files and the tests in them; every worker shuffles alike."""
    draw = Random(config.getoption("order"))
    files = [list(some) for _, some in groupby(items, key=lambda item: item.path)]
    draw.shuffle(files)
    for some in files:
        draw.shuffle(some)
    items[:] = [item for some in files for item in some]
