"""Blank out in a text what identifies its writer, and keep every other character to the byte. Pure.

Matching does not see width, letter case, kana kind, composed or split voicing marks, variant kanji, white space or
dashes. Short names that are also parts of words (林 in 農林, なお) are blanked where they stand alone: a hole in an
everyday word would tell the name.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache

from app.jp.numbers import parse_receipt_number
from app.jp.romaji import romanised
from app.jp.text import phone as read_phone
from app.jp.text import search_key
from app.jp.wareki import wareki

BLANK = "■"
_DASHES = "-‐‑‒–—―−ー─━－ｰ﹣﹘⁃˗〜～"
_DROPPED = frozenset(" \t\r\n\u3000\u200b\u200c\u200d\u2060\ufeff・･\u0304\u0302" + _DASHES)
_MARKS = ("\u3099", "\u309a")
_NAMED_BY = ("です", "でした", "と申", "といい", "と言", "という", "と名", "さん", "と呼")
_CORPORATE = re.compile(
    r"(株式会社|有限会社|合同会社|合資会社|合名会社|一般社団法人|一般財団法人|公益社団法人|公益財団法人|"
    r"独立行政法人|国立大学法人|学校法人|社会福祉法人|医療法人|特定非営利活動法人|npo法人|\([株有同]\)|"
    r"co\.?,? ?ltd\.?|inc\.?|corporation)"
)
_MUNICIPALITY = re.compile(
    r"^(?:(?:東京都|北海道|(?:京都|大阪)府|.{2,3}県))?(?:.{1,4}郡.{1,6}?[町村]|.{1,7}?市.{1,4}?区|.{1,7}?[市区])?"
)
_KIND_OF_CITY = re.compile(r"(?<=.)[都府県市区町村]$")  # 北海道 is called nothing shorter
_KIND_IN_KANA = re.compile(r"(?<=..)(?:し|く|けん|ふ|と|ちょう|まち|むら|そん)$")
_KIND_IN_LATIN = re.compile(
    r"^City of | (?:City|Ward|Town|Village|Prefecture|Prefectural Government|Metropolitan Government)$"
)
_EVERYDAY = frozenset(
    {*"東西南北中港緑泉旭都", "中央", "大和", "美里", "清水", "昭和", "朝日", "日本", "国際", "平和"}
) | frozenset(
    {
        "ちゅうおう",
        "みなと",
        "みどり",
        "いずみ",
        "あさひ",
        "みなみ",
        "ひがし",
        "さかい",
        "やまと",
        "しみず",
        "しょうわ",
        "へいわ",
    }
)
_MAIL = re.compile(r"[a-z0-9._%+'-]+@[a-z0-9-]+(?:\.[a-z0-9-]+)+")
_URL = re.compile(r"(?:https?://|www\.)[a-z0-9._~:/?#@!$&'()*+,;=%-]+")
_PHONE = re.compile(r"(?<![0-9])[+(]{0,2}[0-9](?:[-() .]{0,2}[0-9]){9,13}(?![0-9])")
_POSTAL = re.compile(r"〒 ?[0-9]{3}-?[0-9]{4}(?![0-9])")
_RECEIPT = re.compile(r"(?<![a-z0-9])[a-z]{2,5}[- ]?[0-9]{2}(?:[- ]?[0-9a-z]{4}){2}[- ]?[0-9a-z](?![a-z0-9])")
_KANJI_DIGITS = str.maketrans("〇零一二三四五六七八九", "00123456789")


@dataclass(frozen=True)
class Span:
    """A stretch of the text and what stands in its place."""

    start: int
    end: int
    blank: str


@dataclass(frozen=True)
class Identity:
    """What is blanked out: names and kana as (family, given), contact data, birth date, employers in their order."""

    names: tuple[str, str] = ("", "")
    kana: tuple[str, str] = ("", "")
    mail: str = ""
    phone: str = ""
    postal_code: str = ""
    address: str = ""
    birth_date: date | None = None
    employers: tuple[str, ...] = ()
    cities: tuple[str, ...] = ()  # what others in the campaign are called (`city_words`)

    def letter(self, employer: str) -> str:
        """Name an employer by its place in the history: 勤務先A."""
        if employer not in self.employers:
            return "勤務先"
        place = self.employers.index(employer)
        return "勤務先" + (chr(ord("A") + place) if place < 26 else str(place + 1))

    @cached_property
    def needles(self) -> tuple[tuple[str, str], ...]:
        """What is looked for, folded, with what replaces it; each once, the longest first."""
        found = {folded: blank for text, blank in _needles(self) if len(folded := _folded(text)[0]) > 0}
        return tuple(sorted(found.items(), key=lambda pair: (-len(pair[0]), pair[0])))


def mask(text: str, identity: Identity) -> str:
    """Put ■ in place of what identifies the person, 勤務先A in place of an employer."""
    spans = _merged([*_named(text, identity), *_patterns(text, identity)])
    out, position = [], 0
    for span in spans:
        out += [text[position : span.start], span.blank]
        position = span.end
    return "".join([*out, text[position:]])


def _needles(identity: Identity) -> Iterator[tuple[str, str]]:
    for employer in identity.employers:
        yield employer, identity.letter(employer)
        core = _CORPORATE.sub("", unicodedata.normalize("NFKC", employer).lower()).strip()
        if len(core) >= 2:
            yield core, identity.letter(employer)
    for family, given in (identity.names, identity.kana):
        yield from ((text, BLANK) for text in (family + given, given + family, family, given))
    yield from ((text, BLANK) for text in _in_latin(*identity.kana))
    yield from ((city, BLANK) for city in identity.cities)
    yield identity.mail, BLANK
    yield from ((part, BLANK) for part in _address_parts(identity.address))


def city_words(name: str, own: str = "") -> tuple[str, ...]:
    """Give what a city is called, 神戸市 and 神戸; no short name that is an everyday word or stands in `own`."""
    short = _KIND_OF_CITY.sub("", name)
    return (name,) if short == name or short in own or short in _EVERYDAY else (name, short)


def city_spellings(reading: str, name_en: str, own: str = "") -> tuple[str, ...]:
    """Give how a city's name is written in kana and in Latin letters: こうべし, こうべ, City of Kobe, Kobe.

    `own`: the reading of the city that reads. No short form that is an everyday word or stands in it.
    """
    short = _KIND_IN_KANA.sub("", reading)
    words = [reading, name_en]
    if len(short) >= 3 and short not in own and short not in _EVERYDAY:
        latin = [_KIND_IN_LATIN.sub("", name_en), *sorted(romanised(short))]
        words += [short, *(word for word in latin if len(word) >= 4)]
    return tuple(dict.fromkeys(word for word in words if word))


def _in_latin(family: str, given: str) -> Iterator[str]:
    """The name in Latin letters; by itself only from three on: AI and GO are everyday words."""
    families, givens = romanised(family), romanised(given)
    yield from (name for name in families | givens if len(name) >= 3)
    yield from (text for f in families for g in givens for text in (f + g, g + f))


def _address_parts(address: str) -> Iterator[str]:
    plain = unicodedata.normalize("NFKC", address)
    rest = _MUNICIPALITY.sub("", plain, count=1)
    town = re.split(r"[0-9〇一二三四五六七八九十]", rest, maxsplit=1)[0]
    yield plain
    yield from (part for part in (rest, town) if len(part.strip()) >= 2)
    yield from (word for word in rest.split() if len(word) >= 3 and not word[0].isdigit())


@lru_cache(maxsize=20_000)
def _fold(character: str) -> str:
    """One character as matching sees it; "" for what matching does not see."""
    if character in _DROPPED:
        return ""
    parts = unicodedata.normalize("NFD", search_key(character))
    kana = (chr(ord(c) - 0x60) if "\u30a1" <= c <= "\u30f6" else c for c in parts)
    return "".join(c for c in kana if c not in _DROPPED)


def _folded(text: str) -> tuple[str, list[int]]:
    """The text as matching sees it, and for each of its characters the place in the text that it comes from."""
    folded, places = [], []
    for place, character in enumerate(text):
        for part in _fold(character):
            folded.append(part)
            places.append(place)
    return "".join(folded), places


def _named(text: str, identity: Identity) -> Iterator[Span]:
    folded, places = _folded(text)
    for needle, blank in identity.needles:
        at = folded.find(needle)
        while at >= 0:
            end = at + len(needle)
            span = Span(places[at], _whole(text, places[end - 1] + 1), blank)
            if folded[end : end + 1] not in _MARKS and _stands_alone(text, span, needle):
                yield span
            at = folded.find(needle, at + 1)


def _whole(text: str, end: int) -> int:
    """Take variation selectors and joiners behind a character with it."""
    while end < len(text) and not _fold(text[end]) and unicodedata.category(text[end]) in {"Mn", "Cf"}:
        end += 1
    return end


def _script(character: str) -> str:
    if not character:
        return ""
    plain = unicodedata.normalize("NFKC", character)[0]
    if plain.isascii():
        return "latin" if plain.isalnum() else ""
    if "\u3041" <= plain <= "\u309f":
        return "hiragana"
    if "\u30a1" <= plain <= "\u30ff":
        return "katakana"
    return "kanji" if unicodedata.category(plain) == "Lo" else ""


def _stands_alone(text: str, span: Span, needle: str) -> bool:
    """Say whether a match may be blanked: Latin words only whole, names of one kanji or two kana only by themselves."""
    before, after = _script(text[span.start - 1 : span.start]), _script(text[span.end : span.end + 1])
    first, last = _script(text[span.start]), _script(text[span.end - 1])
    if (first == "latin" and before == "latin") or (last == "latin" and after == "latin"):
        return False
    letters = sum(1 for c in needle if c not in _MARKS)
    if first == "kanji" and letters == 1:
        return "kanji" not in (before, after)
    if first in ("hiragana", "katakana") and letters <= 2:
        followed = after != first or text.startswith(_NAMED_BY, span.end)
        return letters == 2 and before != first and followed
    return True


def _light(text: str) -> tuple[str, list[int]]:
    """The text in plain letters with one kind of dash, and where each comes from; for patterns."""
    plain, places = [], []
    for place, character in enumerate(text):
        for part in "-" if character in _DASHES else unicodedata.normalize("NFKC", character).lower():
            plain.append(part)
            places.append(place)
    return "".join(plain), places


def _patterns(text: str, identity: Identity) -> Iterator[Span]:
    """Any mail address, web address and telephone number, whoever's; the person's own postal code and birth date."""
    plain, places = _light(text)
    own = [*_birth_patterns(identity.birth_date), *_digit_patterns(identity)]
    for pattern in (_MAIL, _URL, _POSTAL, *own):
        yield from (_span(found, places) for found in pattern.finditer(plain))
    yield from (_span(found, places) for found in _RECEIPT.finditer(plain) if parse_receipt_number(found[0]))
    for found in _PHONE.finditer(plain.translate(_KANJI_DIGITS)):
        if read_phone(found[0]):
            yield _span(found, places)


def _span(found: re.Match[str], places: list[int]) -> Span:
    return Span(places[found.start()], places[found.end() - 1] + 1, BLANK)


def _digit_patterns(identity: Identity) -> Iterator[re.Pattern[str]]:
    for number in (identity.phone, identity.postal_code):
        digits = [c for c in number if c.isdigit()]
        if digits:
            yield re.compile(r"(?<![0-9])" + r"[-() ./\n]{0,2}".join(digits) + r"(?![0-9])")


def _birth_patterns(day: date | None) -> Iterator[re.Pattern[str]]:
    if day is None:
        return
    era = re.match(r"(\D+)(\d+|元)年", wareki(day))
    years = [str(day.year)] + ([f"{era[1]} ?{era[2]}"] if era else [])
    rest = rf"[年./ -]{{1,2}}0?{day.month}[月./ -]{{1,2}}0?{day.day}(?![0-9])日?"
    yield from (re.compile(rf"(?<![0-9]){year}{rest}") for year in years)
    yield re.compile(rf"(?<![0-9]){day:%Y%m%d}(?![0-9])")


def _merged(spans: list[Span]) -> list[Span]:
    """Join spans that overlap; the longest gives the words."""
    joined: list[Span] = []
    for span in sorted(spans, key=lambda s: (s.start, -s.end)):
        last = joined[-1] if joined else None
        if last is None or span.start >= last.end:
            joined.append(span)
            continue
        longer = span if span.end - span.start > last.end - last.start else last
        joined[-1] = Span(last.start, max(last.end, span.end), longer.blank)
    return joined
