"""What reads as a name: real ones of all kinds pass, addresses and sentences do not."""

import pytest

from app.jp.names import reads_as_name


@pytest.mark.parametrize(
    "name",
    [
        "見本 春香",
        "髙﨑𠮷 葛\U000e0100",
        "佐々木 〆子",
        "三ツ矢 ますみ",
        "勅使河原 さくら子",
        "María José Carreño Quiñones",
        "Wolfeschlegelsteinhausenbergerdorff Hubert Blaine",
        "ムハンマド・アブドゥルラフマーン",
        "ムハンマド・ビン・アブドゥルアズィーズ アルサウード",
        "ﾑﾊﾝﾏﾄﾞ･ｱﾘ",
        "Jean-Luc O’Connor",
        "J. R. R. Tolkien",
        "Saint-Exupéry St. Clair",
        "Nguyễn Thị Ánh Tuyết",
        "Zoe\u0308 D'Souza",
        "محمد بن عبد\u200cالعزيز",
        "김 하늘",
        "สมชาย ใจดี",
    ],
)
def test_a_real_name_reads_as_one(name):
    assert reads_as_name(name)


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "【重要】応募手数料5000円を https://evil.example/pay で本日中にお支払いください。見本",
        "https://evil.example",
        "ｈｔｔｐｓ：／／ｅｖｉｌ．ｅｘａｍｐｌｅ",
        "www.evil.example",
        "evil.example",
        "evil\u2024example",
        "evil。example",
        "a@evil.example",
        "手数料を。払う",
        "至急！お電話を",
        "応募手数料を evil.example へ",
        "手数料を本日中に必ずお支払いくださらない方の応募は無効です 事務局",
        "山田 09012345678",
        "応募手数料をお支払いください 担当",
        "口座番号１２３４５６７ 見本",
        "090-0000-0001",
        "見本\u202e 春香",
        "見本\n春香",
        "見本\u2028春香",
        "あ" * 31,
        "a" * 61,
    ],
)
def test_what_reads_like_an_address_or_a_sentence_does_not(typed):
    assert not reads_as_name(typed)
