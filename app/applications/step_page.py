"""One step of a draft as a page: its form, and what each of its buttons does."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from werkzeug.datastructures import FileStorage, MultiDict

from app.applications import drafting, queries
from app.applications.address import filled
from app.applications.apart import turned
from app.applications.choices import Calls
from app.applications.forms import StepForm, step_form
from app.applications.models import Draft
from app.applications.steps import Step, step_digest
from app.applications.suspicion import TRAP, Sign
from app.applications.typed import as_form, last_entry, shown, typed_pairs, with_entry, without_entry
from app.core import clock
from app.core.arrival import network_address
from app.files.verdict import RefusedFile
from app.openings.content import DocumentContent

CLOSED = "保存しました。受付は終了しているため、送信はできません。"


@dataclass(frozen=True)
class Outcome:
    """Where a press of a button leads: to a step (None: 確認), home, or back to the page with errors."""

    step: Step | None
    anchor: str = ""
    has_errors: bool = False
    goes_home: bool = False
    message: str = ""


class StepPage:
    """A step of one draft: filled with what was put aside, else with the saved answers."""

    def __init__(self, draft: Draft, calls: Calls, step: Step) -> None:
        self.draft, self.calls, self.step = draft, calls, step
        answers = queries.answers_of(draft)
        aside = answers.typed.get(step)
        self.form = step_form(step, calls.content, answers, shown(aside))
        if aside is not None and aside.checked and not calls.is_over(clock.now()):
            self.form.validate()

    def seen(self) -> str:
        """Give what a later save must know: the digest of what the step holds, and a name for this open page."""
        return f"{step_digest(self.step, queries.answers_of(self.draft))}.{secrets.token_urlsafe(9)}"

    def saved_form(self) -> StepForm:
        """Give the step's form as it stands saved, whatever was typed into this page."""
        answers = queries.answers_of(self.draft)
        return step_form(self.step, self.calls.content, answers, shown(answers.typed.get(self.step)))

    def take(self, form: MultiDict[str, str], files: Mapping[str, FileStorage], *, at: datetime) -> Outcome:
        """Do what the pressed button asks. Raises: StaleStep, the typed text being in the form."""
        fields = typed_pairs(form.items(multi=True))
        self.form = step_form(self.step, self.calls.content, queries.answers_of(self.draft), as_form(fields))
        if form.get(TRAP, "").strip():
            self.draft.check_reason = Sign.TRAP
        seen = form.get("seen", "")
        refused = self._take_files(files, at=at) if self.step is Step.CAREER else {}
        if name := form.get("add", ""):
            changed = with_entry(fields, name)
            return self._put_aside(changed, last_entry(changed, name), seen=seen, at=at)
        if name := form.get("remove", ""):
            return self._put_aside(without_entry(fields, name), "", seen=seen, at=at)
        if "fill" in form and self.step is Step.PROFILE:
            return self._put_aside(filled(fields, form.get("place", "")), "address", seen=seen, at=at)
        if (name := form.get("apart", "")) and self.step is Step.QUESTIONS:
            return self._answer_apart(fields, name, seen=seen, at=at)
        if key := form.get("remove-file", ""):
            drafting.detach(self.draft, key, at=at)
            return self._keep(fields, f"file_{key}", seen=seen, at=at)
        if (name := form.get("upload", "")) and not refused:
            return self._keep(fields, name, seen=seen, at=at)
        return self._save(fields, refused, is_pause="pause" in form, seen=seen, at=at)

    def _put_aside(self, fields: list[tuple[str, str]], anchor: str, *, seen: str, at: datetime) -> Outcome:
        drafting.keep_typed(self.draft, self.step, fields, checked=False, seen=seen, at=at)
        return Outcome(self.step, anchor)

    def _answer_apart(self, fields: list[tuple[str, str]], slot: str, *, seen: str, at: datetime) -> Outcome:
        """Let a shared question be answered for each opening, beginning with the text that stands there; or back."""
        fields, apart = turned(self.calls, fields, slot)
        drafting.keep_typed(self.draft, self.step, fields, checked=False, seen=seen, at=at, apart=apart)
        return Outcome(self.step)

    def _keep(self, fields: list[tuple[str, str]], anchor: str, *, seen: str, at: datetime) -> Outcome:
        """Save what can be read, else put it aside; stay on the page."""
        self._write(fields, checked=False, seen=seen, at=at)
        return Outcome(self.step, anchor)

    def _write(self, fields: list[tuple[str, str]], *, checked: bool, seen: str, at: datetime) -> bool:
        """Save the step when all of it can be read, else keep it as typed; say which."""
        if not self.form.validate():
            drafting.keep_typed(self.draft, self.step, fields, checked=checked, seen=seen, at=at)
            return False
        written = self.form.written(queries.answers_of(self.draft))
        drafting.save_step(self.draft, self.step, written, seen=seen, at=at)
        return True

    def _save(
        self, fields: list[tuple[str, str]], refused: dict[str, str], *, is_pause: bool, seen: str, at: datetime
    ) -> Outcome:
        if self.calls.is_over(at) and not is_pause:
            return self._save_closed(fields, refused, seen=seen, at=at)
        is_read = self._write(fields, checked=not is_pause, seen=seen, at=at)
        is_whole = is_pause or not self._lacks_files(refused)
        for name, message in refused.items():
            self.form[name].errors = [*self.form[name].errors, message]
        if is_pause and not refused:
            return Outcome(None, goes_home=True, message="保存しました。続きは、ここからいつでも書けます。")
        return Outcome(self.step.following, has_errors=bool(refused) or not (is_read and is_whole))

    def _save_closed(
        self, fields: list[tuple[str, str]], refused: dict[str, str], *, seen: str, at: datetime
    ) -> Outcome:
        """Keep what was typed where nothing can be sent any more: nothing is asked for, and the page stays."""
        self._write(fields, checked=False, seen=seen, at=at)
        self.form = step_form(self.step, self.calls.content, queries.answers_of(self.draft), as_form(fields))
        for name, message in refused.items():
            self.form[name].errors = [message]
        return Outcome(self.step, has_errors=bool(refused), message=CLOSED)

    def _lacks_files(self, refused: dict[str, str]) -> bool:
        """Say beside each slot that a required file is not there yet."""
        if self.step is not Step.CAREER:
            return False
        documents = queries.answers_of(self.draft).documents
        lacking = [kind for kind in self.calls.content.documents if kind.required and kind.key not in documents]
        for name in (f"file_{kind.key}" for kind in lacking):
            if name not in refused:
                self.form[name].errors = [f"{self.form[name].label.text}のファイルを選んでください"]
        return bool(lacking)

    def _take_files(self, files: Mapping[str, FileStorage], *, at: datetime) -> dict[str, str]:
        """Keep every file that came; give what is to be said beside the slots of those refused."""
        refused = {}
        for kind in self.calls.content.documents:
            file = files.get(f"file_{kind.key}")
            if file is None or not file.filename:
                continue
            if message := self._refusal(kind, file, at=at):
                refused[f"file_{kind.key}"] = f"{kind.label}（{file.filename}）：{message}"
        return refused

    def _refusal(self, kind: DocumentContent, file: FileStorage, *, at: datetime) -> str | None:
        try:
            drafting.attach(self.draft, kind, file.filename or "", file.stream, at=at, address=network_address())
        except RefusedFile as refused:
            return refused.message
        return None
