"""How the workers of one run of the tests share them: file by file, with all that waits for a browser on one worker.

Browser walks wait more than they compute, so they begin first, and the other workers have the processors meanwhile.
"""

from functools import cache
from pathlib import Path
from typing import Any

import pytest
from xdist.scheduler import LoadScopeScheduling

BROWSER = "browser"
ROOT = Path(__file__).resolve().parent.parent


@cache
def unit_of(nodeid: str) -> str:
    """Name what goes to one worker together: the file, or the browser."""
    file = nodeid.partition("::")[0]
    return BROWSER if _walks(file) else file


@cache
def _walks(file: str) -> bool:
    return file.startswith("tests/journeys/") or "tests.journeys" in (ROOT / file).read_text()


def order(nodeid: str) -> tuple[bool, bool]:
    """The browser first, then the files beside this one, which take longest; what is left in its own order."""
    unit = unit_of(nodeid)
    return unit != BROWSER, unit.count("/") > 1


class Sharing(LoadScopeScheduling):
    """Gives the next file to whoever is done, in the order of `order`."""

    def __init__(self, config: pytest.Config, log: Any) -> None:
        super().__init__(config, log)
        config.option.loadscopereorder = False

    def _split_scope(self, nodeid: str) -> str:
        return unit_of(nodeid)
