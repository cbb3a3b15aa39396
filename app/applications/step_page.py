"""One step of a draft as a page: its form, and what each of its buttons does."""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime

from werkzeug.datastructures import FileStorage, MultiDict

from app.applications import drafting, queries
from app.applications.address import filled, replaced
from app.applications.amended import noted
from app.applications.answers import Answers, Removed
from app.applications.apart import aligned, asking, joined, parted, texts
from app.applications.choice_rules import noted_for
from app.applications.choices import Calls
from app.applications.forms import StepForm, step_form
from app.applications.models import Draft
from app.applications.oddities import oddities
from app.applications.outcome import Outcome
from app.applications.room import WAITS_SECONDS
from app.applications.steps import Step, facts_missing, step_digest
from app.applications.suspicion import TRAP, Sign
from app.applications.typed import (
    as_form,
    entry_fields,
    last_entry,
    shown,
    typed_pairs,
    with_domain,
    with_entry,
    with_restored,
    without_entry,
)
from app.core import clock
from app.core.arrival import network_address, waited_seconds
from app.core.form_rows import title_of
from app.files.inspection import BUSY
from app.files.verdict import RefusedFile
from app.jp.mail import mail_hint
from app.openings.content import DocumentContent

Fields = list[tuple[str, str]]
Turn = Callable[[Answers], Answers]
NONE = {"jobs": "no_history"}  # the box that stands for a list of which nothing is there
REMOVED = "removed"  # the id of the words that say what was taken out
CLOSED = "保存しました。受付は終了しているため、送信はできません。"


def _noting(removed: Removed | None) -> Turn:
    """Note in the answers what was taken out last."""
    return lambda answers: answers.model_copy(update={"removed": removed})


def got(file_field: str) -> str:
    """Name the id of the words that say what stands in a slot."""
    return f"{file_field}-got"


