"""Old phone addresses are taken, slips of the finger are seen, and what is real is left alone."""

import pytest

from app.jp.mail import DOTS, SHAPE, mail_fault, mail_hint


@pytest.mark.parametrize(
    ("address", "fault"),
    [
        ("a..b@ezweb.ne.jp", None),
        ("a..b.@docomo.ne.jp", None),
        ("a...b@softbank.ne.jp", None),
        ("a.@t.vodafone.ne.jp", None),
        ("a.b@example.jp", None),
        ("a..b@example.jp", DOTS),
        ("ab.@gmail.com", DOTS),
        (".ab@docomo.ne.jp", DOTS),
        ("a..b@notdocomo.ne.jp", DOTS),
        ("ab@docomo..ne.jp", SHAPE),
        ("ab", SHAPE),
        ("a b@example.jp", SHAPE),
        ("a@b@example.jp", SHAPE),
        (f"{'a' * 64}@{'b' * 60}.{'c' * 60}.{'d' * 60}.{'e' * 60}.jp", SHAPE),
    ],
)
def test_what_mail_can_go_to_is_taken_and_the_fault_of_the_rest_is_named(address, fault):
    assert mail_fault(address) == fault


@pytest.mark.parametrize(
    ("domain", "meant"),
    [
        ("gmial.com", "gmail.com"),
        ("gmai.com", "gmail.com"),
        ("gmail.con", "gmail.com"),
        ("gmail.co", "gmail.com"),
        ("gmail.co.jp", "gmail.com"),
        ("icloud.con", "icloud.com"),
        ("iclod.com", "icloud.com"),
        ("hotmail.co", "hotmail.com"),
        ("hotmial.com", "hotmail.com"),
        ("docomo.ne.jo", "docomo.ne.jp"),
        ("docomo.co.jp", "docomo.ne.jp"),
        ("ezwrb.ne.jp", "ezweb.ne.jp"),
        ("yaho.co.jp", "yahoo.co.jp"),
        ("yahoo.co.jo", "yahoo.co.jp"),
        ("outlok.jp", "outlook.jp"),
        ("mihon.cpm", "mihon.com"),
        ("city.example.jo", "city.example.jp"),
        ("gmail.com", None),
        ("ymail.com", None),
        ("mail.com", None),
        ("example.jp", None),
        ("outlook.com", None),
        ("", None),
    ],
)
def test_the_domain_that_was_probably_meant_is_named(domain, meant):
    assert mail_hint(f"mihon@{domain}") == meant


@pytest.mark.parametrize(
    "typed", ["mihon mihon@gmial.com", "@gmial.com", "mi@hon@gmial.com", ".mihon@gmial.com", "gmial.com"]
)
def test_what_is_no_address_is_not_offered_another_domain(typed):
    assert mail_hint(typed) is None
