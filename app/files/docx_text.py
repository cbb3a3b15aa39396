"""The words of a Word document in reading order, for blind reading: paragraphs, tables, headers, notes."""

import posixpath
import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element

_BESIDE = re.compile(r"(header|footer|footnotes|endnotes)\d*\.xml")
_SAID = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
_CELL, _ROW = "\x1f", "\x1e"
_AFTER = {"p": "\n", "tc": _CELL, "tr": _ROW}
_LEFT_OUT = frozenset({"Fallback", "del", "moveFrom", "rt", "instrText", "delText", "pPr", "rPr"})


def package_text(parts: dict[str, Element], main: str) -> str:
    """Put together the text of the document and of the headers, footers and notes beside it."""
    folder = posixpath.dirname(main)
    near = (name for name in sorted(parts) if posixpath.dirname(name) == folder)
    beside = [name for name in near if _BESIDE.fullmatch(posixpath.basename(name))]
    texts = (_tidied("".join(_pieces(parts[name]))) for name in (main, *beside))
    return "\n\n".join(text for text in texts if text.strip())


def _tidied(text: str) -> str:
    """One row of a table on one line, its cells apart by tabs."""
    return re.sub(f"{_CELL}?{_ROW}", "\n", re.sub(f"\n*{_CELL}", _CELL, text)).replace(_CELL, "\t").strip("\n")


def _pieces(element: Element) -> Iterator[str]:
    name = element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""
    if name in _LEFT_OUT:
        return
    if name == "t":
        yield element.text or ""
    yield _SAID.get(name, "")
    for child in element:
        yield from _pieces(child)
    yield _AFTER.get(name, "")
