"""What is typed is kept, to the character, with errors beside the field (B3, ux 3.3); files one by one (U1, U2)."""

import io
import re

import pytest

from app.applications.models import Draft, StoredFile
from tests import factories
from tests.applications.applying import ANSWERS, SEEN, Person
from tests.applications.pdf import locked_pdf, pdf
from tests.applications.test_applying import rows

RARE = "髙﨑𠮷葛\U000e0100"


@pytest.fixture
def opening(sqlite_app):
    return factories.opening(factories.organisation())


@pytest.fixture
def person(sqlite_app, opening):
    return Person(sqlite_app, opening).start()


def answers():
    return rows(Draft)[0].answers


def upload(person, content, name="職務経歴書.pdf", **more):
    fields = {**ANSWERS["career"], "file_resume": (io.BytesIO(content), name)}
    return person.save("career", fields, **more) if more else person.refused("career", fields)


@pytest.mark.parametrize(
    ("step", "fields", "message"),
    [
        ("eligibility", {}, "「欠格条項に当たらないこと」は、「はい」か「いいえ」を選んでください"),
        ("contact", {"mail": ""}, "メールアドレスを入力してください"),
        ("contact", {"mail": "mihon.example.jp"}, "メールアドレスは name@example.jp のような形で入力してください"),
        ("contact", {"mail": "a@example.jp\r\nBcc: b@example.jp"}, "メールアドレスは name@example.jp のような形で"),
        ("contact", {"family_kana": "漢字"}, "せい（ふりがな）をひらがなで入力してください"),
        ("contact", {"family_name": "\ue000田"}, "外字"),
        ("profile", {"phone": "12"}, "電話番号は 03-1234-5678 のように、市外局番から入力してください"),
        ("profile", {"phone": ""}, "電話番号を入力してください"),
        ("profile", {"postal_code": "123"}, "郵便番号は7桁の数字で入力してください"),
        ("career", {"jobs-0-start-month": "13"}, "開始の月は1から12で入力してください"),
        ("career", {"jobs-0-employer": ""}, "勤務先を入力してください"),
        ("career", {"jobs-0-kind": ""}, "雇用の形を選んでください"),
        ("career", {"jobs-0-end-year": "2020", "jobs-0-end-month": "1"}, "終了を空欄にしてください"),
        ("career", {"jobs-0-is_current": "", "jobs-0-end-year": "2014", "jobs-0-end-month": "3"}, "終了は開始より後"),
        ("questions", {"answer_motivation": "あ" * 1043}, "「志望動機」は1000文字以内です。43文字減らしてください"),
    ],
)
def test_an_error_is_said_in_place_and_what_was_typed_stands_there_again(person, step, fields, message):
    typed = {**({} if step == "eligibility" else ANSWERS[step]), **fields}
    typed = {name: value for name, value in typed.items() if name != "jobs-0-is_current" or value}

    page = person.refused(step, typed)

    assert page.count(message) >= 2  # in the summary and beside the field
    later = person.get(person.url(step))
    assert message in later
    longest = max((str(value) for value in typed.values()), key=len, default="")
    assert longest in later.replace("&#39;", "'").replace("\r", "") or "\r" in longest


def test_after_a_save_the_step_is_another_form_into_which_no_browser_puts_older_text_back(person):
    def first_names():
        return re.findall(r'<input type="hidden" name="([^"]+)"', person.get(person.url("questions")))[1:3]

    fresh = first_names()
    person.save("questions", {"answer_motivation": "書きかけ"}, pause="1")
    paused = first_names()
    person.refused("questions", {"answer_motivation": ""})
    refused = first_names()

    assert fresh[0].startswith("saved-")
    assert fresh[1] == "seen"
    assert (paused[0] == fresh[0], refused[0] == paused[0]) == (False, True)


