"""The kinds of file that are taken and the words for them; what else people send, and what to do with it instead.

The kind is told by the ending of the name and the first bytes together. The type that a browser declares is not
asked: the sender writes it, and phones and office machines often write it wrong.
"""

from collections.abc import Sequence

from app.files.verdict import LOCKED, RefusedFile

PDF = "application/pdf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
JPEG = "image/jpeg"
PNG = "image/png"
IMAGES = frozenset({JPEG, PNG})

WORDS = {PDF: "PDF", DOCX: "Word（docx）", JPEG: "JPEG", PNG: "PNG"}
ENDINGS = {PDF: ("pdf",), DOCX: ("docx",), JPEG: ("jpg", "jpeg", "jfif"), PNG: ("png",)}
_STARTS = {PDF: b"%PDF-", DOCX: b"PK\x03\x04", JPEG: b"\xff\xd8\xff", PNG: b"\x89PNG\r\n\x1a\n"}

_COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # .doc, .xls, and every Office file with a password
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")

_SAVE_AS = "{what}は、{kind}で保存し直してから選んでください"
_OTHERS = {
    ("xlsx", "xls", "xlsm", "xlsb", "csv", "ods", "numbers"): "Excelなどの表",
    ("pptx", "ppt", "pptm", "odp", "key"): "PowerPointなどの資料",
    ("doc", "dot"): "古い形式のWord（.doc）",
    ("docm", "dotm"): "マクロ付きのWord（.docm）",
    ("dotx", "rtf", "odt", "pages", "jtd", "jtdc", "txt", "md", "xps"): "ほかの形式の文書",
    ("heic", "heif", "hif"): "iPhoneの写真（HEIC）",
    ("webp", "gif", "bmp", "tif", "tiff", "avif", "svg"): "ほかの形式の画像",
}
_PACKED = ("zip", "lzh", "rar", "7z", "gz", "tgz")
_UNPACK = "圧縮したファイルは、中のファイルを取り出して選んでください"


def accepted(media: Sequence[str]) -> str:
    """Write which kinds a slot takes: PDF、Word（docx）."""
    return "、".join(words_of(media))


def words_of(media: Sequence[str]) -> list[str]:
    """Name each kind that a slot takes."""
    return [WORDS[one] for one in WORDS if one in media]


def choose(media: Sequence[str]) -> str:
    """Write what to choose for a slot: the sentence that begins every refusal of a kind."""
    return f"{accepted(media)}のファイルを選んでください"


def accept_attribute(media: Sequence[str]) -> str:
    """Write the `accept` of a file field, endings and types, so that phones offer the right sources."""
    return ",".join([*(f".{ending}" for one in media for ending in ENDINGS[one]), *media])


def ending_of(name: str) -> str:
    """Give what stands after the last dot of a name, in small letters."""
    return name.rpartition(".")[2].lower() if "." in name else ""


def kind_of(name: str, content: bytes, media: Sequence[str]) -> str:
    """Tell which of a slot's kinds a file is.

    Raises: RefusedFile with the kinds to choose and what to do with the one that came.
    """
    ending, begins = ending_of(name), _by_start(content)
    named = next((kind for kind, endings in ENDINGS.items() if ending in endings), None)
    if named is None or named not in media:
        raise RefusedFile(_instead(named, ending, media))
    if named == DOCX and content.startswith(_COMPOUND):
        raise RefusedFile(LOCKED if _ENCRYPTED in content else _instead(None, "doc", media))
    if begins != named:
        raise RefusedFile(_disagreement(ending, begins, content, media))
    return named


def _by_start(content: bytes) -> str | None:
    return next((kind for kind, start in _STARTS.items() if content.startswith(start)), None)


def _instead(named: str | None, ending: str, media: Sequence[str]) -> str:
    """Say what to choose, and what to do with a known kind that the slot does not take."""
    if ending in _PACKED:
        return f"{choose(media)}。{_UNPACK}"
    what = {DOCX: "Wordの文書", JPEG: "写真や画像", PNG: "写真や画像"}.get(named or "")
    what = what or next((words for endings, words in _OTHERS.items() if ending in endings), None)
    if what is None:
        return choose(media)
    is_picture = "写真" in what or "画像" in what
    best = next((kind for kind in (JPEG, PNG) if is_picture and kind in media), PDF if PDF in media else media[0])
    return f"{choose(media)}。{_SAVE_AS.format(what=what, kind=WORDS[best])}"


def _disagreement(ending: str, begins: str | None, content: bytes, media: Sequence[str]) -> str:
    if content[4:12] in {b"ftypheic", b"ftypheix", b"ftypmif1", b"ftyphevc"}:
        return _instead(None, "heic", media)
    if begins is None:
        return f"{choose(media)}。このファイルは、名前が .{ending} でも中身が違います"
    what = "圧縮ファイル" if begins == DOCX else WORDS[begins]
    return f"{choose(media)}。このファイルは、名前が .{ending} でも中身は{what}です"
