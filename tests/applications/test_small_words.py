"""Small words of the form: a mistyped domain is told at once, a refused file is named, cities can be called."""

import io
from datetime import timedelta

from flask import Flask

from app.core import clock
from app.core.templating import iso
from tests import factories
from tests.applications.applying import ANSWERS, Person


def test_a_mistyped_mail_domain_is_told_at_once_and_only_then(sqlite_app: Flask) -> None:
    person = Person(sqlite_app, factories.opening(factories.organisation())).start()
    wrong = person.save("contact", {**ANSWERS["contact"], "mail": "mihon@gmial.com"})
    told = person.get(wrong.headers["Location"])
    mended = person.save("contact", {**ANSWERS["contact"], "mail": "mihon@gmial.com"}, **{"mend-mail": "1"})
    page = person.get(mended.headers["Location"])
    right = person.save("contact", {**ANSWERS["contact"], "mail": "mihon@gmail.com"})

    assert "gmail.com ではありませんか" in told
    assert f'href="{person.url("contact")}#mail">メールアドレスを直す</a>' in told
    assert mended.headers["Location"] == f"{person.url('contact')}#mail"
    assert 'value="mihon@gmail.com"' in page
    assert ANSWERS["contact"]["family_name"] in page
    assert "ではありませんか" not in page + person.get(right.headers["Location"])


def test_a_refused_file_is_named_with_its_document(sqlite_app: Flask) -> None:
    person = Person(sqlite_app, factories.opening(factories.organisation())).start()
    files = {"file_resume": (io.BytesIO(b"MZ not a document"), "間違い.exe")}

    page = person.refused("career", {**ANSWERS["career"], **files})

    assert "職務経歴書（間違い.exe）：" in page


def test_a_city_can_be_called_from_the_page_of_a_closed_opening(sqlite_app: Flask) -> None:
    now = clock.now()
    closed = factories.opening(
        factories.organisation(), opens_at=now - timedelta(days=2), closes_at=now - timedelta(days=1)
    )

    assert 'href="tel:' in Person(sqlite_app, closed).get(f"/apply/openings/{closed.id}")


def test_before_a_call_opens_its_start_page_says_when_and_offers_no_other_device(sqlite_app: Flask) -> None:
    opens = clock.now().replace(microsecond=0) + timedelta(days=2)
    opening = factories.opening(factories.organisation(), opens_at=opens)

    page = Person(sqlite_app, opening).get(f"/apply/openings/{opening.id}")

    assert "いまは受け付けていません" in page
    assert f'datetime="{iso(opens)}"' in page
    assert "に始まります。" in page
    assert "別の端末で続きを書くには" not in page