def test_everything_that_is_wrong_with_a_job_is_said_at_once(person):
    page = person.refused("career", {"jobs-0-employer": "", "jobs-0-start-year": "2015", "jobs-0-kind": "regular"})

    assert re.findall(r'<li><a href="#([^"]+)">([^<]+)</a></li>', page) == [
        ("jobs-0-employer", "職歴1：勤務先を入力してください"),
        ("jobs-0-start-month", "職歴1：開始の月を入力してください"),
        ("jobs-0-is_current", "職歴1：終了の年と月を入力するか、「いまも続いています」を選んでください"),
        ("file_resume", "職務経歴書のファイルを選んでください"),
    ]


def test_a_required_file_is_asked_for_and_the_jobs_are_saved_meanwhile(person):
    page = person.refused("career")

    assert page.count("職務経歴書のファイルを選んでください") == 2
    assert answers()["history"][0]["employer"] == "見本システム株式会社"
    assert "職務経歴書のファイルを送ってください" in person.get(person.url("confirm"))
    assert "エラー：" not in person.get(person.url("career"))  # who comes back later is not scolded
    upload(person, pdf(), upload="file_resume")
    assert "エラー：" not in person.get(f"{person.url('career')}?tried=1")  # Back, once it is mended


def test_why_a_file_was_refused_stands_there_until_the_step_is_sent_again(person):
    upload(person, b"MZ", "間違い.exe", upload="file_resume")

    pages = [person.get(person.url("career")) for _reload in range(2)]
    assert [page.count("職務経歴書（間違い.exe）：") for page in pages] == [2, 2]
    assert "職務経歴書のファイルを選んでください" not in pages[0]

    person.refused("career")
    assert "間違い.exe" not in person.get(person.url("career"))


def test_check_names_each_empty_box_once_and_calls_nothing_missing_that_was_typed(person):
    person.refused("contact", {"mail": "mihon@example.jp"})
    page = person.get(person.url("confirm"))
    assert "せい（ふりがな）を入力してください" in page
    assert "メールと氏名に直すところがあります" not in page

    person.refused("profile", {**ANSWERS["profile"], "phone": "12"})
    page = person.get(person.url("confirm"))
    assert '#phone">電話番号は 03-1234-5678 のように、市外局番から入力してください</a>' in page
    assert "住所を入力してください" not in page


def test_text_with_errors_blocks_the_send_until_it_is_put_right(person):
    person.refused("profile", {**ANSWERS["profile"], "phone": "12"})

    assert "電話番号は 03-1234-5678 のように、市外局番から入力してください</a>" in person.get(person.url("confirm"))

    person.save("profile")
    assert "電話番号は 03-1234-5678 のように、市外局番から入力してください" not in person.get(person.url("confirm"))
    assert answers()["typed"] == {}


def test_names_are_kept_to_the_byte_and_kana_become_hiragana(person):
    person.save(
        "contact",
        {**ANSWERS["contact"], "family_name": f"　{RARE}\r\n ", "family_kana": "ﾀｶｻﾞｷ", "given_kana": "ハルカ"},
    )

    kept = answers()["person"]
    assert kept["family_name"] == RARE
    assert (kept["family_kana"], kept["given_kana"]) == ("たかざき", "はるか")
    assert RARE in person.get(person.url("confirm"))


def test_digits_are_lenient_in_and_strict_when_stored(person):
    person.save(
        "profile", {"postal_code": "〒１４０ー８７１５", "address": "見本市", "phone": "（０３）１２３４−５６７８"}
    )

    kept = answers()["person"]
    assert (kept["postal_code"], kept["phone"]) == ("1408715", "0312345678")


def test_a_pause_keeps_half_a_step_without_complaint_and_the_draft_is_on_my_page(person):
    answer = person.save("contact", {"mail": "mih", "family_name": "見"}, pause="1")

    assert answer.headers["Location"].endswith("/my/")
    assert "まだ応募は完了していません" in person.get("/my/")
    later = person.get(person.url("contact"))
    assert 'value="mih"' in later
    assert "エラー：" not in later


