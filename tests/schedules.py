"""Random schedules of one person's requests that are under way at the same time (S3-S6, I2).

A seed decides everything but what the threads make of it: who the person is (one browser, or two devices after the
code), whether they have sent before, and two to four requests with their delays. Afterwards they finish as a person
would, and what they were shown is compared.
"""

import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from tests.forms_read import Pairs, form_with
from tests.invariants import Found, Seen
from tests.wire import Applicant, Client, Lost, Refused, hung_up, where

ACTS = ("submit", "again", "other tab", "back and submit", "save", "confirm elsewhere", "withdraw")
MOST_AT_ONCE = 4
MOST_DELAY_SECONDS = 0.03
TIMES_TO_FINISH = 3


@dataclass(frozen=True)
class Schedule:
    """What one seed says."""

    seed: int
    has_two_devices: bool
    has_sent: bool
    acts: tuple[tuple[str, int, float], ...]  # what, on which device, after how many seconds

    @property
    def changes_something(self) -> bool:
        """Whether a request may meet 409, which says in words that something else was first."""
        return any(act in {"save", "back and submit", "withdraw"} for act, _device, _delay in self.acts)

    def __str__(self) -> str:
        who = "two devices" if self.has_two_devices else "one browser"
        acts = ", ".join(f"{act} ({device}, +{delay * 1000:.0f} ms)" for act, device, delay in self.acts)
        return f"seed {self.seed}: {who}, {'sent before' if self.has_sent else 'first time'}: {acts}"


def drawn(seed: int) -> Schedule:
    """Draw the schedule of a seed."""
    chance = random.Random(seed)
    has_two_devices, has_sent = chance.random() < 0.4, chance.random() < 0.4
    possible = ACTS if has_sent else ACTS[:-1]
    first = chance.choice(ACTS[:4])  # without a send there is nothing to send twice
    acts = [first, *chance.choices(possible, k=chance.randint(1, MOST_AT_ONCE - 1))]
    devices = 2 if has_two_devices else 1
    timed = [(act, chance.randrange(devices), chance.uniform(0, MOST_DELAY_SECONDS)) for act in acts]
    return Schedule(seed, has_two_devices, has_sent, tuple(timed))


@dataclass
class Played:
    """What came of a schedule."""

    schedule: Schedule
    receipts: list[Seen] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    changes: int = 0  # how many times what is sent was changed

    @property
    def person(self) -> str:
        return f"person{self.schedule.seed}"


