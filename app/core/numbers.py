"""Numbers that an address or a hidden field carries."""

MOST_DIGITS = 9  # no count of ours is longer, and every database holds it


def whole_number(text: str | None, otherwise: int) -> int:
    """Read a number as our own pages write it; what else somebody sends, however long, is taken for `otherwise`."""
    if not text or len(text) > MOST_DIGITS or not (text.isascii() and text.isdecimal()):
        return otherwise
    return int(text)
