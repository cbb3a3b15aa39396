"""Looking into one file of a known kind; runs in the child process. Imports only the parser that the kind needs."""

from app.files.kinds import DOCX, PDF
from app.files.verdict import Caps, Looked


def look(content: bytes, media: str, caps: Caps) -> Looked:
    """Look into a file whose name and first bytes say what it is.

    Raises: RefusedFile; or whatever a hostile file makes of a parser.
    """
    if media == PDF:
        from app.files.pdf import look_into_pdf

        return look_into_pdf(content, caps)
    if media == DOCX:
        from app.files.docx import look_into_docx

        return look_into_docx(content, caps)
    from app.files.image import look_into_image

    return look_into_image(content, media, caps)