@dataclass
class Player:
    """Plays schedules against a server; `code_of` reads the newest code that was mailed to an address."""

    port: int
    opening: str
    code_of: Callable[[str], str]
    _one_mail: threading.Lock = field(default_factory=threading.Lock)  # the newest code is this browser's

    def play(self, schedule: Schedule) -> Played:
        """Arrange, run the requests at once, finish; nothing is raised, problems are noted."""
        played = Played(schedule)
        mail = f"{played.person}@applicant.example.jp"
        first = Applicant(
            self.port, played.person, opening=self.opening, typed={"mail": mail}, seen=played.receipts, timeout=30
        )
        with hung_up(first):
            try:
                self._play(played, first, mail)
            except (Lost, Refused, AssertionError, LookupError) as error:
                played.problems.append(f"{type(error).__name__}: {error}")
        return played

    def _play(self, played: Played, first: Applicant, mail: str) -> None:
        first.fill(first.start())
        devices = [first, *([self._second(first, mail)] if played.schedule.has_two_devices else [])]
        if played.schedule.has_sent:
            first.finish()
            change(first, played, "あとで直しました。")
        prepared = {(device, tab): devices[device].ready() for device in range(len(devices)) for tab in range(2)}
        self._all_at_once(played, devices, prepared, mail)
        for device in devices:
            self._finish(played, device)

    def _second(self, first: Applicant, mail: str) -> Applicant:
        """Confirm the address here, then on another device, which opens the same draft."""
        self.confirm(first, mail)
        second = Applicant(
            self.port, first.name, opening=self.opening, typed=first.typed, seen=first.seen, draft=first.draft
        )
        self.confirm(second, mail)
        return second

    def confirm(self, browser: Client, mail: str) -> None:
        """Ask for a code and type it."""
        form = form_with(browser.get("/my/sign-in").text, "mail")
        form.put("mail", mail)
        with self._one_mail:
            browser.post(form.action, form.pairs())
            code = self.code_of(mail)
        form = form_with(browser.get("/my/code").text, "code")
        form.put("code", code)
        answer = browser.post(form.action, form.pairs())
        if answer.status != 303:
            raise Refused("code", answer)

    def _all_at_once(
        self, played: Played, devices: list[Applicant], prepared: dict[tuple[int, int], Pairs], mail: str
    ) -> None:
        gate = threading.Barrier(len(played.schedule.acts))

        def run(act: str, device: int, delay: float) -> None:
            tab = devices[device].tab()
            gate.wait()
            time.sleep(delay)
            with hung_up(tab):
                self._act(played, act, tab, prepared[device, 0], prepared[device, 1], mail)

        threads = [threading.Thread(target=run, args=act) for act in played.schedule.acts]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def _act(self, played: Played, act: str, tab: Applicant, one: Pairs, other: Pairs, mail: str) -> None:
        does: dict[str, Callable[[], object]] = {
            "submit": lambda: tab.press(one),
            "again": lambda: tab.press(one),
            "other tab": lambda: tab.press(other),
            "back and submit": lambda: (change(tab, played, None), tab.finish()),
            "save": lambda: change(tab, played, f"{act} {time.monotonic_ns()}"),
            "confirm elsewhere": lambda: self.confirm(Client(self.port), mail),
            "withdraw": lambda: withdraw(tab),
        }
        try:
            does[act]()
        except Refused as refused:
            if refused.status != 409 or not played.schedule.changes_something:
                played.problems.append(f"{act}: {refused}")
        except (Lost, LookupError, AssertionError) as error:
            played.problems.append(f"{act}: {type(error).__name__} {error}")

    def _finish(self, played: Played, device: Applicant) -> None:
        """Send until a receipt stands there."""
        for _time in range(TIMES_TO_FINISH):
            try:
                device.finish()
            except Refused as refused:
                if refused.status != 409:
                    raise
            else:
                return
        played.problems.append("no receipt in the end")


def change(person: Applicant, played: Played, text: str | None) -> None:
    """Go back to the last step and save it: with another text, or with what stands there."""
    path = f"/apply/drafts/{person.draft}/questions"
    page = person.get(path).text
    form = form_with(page, "seen")
    areas = [one for one in form.fields if one.kind == "textarea"]
    assert areas, "no question to answer"
    if text is not None:
        played.changes += 1
        areas[0].value = text
    answer = person.post(form.action, [*form.pairs(), ("next", "1")])
    if answer.status != 303:
        raise Refused("save", answer)


def withdraw(person: Applicant) -> None:
    """Withdraw the application that my page shows."""
    page = person.get("/my/").text
    path = next(part.partition('"')[0] for part in page.split('href="') if part.startswith("/my/applications/"))
    form = form_with(person.get(f"{path.split('#')[0]}/withdraw").text, "reason")
    answer = person.post(form.action, form.pairs())
    if answer.status != 303 or not where(answer).startswith("/my/applications/"):
        raise Refused("withdraw", answer)


def double_versions(found: Found) -> list[str]:
    """Versions with the answers of the one before, though nothing was withdrawn between: one act taken for two."""
    withdrawn = {str(row["application_id"]) for row in found.rows["withdrawal"]}
    doubles, last = [], {}
    for version in sorted(
        found.rows["application_version"], key=lambda row: (str(row["application_id"]), row["number"])
    ):
        of, said = str(version["application_id"]), str(version["answers"])
        if last.get(of) == said and of not in withdrawn:
            doubles.append(f"version {version['number']} of application {of} says nothing new")
        last[of] = said
    return doubles


def too_many(found: Found, played: list[Played]) -> list[str]:
    """Persons with more versions than times that they changed something."""
    applications = {row["receipt_number"]: row["id"] for row in found.rows["application"]}
    problems = []
    for one in played:
        ids = {applications.get(seen.receipt) for seen in one.receipts}
        count = sum(version["application_id"] in ids for version in found.rows["application_version"])
        # a send after a withdrawal takes it back, with a new version
        again = sum(act == "withdraw" for act, *_rest in one.schedule.acts)
        if count > 1 + one.changes + again:
            problems.append(f"{one.schedule}: {count} versions after {one.changes} changes")
    return problems
