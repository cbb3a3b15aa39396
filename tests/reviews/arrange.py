"""Accepted applications and rounds, arranged row by row."""

import itertools
import uuid
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask import Flask
from sqlalchemy import select, update

from app.accounts.models import Applicant, Membership, StaffUser
from app.applications.models import (
    Application,
    ApplicationDocument,
    ApplicationState,
    ApplicationVersion,
    Draft,
    StoredFile,
    Submission,
)
from app.applications.screening_models import Confirmation, FindingOutcome, StageEntry
from app.core import clock
from app.core.access import Role
from app.core.context import SYSTEM, bind, staff_of
from app.core.model import new_id
from app.extensions import db
from app.openings.models import Opening
from app.openings.staff_queries import get_approved
from app.organisations.models import Organisation
from app.reviews import desk_services, queries, services
from app.reviews.desk_services import Mark
from app.reviews.models import Assignment, PanelMember, Round
from tests import factories
from tests.browsing import Browser

_numbers = itertools.count(1)


def accepted_application(
    opening: Opening, *, stage_key: str = "documents", answers: dict[str, Any] | None = None, **values: Any
) -> Application:
    """An accepted application that stands in a stage, with one version and one document of extracted text."""
    n, at = next(_numbers), clock.now()
    text, file_name = values.pop("extracted_text", "職務経歴書の文章"), values.pop("file_name", "resume.pdf")
    mail = values.pop("mail", f"person{n}@mail.example.jp")
    person = Applicant(id=new_id(), mail=mail, mail_key=mail, confirmed_at=at, created_at=at)
    application = _accepted(opening, person, n, **values)
    sent = _sent(opening, application, answers or {"statements": {"motivation": "地域の役に立ちたい。"}}, n)
    version = sent[-1]
    own = {"organisation_id": opening.organisation_id}
    stored = StoredFile(
        id=new_id(), applicant_id=person.id, key=f"file{n}", sha256="0" * 64, size=1, media="application/pdf",
        extracted_text=text, stored_at=at,
    )  # fmt: skip
    document = ApplicationDocument(
        id=new_id(), **own, application_version_id=version.id, kind_key="resume", seq=1, stored_file_id=stored.id,
        file_name=file_name,
    )  # fmt: skip
    entry = StageEntry(id=new_id(), **own, application_id=application.id, stage_key=stage_key, entered_at=at)
    factories.save(person, application, *sent, stored, document, entry)
    factories.save(*confirmations(opening, version))
    return application


def _accepted(opening: Opening, person: Applicant, n: int, **values: Any) -> Application:
    usual: dict[str, Any] = {
        "id": new_id(),
        "organisation_id": opening.organisation_id,
        "opening_id": opening.id,
        "applicant_id": person.id,
        "receipt_number": f"TST-26-{n:08d}",
        "examinee_number": f"{700_000 + n}",
        "received_at": person.created_at,
        "state": ApplicationState.ACCEPTED,
        "mail": person.mail,
        "mail_key": person.mail_key,
        "phone": "09000000000",
        "family_name": "姓",
        "given_name": "名",
        "kana_key": "せい めい",
        "accepted_at": person.created_at,
    }
    return Application(**(usual | values))


def _sent(opening: Opening, application: Application, answers: dict[str, Any], n: int) -> list[Any]:
    """The draft, the act of sending and the version that an application came from."""
    own, at = {"applicant_id": application.applicant_id}, application.received_at
    draft = Draft(id=new_id(), **own, opening_id=opening.id, answers={}, created_at=at, saved_at=at)
    sent = Submission(
        id=new_id(), **own, draft_id=draft.id, idempotency_key=f"key{n}", received_at=at, body_sha256="0"
    )  # fmt: skip
    version = ApplicationVersion(
        id=new_id(), organisation_id=opening.organisation_id, application_id=application.id, number=1,
        submission_id=sent.id, received_at=at, revision_id=opening.revision_id, answers=answers, sha256="0" * 64,
    )  # fmt: skip
    return [draft, sent, version]


def confirm_last_version(opening: Opening, application: Application) -> None:
    """Confirm every criterion of the newest version, as HR does after it arrived."""
    act_as_system()
    versions = select(ApplicationVersion).where(ApplicationVersion.application_id == application.id)
    last = db.session.scalars(versions.order_by(ApplicationVersion.number.desc())).first()
    assert last
    db.session.expunge(last)
    factories.save(*confirmations(opening, last))


def confirmations(opening: Opening, version: ApplicationVersion) -> list[Confirmation]:
    """Every criterion confirmed as met for a version."""
    return [
        Confirmation(
            id=new_id(), organisation_id=opening.organisation_id, application_id=version.application_id,
            application_version_id=version.id, criterion_key=criterion["key"], outcome=FindingOutcome.MEETS,
            overrides=False, reason="", by=opening.approved_by, at=clock.now(),
        )
        for criterion in (opening.content or {}).get("criteria", [])
    ]  # fmt: skip


