"""The life of a staff account."""

from app.accounts.models import StaffState, StaffUser
from app.core.errors import DomainError

TRANSITIONS = {
    StaffState.INVITED: {StaffState.ACTIVE, StaffState.DISABLED},
    StaffState.ACTIVE: {StaffState.DISABLED, StaffState.INVITED},
    StaffState.DISABLED: {StaffState.INVITED},
}


class WrongState(DomainError):
    """The account is not in a state from which this can happen."""

    def __init__(self) -> None:
        super().__init__("この職員アカウントの状態が変わっています。一覧を読み込み直して確かめてください。")


def move(user: StaffUser, new: StaffState) -> None:
    """Move an account to another state.

    Raises: WrongState.
    """
    if new not in TRANSITIONS[user.state]:
        raise WrongState
    user.state = new
