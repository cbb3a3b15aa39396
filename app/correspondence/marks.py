"""What stands beside an application in HR's lists and on its page; wiring hands it to the room on the left."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from flask import url_for

from app.accounts.guard import Seat
from app.applications.models import Application
from app.correspondence import queue_queries
from app.correspondence.accommodation_queries import asked_among


@dataclass(frozen=True)
class Mark:
    """One word beside an application, with the page where it is dealt with."""

    word: str
    url: str


def marks(seat: Seat, applications: Collection[Application]) -> dict[uuid.UUID, list[Mark]]:
    """Give what this seat may know of these applications, by id; those without a mark are not there."""
    found: dict[uuid.UUID, list[Mark]] = {}
    own, ids = seat.organisation.id, [one.id for one in applications]
    waiting = queue_queries.waiting_among(own, ids) if ids and seat.may("message.read") else set()
    asked = asked_among(own, ids) if ids and seat.may("accommodation.read") else {}
    for one in applications:
        if one.id in waiting:
            found.setdefault(one.id, []).append(Mark("未返信", page_of(seat, one, "of_application")))
        if one.id in asked:
            found.setdefault(one.id, []).append(Mark(f"配慮：{asked[one.id]}", page_of(seat, one, "accommodation")))
    return found


def page_of(seat: Seat, application: Application, endpoint: str) -> str:
    """Give the address of a page of an application in this room."""
    where: dict[str, Any] = {
        "slug": seat.organisation.slug,
        "opening_id": application.opening_id,
        "application_id": application.id,
    }
    return url_for(f"staff_correspondence.{endpoint}", **where)
