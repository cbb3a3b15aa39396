"""Accepted applications whose last version nobody confirmed yet: scoring and results of their stage wait for them."""

import uuid
from collections.abc import Sequence

from app.applications.models import Application
from app.applications.screening_models import StageEntry
from app.applications.screening_queries import with_last_version
from app.applications.standing import awaits_recheck
from app.extensions import db


def awaiting_recheck(organisation_id: uuid.UUID, opening_id: uuid.UUID, stage_key: str) -> Sequence[str]:
    """List the examinee numbers of those that stand in a stage and are to be confirmed again."""
    query = with_last_version(organisation_id, Application.examinee_number)
    stands = StageEntry.stage_key == stage_key, StageEntry.left_at.is_(None)
    query = query.join(StageEntry, StageEntry.application_id == Application.id).where(
        Application.opening_id == opening_id, *stands, awaits_recheck()
    )
    return [number or "" for number in db.session.scalars(query.order_by(Application.examinee_number))]


def recheck_words(numbers: Sequence[str]) -> str:
    """Say which applications hold things up, and what to do about them."""
    return (
        f"受理のあとに新しい版が届き、再確認待ちの応募が{len(numbers)}件あります"
        f"（受験番号 {'、'.join(numbers[:10])}）。"
        "応募者の一覧の「再確認待ち」で、必須の要件の確認を記録してから、もう一度操作してください。"
    )