def test_jobs_and_leaves_are_added_and_removed_and_nothing_typed_is_lost(sqlite_app):
    rule = {"threshold_months": 60, "as_of": "2026-11-30", "excluded_leave": {"kinds": ["sick"], "min_months": 1}}
    criteria = [{"key": "years", "kind": "experience", "label": "5年以上", "params": {"rule": rule}}]
    org = factories.organisation()
    person = Person(sqlite_app, factories.opening(org, content=factories.content(criteria=criteria, documents=[])))
    person.start()
    first = {"jobs-0-employer": "一番目"}

    place = person.save("career", first, add="jobs").headers["Location"]
    assert place.endswith("#jobs-1")
    person.save("career", {**first, "jobs-1-employer": "二番目"}, add="jobs-1-leaves")
    page = person.get(person.url("career"))
    assert 'name="jobs-1-leaves-0-start-year"' in page
    person.save("career", {**first, "jobs-1-employer": "二番目", "jobs-1-leaves-0-new": "1"}, remove="jobs-0")

    page = person.get(person.url("career"))
    assert 'value="一番目"' not in page
    assert "二番目" in page
    assert len(re.findall(r'<fieldset class="entry">', page)) == 2  # the job and its leave


def test_the_arithmetic_is_shown_after_saving_and_never_turns_away(person):
    job = {**ANSWERS["career"], "jobs-0-start-year": "2024"}
    person.save("career", {**job, "file_resume": (io.BytesIO(pdf()), "a.pdf")})

    for page in (person.get(person.url("career")), person.get(person.url("confirm"))):
        assert "通算は2年8か月0日で、必要な5年以上まであと2年4か月です。" in page
        assert "職員が内容を確認します" in page
        assert "不合格" not in page
        assert "失格" not in page


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.xlsx", b"PK\x03\x04" + b"a" * 99, "PDF、Word（docx）のファイルを選んでください。Excelなどの表は"),
        ("a.docx", b"PK\x03\x04" + b"a" * 99, "受け取りの途中で切れました。もう一度選んでください"),
        ("a.pdf", b"", "ファイルの中身が空です"),
        ("a.pdf", locked_pdf(), "パスワードを外してから選んでください"),
        ("a.pdf", pdf()[:200], "受け取りの途中で切れました。もう一度選んでください"),
        ("a.pdf", pdf(51), "50ページまでのPDFを選んでください"),
        (
            "a.pdf",
            b"%PDF-" + b"0" * (10 * 1024 * 1024),
            "10MBより小さいファイルを選んでください（選んだファイルは10.1MB）",
        ),
    ],
)
def test_a_refused_file_says_what_to_do_and_leaves_no_bytes(sqlite_app, person, name, content, message):
    page = upload(person, content, name)

    assert page.count(message) == 2
    assert "職務経歴書のファイルを選んでください" not in page
    assert "見本システム株式会社" in page
    assert rows(StoredFile) == []
    folder = sqlite_app.extensions["koubo.settings"].files_dir
    assert [path for path in folder.rglob("*") if path.is_file()] == []


def test_another_file_takes_the_place_of_the_first_whose_bytes_go(sqlite_app, person):
    upload(person, pdf(1), "一.pdf", upload="file_resume")
    upload(person, pdf(2), "二.pdf", upload="file_resume")

    page = person.get(person.url("career"))
    assert "二.pdf" in page
    assert "受領 2ページ" in page
    assert "一.pdf" not in page
    assert len(rows(StoredFile)) == 1
    folder = sqlite_app.extensions["koubo.settings"].files_dir
    assert len([path for path in folder.rglob("*") if path.is_file()]) == 1

    person.save("career", ANSWERS["career"], **{"remove-file": "resume"})
    person.save("career", ANSWERS["career"], remove="jobs-0")
    assert rows(StoredFile) == []


def test_a_stale_tab_is_told_and_its_text_is_not_lost(person):
    old = SEEN.search(person.get(person.url("questions"))).group(1)
    person.save("questions", {"answer_motivation": "こちらが先です。"})

    page = person.save_stale("questions", old, {"answer_motivation": "あとから来た文章です。"})

    assert "あとから来た文章です。" in page
    assert "ほかの画面で先に保存されています" in page
    assert answers()["statements"] == {"motivation": "こちらが先です。"}
    assert '<span class="pre">こちらが先です。</span>' in page
    assert '<span class="pre">あとから来た文章です。</span>' in page
    assert f'href="{person.url("questions")}">先に保存された内容を使う</a>' in page
    assert "この画面の内容で保存する</button>" in page
    assert "こちらが先です。" in person.get(person.url("questions"))
    assert "あとから来た文章です。" in person.get(f"{person.url('questions')}?both=1")  # also after a reload


