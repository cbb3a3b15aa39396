"""Each check of a page can fail."""

import pytest

from tests.page_checks import check_page, problems

SOUND = (
    '<!doctype html><html lang="ja"><head><meta charset="utf-8"><title>募集一覧｜品川区 — Koubo</title>'
    '<link rel="stylesheet" href="/static/a.css"></head><body><a href="#main">本文へ移動</a>'
    '<main id="main"><h1>募集一覧</h1>'
    '<form action="/x" method="post"><input type="hidden" name="csrf_token" value="t">'
    '<label for="q">職種</label><input id="q" name="q"><button>送る</button></form>'
    '<h2>表</h2><table><thead><tr><th scope="col">職種</th></tr></thead></table><img src="/static/a.png" alt="">'
    "</main></body></html>"
)
FAULTS = [
    ("<!doctype html>", "", "HTML error"),
    ("</h1>", "</h3>", "HTML error"),
    ('lang="ja"', 'lang="en"', "lang is"),
    ("<h1>募集一覧</h1>", "<p>募集一覧</p>", "0 h1"),
    ("<h1>募集一覧</h1>", "<h1>募集一覧</h1><h1>募集一覧</h1>", "2 h1"),
    ("<h1>募集一覧</h1>", "<h1>お知らせ</h1>", "does not begin with the h1"),
    ("<h1>募集一覧</h1>", "<h1></h1>", "does not begin with the h1"),
    ("<title>", "<title>エラー：", "go together"),
    ('<label for="q">', '<p id="errors">誤り</p><label for="q">', "go together"),
    ("<h2>表</h2>", "<h3>表</h3>", "follows level 1"),
    ('<main id="main">', '<main id="content">', "one main"),
    ("<h2>表</h2>", '<h2 id="q">表</h2>', "2 times"),
    ("<h2>表</h2>", '<h2 aria-describedby="no">表</h2>', "#no"),
    ("<h2>表</h2>", '<h2 aria-labelledby="no">表</h2>', "#no"),
    ('for="q"', 'for="r"', "#r"),
    ('href="#main"', 'href="#top"', "#top"),
    ('<label for="q">職種</label>', "", "no label"),
    ("<h2>表</h2>", "<h2>表</h2><select></select>", "no label"),
    ("<h2>表</h2>", "<h2>表</h2><textarea></textarea>", "no label"),
    ('<input id="q"', '<input id="q" placeholder="例"', "placeholder"),
    ('<input id="q"', '<input id="q" autofocus', "autofocus"),
    ('<input id="q"', '<input id="q" required', "required"),
    ('<input id="q"', '<input id="q" type="date"', "type=date"),
    ("<h2>", '<h2 style="color:red">', "carries a style"),
    ("</head>", "<style>a{}</style></head>", "carries a style"),
    ("</head>", "<script>alert(1)</script></head>", "a script stands"),
    ("<h2>", '<h2 onclick="x()">', "the handler onclick"),
    ('href="#main"', 'href="javascript:x()"', "script address"),
    ('href="/static/a.css"', 'href="https://example.com/a.css"', "from elsewhere"),
    ('src="/static/a.png"', 'src="//example.com/a.png"', "from elsewhere"),
    (' alt=""', "", "no alt"),
    (' scope="col"', "", "no scope"),
    ('<th scope="col">職種</th>', "<td>職種</td>", "no th"),
    ('value="t"', 'value=""', "0 csrf_token"),
    ("<h2>表</h2>", "<h2>表</h2><button>押す</button>", "in no form"),
    ("<button>送る</button>", "<button></button>", "no words"),
    ("<button>送る</button>", '<button name="remove">削除</button><button>送る</button>', "presses '削除'"),
    ("<button>送る</button>", '<button class="sr" aria-hidden="true">保存</button>', "reached by Tab"),
    ("<button>送る</button>", '<button class="sr">保存</button>', "reached by Tab"),
]


def test_a_sound_page_passes() -> None:
    check_page(SOUND, "/openings", status=200)


@pytest.mark.parametrize(("old", "new", "message"), FAULTS)
def test_a_fault_is_named(old: str, new: str, message: str) -> None:
    broken = SOUND.replace(old, new)

    assert broken != SOUND
    assert any(message in problem for problem in problems(broken, "/openings"))


def test_a_fault_fails_the_page_with_its_address() -> None:
    with pytest.raises(AssertionError, match=r"/openings \(200\):\n- lang is"):
        check_page(SOUND.replace('lang="ja"', ""), "/openings", status=200)


def test_an_english_page_says_so() -> None:
    check_page(SOUND.replace('lang="ja"', 'lang="en"'), "/en/openings", status=200)


def test_structured_data_may_stand_in_the_page() -> None:
    check_page(SOUND.replace("</head>", '<script type="application/ld+json">{}</script></head>'), "/", status=200)


def test_an_error_page_has_its_prefix_and_a_summary_before_the_heading() -> None:
    summary = (
        '<section id="errors"><h2>1件の入力を確かめてください</h2><a href="#q">職種を入力してください</a></section>'
    )
    page = SOUND.replace("<title>", "<title>エラー：").replace('<main id="main">', f'<main id="main">{summary}')

    check_page(page, "/openings", status=422)
