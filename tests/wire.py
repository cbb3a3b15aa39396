"""A person who applies over real HTTP, against any server of ours: for fault tests and benches.

Forms are read from the pages, so a new field, step or button needs no change here unless it asks for something new.
"""

import io
import os
import re
from collections.abc import Iterator, Set
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from http.client import HTTPConnection, HTTPException
from http.cookies import SimpleCookie
from urllib.parse import urlencode, urlsplit

from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.test import encode_multipart

from tests.applications.pdf import pdf
from tests.forms_read import Field, Forms, Pairs, ReadForm, form_with
from tests.invariants import Seen

RECEIPT = re.compile(r"\b[A-Z]{2,5}-\d\d-[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]\b")
SEND, SENT = "/confirm", "/apply/submissions/"
MOST_STEPS = 12
TYPED = {  # by the name of a field; the first pattern that fits
    r"mail": "mihon@example.jp",
    r"family_name": "見本",
    r"given_name": "春香",
    r"family_kana": "みほん",
    r"given_kana": "はるか",
    r"postal_code": "140-8715",
    r"address": "見本県見本市例示町1番地",
    r"phone": "090-0000-0001",
    r"birth_date-year": "1985",
    r"jobs-\d+-employer": "見本システム株式会社",
    r"jobs-\d+-kind": "regular",
    r"jobs-\d+-start-year": "2010",
    r"jobs-\d+-is_current": "y",
    r"jobs-\d+-end-.*|name_note|no_history": "",
    r".*-year": "2015",
    r".*-(month|day)": "4",
}


class Lost(Exception):
    """No whole answer came: the line was cut, refused or silent."""


class Refused(Exception):
    """An answer came that is not the one a person who applies may expect."""

    def __init__(self, what: str, answer: "Answer") -> None:
        super().__init__(f"{what}: {answer.status} {answer.header('Location')}\n{words_of(answer)}")
        self.status = answer.status


@dataclass(frozen=True)
class Answer:
    status: int
    headers: list[tuple[str, str]]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode(errors="replace")

    def header(self, name: str) -> str:
        return next((value for key, value in self.headers if key.lower() == name.lower()), "")


