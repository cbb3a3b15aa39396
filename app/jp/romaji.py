"""Kana in Latin letters, in the ways that people write their own names."""

import itertools

_VOWELS = "aiueo"
_ROWS = {
    "": "あいうえお", "k": "かきくけこ", "s": "さしすせそ", "t": "たちつてと", "n": "なにぬねの", "h": "はひふへほ",
    "m": "まみむめも", "r": "らりるれろ", "g": "がぎぐげご", "z": "ざじずぜぞ", "d": "だぢづでど", "b": "ばびぶべぼ",
    "p": "ぱぴぷぺぽ",
}  # fmt: skip
_KUNREI = {kana: row + vowel for row, kanas in _ROWS.items() for kana, vowel in zip(kanas, _VOWELS, strict=True)}
_KUNREI |= {"や": "ya", "ゆ": "yu", "よ": "yo", "わ": "wa", "を": "o", "ぢ": "zi", "づ": "zu", "ゔ": "vu", "ん": "n"}
_HEPBURN = _KUNREI | {"し": "shi", "ち": "chi", "つ": "tsu", "ふ": "fu", "じ": "ji", "ぢ": "ji"}
_SMALL = {"ゃ": "a", "ゅ": "u", "ょ": "o"}
_WITHOUT_Y = ("sh", "ch", "j")
_LONG = {"ou": "o", "oo": "o", "uu": "u"}


def romanised(kana: str) -> set[str]:
    """Write hiragana in Latin letters: Hepburn and kunrei, long vowels whole, short or with h, n or m before lips."""
    styles = itertools.product((_HEPBURN, _KUNREI), ("", "short", "h"), ("n", "m"), ("", "'"))
    return {_written(kana, *style) for style in styles} - {""}


def _written(kana: str, table: dict[str, str], long: str, nasal: str, apart: str) -> str:
    out: list[str] = []
    doubled = False
    for place, character in enumerate(kana):
        if character == "っ":
            doubled = True
            continue
        if character in _SMALL and out:
            out[-1] = _contracted(out[-1], _SMALL[character])
            continue
        part = table.get(character, "")
        if character == "ん":
            part = _nasal(table.get(kana[place + 1 : place + 2], ""), nasal, apart)
        if doubled and part:
            part, doubled = ("t" if part.startswith("ch") else part[0]) + part, False
        out.append(part)
    return _shortened(out, long)


def _contracted(mora: str, vowel: str) -> str:
    stem = mora[:-1]
    return stem + vowel if stem.endswith(_WITHOUT_Y) else f"{stem}y{vowel}"


def _nasal(following: str, nasal: str, apart: str) -> str:
    if following[:1] in {"b", "m", "p"}:
        return nasal
    return "n" + apart if following and following[0] in _VOWELS + "y" else "n"


def _shortened(morae: list[str], long: str) -> str:
    """Join morae; a vowel that only lengthens the one before is dropped or written h."""
    out = ""
    for mora in morae:
        short = _LONG.get(out[-1:] + mora) if long and mora in {"u", "o"} else None
        out += mora if short is None else ("h" if long == "h" and short == "o" else "")
    return out
