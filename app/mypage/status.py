"""The seven status words (design 29): from the person's own acts and released results, never from the board."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum


class Word(StrEnum):
    RECEIVED = "受付済"
    IN_SELECTION = "選考中"
    INTERVIEW = "面接のご案内"
    PASSED = "合格・内定"
    RESERVE = "補欠"
    ENDED = "選考終了"
    WITHDRAWN = "辞退"


@dataclass(frozen=True)
class StagePlan:
    """A stage as the revision announces it."""

    key: str
    name: str
    is_interview: bool
    result_on: date | None


@dataclass(frozen=True)
class Released:
    """A released result of one stage for one person: pass, fail or reserve; a reserve may be told another later."""

    stage_key: str
    outcome: str
    at: datetime


@dataclass(frozen=True)
class Status:
    """A word, the sentence beside it, and the day of the next news where one is announced."""

    word: Word
    sentence: str
    next_on: date | None


@dataclass(frozen=True)
class CalledOff:
    """That the city called the whole opening off: when, where that is known, and the public reason."""

    at: datetime | None
    reason: str


@dataclass(frozen=True)
class LeftOut:
    """That results of the opening came out without this application: when, and how it stands."""

    at: datetime
    is_ineligible: bool  # a person confirmed that a required criterion is not met
    is_accepted: bool = False  # it stands in a stage whose results are out, and has none


@dataclass(frozen=True)
class Milestone:
    """One line of the person's timeline; `state` is done, now or empty."""

    title: str
    when: str | None
    at: datetime | None
    text: str | None
    state: str


def status_of(
    stages: Sequence[StagePlan],
    released: Sequence[Released],
    *,
    is_withdrawn: bool,
    is_closed: bool,
    today: date,
    called_off: CalledOff | None = None,
    left_out: LeftOut | None = None,
) -> Status:
    """Say how an application stands; `released` holds nothing that is not; `is_closed`: the deadline has passed.

    Calling the opening off ends what was still undecided; a refusal and a last pass stay what they were.
    """
    if is_withdrawn:
        return Status(Word.WITHDRAWN, "辞退の申し出を受け付けました。", None)
    last = _last(stages, released)
    if called_off is not None and not _is_final(stages, last):
        return Status(Word.ENDED, "この募集は中止されました。選考は行いません。", None)
    if left_out is not None and (last is None or last.outcome == "pass"):
        return _left_out(left_out)
    if last is None:
        return _before_any_result(stages, is_closed=is_closed, today=today)
    return _after(stages, last, today)


def _left_out(found: LeftOut) -> Status:
    if found.is_ineligible:
        words = "応募資格の確認の結果、必須の要件を満たしていることを確認できなかったため、選考に進めませんでした。"
        return Status(
            Word.ENDED, f"{words}理由は、自治体へのメッセージで質問できます。ご応募ありがとうございました。", None
        )
    if found.is_accepted:
        words = "結果が発表されましたが、この応募の結果はまだ決まっていません。"
        return Status(Word.IN_SELECTION, f"{words}今後の扱いは、自治体へのメッセージで質問できます。", None)
    words = "結果が発表されましたが、この応募は応募資格の確認が続いています。終わりしだい、ここでお知らせします。"
    return Status(Word.IN_SELECTION, words, None)


def _is_final(stages: Sequence[StagePlan], last: Released | None) -> bool:
    """Say whether a result decided about the person: a refusal, or a pass of the last stage."""
    return last is not None and (
        last.outcome == "fail" or (last.outcome == "pass" and last.stage_key == stages[-1].key)
    )


def _after(stages: Sequence[StagePlan], last: Released, today: date) -> Status:
    """Say what the last released result means."""
    place = [stage.key for stage in stages].index(last.stage_key)
    name, following = stages[place].name, next(iter(stages[place + 1 :]), None)
    if last.outcome == "fail":
        words = f"{name}の結果、今回はご希望に沿えませんでした。ご応募ありがとうございました。"
        return Status(Word.ENDED, words, None)
    if last.outcome == "reserve":
        return Status(Word.RESERVE, f"{name}の結果、補欠となりました。繰り上げるときは、お知らせします。", None)
    if following is None:
        return Status(Word.PASSED, f"{name}に合格しました。手続きは、あらためてご案内します。", None)
    word = Word.INTERVIEW if following.is_interview else Word.IN_SELECTION
    guide = "日時と場所をご案内します。" if following.is_interview else ""
    words = f"{name}に合格しました。次は{following.name}です。{guide}{_news(following, today)}"
    return Status(word, words, following.result_on)