def heavy_pdf(size: int) -> bytes:
    """A PDF of one page that is this many bytes long, and another one each time."""
    line = os.urandom(60).hex()
    rest = "\n".join(f"%{line[n % 100 :]}{line}"[:100] for n in range(max(0, size - 900) // 101))
    return pdf(words=f"Resume) Tj ET\n{rest}\nBT /F1 12 Tf (end")


@dataclass
class Client:
    """One browser: its cookies, and one line to the server that is opened anew when it was lost."""

    port: int
    name: str = "somebody"
    host: str = "127.0.0.1"
    timeout: float = 60
    cookies: dict[str, str] = field(default_factory=dict)
    _line: HTTPConnection | None = None

    def ask(self, method: str, path: str, body: bytes = b"", kind: str = "") -> Answer:
        """Make one request. Raises: Lost."""
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if method == "POST":
            headers["Sec-Fetch-Site"] = "same-origin"
        if kind:
            headers["Content-Type"] = kind
        try:
            self._line = self._line or HTTPConnection(self.host, self.port, timeout=self.timeout)
            self._line.request(method, path, body or None, headers)
            answer = self._line.getresponse()
            read = Answer(answer.status, answer.getheaders(), answer.read())
        except (OSError, HTTPException) as error:
            self.hang_up()
            raise Lost(f"{method} {path}: {error!r}") from error
        if answer.will_close:
            self.hang_up()
        self._keep_cookies(read)
        return read

    def hang_up(self) -> None:
        if self._line is not None:
            self._line.close()
        self._line = None

    def _keep_cookies(self, answer: Answer) -> None:
        for name, value in answer.headers:
            if name.lower() == "set-cookie":
                self.cookies |= {key: morsel.value for key, morsel in SimpleCookie(value).items()}

    def get(self, path: str) -> Answer:
        """Get a page, following redirects. Raises: Lost, Refused."""
        answer = self.ask("GET", path)
        for _hop in range(5):
            if answer.status not in {301, 302, 303, 307, 308}:
                break
            answer = self.ask("GET", where(answer))
        if answer.status != 200:
            raise Refused(f"GET {path}", answer)
        return answer

    def post(self, path: str, pairs: Pairs, files: dict[str, tuple[str, bytes]] | None = None) -> Answer:
        """Post a form, as a browser encodes it. Raises: Lost."""
        if not files:
            return self.ask("POST", path, urlencode(pairs).encode(), "application/x-www-form-urlencoded")
        values: MultiDict[str, str | FileStorage] = MultiDict(pairs)
        for name, (file_name, content) in files.items():
            values.add(name, FileStorage(io.BytesIO(content), file_name, content_type="application/pdf"))
        boundary, body = encode_multipart(values)
        return self.ask("POST", path, body, f'multipart/form-data; boundary="{boundary}"')


def where(answer: Answer) -> str:
    """The path to which an answer leads."""
    parts = urlsplit(answer.header("Location"))
    return parts.path + (f"?{parts.query}" if parts.query else "")


def words_of(answer: Answer) -> str:
    """What a page says, for the text of a failure."""
    main = answer.text.partition("<main")[2] or answer.text
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", main))[:600]


def receipts_on(page: str) -> list[str]:
    """The receipt numbers that a page shows, each once."""
    return list(dict.fromkeys(RECEIPT.findall(page.replace("<wbr>", ""))))


@dataclass
class Applicant(Client):
    """One person with one opening, step by step."""

    opening: str = ""
    typed: dict[str, str] = field(default_factory=dict)  # by name of field, before TYPED
    document: bytes = b""
    draft: str = ""
    seen: list[Seen] = field(default_factory=list)

    def start(self) -> str:
        """Begin a draft; give the path of its first step."""
        page = self.get(f"/apply/openings/{self.opening}").text
        form = next(form for form in Forms(page).forms if form.action.endswith(f"/apply/openings/{self.opening}"))
        answer = self.post(form.action, form.pairs())
        if answer.status != 303:
            raise Refused("start", answer)
        self.draft = where(answer).split("/")[3]
        return where(answer)

    def fill(self, path: str) -> None:
        """Save every step until 確認 stands there."""
        for _step in range(MOST_STEPS):
            if path.endswith(SEND):
                return
            path = self.save(path)
        raise AssertionError(f"{MOST_STEPS} steps and no end: {path}")

    def save(self, path: str) -> str:
        """Fill one step in and press 保存して次へ; give the path that follows. Raises: Lost, Refused."""
        return self.send_step(self.open_step(path))

    def open_step(self, path: str) -> ReadForm:
        return form_with(self.get(path).text, "seen")

    def send_step(self, form: ReadForm) -> str:
        """Send a step that is open; what its errors then ask for is filled in too."""
        names = [one.name for one in form.fields if one.kind == "file"]
        files = {name: ("職務経歴書（見本）.pdf", self.document or pdf(2)) for name in names}
        answer = self.post(form.action, self.filled(form), files)
        if answer.status == 303 and "?tried=1" in where(answer):
            page = self.get(where(answer)).text
            form = form_with(page, "seen")
            answer = self.post(form.action, self.filled(form, set(Forms(page).fragments)), files)
        if answer.status != 303:
            raise Refused(f"POST {form.action}", answer)
        return where(answer)

    def filled(self, form: ReadForm, asked: Set[str] = frozenset()) -> Pairs:
        """What this person sends: what they typed, what is usual, and something for whatever was `asked`."""
        for one in form.fields:
            if one.kind in {"hidden", "file"} or (one.value and one.is_on and one.kind not in {"select"}):
                continue
            value = self.typed.get(one.name, usual(one.name))
            if value is None:
                value = chosen(one, is_asked=any(name.startswith(one.name) for name in asked))
            if value:
                form.put(one.name, value)
        return [*form.pairs(), ("next", "1")]

    def ready(self) -> Pairs:
        """Open 確認 and give what its button sends."""
        return form_with(self.get(f"/apply/drafts/{self.draft}{SEND}").text, "key").pairs()

    def press(self, pairs: Pairs) -> list[str]:
        """Press 応募を送信する and open the receipt page; give the receipt numbers it shows. Raises: Lost, Refused."""
        return self.look_at_receipt(self.send(pairs))

    def send(self, pairs: Pairs) -> str:
        """Press 応募を送信する; give the path of the receipt page. Raises: Lost, Refused."""
        answer = self.post(f"/apply/drafts/{self.draft}{SEND}", pairs)
        if answer.status != 303 or not where(answer).startswith(SENT):
            raise Refused("send", answer)
        return where(answer)

    def look_at_receipt(self, path: str) -> list[str]:
        """Give the receipt numbers that a receipt page shows, and note that they were seen."""
        page = self.get(path)
        shown = receipts_on(page.text)
        if not shown:
            raise Refused(f"{path} shows no receipt number", page)
        submission = path.removeprefix(SENT).partition("?")[0].strip("/")
        opening = self.opening if len(shown) == 1 else ""
        self.seen += [Seen(number, self.name, opening, submission) for number in shown]
        return shown

    def finish(self) -> list[str]:
        """Do what the page of 確認 offers: send, or open the receipt of what was sent already."""
        page = self.get(f"/apply/drafts/{self.draft}{SEND}").text
        try:
            return self.press(form_with(page, "key").pairs())
        except LookupError:
            sent = re.search(rf'href="({SENT}[0-9a-f-]+)"', page)
            assert sent, f"neither a button nor a receipt: {page[:2000]}"
            return self.look_at_receipt(sent.group(1))

    @property
    def messages(self) -> str:
        """The path of the messages about what was sent."""
        found = re.search(r"/my/applications/[0-9a-f-]{36}", self.get("/my/").text)
        assert found
        return f"{found.group()}/messages"

    def tab(self) -> "Applicant":
        """Another window of the same browser, on a line of its own; what it sees is noted in one place."""
        return replace(self, _line=None)

    def apply(self) -> list[str]:
        """Go all the way."""
        self.fill(self.start())
        return self.press(self.ready())


def usual(name: str) -> str | None:
    """What this person types into a field of this name; None where nothing is known of it."""
    return next((value for pattern, value in TYPED.items() if re.fullmatch(pattern, name)), None)


def chosen(one: Field, *, is_asked: bool) -> str:
    """What somebody answers to a question that this file does not know: the last choice, はい, or a sentence."""
    if one.kind == "radio":
        return "yes" if "yes" in one.choices else one.choices[-1]
    if one.kind == "textarea" or (is_asked and one.kind not in {"select", "checkbox"}):
        return "区の手続を、来なくても済むものにしたいと考えています。"
    return one.choices[-1] if is_asked and one.choices else ""


@contextmanager
def hung_up(*clients: Client) -> Iterator[None]:
    """Close the lines of clients in the end."""
    try:
        yield
    finally:
        for client in clients:
            client.hang_up()
