"""Whom a mail greets: a name that reads like a message is left out, for anybody may type one for anybody's address."""

import re

UNNAMED = "ご応募者"
_MOST, _MOST_JAPANESE = 60, 24  # characters; a long name in katakana has about twenty
_MESSAGE = re.compile(
    r"[0-9０-９。、！？!?:：;；/／@＠\\¥￥#＃%％&＆<>＜＞【】「」『』\[\]{}=＝+＋]|[a-z]\.[a-z]{2}|\s{2}", re.IGNORECASE
)


def greeted(name: str) -> str:
    """Give the name if it reads like one, else a greeting without it (design 28).

    What was typed is kept everywhere else: only a mail goes to somebody who may not have typed it.
    """
    most = _MOST if name.isascii() or not re.search(r"[\u3040-\u30ff\u3400-\u9fff]", name) else _MOST_JAPANESE
    return UNNAMED if len(name) > most or _MESSAGE.search(name) else name