def _last(stages: Sequence[StagePlan], released: Sequence[Released]) -> Released | None:
    order = [stage.key for stage in stages]
    known = [one for one in released if one.stage_key in order]
    return max(reversed(known), key=lambda one: order.index(one.stage_key), default=None)


def stages_ahead(stages: Sequence[StagePlan], released: Sequence[Released], *, has_ended: bool) -> tuple[str, ...]:
    """Name the stages whose results the person still waits for: after a refusal and for a reserve none."""
    last = _last(stages, released)
    if has_ended or (last is not None and last.outcome != "pass"):
        return ()
    keys = [stage.key for stage in stages]
    return tuple(keys[keys.index(last.stage_key) + 1 :] if last else keys)


def _before_any_result(stages: Sequence[StagePlan], *, is_closed: bool, today: date) -> Status:
    first = stages[0] if stages else None
    news = _news(first, today)
    day = first.result_on if first else None
    if not is_closed:
        return Status(Word.RECEIVED, f"応募を受け付けました。締切のあとに選考を始めます。{news}", day)
    return Status(Word.IN_SELECTION, f"{first.name if first else '選考'}の途中です。{news}", day)


def _news(stage: StagePlan | None, today: date) -> str:
    if stage is None or stage.result_on is None:
        return "次のお知らせの日は、決まりしだいここに表示します。"
    day = f"{stage.result_on.month}月{stage.result_on.day}日（{'月火水木金土日'[stage.result_on.weekday()]}）"
    if stage.result_on < today:
        return f"結果は{day}にお知らせする予定でしたが、まだ準備中です。決まりしだいお知らせします。"
    return f"結果は{day}にお知らせする予定です。"


def milestones(
    stages: Sequence[StagePlan],
    released: Sequence[Released],
    *,
    received_at: datetime,
    withdrawn_at: datetime | None,
    called_off: CalledOff | None = None,
    left_out: LeftOut | None = None,
    open_until: datetime | None = None,
) -> list[Milestone]:
    """Put what happened and what is announced in order; of what was called off nothing more is announced.

    `open_until` is the deadline as long as it has not passed: until then nothing else is going on.
    """
    found = [Milestone("応募を受け付けました", None, received_at, None, "done")]
    is_ineligible = left_out is not None and left_out.is_ineligible and not released
    if left_out is not None:  # no announced day holds for it
        stages = [replace(stage, result_on=None) for stage in stages]
    has_ended = withdrawn_at is not None or called_off is not None or is_ineligible
    until = None if has_ended else open_until
    if until is not None:
        found.append(Milestone("受付の締切", None, until, "締切までは、内容を直して送り直せます。", "now"))
    found += _results(stages, released, has_ended=has_ended, state="now" if until is None else "")
    return [*found, *_endings(left_out if is_ineligible else None, withdrawn_at, called_off)]


def _endings(
    ineligible: LeftOut | None, withdrawn_at: datetime | None, called_off: CalledOff | None
) -> Iterator[Milestone]:
    if ineligible is not None:
        yield Milestone("応募資格の確認", None, ineligible.at, "必須の要件を確認できませんでした", "done")
    if withdrawn_at is not None:
        yield Milestone("辞退", None, withdrawn_at, None, "done")
    if called_off is not None:
        yield Milestone("募集の中止", None, called_off.at, called_off.reason or None, "done")


def _results(
    stages: Sequence[StagePlan], released: Sequence[Released], *, has_ended: bool, state: str
) -> Iterator[Milestone]:
    """What was released of each stage, and what is announced until something has ended; the next to come is `state`."""
    for stage in stages:
        if own := [one for one in released if one.stage_key == stage.key]:
            for place, one in enumerate(own):
                yield Milestone(f"{stage.name}の結果", None, one.at, _outcome_words(one, is_first=place == 0), "done")
            has_ended = has_ended or own[-1].outcome != "pass"
        elif not has_ended:
            yield Milestone(f"{stage.name}の結果", _plan(stage), None, None, state)
            state = ""


def _outcome_words(found: Released, *, is_first: bool) -> str:
    if found.outcome == "pass" and not is_first:
        return "繰上合格"
    return {"pass": "合格", "fail": "今回はご希望に沿えませんでした", "reserve": "補欠"}[found.outcome]


def _plan(stage: StagePlan) -> str | None:
    if stage.result_on is None:
        return None
    return f"{stage.result_on.month}月{stage.result_on.day}日（{'月火水木金土日'[stage.result_on.weekday()]}）の予定"
