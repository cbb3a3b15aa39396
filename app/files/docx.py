"""DOCX: one honest package, a document without macros, nothing embedded, nothing fetched from elsewhere (U3, U4)."""

import encodings.cp437  # noqa: F401  # of names in a ZIP; here, for the process that looks opens no file later
import io
import re
import stat
import struct
import zipfile
from collections.abc import Iterator
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from app.files.docx_text import package_text
from app.files.verdict import CUT_OFF, LOCKED, UNREADABLE, UNSAFE, Caps, Looked, RefusedFile

PDF_INSTEAD = "PDFで保存し直してから選んでください"
MACROS = f"マクロの入ったWordは受け取れません。{PDF_INSTEAD}"
EMBEDDED = f"ほかのファイルが埋め込まれたWordは受け取れません。{PDF_INSTEAD}"
FETCHING = f"外部のファイルを読み込むWordは受け取れません。{PDF_INSTEAD}"
SWOLLEN = f"開くと大きくなりすぎるファイルのため受け取れません。{PDF_INSTEAD}"
NO_DOCUMENT = f"Word（docx）の文書ではないようです。Wordで開いてdocxで保存し直すか、{PDF_INSTEAD}"
MOST_CHARACTERS = 200_000
TOO_LONG = "{most}ページまでの文書を選んでください"

MOST_ENTRIES, MOST_BYTES, MOST_RATIO = 2_000, 100 * 1024 * 1024, 100
_SMALL = 1024 * 1024  # what is smaller harms nobody, however well it was packed
_MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_RELATION = re.compile(r".*/relationships/(\w+)$")
_CARRIED = frozenset({"oleobject", "package", "afchunk", "control", "activexcontrolbinary", "subdocument"})
_MACRO_RELATIONS = frozenset({"vbaproject", "wordvbadata", "keymapcustomizations"})
_LINK = re.compile(r"(https?|mailto|tel):|#|[^:\\]*$", re.IGNORECASE)
_LOCAL_DRIVE = re.compile(r"(file:///)?[A-Za-z]:[\\/]")
_FETCHING_FIELD = re.compile(
    r"^\s*(DDE|DDEAUTO|LINK|INCLUDE|INCLUDETEXT|INCLUDEPICTURE|IMPORT|DATABASE|RD)\b|\bQUOTE\s+\d+\s+\d+",
    re.IGNORECASE | re.MULTILINE,
)
_BEGINS_AS_XML = re.compile(rb"(\xef\xbb\xbf|\xff\xfe|\xfe\xff)?[\s\x00]*<")

Parts = dict[str, Element]


def look_into_docx(content: bytes, caps: Caps) -> Looked:
    """Look into a Word file: its package, every part of it, and its text.

    Raises: RefusedFile.
    """
    _check_frame(content)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _check_entries(archive.infolist(), len(content))
            parts = dict(_parts(archive))
    except (zipfile.BadZipFile, ValueError, NotImplementedError, struct.error, EOFError, OSError) as error:
        raise RefusedFile(UNREADABLE) from error
    main = _check_parts(parts)
    text = package_text(parts, main)
    if len(text) > MOST_CHARACTERS:
        raise RefusedFile(TOO_LONG.format(most=caps.pages))
    return Looked(text=text if text.strip() else None)


def _check_frame(content: bytes) -> None:
    """One package from the first byte to the last: the directory stands right before the end, without a comment."""
    end = content[-22:]
    if not end.startswith(b"PK\x05\x06"):
        raise RefusedFile(CUT_OFF if b"PK\x05\x06" not in content else UNSAFE)
    size, offset, comment = struct.unpack("<12xIIH", end)
    if offset + size != len(content) - 22 or comment:
        raise RefusedFile(UNSAFE)


def _check_entries(entries: list[zipfile.ZipInfo], size: int) -> None:
    """Refuse by the directory alone, before anything is inflated."""
    total = sum(entry.file_size for entry in entries)
    if len(entries) > MOST_ENTRIES or total > MOST_BYTES or (total > _SMALL and total > MOST_RATIO * size):
        raise RefusedFile(SWOLLEN)
    if len({entry.filename.lower() for entry in entries}) < len(entries) or not entries:
        raise RefusedFile(UNSAFE)
    past = 0
    for entry in sorted(entries, key=lambda one: one.header_offset):
        _check_entry(entry)
        if entry.header_offset < past:  # two entries share bytes
            raise RefusedFile(SWOLLEN)
        past = entry.header_offset + 30 + len(entry.orig_filename.encode()) + entry.compress_size
    if min(entry.header_offset for entry in entries):
        raise RefusedFile(UNSAFE)


