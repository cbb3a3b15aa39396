"""Which parser looks into a file of a known kind; runs in the child process and imports only that parser."""

from collections.abc import Callable

from app.files.kinds import DOCX, PDF
from app.files.verdict import Caps, Looked


def parser_of(media: str) -> Callable[[bytes, Caps], Looked]:
    """Give the parser of a kind with everything imported that it will need, so that it opens no file later.

    It raises RefusedFile, or whatever a hostile file makes of it.
    """
    if media == PDF:
        from app.files.pdf import draw_lots, look_into_pdf

        draw_lots()
        return look_into_pdf
    if media == DOCX:
        from app.files.docx import look_into_docx

        return look_into_docx
    from app.files.image import look_into_image

    return lambda content, caps: look_into_image(content, media, caps)
