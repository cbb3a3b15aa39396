"""`/livez` touches nothing; `/readyz` writes a row and a file and looks at the free space (reliability O7)."""

import os
import shutil

from flask import Blueprint, current_app
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from app.core.access import allows
from app.core.context import SYSTEM
from app.core.database import own_transaction
from config import Settings

blueprint = Blueprint("health", __name__)
FREE_BYTES = 200 * 1024 * 1024


@blueprint.get("/livez")
@allows("service.health")
def livez() -> tuple[str, int]:
    return "ok\n", 200


def _database_writes() -> bool:
    try:
        with own_transaction(current_app.extensions["koubo.engine"], SYSTEM) as session:
            session.execute(text("DELETE FROM rate_count WHERE key = 'readyz'"))
    except SQLAlchemyError:
        return False
    return True


def _folder_writes(settings: Settings) -> bool:
    probe = settings.files_dir / ".readyz"
    try:
        probe.write_bytes(os.urandom(16))
        probe.unlink()
        return shutil.disk_usage(settings.files_dir).free > FREE_BYTES
    except OSError:
        return False


@blueprint.get("/readyz")
@allows("service.health")
def readyz() -> tuple[str, int]:
    settings: Settings = current_app.extensions["koubo.settings"]
    ready = _database_writes() and _folder_writes(settings)
    return ("ok\n", 200) if ready else ("not ready\n", 503)
