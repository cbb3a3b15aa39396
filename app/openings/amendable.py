"""What an amendment may change of a published opening (L-10, design 5, 14). Pure.

Its instants never: a deadline is put off by an extension. Once anybody has applied, not what people are asked and
judged by either: everybody answers the same questions and is judged by the same criteria, weights and anchors.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from app.openings.content import OpeningContent, StageContent
from app.openings.publication_asked import Item
from app.openings.publication_schedule import Window, schedule_items

FROZEN = frozenset({"criteria", "asked"})  # the sections of which nothing is amended once anybody has applied
_STAGE = ("key", "kind", "blind", "carry", "min_reviewers", "rubric")
RULE = "L-10"
SAME_FOR_ALL = "応募が届いているため変えられません。全員が同じ条件で応募し、同じ基準で選ばれるためです"


def frozen_items(before: OpeningContent, after: OpeningContent) -> Iterator[Item]:
    """List what an amendment changes although somebody has applied."""
    if before.criteria != after.criteria or before.disqualification_text != after.disqualification_text:
        yield Item(RULE, "criteria", f"応募資格と欠格条項は、{SAME_FOR_ALL}")
    if (before.questions, before.documents) != (after.questions, after.documents):
        yield Item(RULE, "asked", f"設問と提出書類は、{SAME_FOR_ALL}")
    if before.terms.form_key != after.terms.form_key:
        yield Item(RULE, "terms", f"任用形態は、{SAME_FOR_ALL}")
    if _judging(before.stages) != _judging(after.stages) or before.tie_rule != after.tie_rule:
        yield Item(
            RULE, "stages", f"段階の数と種類、採点のしかた、評価項目と重み、同じ点数のときの決め方は、{SAME_FOR_ALL}"
        )


def _judging(stages: Sequence[StageContent]) -> list[tuple[Any, ...]]:
    return [tuple(getattr(one, name) for name in _STAGE) for one in stages]


def still_lacking(items: list[Item], before: list[Item], window: Window, *, at: datetime) -> list[Item]:
    """Take from the list before publication what an amendment does not mend: the instants, which it leaves as they are.

    What the published notice lacked already keeps no amendment from being published.
    """
    apart = set(schedule_items(window, at))
    old = {item for item in before if item.blocks}
    return [replace(item, blocks=item.blocks and item not in old) for item in items if item not in apart]


def with_new_keys(before: OpeningContent, after: OpeningContent, used: Sequence[OpeningContent]) -> OpeningContent:
    """Give what was added since `before` keys that no earlier revision used.

    What a person wrote to a question that is gone must never stand as the answer to another one.
    """
    changed: dict[str, Any] = {}
    for part in ("criteria", "questions", "documents", "stages"):
        taken = {one.key for content in used for one in getattr(content, part)}
        known = {one.key for one in getattr(before, part)}
        changed[part] = tuple(_renamed(getattr(after, part), taken - known, taken))
    return after.model_copy(update=changed)


def _renamed(entries: Sequence[Any], stale: set[str], taken: set[str]) -> Iterator[Any]:
    own = {one.key for one in entries}
    for one in entries:
        if one.key not in stale:
            yield one
            continue
        stem = one.key.rstrip("0123456789")[:36]
        free = next(key for n in range(1, len(taken | own) + 2) if (key := f"{stem}{n}") not in taken | own)
        own.add(free)
        yield one.model_copy(update={"key": free})
