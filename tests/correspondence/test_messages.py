"""Messages both ways: who reads them, exactly once, nothing of them in a mail (design 28, M7, P-13)."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from app.audit.models import AuditDetail, AuditEvent
from app.core import clock
from app.core.access import Role
from app.correspondence.models import Message, MessageKind, MessageThread
from app.outbox.models import Mail
from tests.at_once import at_once
from tests.correspondence.arrange import Place, hidden, holding, place, presses, somebody
from tests.screening.arrange import looks, rows

CANARY = "漏洩見本の質問文"
ANSWER = "漏洩見本の回答文"


@pytest.fixture
def here(sqlite_app) -> Place:
    return place(sqlite_app)


def kinds() -> list[str]:
    return [one.kind for one in sorted(rows(Message), key=lambda one: one.sent_at)]


def mails(kind: str) -> list[Mail]:
    return [one for one in rows(Mail) if one.kind == kind]


def test_a_question_and_its_answer_go_both_ways(app) -> None:
    here = place(app)
    hr = here.staff(Role.HR)

    here.write(CANARY)
    waiting = hr.get("/staff/shinagawa/messages")
    here.write(ANSWER, who=hr)
    read = here.person.get(here.mine("messages"))

    assert "未返信" in waiting
    assert CANARY in read
    assert ANSWER in read
    assert kinds() == [MessageKind.FROM_APPLICANT, MessageKind.FROM_CITY]
    assert "返事を待っているメッセージはありません" in hr.get("/staff/shinagawa/messages")
    assert len(rows(MessageThread)) == 1


def test_mails_and_the_record_say_only_that_something_is_there(here: Place) -> None:
    here.write(CANARY)
    here.write(ANSWER, who=here.staff(Role.HR))

    [news], [question] = mails("message-news"), mails("question-news")
    assert news.recipient == here.application.mail
    assert f"/my/applications/{here.application.id}/messages" in news.body
    assert question.recipient == "jinji@shinagawa.example.jp"
    assert here.application.family_name not in question.body + question.subject
    written = [str((one.subject, one.body)) for one in rows(Mail)]
    written += [str((one.action, one.subject)) for one in rows(AuditEvent)]
    written += [str(one.body) for one in rows(AuditDetail)]
    assert not [text for text in written if CANARY in text or ANSWER in text]


def test_the_city_is_told_once_while_it_owes_an_answer(here: Place) -> None:
    here.write("一つめ")
    here.write("二つめ")
    here.write("返事", who=here.staff(Role.HR))
    here.write("三つめ")

    assert len(mails("question-news")) == 2


def test_pressing_twice_sends_once_and_other_words_from_an_old_page_are_kept(app) -> None:
    here = place(app)
    fields = {**hidden(here.person.get(here.mine("messages"))), "body": CANARY}

    for _press in range(2):
        here.person.post(here.mine("messages"), fields)
    here.person.post(here.mine("messages"), {**fields, "body": "書き直した文"})

    assert sorted(one.body for one in rows(Message)) == sorted([CANARY, "書き直した文"])


def test_eight_presses_at_once_send_one_message(app) -> None:
    here = place(app)
    fields = {**hidden(here.person.get(here.mine("messages"))), "body": CANARY, "csrf_token": here.person.token}

    statuses = at_once(app, *presses(here.person, here.mine("messages"), 8, lambda: fields))

    assert statuses == [303] * 8
    assert (len(rows(Message)), len(rows(MessageThread)), len(mails("question-news"))) == (1, 1, 1)


def test_an_answer_pressed_twice_is_sent_once(here: Place) -> None:
    here.write(CANARY)
    hr = here.staff(Role.HR)
    fields = {**hidden(hr.get(here.theirs)), "body": ANSWER}

    for _press in range(2):
        hr.post(here.theirs, fields)

    assert kinds() == [MessageKind.FROM_APPLICANT, MessageKind.FROM_CITY]
    assert len(mails("message-news")) == 1


def test_a_question_that_waited_while_the_city_answered_is_not_taken_for_answered(here: Place) -> None:
    here.write("一つめ")
    arrived = clock.now()
    fields = {**hidden(here.person.get(here.mine("messages"))), "body": "二つめ"}
    hr = here.staff(Role.HR)
    here.write("返事", who=hr)

    here.person.post(here.mine("messages"), fields, environ_overrides={"koubo.received_at": arrived})

    assert kinds() == [MessageKind.FROM_APPLICANT, MessageKind.FROM_CITY, MessageKind.FROM_APPLICANT]
    assert "1件" in hr.get("/staff/shinagawa/messages")


def test_two_answers_that_cross_are_seen_and_nothing_typed_is_lost(here: Place) -> None:
    here.write(CANARY)
    one, other = here.staff(Role.HR), here.staff(Role.HR)
    stale = hidden(other.get(here.theirs))
    here.write("先の返事", who=one)

    page = other.post(here.theirs, {**stale, "body": ANSWER}, status=422).text

    assert "先の返事" in page
    assert ANSWER in page
    assert ANSWER not in [message.body for message in rows(Message)]
    other.post(here.theirs, {**hidden(page), "body": ANSWER})
    assert ANSWER in [message.body for message in rows(Message)]


def test_input_stays_when_it_is_too_long_or_too_often(here: Place) -> None:
    page = here.write("長" * 2001, status=422).text
    assert "長" * 2001 in page
    assert "1文字減らしてください" in page
    assert "メッセージを入力してください" in here.write("　 ", status=422).text
    for n in range(20):
        here.write(f"{n}通め")

    page = here.write(CANARY, status=422).text

    assert CANARY in page
    assert "1日に送れるメッセージは20件までです" in page
    assert len(rows(Message)) == 20


def test_text_typed_after_the_session_has_run_out_is_kept_and_nothing_is_shown(here: Place) -> None:
    fields = {**hidden(here.person.get(here.mine("messages"))), "body": CANARY}

    with time_machine.travel(clock.now() + timedelta(hours=2, minutes=2)):
        page = here.person.post(here.mine("messages"), fields, status=422).text

    assert CANARY in page
    assert fields["key"] in page
    assert here.application.receipt_number not in page
    assert rows(Message) == []


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.HR])
def test_nobody_but_hr_reads_or_writes(here: Place, role: Role) -> None:
    here.write(CANARY)
    [thread] = rows(MessageThread)
    one, before = here.staff(role), looks()
    assert "メッセージ" not in one.get("/staff/shinagawa/")

    for url in (here.theirs, f"/staff/shinagawa/messages/{thread.id}"):
        one.get(url, status=404)
        one.post(url, {"body": ANSWER}, status=404)
    one.post(f"/staff/shinagawa/messages/{thread.id}/no-answer", status=404)
    one.get("/staff/shinagawa/messages", status=403)

    assert len(rows(Message)) == 1
    assert looks() == before


def test_other_cities_and_other_people_find_nothing(app) -> None:
    here, there = place(app), place(app, "hamamatsu", "浜松市")
    here.write(CANARY)
    [thread] = rows(MessageThread)
    hr = there.staff(Role.HR)
    hr.get("/staff/hamamatsu/")
    there.person.get(there.mine("messages"))

    for url in (f"/staff/hamamatsu/messages/{thread.id}", here.theirs.replace("shinagawa", "hamamatsu")):
        hr.get(url, status=404)
        hr.post(url, {"body": ANSWER}, status=404)
    there.person.get(here.mine("messages"), status=404)
    there.person.post(here.mine("messages"), {"body": ANSWER}, status=404)

    assert len(rows(Message)) == 1


def test_who_looked_is_recorded_and_marks_go_once_read(here: Place) -> None:
    here.write(CANARY)
    hr = here.staff(Role.HR)
    assert "未読" in hr.get("/staff/shinagawa/messages")
    assert "未読" in hr.get(here.theirs)
    assert "未読" not in hr.get(here.theirs)
    here.write(ANSWER, who=hr)

    home = here.person.get("/my/")
    assert "未読のメッセージがあります（1件）" in home
    assert "未読" in here.person.get(here.mine("messages"))
    assert "未読" not in here.person.get(here.mine("messages"))
    assert "未読" not in here.person.get("/my/")

    [thread] = rows(MessageThread)
    assert ("read.messages", f"message_thread:{thread.id}", 1) in looks()
    assert ("list.messages", f"organisation:{here.city.organisation.id}", 1) in looks()


def test_the_queue_lists_who_waits_the_longest_first_with_days_and_who_answered(sqlite_app) -> None:
    start = datetime(2026, 10, 1, 1, tzinfo=UTC)
    with time_machine.travel(start, tick=False) as now:
        here = place(sqlite_app, family_name="先の人", confirmed=False)
        second = here.city.application(family_name="後の人", confirmed=False)
        other = Place(sqlite_app, here.city, second, holding(sqlite_app, second.applicant_id))
        here.write("一つめ")
        now.shift(timedelta(days=1))
        other.write("二つめ")
        now.shift(timedelta(days=2))
        hr = here.staff(Role.HR, display_name="南")
        page = hr.get("/staff/shinagawa/messages")
        assert page.index("先の人") < page.index("後の人")
        assert "3日" in page
        assert "2日" in page
        assert "返事を待っているメッセージ" in hr.get("/staff/shinagawa/")

        here.write("返事", who=hr)

        assert "先の人" not in hr.get("/staff/shinagawa/messages")
        page = hr.get("/staff/shinagawa/messages?show=all")
        assert page.index("先の人") < page.index("後の人")
        assert page.count("<td>南</td>") == 1


def test_a_list_costs_the_same_for_one_and_for_three(here: Place) -> None:
    hr = here.staff(Role.HR)
    here.write("一つめ")
    hr.get("/staff/shinagawa/messages")
    cost = hr.statements_of("/staff/shinagawa/messages")
    for n in range(2):
        one = here.city.application()
        Place(here.app, here.city, one, holding(here.app, one.applicant_id)).write(f"{n}")

    assert hr.statements_of("/staff/shinagawa/messages") == cost


def test_staff_write_first_and_close_without_an_answer(here: Place) -> None:
    hr = here.staff(Role.HR)
    page = hr.get(here.theirs)
    assert "メッセージ（応募者に届きます）" in page
    here.write("書類の確認です", who=hr)
    here.write("ありがとうございました")
    assert "未返信" in hr.get(here.city.url())
    [thread] = rows(MessageThread)

    hr.post(f"/staff/shinagawa/messages/{thread.id}/no-answer", hidden(hr.get(here.theirs)))

    assert kinds() == ["from_city", "from_applicant", "no_answer"]
    assert "未返信" not in hr.get(here.city.url())
    page = here.person.get(here.mine("messages"))
    assert "返信不要" not in page
    assert "返事を待っています" not in page
    assert len(mails("message-news")) == 1


def test_a_question_before_applying_needs_a_confirmed_address_and_stays_with_the_person(app) -> None:
    here = place(app)
    url = f"/apply/openings/{here.city.opening.id}/questions"
    stranger, asker = somebody(app, "x@example.jp", confirmed=False), somebody(app)
    page = stranger.get(url)
    assert "先にメールアドレスを確認してください" in page
    stranger.get("/my/sign-in")
    assert CANARY in stranger.post(url, {"body": CANARY}, status=422).text
    hr = here.staff(Role.HR)

    asker.post(url, {**hidden(asker.get(url)), "body": CANARY})
    [thread] = rows(MessageThread)
    one = f"/staff/shinagawa/messages/{thread.id}"
    page = hr.get(one)
    hr.post(one, {**hidden(page), "body": ANSWER})

    assert "質問した人（応募前）" in page
    assert "dareka@example.jp" not in page
    assert ANSWER in asker.get(url)
    assert ANSWER not in stranger.get(url)
    [news] = mails("message-news")
    assert (news.recipient, url in news.body) == ("dareka@example.jp", True)
    assert "募集への質問" in asker.get("/my/")


def test_a_question_about_one_own_application_leads_to_its_messages(here: Place) -> None:
    url = f"/apply/openings/{here.city.opening.id}/questions"

    answer = here.person.client.get(url)

    assert (answer.status_code, answer.headers["Location"]) == (302, here.mine("messages"))
    assert f'href="{url}"' in here.person.get(f"/openings/{here.city.opening.id}")
