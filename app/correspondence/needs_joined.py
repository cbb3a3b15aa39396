"""Two requests for accommodation of one person about one opening, as one: nothing said or answered is lost."""

from app.core.crypto import decrypt, encrypt
from app.correspondence.models import Accommodation, AccommodationState
from app.correspondence.needs import Needs
from app.correspondence.workflow import move

PROGRESS = (AccommodationState.ASKED, AccommodationState.TALKING, AccommodationState.SETTLED)
KEPT = ("sealed", "answer_sealed", "asked_at", "changed_at", "answered_at", "answered_by", "told_until")


def join_needs(given: Accommodation, own: Accommodation) -> None:
    """Put what was said and answered in `given` into `own`. One that was taken back adds nothing.

    Different needs: both are said, and as far as the one that has come less far. Raises: UnknownKey, before any change.
    """
    if given.state is AccommodationState.WITHDRAWN:
        return
    if own.state is AccommodationState.WITHDRAWN:
        _take(given, own)
        return
    first, last = sorted((own, given), key=lambda row: row.changed_at)
    said, then = (Needs.of_text(decrypt(row.sealed)) for row in (first, last))
    if said == then:
        further = max((own, given), key=lambda row: (PROGRESS.index(row.state), row.changed_at))
        if further is given:
            _take(given, own)
        return
    words = encrypt(said.joined(then).as_text())
    answer = _answer(first, last)
    _put(own, given, words, answer)


def _take(given: Accommodation, own: Accommodation) -> None:
    if own.state is AccommodationState.WITHDRAWN:
        move(own, AccommodationState.ASKED)
    move(own, given.state)
    for name in KEPT:
        setattr(own, name, getattr(given, name))


def _answer(first: Accommodation, last: Accommodation) -> str:
    """Seal both answers as one, the older first."""
    answers = [decrypt(row.answer_sealed) for row in (first, last) if row.answer_sealed]
    return encrypt("\n\n".join(dict.fromkeys(answers))) if answers else ""


def _put(own: Accommodation, given: Accommodation, words: str, answer: str) -> None:
    both = (own, given)
    move(own, min((row.state for row in both), key=PROGRESS.index))
    own.sealed, own.answer_sealed = words, answer
    own.asked_at, own.changed_at = min(row.asked_at for row in both), max(row.changed_at for row in both)
    answered = [row for row in both if row.answered_at is not None]
    if answered:
        newest = max(answered, key=lambda row: row.answered_at)  # type: ignore[arg-type, return-value]
        own.answered_at, own.answered_by = newest.answered_at, newest.answered_by
    own.told_until = None  # staff has not read the two as one
