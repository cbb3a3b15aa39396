"""What was typed into the boxes of a PDF and written beside its text: it lies over the pages, not in them."""

from typing import Any

import pikepdf

_UNSEEN = 2 | 32  # flags of an annotation: hidden, not shown
_MOST_PARENTS = 9


def typed_over(document: pikepdf.Pdf, most: int) -> list[str]:
    """Give the words that lie over each of the first pages, a line each."""
    return ["\n".join(filter(None, map(_words, page.obj.get("/Annots", [])))) for page in document.pages[:most]]


def _words(note: Any) -> str:
    if not isinstance(note, pikepdf.Dictionary) or int(note.get("/F", 0)) & _UNSEEN:
        return ""
    kind = note.get("/Subtype")
    if kind == pikepdf.Name.FreeText:
        return _plain(note.get("/Contents"))
    if kind == pikepdf.Name.Widget and _inherited(note, "/FT") in (pikepdf.Name.Tx, pikepdf.Name.Ch):
        return _plain(_inherited(note, "/V"))
    return ""


def _inherited(box: Any, key: str) -> Any:
    """Look for what a box has itself or from the field that it belongs to."""
    for _parent in range(_MOST_PARENTS):
        if not isinstance(box, pikepdf.Dictionary) or key in box:
            break
        box = box.get("/Parent")
    return box.get(key) if isinstance(box, pikepdf.Dictionary) else None


def _plain(value: Any) -> str:
    """Give a text, several chosen ones a line each; nothing for what is none."""
    if isinstance(value, pikepdf.Array):
        return "\n".join(filter(None, map(_plain, value)))
    text = str(value) if isinstance(value, pikepdf.String) else ""
    return text.replace("\x00", "").replace("\r\n", "\n").replace("\r", "\n").strip()
