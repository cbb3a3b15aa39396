"""The closed word lists of openings with the Japanese that pages show; what a city wrote itself is never here."""

from app.core.language import word

OCCUPATIONS = {
    "dx_planning": word("DX推進・企画"),
    "cio": word("CIO・CIO補佐官"),
    "data": word("データ分析"),
    "network": word("システム・ネットワーク"),
    "uiux": word("UI・UXデザイン"),
    "security": word("情報セキュリティ"),
    "pr": word("広報・マーケティング"),
    "bpr": word("業務改革（BPR）"),
    "other": word("その他"),
}

REMOTE = {
    "full": word("すべてリモート可"),
    "partial": word("一部可"),
    "office": word("出勤のみ"),
    "unstated": word("要項に記載なし"),
}

PAY_KINDS = {
    "hourly": "時給",
    "daily": "日額",
    "monthly": "月額",
    "annual": "年額",
    "per_session": "1回あたり",
    "per_deliverable": "成果物あたり",
    "unpaid": "無報酬",
    "table": "給料表による",
}

STATES = {"open": word("受付中"), "soon": word("7日以内に締切"), "upcoming": word("受付前"), "closed": word("終了")}

DAYS = {  # bounds are days a week times ten, the first in and the last out
    "monthly": (word("月1〜3日"), 0, 10),
    "one": (word("週1日"), 10, 20),
    "few": (word("週2〜3日"), 20, 40),
    "four": (word("週4日"), 40, 50),
    "five": (word("週5日"), 50, 71),
}

SORTS = {"deadline": word("締切が近い順"), "new": word("新着順"), "days": word("勤務日数が少ない順")}

STAGE_KINDS = {"documents": word("書類選考"), "task": word("課題"), "test": word("適性検査"), "interview": word("面接")}

TERMS = {  # the words of openings.content.Terms in the order of the page
    "department": word("配属先"),
    "rank": word("職位"),
    "headcount": word("採用予定人数"),
    "term": word("任期"),
    "renewal": word("更新"),
    "days": word("勤務日数"),
    "hours": word("勤務時間"),
    "remote_note": word("リモート勤務"),
    "pay": word("給与・報酬"),
    "allowances": word("手当"),
    "insurance": word("社会保険"),
    "work_place": word("勤務地"),
    "smoking": word("受動喫煙対策"),
    "trial": word("条件付採用・試用"),
    "side_job_rule": word("兼業の扱い"),
    "budget_condition": word("予算などの条件"),
}

# what cities write in the same words, so that the English pages can say it
HEADCOUNTS = (
    *(word("若干名"), word("数名程度"), word("1名"), word("1人"), word("3名程度")),
    *(word("5人以内"), word("10名"), word("最大5名")),
)