class StepPage:
    """A step of one draft: filled with what was put aside, else with the saved answers."""

    def __init__(self, draft: Draft, calls: Calls, step: Step) -> None:
        self.draft, self.calls, self.step = draft, calls, step
        answers = queries.answers_of(draft)
        aside = answers.typed.get(step)
        self.form = step_form(step, calls.content, answers, shown(aside))
        if aside is not None and aside.checked and not calls.is_over(clock.now()):
            self.form.validate()
        if step is Step.CAREER:
            self._say_refused(answers)

    def _say_refused(self, answers: Answers) -> None:
        """Say beside each slot why the file that was sent last is not there."""
        for name in (f"file_{kind.key}" for kind in self.calls.content.documents if kind.key in answers.refused):
            self.form[name].errors = [answers.refused[name.removeprefix("file_")]]

    def ask_for_missing(self) -> None:
        """Say beside each box of 経歴・書類 that what is needed there was not given, as long as it can be sent."""
        if self.step is not Step.CAREER or self.calls.is_over(clock.now()):
            return
        for message, box in self._unstated():
            field = self.form.education.form.level if box == "education-level" else self.form[NONE.get(box, box)]
            field.errors = [message]
        for kind in self._lacking():
            if not (slot := self.form[f"file_{kind.key}"]).errors:
                slot.errors = [f"{slot.label.text}のファイルを選んでください"]

    def _unstated(self) -> list[tuple[str, str]]:
        """List what criteria need and the step does not state; nothing as long as something of it is half written."""
        answers = queries.answers_of(self.draft)
        if self.step is not Step.CAREER or self.step in answers.typed:
            return []
        return list(facts_missing(self.calls.content, answers))

    def _lacking(self) -> list[DocumentContent]:
        if self.step is not Step.CAREER:
            return []
        documents = queries.answers_of(self.draft).documents
        return [kind for kind in self.calls.content.documents if kind.required and kind.key not in documents]

    def shows_rival(self) -> bool:
        """Put what was typed after another page had saved into the form; False when there is nothing of it."""
        answers = queries.answers_of(self.draft)
        rival = answers.rivals.get(self.step)
        if rival is not None:
            fields = aligned(self.calls, rival.fields) if self.step is Step.QUESTIONS else rival.fields
            self.form = step_form(self.step, self.calls.content, answers, as_form(fields))
        return rival is not None

    def seen(self) -> str:
        """Give what a later save must know: the digest of what the step holds, and a name for this open page."""
        return f"{step_digest(self.step, queries.answers_of(self.draft))}.{secrets.token_urlsafe(9)}"

    def saved_form(self) -> StepForm:
        """Give the step's form as it stands saved, whatever was typed into this page."""
        answers = queries.answers_of(self.draft)
        return step_form(self.step, self.calls.content, answers, shown(answers.typed.get(self.step)))

    def take(self, form: MultiDict[str, str], files: Mapping[str, FileStorage], *, at: datetime) -> Outcome:
        """Do what the pressed button asks. Raises: StaleStep."""
        fields = typed_pairs(form.items(multi=True))
        self.form = step_form(self.step, self.calls.content, queries.answers_of(self.draft), as_form(fields))
        if form.get(TRAP, "").strip():
            self.draft.check_reason = Sign.TRAP
        seen = form.get("seen", "")
        refused = self._take_files(files, at=at) if self.step is Step.CAREER else {}
        if outcome := self._turn(form, fields, seen=seen, at=at):
            return outcome
        if key := form.get("remove-file", ""):
            return self._take_file_out(fields, key, seen=seen, at=at)
        if "verify" in form:
            return replace(self._keep(fields, "errors" if refused else "", seen=seen, at=at), verifies=not refused)
        if name := form.get("upload", ""):
            return self._keep(fields, "errors" if refused else got(name), seen=seen, at=at)
        if "check" in form and not refused and not self.calls.is_over(at):
            return self._back_to_check(fields, seen=seen, at=at)
        return self._save(fields, is_refused=bool(refused), is_pause="pause" in form, seen=seen, at=at)

    def _turn(self, form: MultiDict[str, str], fields: Fields, *, seen: str, at: datetime) -> Outcome | None:
        """Put what was typed in another order, or fill it in, where such a button was pressed."""
        if outcome := self._change_entries(form, fields, seen=seen, at=at):
            return outcome
        if self.step is Step.CONTACT and "mend-mail" in form:
            return self._put_aside(with_domain(fields, mail_hint(self.form.mail.data)), "mail", seen=seen, at=at)
        if self.step is Step.PROFILE and "fill" in form:
            own = replaced(fields) if form["fill"] == "replace" else filled(fields, form.get("place", ""))
            return self._put_aside(own, "address", seen=seen, at=at)
        if self.step is Step.QUESTIONS and (slot := form.get("apart", "")):
            return self._part(fields, slot, seen=seen, at=at)
        if self.step is Step.QUESTIONS and (slot := form.get("together", "")):
            return self._put_together(fields, slot, seen=seen, at=at)
        return None

    def _put_aside(
        self, fields: Fields, anchor: str, *, seen: str, at: datetime, turned: Turn = lambda answers: answers
    ) -> Outcome:
        drafting.keep_typed(self.draft, self.step, fields, checked=False, seen=seen, at=at, turned=turned)
        return Outcome(self.step, anchor)

    def _part(self, fields: Fields, slot: str, *, seen: str, at: datetime) -> Outcome:
        """Let a shared question be answered for each opening, beginning with the text that stood there."""
        may_part = slot not in self.calls.apart and len(asking(self.calls, slot)) > 1

        def turned(answers: Answers) -> Answers:
            return parted(self.calls, answers, slot) if may_part else answers

        drafting.keep_typed(self.draft, self.step, fields, checked=False, seen=seen, at=at, turned=turned)
        return Outcome(self.step, f"question-{slot}")

    def _put_together(self, fields: Fields, slot: str, *, seen: str, at: datetime) -> Outcome:
        """Send one text to all again; where the texts differ, the person first chooses which."""

        def turned(answers: Answers) -> Answers:
            found = texts(self.calls, answers, slot)
            source = found[0].slot if found else slot
            return joined(self.calls, answers, slot, source) if slot in self.calls.apart and len(found) < 2 else answers

        drafting.keep_typed(self.draft, self.step, fields, checked=False, seen=seen, at=at, turned=turned)
        is_parted = slot in queries.answers_of(self.draft).apart
        return Outcome(self.step, f"question-{slot}", asks_about=slot if is_parted else "")

    def _change_entries(self, form: MultiDict[str, str], fields: Fields, *, seen: str, at: datetime) -> Outcome | None:
        """Add, remove or put back an entry where one of those buttons was pressed."""
        if name := form.get("add", ""):
            changed = with_entry(fields, name)
            return self._put_aside(changed, last_entry(changed, name), seen=seen, at=at)
        if name := form.get("remove", ""):
            return self._remove(fields, name, seen=seen, at=at)
        return self._restore(fields, seen=seen, at=at) if "restore" in form else None

    def _remove(self, fields: Fields, entry: str, *, seen: str, at: datetime) -> Outcome:
        """Take an entry out; it is kept, with all that stood in it, to be put back."""
        gone = entry_fields(fields, entry)
        if not gone or not (title := title_of(self.form, entry)):
            return self._put_aside(fields, "", seen=seen, at=at)
        removed = Removed(place=entry.rpartition("-")[0], entry=entry, label=title, at=at, fields=gone)
        return self._put_aside(without_entry(fields, entry), REMOVED, seen=seen, at=at, turned=_noting(removed))

    def _restore(self, fields: Fields, *, seen: str, at: datetime) -> Outcome:
        """Put back what was taken out last."""
        removed = queries.answers_of(self.draft).removed
        if removed is None:
            return self._keep(fields, "", seen=seen, at=at)
        if removed.file is None:
            fields, place = with_restored(fields, removed.entry, removed.fields)
            return self._put_aside(fields, place, seen=seen, at=at, turned=_noting(None))
        try:
            drafting.put_back(self.draft, at=at)
        except RefusedFile as refused:
            drafting.note_refused(self.draft, {removed.entry: f"{removed.label}：{refused.message}"}, at=at)
            return self._keep(fields, "errors", seen=seen, at=at)
        return self._keep(fields, got(removed.place), seen=seen, at=at)

    def _take_file_out(self, fields: Fields, key: str, *, seen: str, at: datetime) -> Outcome:
        if kind := next((kind for kind in self.calls.content.documents if kind.key == key), None):
            drafting.detach(self.draft, kind, at=at)
        return self._keep(fields, REMOVED, seen=seen, at=at)

    def removed(self) -> Removed | None:
        """Give what was taken out last, as long as it was not sent without it since."""
        removed = queries.answers_of(self.draft).removed
        if removed is None or self.step is not Step.CAREER:
            return None
        sent = queries.last_submission(self.draft)
        return removed if sent is None or sent.received_at < removed.at else None

    def _keep(self, fields: Fields, anchor: str, *, seen: str, at: datetime) -> Outcome:
        """Save what can be read, else put it aside; stay on the page."""
        self._write(fields, checked=False, seen=seen, at=at)
        return Outcome(self.step, anchor)

    def _write(self, fields: Fields, *, checked: bool, seen: str, at: datetime) -> bool:
        """Save the step when all of it can be read, else keep it as typed; say which."""
        if not self.form.validate():
            drafting.keep_typed(self.draft, self.step, fields, checked=checked, seen=seen, at=at)
            return False
        written = noted(self.form.written(queries.answers_of(self.draft)), self.calls, self.step)
        written = noted_for(written, self.calls, self.step)
        drafting.save_step(self.draft, self.step, written, seen=seen, at=at)
        return True

    def _back_to_check(self, fields: Fields, *, seen: str, at: datetime) -> Outcome:
        """Go back to where 確認 shows this step, which says what is missing; what cannot be read is put right first."""
        if self._write(fields, checked=True, seen=seen, at=at):
            return self._wondering(at=at) or Outcome(None, f"s-{self.step.value}")
        return Outcome(self.step, "errors", is_tried=True)

    def _save(self, fields: Fields, *, is_refused: bool, is_pause: bool, seen: str, at: datetime) -> Outcome:
        """Go on where all is read and there, else stay; after closing nothing is asked for, and the page stays."""
        is_over = self.calls.is_over(at) and not is_pause
        is_read = self._write(fields, checked=not (is_pause or is_over), seen=seen, at=at)
        if is_refused and (is_pause or is_over):
            return Outcome(self.step, "errors")
        if is_pause:
            return Outcome(None, goes_home=True, message="保存しました。続きは、ここからいつでも書けます。")
        if is_over:
            return Outcome(self.step, message=CLOSED)
        if is_refused or not is_read or self._lacking() or self._unstated():
            return Outcome(self.step, "errors", is_tried=True)
        return self._wondering(at=at) or Outcome(self.step.following)

    def _wondering(self, *, at: datetime) -> Outcome | None:
        """Stay once on the step where something that was saved may be a slip."""
        answers = queries.answers_of(self.draft)
        boxes = [one.box for one in oddities(self.step, answers.person) if one.box not in answers.wondered]
        if not boxes:
            return None
        drafting.note_wondered(self.draft, boxes, at=at)
        return Outcome(self.step, "ask", wonders=True)

    def _take_files(self, files: Mapping[str, FileStorage], *, at: datetime) -> dict[str, str]:
        """Keep every file that came; note and give by document kind what is to be said of those refused."""
        refused = {}
        for kind in self.calls.content.documents:
            file = files.get(f"file_{kind.key}")
            if file is None or not file.filename:
                continue
            if message := self._refusal(kind, file, at=at):
                refused[kind.key] = f"{kind.label}（{file.filename}）：{message}"
        drafting.note_refused(self.draft, refused, at=at)
        return refused

    def _refusal(self, kind: DocumentContent, file: FileStorage, *, at: datetime) -> str | None:
        if waited_seconds() > WAITS_SECONDS:  # those behind it would wait as long again
            return BUSY
        try:
            drafting.attach(self.draft, kind, file.filename or "", file.stream, at=at, address=network_address())
        except RefusedFile as refused:
            return refused.message
        return None