@dataclass
class Scene:
    """A city with an opening, HR, two reviewers and accepted applications; nobody is bound to the session."""

    city: Organisation
    opening: Opening
    hr: StaffUser
    reviewers: list[StaffUser]
    applications: list[Application]

    def member(self, user: StaffUser) -> uuid.UUID:
        act_for(self.city)
        found = db.session.scalar(select(Membership.id).where(Membership.staff_user_id == user.id))
        db.session.remove()
        assert found
        return found

    def prepared(self, stage_key: str = "documents") -> Round:
        members = [self.member(user) for user in self.reviewers]
        act_for(self.city)
        opening = get_approved(self.city.id, self.opening.id)
        stage = queries.get_stage(opening, stage_key)
        made = services.prepare_round(opening, stage, members, due_on=None, by=self.hr, at=clock.now())
        db.session.remove()
        return made

    def opened(self, stage_key: str = "documents") -> Round:
        made = self.prepared(stage_key)
        self.run(services.open_round, made, early_reason="早く届いた応募から採点するため")
        return made

    def locked(
        self, marks: dict[tuple[int, int], tuple[int | None, int | None]], stage_key: str = "documents"
    ) -> Round:
        """A locked round; `marks` by (application, reviewer), everybody else gets 3 and 3."""
        made = self.opened(stage_key)
        for a, _application in enumerate(self.applications):
            for r, _reviewer in enumerate(self.reviewers):
                self.submit(made, a, r, marks.get((a, r), (3, 3)), stage_key=stage_key)
        self.run(services.lock_round, made)
        return made

    def run(self, use_case: Any, round_: Round, **values: Any) -> Any:
        """Call a use case of HR on a round in a session of its own."""
        act_for(self.city)
        opening = get_approved(self.city.id, self.opening.id)
        row = queries.get_round(self.city.id, self.opening.id, round_.id)
        try:
            return use_case(opening, row, by=self.hr, at=clock.now(), **values)
        finally:
            db.session.remove()

    def assignment(self, round_: Round, a: int, r: int) -> Assignment:
        """The assignment of an application and a reviewer, in the bound session."""
        found = db.session.scalar(
            select(Assignment)
            .join(PanelMember, PanelMember.id == Assignment.panel_member_id)
            .join(Membership, Membership.id == PanelMember.membership_id)
            .where(
                Assignment.round_id == round_.id,
                Assignment.application_id == self.applications[a].id,
                Membership.staff_user_id == self.reviewers[r].id,
            )
        )
        assert found
        return found

    def assignment_id(self, round_: Round, a: int, r: int) -> uuid.UUID:
        act_for(self.city)
        found = self.assignment(round_, a, r).id
        db.session.remove()
        return found

    def submit(
        self, round_: Round, a: int, r: int, values: tuple[int | None, int | None], *, stage_key: str = "documents"
    ) -> None:
        act_for(self.city)
        row = self.assignment(round_, a, r)
        marks = {f"{stage_key}_expertise": Mark(values[0]), f"{stage_key}_reform": Mark(values[1])}
        try:
            desk_services.submit_marks(
                row, marks, comment="", internal_note="", version=row.version, by=self.reviewers[r], at=clock.now()
            )
        finally:
            db.session.remove()

    def browser(self, app: Flask, user: StaffUser) -> Browser:
        browser = Browser(app)
        factories.sign_in(browser.client, user)
        return browser

    def url(self, rest: str) -> str:
        return f"/staff/{self.city.slug}{rest}"


def scene(*, applications: int = 3, slug: str = "shinagawa", name: str = "品川区", **content: Any) -> Scene:
    city = factories.organisation(slug, name)
    past = clock.now().replace(microsecond=0) - timedelta(days=1)
    opening = factories.opening(
        city, opens_at=past - timedelta(days=9), published_at=past - timedelta(days=9), closes_at=past,
        content=factories.content(**content),
    )  # fmt: skip
    hr = factories.staff(city, Role.HR, display_name="人事 一郎")
    reviewers = [
        factories.staff(city, Role.REVIEWER, opening_id=opening.id, display_name=f"採点 {n}号") for n in range(1, 3)
    ]
    return Scene(city, opening, hr, reviewers, [accepted_application(opening) for _ in range(applications)])


def close_in(made: Scene, span: timedelta, **values: Any) -> None:
    """Move the deadline of the scene's opening to so long from now."""
    act_as_system()
    opening = db.session.get_one(Opening, made.opening.id)
    for name, value in {"closes_at": clock.now() + span, "grace_seconds": 0, **values}.items():
        setattr(opening, name, value)
    db.session.commit()
    db.session.remove()


def set_state(application_id: uuid.UUID, state: ApplicationState) -> None:
    """Put an application into a state, as it is after its person acted."""
    act_as_system()
    db.session.execute(update(Application).where(Application.id == application_id).values(state=state))
    db.session.commit()
    db.session.remove()


def act_for(city: Organisation) -> None:
    """Bind a fresh session to the staff of a city."""
    db.session.remove()
    bind(db.session, staff_of(city.id))


def act_as_system() -> None:
    db.session.remove()
    bind(db.session, SYSTEM)
