from datetime import date

from flask import Flask

from app.core.context import PUBLIC, bind
from app.extensions import db
from app.organisations.models import LegalText, LegalTextKind
from app.organisations.queries import find_text
from app.organisations.texts import first_texts
from tests import factories


def test_the_text_in_force_is_the_last_that_has_taken_effect(app: Flask) -> None:
    city = factories.organisation()
    factories.save(*first_texts(city.id, city=city.name, effective_on=date(2026, 4, 1)))
    kind = LegalTextKind.PRIVACY
    later = {"kind": kind, "number": 2, "body": "新しい文", "effective_on": date(2026, 12, 1)}
    factories.save(LegalText(organisation_id=city.id, **later))
    bind(db.session, PUBLIC)

    days = (date(2026, 3, 31), date(2026, 4, 1), date(2026, 11, 30), date(2026, 12, 1))
    found = [find_text(city.id, kind, on=day) for day in days]

    assert [text and text.number for text in found] == [None, 1, 1, 2]


def test_the_first_texts_speak_in_the_citys_own_name_and_current_law(app: Flask) -> None:
    city = factories.organisation("osaka", "大阪市")

    texts = {text.kind: text.body for text in first_texts(city.id, city=city.name, effective_on=date(2026, 4, 1))}

    assert set(texts) == set(LegalTextKind)
    assert "大阪市において懲戒免職" in texts[LegalTextKind.DISQUALIFICATION]
    assert "拘禁刑" in texts[LegalTextKind.DISQUALIFICATION]
    assert not [word for word in ("禁錮", "成年被後見人", "{city}") if any(word in body for body in texts.values())]
