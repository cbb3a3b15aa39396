"""The closed word lists of openings with the Japanese that pages show; what a city wrote itself is never here."""

OCCUPATIONS = {
    "dx_planning": "DX推進・企画",
    "cio": "CIO・CIO補佐官",
    "data": "データ分析",
    "network": "システム・ネットワーク",
    "uiux": "UI・UXデザイン",
    "security": "情報セキュリティ",
    "pr": "広報・マーケティング",
    "bpr": "業務改革（BPR）",
    "other": "その他",
}

REMOTE = {"full": "すべてリモート可", "partial": "一部可", "office": "出勤のみ", "unstated": "要項に記載なし"}

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

STATES = {"open": "受付中", "soon": "7日以内に締切", "upcoming": "受付前", "closed": "終了"}

DAYS = {  # bounds are days a week times ten, the first in and the last out
    "monthly": ("月1〜3日", 0, 10),
    "one": ("週1日", 10, 20),
    "few": ("週2〜3日", 20, 40),
    "four": ("週4日", 40, 50),
    "five": ("週5日", 50, 71),
}

SORTS = {"deadline": "締切が近い順", "new": "新着順", "days": "勤務日数が少ない順"}

STAGE_KINDS = {"documents": "書類選考", "task": "課題", "test": "適性検査", "interview": "面接"}

TERMS = {  # the words of openings.content.Terms in the order of the page
    "department": "配属先",
    "rank": "職位",
    "headcount": "採用予定人数",
    "term": "任期",
    "renewal": "更新",
    "days": "勤務日数",
    "hours": "勤務時間",
    "remote_note": "リモート勤務",
    "pay": "給与・報酬",
    "allowances": "手当",
    "insurance": "社会保険",
    "work_place": "勤務地",
    "smoking": "受動喫煙対策",
    "trial": "条件付採用・試用",
    "side_job_rule": "兼業の扱い",
    "budget_condition": "予算などの条件",
}
