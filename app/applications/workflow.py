"""The life of an application (design 33); its place among the stages is stage_entry."""

from app.applications.models import Application, ApplicationState
from app.core.errors import DomainError

TRANSITIONS: dict[ApplicationState, frozenset[ApplicationState]] = {
    ApplicationState.SUBMITTED: frozenset({ApplicationState.ACCEPTED, ApplicationState.WITHDRAWN}),
    ApplicationState.ACCEPTED: frozenset({ApplicationState.WITHDRAWN}),
    ApplicationState.WITHDRAWN: frozenset({ApplicationState.SUBMITTED, ApplicationState.ACCEPTED}),  # taken back
}


class NoSuchStep(DomainError):
    """The application is not in a state from which this step can be taken."""


def can_move(application: Application, new: ApplicationState) -> bool:
    """Say whether the table knows this step."""
    return new in TRANSITIONS[application.state]


def move(application: Application, new: ApplicationState) -> None:
    """Take a step of the life of an application.

    Raises: NoSuchStep when the table does not have it.
    """
    if not can_move(application, new):
        raise NoSuchStep(
            f"この応募は「{application.state.label}」のため、「{new.label}」にはできません。画面を読み込み直してください。"
        )
    application.state = new


def state_before(withdrawn: Application) -> ApplicationState:
    """Give the state to which a withdrawn application goes back."""
    return ApplicationState.ACCEPTED if withdrawn.examinee_number else ApplicationState.SUBMITTED
