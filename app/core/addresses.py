"""Where a `next` parameter may lead: to our own relative paths and nowhere else (reliability C5)."""

import re
from urllib.parse import unquote

_PATH = re.compile(r"/[A-Za-z0-9\-._~/%]*")
_LONGEST = 1000


def own_path(address: str | None, *, under: str = "/") -> str | None:
    """Return the address if it is a plain relative path below `under` (query allowed), else None.

    Refused: other origins, `//`, backslashes, control characters, dot segments, all also percent-encoded once or twice,
    and anything but ASCII in the path.
    """
    if not address or len(address) > _LONGEST or not address.startswith(under):
        return None
    path, _, query = address.partition("?")
    decoded = unquote(unquote(path))
    if not _PATH.fullmatch(path) or "//" in decoded or {".", ".."} & set(decoded.split("/")):
        return None
    if any(character == "\\" or not character.isprintable() for character in decoded + unquote(unquote(query))):
        return None
    return address
