"""What every page of ours keeps, whatever it shows: checked on the HTML that was sent, without a browser."""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element

import html5lib

HARMLESS = frozenset({"unexpected-null-character"})
FIELDS = frozenset({"input", "select", "textarea"})
NO_LABEL_NEEDED = frozenset({"hidden", "submit", "button", "image", "reset"})
RESOURCES = {"script": "src", "link": "href", "img": "src", "iframe": "src", "source": "src", "use": "href"}
SCOPES = frozenset({"col", "row", "colgroup", "rowgroup"})
DATA_SCRIPTS = frozenset({"application/ld+json"})
SIDE_BUTTONS = frozenset({"add", "remove", "remove-file", "upload"})  # they change an entry, not the whole form
REFERENCES = ("aria-describedby", "aria-labelledby", "aria-controls", "aria-owns", "aria-errormessage")
HEADING = re.compile(r"h[1-6]")

Check = Callable[["Page"], Iterator[str]]


class Page:
    """A parsed page with what the checks ask of it."""

    def __init__(self, html: str, url: str, status: int) -> None:
        parser = html5lib.HTMLParser(namespaceHTMLElements=False)
        self.root: Element = parser.parse(html)
        self.url, self.status = url, status
        self.parse_errors = [(place, code) for place, code, _ in parser.errors if code not in HARMLESS]
        self.parents = {child: parent for parent in self.root.iter() for child in parent}
        self.ids = Counter(e.get("id") for e in self.all() if e.get("id") is not None)

    def all(self, *tags: str) -> list[Element]:
        return [e for e in self.root.iter() if isinstance(e.tag, str) and (not tags or e.tag in tags)]

    def ancestors(self, element: Element) -> Iterator[Element]:
        while (parent := self.parents.get(element)) is not None:
            yield parent
            element = parent


def words(element: Element) -> str:
    """Read the text of an element with runs of white space as one space."""
    return " ".join("".join(element.itertext()).split())


def show(element: Element) -> str:
    """Name an element in a message: <input name=phone id=phone>."""
    marks = [f"{name}={element.get(name)}" for name in ("id", "name", "href", "src") if element.get(name)]
    return f"<{' '.join([str(element.tag), *marks])}>"


def parses(page: Page) -> Iterator[str]:
    yield from (f"HTML error at line {place[0]}: {code}" for place, code in page.parse_errors)


def has_language(page: Page) -> Iterator[str]:
    expected = "en" if urlsplit(page.url).path.startswith("/en/") else "ja"
    if page.root.get("lang") != expected:
        yield f"lang is {page.root.get('lang')!r}, not {expected!r}"


def has_one_heading_in_the_title(page: Page) -> Iterator[str]:
    headings, titles = page.all("h1"), page.all("title")
    if len(headings) != 1:
        yield f"{len(headings)} h1 instead of one"
        return
    title = words(titles[0]).removeprefix("エラー：").removeprefix("Error: ") if titles else ""
    if not words(headings[0]) or not title.startswith(words(headings[0])):
        yield f"the title {title!r} does not begin with the h1 {words(headings[0])!r}"


def names_errors_in_the_title(page: Page) -> Iterator[str]:
    titles = page.all("title")
    summary = any(e.get("id") == "errors" for e in page.all())
    if summary != (bool(titles) and words(titles[0]).startswith(("エラー：", "Error: "))):
        yield "an error summary and a title beginning with エラー： go together"


def headings_keep_their_levels(page: Page) -> Iterator[str]:
    level = 0
    for heading in page.all():
        in_summary = any(a.get("id") == "errors" for a in page.ancestors(heading))
        if not HEADING.fullmatch(str(heading.tag)) or in_summary:
            continue
        if int(heading.tag[1]) > level + 1:
            yield f"{heading.tag} {words(heading)!r} follows level {level}"
        level = int(heading.tag[1])


def has_main(page: Page) -> Iterator[str]:
    mains = page.all("main")
    if [e.get("id") for e in mains] != ["main"]:
        yield f"one main with id=main, not {[show(e) for e in mains]}"


def ids_are_unique(page: Page) -> Iterator[str]:
    yield from (f"id {name!r} stands {count} times" for name, count in page.ids.items() if count > 1 or not name)


def references_exist(page: Page) -> Iterator[str]:
    for element in page.all():
        targets = [t for name in REFERENCES for t in (element.get(name) or "").split()]
        targets += [element.get("for", "")] if element.tag == "label" and element.get("for") is not None else []
        href = element.get("href") or ""
        targets += [href[1:]] if element.tag == "a" and href.startswith("#") else []
        yield from (f"{show(element)} points to #{t}, which is not there" for t in targets if not page.ids[t])


