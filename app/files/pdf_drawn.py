"""How much the pages of a PDF say to draw, unpacked no further than needed: 28 kB of a file can be a gigabyte of it."""

import zlib
from collections.abc import Iterator

import pikepdf

from app.files.verdict import RefusedFile

MOST_OF_A_PAGE, MOST_OF_ALL = 16 * 1024 * 1024, 64 * 1024 * 1024  # a page of text has some 20 kB; pictures stand apart
SWOLLEN = "開くと大きくなりすぎるPDFのため受け取れません。細かい図を画像にするか、ページを減らしてから選んでください"
_PIECE = 1024 * 1024


def check_drawn(document: pikepdf.Pdf, pages: int) -> None:
    """Refuse pages that would keep a reader busy; what several pages share counts for each. Raises: RefusedFile.

    Only so many `pages` are looked at: with more, the file is refused for their number.
    """
    in_all, known = 0, dict[tuple[int, int], int]()
    for _number, page in zip(range(pages), document.pages, strict=False):
        of_page = 0
        for stream in _streams(page.obj.get("/Contents")):
            if stream.objgen not in known:
                known[stream.objgen] = _unpacked_size(stream)
            of_page += known[stream.objgen]
        in_all += of_page
        if of_page > MOST_OF_A_PAGE or in_all > MOST_OF_ALL:
            raise RefusedFile(SWOLLEN)


def _streams(contents: pikepdf.Object | None) -> Iterator[pikepdf.Stream]:
    parts = contents if isinstance(contents, pikepdf.Array) else [contents]
    return (part for part in parts if isinstance(part, pikepdf.Stream))


def _unpacked_size(stream: pikepdf.Stream) -> int:
    packed_by = stream.get("/Filter")
    filters = list(packed_by) if isinstance(packed_by, pikepdf.Array) else [packed_by]
    if any(str(name) not in {"/FlateDecode", "/Fl"} for name in filters):  # rare and old; in this process's memory
        return len(stream.read_bytes())
    held = stream.read_raw_bytes()
    for _name in filters:
        held = _inflated(held)
    return len(held)


def _inflated(packed: bytes) -> bytes:
    """Unpack until it is too much for a page, or to where it breaks off, as a reader does."""
    out, unpacker = bytearray(), zlib.decompressobj()
    while packed and len(out) <= MOST_OF_A_PAGE:
        try:
            out += unpacker.decompress(packed, _PIECE)
        except zlib.error:
            break
        packed = unpacker.unconsumed_tail
    return bytes(out)
