"""Characters that show nothing and say nothing: what turns text around, splits words, or hides text in text.

They are taken out of whatever is typed, in silence: nothing that a person can read or meant is lost. What belongs
to a letter stays to the byte: variation selectors (葛󠄀), the joiners U+200C and U+200D within a word (emoji, Persian,
Hindi), combining marks, kanji of every plane, private-use characters (which names refuse with a sentence).
"""

import re

# soft hyphen, grapheme joiner, Hangul fillers, Mongolian separator; spaces of no width; marks and walls of direction;
# invisible signs; byte order mark; annotation marks; tags
IGNORABLE = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f"
    "\u3164\ufeff\uffa0\ufff0-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e00ff\U000e01f0-\U000e0fff"
)
_CONTROLS = "\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f"
_NO_CHARACTERS = "\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff" + "".join(
    f"{chr(plane * 0x10000 + 0xFFFE)}{chr(plane * 0x10000 + 0xFFFF)}" for plane in range(1, 17)
)
_GONE = re.compile(f"[{IGNORABLE}{_CONTROLS}{_NO_CHARACTERS}]+")
_OTHER_BREAKS = re.compile("[\x0b\x0c\x85\u2028\u2029]")
_ANY_CONTROLS = re.compile("[\\x00-\\x1f\\x7f-\\x9f]")
_JOINS_NOTHING = re.compile("(?:(?<=\\s)|^)[\u200c\u200d\ufe00-\ufe0f\U000e0100-\U000e01ef]+")


def readable(text: str) -> str:
    """Take out what shows nothing; line breaks of every kind stay breaks (U+2028, U+2029 and page breaks become \\n).

    Joiners and variation selectors go only where no letter stands before them, so that nobody sends a blank text.
    """
    if text.isascii() and text.isprintable():
        return text
    return _JOINS_NOTHING.sub("", _OTHER_BREAKS.sub("\n", _GONE.sub("", text)))


def readable_name(text: str) -> str:
    """Take out what shows nothing, and line breaks too: for names of people and of files."""
    return _ANY_CONTROLS.sub("", readable(text))
