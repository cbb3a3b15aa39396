"""A form of a page as a browser without scripts reads it: its fields, what they hold, and what is still asked for."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

UNTYPED = frozenset({"submit", "button", "image", "reset"})
Pairs = list[tuple[str, str]]


@dataclass
class Field:
    """One control, or all radio buttons of a name."""

    name: str
    kind: str
    value: str = ""
    is_on: bool = True
    choices: list[str] = field(default_factory=list)


@dataclass
class ReadForm:
    action: str = ""
    fields: list[Field] = field(default_factory=list)

    def names(self) -> list[str]:
        return [one.name for one in self.fields]

    def pairs(self) -> Pairs:
        """What a browser would send: files and buttons apart, and nothing for what is not chosen."""
        return [(one.name, one.value) for one in self.fields if one.kind != "file" and one.is_on]

    def put(self, name: str, value: str) -> None:
        for one in self.fields:
            if one.name == name:
                one.value, one.is_on = value, True


class Forms(HTMLParser):
    """Reads every form of a page, and where its summary of errors points."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.forms: list[ReadForm] = []
        self.fragments: list[str] = []  # ids that links of this page lead to
        self._textarea: Field | None = None
        self._select: Field | None = None
        self.feed(page)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attributes}
        if tag == "form":
            self.forms.append(ReadForm(values.get("action", "")))
        elif tag == "a" and values.get("href", "").startswith("#"):
            self.fragments.append(values["href"][1:])
        elif self.forms and values.get("name") and tag in {"input", "textarea", "select"}:
            self._control(tag, values)
        elif tag == "option" and self._select is not None:
            self._select.choices.append(values.get("value", ""))
            if "selected" in values or len(self._select.choices) == 1:
                self._select.value = values.get("value", "")

    def _control(self, tag: str, values: dict[str, str]) -> None:
        kind = values.get("type", "text") if tag == "input" else tag
        if kind in UNTYPED or "disabled" in values:
            return
        one = Field(values["name"], kind, values.get("value", ""))
        if kind in {"radio", "checkbox"}:
            one.is_on = "checked" in values
            one.choices = [one.value or "on"]
        same = next((old for old in self.forms[-1].fields if old.name == one.name and kind == "radio"), None)
        if same is not None:
            same.choices += one.choices
            if one.is_on:
                same.value, same.is_on = one.value, True
            return
        self.forms[-1].fields.append(one)
        self._textarea = one if tag == "textarea" else None
        self._select = one if tag == "select" else None

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self._textarea is not None:
            self._textarea.value = self._textarea.value.removeprefix("\n").removeprefix("\r\n")
            self._textarea = None
        elif tag == "select":
            self._select = None

    def handle_data(self, text: str) -> None:
        if self._textarea is not None:
            self._textarea.value += text


def form_with(page: str, name: str) -> ReadForm:
    """The form of a page that has a field of this name.

    Raises: LookupError.
    """
    for form in Forms(page).forms:
        if name in form.names():
            return form
    raise LookupError(f"no form with {name} on the page")