def test_the_button_of_a_stale_tab_saves_what_stands_in_it(person):
    old = SEEN.search(person.get(person.url("questions"))).group(1)
    person.save("questions", {"answer_motivation": "こちらが先です。"})
    typed = {"answer_motivation": "あとから来た文章です。"}
    page = person.save_stale("questions", old, typed)

    person.post(person.url("questions"), {"seen": SEEN.search(page).group(1), **typed, "next": "1"})

    assert answers()["statements"] == {"motivation": "あとから来た文章です。"}
    assert "ほかの画面で先に保存されています" not in person.get(
        f"{person.url('questions')}?both=1"
    )  # Back, once it is settled


def test_a_stale_tab_shows_jobs_dates_and_choices_in_words_where_they_differ(person):
    old = SEEN.search(person.get(person.url("career"))).group(1)
    person.save("career", ANSWERS["career"], pause="1")
    other = {**ANSWERS["career"], "jobs-0-start-year": "平16", "jobs-0-kind": "contract"}

    page = person.save_stale("career", old, other)

    assert "違うところ（2件）" in page
    assert '<span class="pre">2015・4・1</span>' in page
    assert '<span class="pre">平16・4・1</span>' in page
    assert '<span class="pre">契約</span>' in page


def test_a_double_press_of_next_is_no_stale_tab(person):
    old = SEEN.search(person.get(person.url("questions"))).group(1)
    fields = {"seen": old, **ANSWERS["questions"]}

    assert [person.post(person.url("questions"), fields).status_code for _press in range(2)] == [303, 303]


def test_the_same_person_has_one_draft_for_one_opening(person):
    person.get(f"/apply/openings/{person.opening.id}")
    person.post(f"/apply/openings/{person.opening.id}")

    assert len(rows(Draft)) == 1


def test_the_birth_date_is_asked_only_where_the_opening_needs_it(sqlite_app, person):
    assert "生年月日" not in person.get(person.url("profile"))
    limits = {"key": "born", "kind": "birth_date", "label": "生まれた日", "params": {"from": "1967-04-02", "to": None}}
    other = factories.opening(factories.organisation("kobe", "神戸市"), content=factories.content(criteria=[limits]))
    asked = Person(sqlite_app, other).start()
    born = {"birth_date-year": "平成3", "birth_date-month": "3", "birth_date-day": "27"}

    asked.save("profile", {**ANSWERS["profile"], **born})

    page = asked.get(asked.url("confirm"))
    assert "1991年（平成3年）3月27日" in page


def test_nothing_is_asked_that_must_not_be_asked(person):
    pages = "".join(person.get(person.url(step)) for step in ANSWERS)
    fields = set(re.findall(r'name="([^"]+)"', pages))

    assert not [name for name in fields if re.search("sex|gender|photo|nation|family_member|spouse", name)]


@pytest.mark.parametrize("step", [*ANSWERS, "confirm"])
def test_another_persons_draft_is_not_there(sqlite_app, person, opening, step):
    stranger = Person(sqlite_app, opening).start()

    stranger.get(person.url(step), status=404)
    stranger.post(person.url(step), {}, status=404)


def test_without_a_cookie_a_draft_leads_to_the_sign_in(sqlite_app, person, opening):
    answer = Person(sqlite_app, opening).client.get(person.url("contact"))

    assert answer.headers["Location"].startswith("/my/sign-in?next=")


def test_staff_are_no_applicants(sqlite_app, person, opening):
    from app.core.access import Role

    member = factories.staff(factories.organisation("osaka", "大阪市"), Role.HR)
    browser = Person(sqlite_app, opening)
    factories.sign_in(browser.client, member)

    answer = browser.client.get(person.url("contact"))

    assert answer.status_code == 302
    assert "/my/sign-in" in answer.headers["Location"]
