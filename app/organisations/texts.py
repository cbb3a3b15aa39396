"""The texts with which an organisation starts, in its own name; the organisation words its own as later numbers."""

import uuid
from datetime import date

from app.core.model import new_id
from app.organisations.models import LegalText, LegalTextKind

DISQUALIFICATION = """次のいずれかに当たる人は応募できません（地方公務員法第16条）。
・拘禁刑以上の刑に処せられ、その執行を終わるまで、またはその執行を受けることがなくなるまでの人
・{city}において懲戒免職の処分を受け、その処分の日から2年を経過しない人
・人事委員会または公平委員会の委員の職にあって、地方公務員法第60条から第63条までの罪を犯し、刑に処せられた人
・日本国憲法またはその下に成立した政府を暴力で破壊することを主張する政党その他の団体を結成し、またはこれに加入した人"""
PURPOSE = """{city}は、応募で受け取った個人情報を、この募集の選考、結果の連絡、採用の手続きに使います。
ほかの目的には使いません。選考に関わる職員だけが読みます。"""
PRIVACY = """{city}は、個人情報の保護に関する法律に従って個人情報を取り扱います。
応募の記録は、{city}が定めた期間が過ぎると消去します。
自分の情報の開示、訂正、利用の停止を求めることができます。求め先は、この募集の問い合わせ先です。"""
BODIES = {
    LegalTextKind.PURPOSE: PURPOSE,
    LegalTextKind.DISQUALIFICATION: DISQUALIFICATION,
    LegalTextKind.PRIVACY: PRIVACY,
}


def is_first_wording(text: LegalText, *, city: str) -> bool:
    """Say whether a text is still the one with which the installation began, not yet worded by the organisation."""
    return text.body == BODIES[text.kind].format(city=city)


def first_texts(organisation_id: uuid.UUID, *, city: str, effective_on: date) -> list[LegalText]:
    """Make the first number of each text; adds nothing to a session."""
    return [
        LegalText(
            id=new_id(),
            organisation_id=organisation_id,
            kind=kind,
            number=1,
            body=body.format(city=city),
            effective_on=effective_on,
        )
        for kind, body in BODIES.items()
    ]