def _check_entry(entry: zipfile.ZipInfo) -> None:
    name = entry.orig_filename
    if entry.flag_bits & 0x1:
        raise RefusedFile(LOCKED)
    if name.startswith(("/", "\\")) or ".." in re.split(r"[/\\]", name) or ":" in name or "\x00" in name:
        raise RefusedFile(UNSAFE)
    if stat.S_ISLNK(entry.external_attr >> 16):
        raise RefusedFile(UNSAFE)
    if entry.file_size > _SMALL and entry.file_size > MOST_RATIO * max(entry.compress_size, 1):
        raise RefusedFile(SWOLLEN)


def _parts(archive: zipfile.ZipFile) -> Iterator[tuple[str, Element]]:
    """Read every entry to its checksum; give those that are XML, none of which may have a document type.

    What a part is stands in the package, not in its name: whatever begins as XML is read as XML.
    """
    for entry in archive.infolist():
        if entry.is_dir():
            continue
        held = archive.read(entry)
        if held.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")) or b"PK\x05\x06" in held[-22:]:
            raise RefusedFile(MACROS if "vba" in entry.filename.lower() else EMBEDDED)
        if entry.filename.lower().endswith((".xml", ".rels", ".vml", ".svg")) or _BEGINS_AS_XML.match(held):
            yield entry.filename, _parsed(held)


def _parsed(held: bytes) -> Element:
    try:
        root: Element = fromstring(held, forbid_dtd=True)
    except DefusedXmlException as error:
        raise RefusedFile(UNSAFE) from error
    except (ParseError, LookupError) as error:
        raise RefusedFile(UNREADABLE) from error
    return root


def _check_parts(parts: Parts) -> str:
    """Refuse what the parts would do; give the name of the part that holds the document."""
    types, relations = parts.get("[Content_Types].xml"), parts.get("_rels/.rels")
    if types is None or relations is None:
        raise RefusedFile(NO_DOCUMENT)
    listed = _listed(types)
    for name, part in parts.items():
        if name.lower().endswith(".rels"):
            for relation in part:
                _check_relation(relation)
        else:
            _check_fields(part)
    return _main_part(parts, relations, listed)


def _listed(types: Element) -> dict[str, str]:
    """Give the type of every named part, each once; a type of macros is refused, also for an ending of names."""
    kinds = [one.get("ContentType") or "" for one in types]
    if any("macro" in kind.lower() or "vba" in kind.lower() for kind in kinds):
        raise RefusedFile(MACROS)
    pairs = zip(types, kinds, strict=True)
    named = [(name, kind) for one, kind in pairs if (name := one.get("PartName"))]
    if len({name.lower() for name, _kind in named}) < len(named):
        raise RefusedFile(UNSAFE)
    return {name.lstrip("/"): kind for name, kind in named}


def _main_part(parts: Parts, relations: Element, listed: dict[str, str]) -> str:
    targets = [one.get("Target") or "" for one in relations if _type_of(one) == "officedocument"]
    main = targets[0].lstrip("/") if len(targets) == 1 else ""
    if main not in parts or listed.get(main) != _MAIN:
        raise RefusedFile(NO_DOCUMENT)
    return main


def _type_of(relation: Element) -> str:
    found = _RELATION.match(relation.get("Type") or "")
    return found.group(1).lower() if found else ""


def _check_relation(relation: Element) -> None:
    kind, target = _type_of(relation), (relation.get("Target") or "").strip()
    if kind in _MACRO_RELATIONS:
        raise RefusedFile(MACROS)
    if kind in _CARRIED:
        raise RefusedFile(EMBEDDED)
    if (relation.get("TargetMode") or "").lower() != "external":
        return
    if kind == "hyperlink" and _LINK.match(target):
        return
    if kind == "attachedtemplate" and _LOCAL_DRIVE.match(target):  # Word notes where its own template lay
        return
    raise RefusedFile(FETCHING)


def _check_fields(part: Element) -> None:
    """Refuse field codes that fetch or start something; a code may be cut into several runs."""
    code = []
    for element in part.iter():
        name = element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""
        if name == "connectString":  # of a mail merge: a database to read from
            raise RefusedFile(FETCHING)
        if name in {"instrText", "delInstrText"}:
            code.append(element.text or "")
        elif name == "fldSimple":
            code.append("\n" + next((v for key, v in element.attrib.items() if key.endswith("}instr")), "") + "\n")
        elif name == "fldChar":
            code.append("\n")
    if _FETCHING_FIELD.search("".join(code)):
        raise RefusedFile(FETCHING)
