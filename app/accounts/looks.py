"""Who of the staff looked at what: a page notes it after it has read (design 46)."""

from flask import g

from app.audit.chain import record_look


def note_look(action: str, subject: str, *, rows: int = 1) -> None:
    """Record that whoever asks, on behalf of the organisation of the URL, looked at `subject` (`table:id`)."""
    record_look(action, subject, by=g.staff_user.actor, organisation_id=g.organisation.id, rows=rows)
