"""What the public pages weigh as a browser gets them: 60 KB for list and detail with all that they ask for (ux B10)."""

import gzip
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from http.client import HTTPConnection
from urllib.parse import urlsplit

import pytest

from tests.journeys.stack import Stack, running

MOST_BYTES = 60_000
MOST_REQUESTS = 8
OPENING = re.compile(r'href="(/openings/[0-9a-f-]{36})"')


class Asked(HTMLParser):
    """What a page makes a browser fetch: styles, scripts, icons, pictures."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.paths: list[str] = []
        self.inline = 0
        self.feed(page)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        values = dict(attributes)
        if tag == "link" and (values.get("rel") or "") in {"stylesheet", "icon", "modulepreload", "preload"}:
            self.paths.append(str(values["href"]))
        elif tag in {"script", "img"} and values.get("src"):
            self.paths.append(str(values["src"]))
        self.inline += tag == "script" and not values.get("src") and values.get("type") != "application/ld+json"


@pytest.fixture(scope="module")
def stack() -> Iterator[Stack]:
    with running("sqlite") as made:
        yield made


def fetched(stack: Stack, path: str) -> tuple[int, str]:
    """Bytes on the wire of one answer, its head with them, and its text."""
    parts = urlsplit(stack.url)
    line = HTTPConnection(str(parts.hostname), parts.port, timeout=30)
    line.request("GET", path, headers={"Accept-Encoding": "gzip, br"})
    answer = line.getresponse()
    assert answer.status == 200, path
    head, body = len(str(answer.headers).encode()), answer.read()
    text = gzip.decompress(body) if answer.headers["Content-Encoding"] == "gzip" else body
    return head + len(body), text.decode(errors="replace")


def weighed(stack: Stack, path: str) -> tuple[int, int]:
    """All bytes and requests of a page; modules that scripts import count too."""
    total, page = fetched(stack, path)
    asked = Asked(page)
    assert asked.inline == 0, f"{path} has a script of its own"
    waiting, seen = list(asked.paths), set[str]()
    while waiting:
        one = waiting.pop()
        if one in seen or one.startswith("data:"):
            continue
        seen.add(one)
        size, text = fetched(stack, one)
        total += size
        if ".js" in one:
            folder = urlsplit(one).path.rsplit("/", 1)[0]
            waiting += [f"{folder}/{name}" for name in re.findall(r'from "\./([^"]+)"', text)]
    return total, 1 + len(seen)


def test_every_opening_of_the_demo_and_their_list_weigh_sixty_kilobytes_at_most(stack: Stack) -> None:
    _size, page = fetched(stack, "/openings")
    openings = list(dict.fromkeys(OPENING.findall(page)))
    assert len(openings) >= 5

    weights = {path: weighed(stack, path) for path in ["/", "/openings", *openings]}

    assert {path: weight for path, weight in weights.items() if weight[0] > MOST_BYTES} == {}
    assert {path: weight for path, weight in weights.items() if weight[1] > MOST_REQUESTS} == {}
