"""The closed word lists of the experience rule, each with the Japanese that pages show."""

from __future__ import annotations

from enum import StrEnum
from typing import Self

from app.core.language import word


class Word(StrEnum):
    """A stored word that carries its Japanese label, which is marked for the catalogue."""

    label: str

    def __new__(cls, value: str, label: str) -> Self:
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label
        return member


class Kind(Word):
    """Employment kinds."""

    REGULAR = "regular", word("正規")
    CONTRACT = "contract", word("契約")
    DISPATCHED = "dispatched", word("派遣")
    PART_TIME = "part_time", word("パート・アルバイト")
    SELF_EMPLOYED = "self_employed", word("自営")
    OFFICER = "officer", word("役員")
    PUBLIC_SERVANT = "public_servant", word("公務員")
    VOLUNTEER = "volunteer", word("国際協力等")


class LeaveKind(Word):
    """Kinds of leave that a rule may take out."""

    CHILDCARE = "childcare", word("育児休業")
    MATERNITY = "maternity", word("産前産後休業")
    SICK = "sick", word("病気休暇・休職")
    NURSING = "nursing", word("介護休業")
    STUDY = "study", word("修学・研修のための休業")
    SUSPENSION = "suspension", word("停職・その他の休職")


class Combine(Word):
    """How spells make the total."""

    SUM = "sum", word("すべて通算する")
    LONGEST = "longest", word("最も長い一つの勤務先だけを数える")


class DayRounding(Word):
    """What becomes of the days that do not make a month."""

    CARRY_30 = "carry_30", word("端数の日は足し合わせ、30日で1か月とする")
    DROP = "drop", word("勤務先ごとに端数の日を切り捨てる")
    HALF_UP_15 = "half_up_15", word("勤務先ごとに15日以上の端数を1か月とする")


class Reason(Word):
    """Why a job was not counted."""

    KIND = "kind", word("この募集で数える雇用形態ではありません")
    FIELD = "field", word("この募集で数える分野の仕事ではありません")
    STUDENT = "student", word("学生の間の仕事は数えません")
    WEEKLY_HOURS = "weekly_hours", word("週の勤務時間が足りません")
    AFTER_AS_OF = "after_as_of", word("基準日より後に始まる仕事です")
    BEFORE_EARLIEST = "before_earliest", word("数え始める日より前に終わっています")
    TOO_SHORT = "too_short", word("続けて勤めた期間が、数えるために必要な長さに届きません")
    OUTSIDE_WINDOW = "outside_window", word("数える期間の外です")
    LEAVE = "leave", word("数える期間のすべてが休業・休職に当たります")
    OVERLAP = "overlap", word("同じ時期の別の職歴ですでに数えています")


class Outcome(Word):
    """What the arithmetic says; it decides nothing by itself."""

    MEETS = "meets", word("入力の内容では条件を満たしています")
    DOES_NOT_MEET = "does_not_meet", word("入力の内容では条件に届いていません")
    CHECK = "check", word("確認が必要です")