def fields_have_labels(page: Page) -> Iterator[str]:
    labelled = {label.get("for") for label in page.all("label") if words(label)}
    for field in page.all(*FIELDS):
        if field.tag == "input" and field.get("type") in NO_LABEL_NEEDED:
            continue
        wrapped = any(a.tag == "label" and words(a) for a in page.ancestors(field))
        if not (wrapped or field.get("id") in labelled or field.get("aria-label") or field.get("aria-labelledby")):
            yield f"{show(field)} has no label"


def fields_ask_nothing_of_the_browser(page: Page) -> Iterator[str]:
    for element in page.all():
        for name in ("placeholder", "autofocus", "required"):
            if element.get(name) is not None:
                yield f"{show(element)} has the attribute {name}"
        if element.tag == "input" and element.get("type") == "date":
            yield f"{show(element)} is type=date"


def nothing_is_inline(page: Page) -> Iterator[str]:
    for element in page.all():
        if element.tag == "style" or element.get("style") is not None:
            yield f"{show(element)} carries a style"
        if element.tag == "script" and element.get("src") is None and element.get("type") not in DATA_SCRIPTS:
            yield "a script stands in the page"
        yield from (f"{show(element)} has the handler {name}" for name in element.attrib if name.startswith("on"))
        if (element.get("href") or "").strip().lower().startswith("javascript:"):
            yield f"{show(element)} is a script address"


def resources_are_ours(page: Page) -> Iterator[str]:
    for element in page.all(*RESOURCES):
        if element.tag == "link" and element.get("rel") in ("canonical", "alternate"):
            continue
        address = urlsplit(element.get(RESOURCES[element.tag]) or "")
        if address.netloc and address.netloc != urlsplit(page.url).netloc:
            yield f"{show(element)} comes from elsewhere"


def images_have_words(page: Page) -> Iterator[str]:
    yield from (f"{show(e)} has no alt" for e in page.all("img") if e.get("alt") is None)


def tables_have_heads(page: Page) -> Iterator[str]:
    for table in page.all("table"):
        heads = [e for e in table.iter("th")]
        if not heads:
            yield "a table has no th"
        yield from (f"th {words(e)!r} has no scope" for e in heads if e.get("scope") not in SCOPES)


def forms_carry_a_token(page: Page) -> Iterator[str]:
    for form in page.all("form"):
        if (form.get("method") or "get").lower() == "get":
            continue
        tokens = [e for e in form.iter("input") if e.get("name") == "csrf_token" and e.get("value")]
        if len(tokens) != 1:
            yield f"the form to {form.get('action')!r} has {len(tokens)} csrf_token"


def buttons_stand_in_forms(page: Page) -> Iterator[str]:
    for button in page.all("button", "input"):
        if button.get("type", "submit" if button.tag == "button" else "text") not in ("submit", "image"):
            continue
        if not button.get("form") and not any(a.tag == "form" for a in page.ancestors(button)):
            yield f"the button {words(button) or show(button)!r} stands in no form"
        if button.tag == "button" and not words(button) and not button.get("aria-label"):
            yield f"{show(button)} has no words"


def enter_saves(page: Page) -> Iterator[str]:
    """Enter in a field presses the first submit button of its form."""
    for form in page.all("form"):
        buttons = [e for e in form.iter("button") if e.get("type", "submit") == "submit"]
        if buttons and buttons[0].get("name") in SIDE_BUTTONS:
            yield f"Enter in the form to {form.get('action')!r} presses {words(buttons[0])!r}"
        yield from (f"the unseen {show(e)} can be reached by Tab" for e in buttons if _is_unseen_stop(e))


def _is_unseen_stop(button: Element) -> bool:
    return (button.get("class") == "sr" or button.get("aria-hidden") == "true") and button.get("tabindex") != "-1"


CHECKS: tuple[Check, ...] = (
    parses,
    has_language,
    has_one_heading_in_the_title,
    names_errors_in_the_title,
    headings_keep_their_levels,
    has_main,
    ids_are_unique,
    references_exist,
    fields_have_labels,
    fields_ask_nothing_of_the_browser,
    nothing_is_inline,
    resources_are_ours,
    images_have_words,
    tables_have_heads,
    forms_carry_a_token,
    buttons_stand_in_forms,
    enter_saves,
)


def problems(html: str, url: str = "/", *, status: int = 200) -> list[str]:
    """List what is wrong with a page, each in one line."""
    page = Page(html, url, status)
    return [problem for check in CHECKS for problem in check(page)]


def check_page(html: str, url: str, *, status: int) -> None:
    """Fail with every problem of a page named."""
    found = problems(html, url, status=status)
    assert not found, f"{url} ({status}):\n" + "\n".join(f"- {problem}" for problem in found)
