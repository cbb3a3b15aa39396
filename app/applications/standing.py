"""Where an application stands in screening, said by the database for lists and by values for one. Nothing is stored."""

from enum import StrEnum

from sqlalchemy import ColumnElement, and_, case, exists, select
from sqlalchemy.orm import aliased

from app.applications.duplicate_columns import is_set_aside
from app.applications.duplicates import DuplicateState
from app.applications.models import Application, ApplicationState, ApplicationVersion
from app.applications.screening_models import Confirmation, FindingOutcome
from app.openings.revision_models import Criterion


class Standing(StrEnum):
    """What is next for an application: each has exactly one, so that their counts add up to all."""

    WAITING = "waiting"  # a required criterion is not confirmed
    READY = "ready"  # all required ones are confirmed as met: it can be accepted
    INELIGIBLE = "ineligible"  # a required one is confirmed as not met; the news comes by a released result
    RECHECK = "recheck"  # accepted, but its last version is not confirmed: scoring and results wait for it
    ACCEPTED = "accepted"
    SET_ASIDE = "set_aside"  # of one person's two it is the one that is not screened, as staff recorded
    WITHDRAWN = "withdrawn"

    @property
    def label(self) -> str:
        return {
            "waiting": "確認待ち",
            "ready": "受理待ち",
            "ineligible": "資格なし（確認済み）",
            "recheck": "再確認待ち",
            "accepted": "受理",
            "set_aside": "審査しない（重複）",
            "withdrawn": "辞退",
        }[self.value]

    @property
    def head(self) -> str:
        """Its label as the head of a narrow column."""
        return {"ineligible": "資格なし", "set_aside": "審査しない"}.get(self.value, self.label)

    @property
    def tone(self) -> str:
        tones = {"waiting": "warn", "ready": "key", "recheck": "warn", "accepted": "good"}
        return tones.get(self.value, "")

    @property
    def is_open(self) -> bool:
        """Whether somebody has to do something before it goes on."""
        return self in (Standing.WAITING, Standing.READY, Standing.RECHECK)

    @property
    def is_before_acceptance(self) -> bool:
        return self in (Standing.WAITING, Standing.READY)

    @property
    def is_accepted(self) -> bool:
        return self is Standing.ACCEPTED

    @property
    def is_recheck(self) -> bool:
        return self is Standing.RECHECK

    @property
    def is_set_aside(self) -> bool:
        return self is Standing.SET_ASIDE

    @property
    def is_ineligible(self) -> bool:
        return self is Standing.INELIGIBLE


SETTLED = (FindingOutcome.MEETS, FindingOutcome.DOES_NOT_MEET)


def standing_of(
    state: ApplicationState, required: dict[str, FindingOutcome | None], duplicate: DuplicateState | None = None
) -> Standing:
    """Say where one application stands; `required` is what each required criterion is confirmed as (None: not yet)."""
    if state is ApplicationState.WITHDRAWN:
        return Standing.WITHDRAWN
    if state is ApplicationState.ACCEPTED:
        return Standing.ACCEPTED if None not in required.values() else Standing.RECHECK
    if duplicate is DuplicateState.SET_ASIDE:
        return Standing.SET_ASIDE
    if FindingOutcome.DOES_NOT_MEET in required.values():
        return Standing.INELIGIBLE
    if all(outcome is FindingOutcome.MEETS for outcome in required.values()):
        return Standing.READY
    return Standing.WAITING


_newer = aliased(ApplicationVersion)
_later = aliased(Confirmation)


def last_version() -> ColumnElement[bool]:
    """The condition that an application version is the last of its application."""
    newer = and_(_newer.application_id == ApplicationVersion.application_id, _newer.number > ApplicationVersion.number)
    return ~exists(select(_newer.id).where(newer).correlate(ApplicationVersion))


def _confirmed(*outcomes: FindingOutcome) -> ColumnElement[bool]:
    """A criterion's last confirmation for a version is one of these outcomes."""
    later = and_(
        _later.application_id == Confirmation.application_id,
        _later.application_version_id == Confirmation.application_version_id,
        _later.criterion_key == Confirmation.criterion_key,
        _later.at > Confirmation.at,
    )
    last = and_(
        Confirmation.application_id == ApplicationVersion.application_id,
        Confirmation.application_version_id == ApplicationVersion.id,
        Confirmation.criterion_key == Criterion.key,
        Confirmation.outcome.in_(outcomes),
        ~exists(select(_later.id).where(later).correlate(Confirmation)),
    )
    return exists(select(Confirmation.id).where(last).correlate(ApplicationVersion, Criterion))


def _some_required(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    required = and_(Criterion.revision_id == ApplicationVersion.revision_id, Criterion.required, condition)
    return exists(select(Criterion.id).where(required).correlate(ApplicationVersion))


def awaits_recheck() -> ColumnElement[bool]:
    """An application joined with its last version is accepted and that version is not confirmed."""
    return and_(Application.state == ApplicationState.ACCEPTED, _some_required(~_confirmed(*SETTLED)))


def standing_column() -> ColumnElement[str]:
    """The standing of an application joined with its last version, as `standing_of` says it."""
    return case(
        (Application.state == ApplicationState.WITHDRAWN, Standing.WITHDRAWN.value),
        (awaits_recheck(), Standing.RECHECK.value),
        (Application.state == ApplicationState.ACCEPTED, Standing.ACCEPTED.value),
        (is_set_aside(), Standing.SET_ASIDE.value),
        (_some_required(_confirmed(FindingOutcome.DOES_NOT_MEET)), Standing.INELIGIBLE.value),
        (_some_required(~_confirmed(FindingOutcome.MEETS)), Standing.WAITING.value),
        else_=Standing.READY.value,
    )
