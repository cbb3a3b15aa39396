"""PDFs, hostile and real, made in code; a few lines each."""

import io
import subprocess
import tempfile
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Stream, String

PAGE = "/MediaBox [0 0 595 842]"


def plain(pages: int = 1) -> pikepdf.Pdf:
    document = pikepdf.new()
    font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
    for _ in range(pages):
        page = document.add_blank_page(page_size=(595, 842))
        page.Resources = Dictionary(Font=Dictionary(F1=font))
        page.Contents = document.make_stream(b"BT /F1 12 Tf 72 720 Td (Career) Tj ET")
    return document


def saved(document: pikepdf.Pdf, **options: Any) -> bytes:
    out = io.BytesIO()
    document.save(out, **options)
    return out.getvalue()


def with_root(change: Callable[[pikepdf.Pdf], None], **options: Any) -> bytes:
    document = plain()
    change(document)
    return saved(document, **options)


def script(document: pikepdf.Pdf) -> Dictionary:
    return document.make_indirect(Dictionary(S=Name.JavaScript, JS=String("app.alert(1)")))


def opening_script(document: pikepdf.Pdf) -> None:
    document.Root.OpenAction = script(document)


def named_script(document: pikepdf.Pdf) -> None:
    document.Root.Names = Dictionary(JavaScript=Dictionary(Names=Array([String("a"), script(document)])))


def script_behind_names(document: pikepdf.Pdf) -> None:
    kind = document.make_indirect(Name.JavaScript)
    document.Root.Hidden = document.make_indirect(Dictionary(S=kind, JS=document.make_stream(b"app.alert(1)")))


def program_behind_names(document: pikepdf.Pdf) -> None:
    kind = document.make_indirect(Name.Launch)
    document.Root.Hidden = document.make_indirect(Dictionary(S=kind, F=String("cmd.exe")))


def script_without_kind(document: pikepdf.Pdf) -> None:
    document.Root.Hidden = Array([Array([Dictionary(JS=String("app.alert(1)"))])])


def page_action(document: pikepdf.Pdf) -> None:
    document.pages[0].AA = Dictionary(O=Dictionary(S=Name.URI, URI=String("https://evil.example/")))


def link_to(action: Dictionary) -> Callable[[pikepdf.Pdf], None]:
    def change(document: pikepdf.Pdf) -> None:
        link = Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=Array([0, 0, 99, 99]), A=action)
        document.pages[0].Annots = Array([document.make_indirect(link)])

    return change


def annotation(kind: Name) -> Callable[[pikepdf.Pdf], None]:
    def change(document: pikepdf.Pdf) -> None:
        document.pages[0].Annots = Array([Dictionary(Type=Name.Annot, Subtype=kind, Rect=Array([0, 0, 9, 9]))])

    return change


def attachment(document: pikepdf.Pdf) -> None:
    document.attachments["a.exe"] = pikepdf.AttachedFileSpec(document, b"MZ", filename="a.exe")


def attachment_of_a_page(document: pikepdf.Pdf) -> None:
    held = Stream(document, b"MZ")
    document.pages[0].AF = Array([Dictionary(Type=Name.Filespec, EF=Dictionary(F=held))])


def dynamic_form(document: pikepdf.Pdf) -> None:
    document.Root.AcroForm = Dictionary(Fields=Array([]), XFA=Stream(document, b"<xdp/>"))


def honest_form(document: pikepdf.Pdf) -> None:
    """Boxes to fill in, as Acrobat and LibreOffice make them, and a button that empties them."""
    box = Dictionary(Type=Name.Annot, Subtype=Name.Widget, FT=Name.Tx, T=String("name"), Rect=Array([9, 9, 99, 29]))
    button = Dictionary(Type=Name.Annot, Subtype=Name.Widget, FT=Name.Btn, T=String("x"), Rect=Array([9, 9, 9, 9]))
    button.A = Dictionary(S=Name.ResetForm)
    fields = Array([document.make_indirect(box), document.make_indirect(button)])
    document.pages[0].Annots, document.Root.AcroForm = fields, Dictionary(Fields=fields)


def filled_form(document: pikepdf.Pdf) -> None:
    """A box with a Japanese name, one of a parent's text, one that is hidden, a list, and a note beside the text."""
    parent = document.make_indirect(Dictionary(FT=Name.Tx, V=String("設計\r開発")))
    boxes = [
        Dictionary(Subtype=Name.Widget, FT=Name.Tx, V=String("髙﨑𠮷")),
        Dictionary(Subtype=Name.Widget, Parent=parent),
        Dictionary(Subtype=Name.Widget, FT=Name.Tx, V=String("見えない"), F=2),
        Dictionary(Subtype=Name.Widget, FT=Name.Ch, V=Array([String("英語"), String("中国語")])),
        Dictionary(Subtype=Name.Widget, FT=Name.Btn, V=Name.Yes),
        Dictionary(Subtype=Name.FreeText, Contents=String("追記")),
    ]
    for box in boxes:
        box.Type, box.Rect = Name.Annot, Array([9, 9, 99, 29])
    fields = Array([document.make_indirect(box) for box in boxes])
    document.pages[0].Annots, document.Root.AcroForm = fields, Dictionary(Fields=fields)


def views(document: pikepdf.Pdf) -> None:
    """What Word and macOS write: open at the first page; and empty lists of scripts and attachments."""
    first = document.pages[0].obj
    document.Root.OpenAction = Dictionary(S=Name.GoTo, D=Array([first, Name.XYZ, 0, 842, 1]))
    document.Root.Names = Dictionary(EmbeddedFiles=Dictionary(Names=Array([])), JavaScript=Dictionary())
    document.pages[0].AA = Dictionary()


def view_as_array(document: pikepdf.Pdf) -> None:
    document.Root.OpenAction = Array([document.pages[0].obj, Name.Fit])


def words_that_look_active(document: pikepdf.Pdf) -> None:
    """A title about JavaScript and fonts with odd names act in no way."""
    document.docinfo["/Keywords"] = String("HTML/CSS/JavaScript /JS /AA /Launch /XFA")
    fonts = document.pages[0].Resources.Font
    fonts.JS, fonts.AA, fonts.EF2 = fonts.F1, fonts.F1, fonts.F1


def opens_a_site_next(document: pikepdf.Pdf) -> None:
    site = Dictionary(S=Name.URI, URI=String("https://evil.example/"))
    document.Root.OpenAction = Dictionary(S=Name.GoTo, D=Array([document.pages[0].obj, Name.Fit]), Next=site)


def with_zip(content: bytes) -> bytes:
    """A PDF that is a ZIP too; the archive's comment ends it as a PDF ends."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("a.html", "<script>alert(1)</script>")
        archive.comment = b"\nstartxref\n9\n%%EOF\n"
    return content + packed.getvalue()


def by_hand(*objects: str, trailer: str = "") -> bytes:
    """A PDF from its objects as text, numbered from 1; the first is the catalogue."""
    out, places = b"%PDF-1.7\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n{body}\nendobj\n".encode()
    start, count = len(out), len(objects) + 1
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    end = f"trailer\n<< /Size {count} /Root 1 0 R {trailer} >>\nstartxref\n{start}\n%%EOF\n"
    return out + f"xref\n0 {count}\n0000000000 65535 f \n{table}{end}".encode()


def page_tree_that_is_a_ring() -> bytes:
    kids = "<< /Type /Pages /Kids [2 0 R 2 0 R] /Count 2 >>"
    return by_hand("<< /Type /Catalog /Pages 2 0 R >>", kids)


def more_pages_than_said() -> bytes:
    kids = " ".join(["3 0 R"] * 60)
    tree = f"<< /Type /Pages /Kids [{kids}] /Count 1 >>"
    return by_hand("<< /Type /Catalog /Pages 2 0 R >>", tree, f"<< /Type /Page /Parent 2 0 R {PAGE} >>")


def escaped_names() -> bytes:
    """/OpenAction and /JavaScript written with escapes, as a name may be."""
    action = "/Open#41ction << /S /J#61vaScript /#4a#53 (app.alert\\(1\\)) >>"
    tree = "<< /Type /Pages /Kids [3 0 R] /Count 1 >>"
    page = f"<< /Type /Page /Parent 2 0 R {PAGE} >>"
    return by_hand(f"<< /Type /Catalog /Pages 2 0 R {action} >>", tree, page)


def deep_nesting() -> bytes:
    page = f"<< /Type /Page /Parent 2 0 R {PAGE} >>"
    tree = "<< /Type /Pages /Kids [3 0 R] /Count 1 >>"
    return by_hand("<< /Type /Catalog /Pages 2 0 R >>", tree, page, "[" * 200_000 + "]" * 200_000)


def swollen_page() -> bytes:
    """A page of a few hundred bytes that unpacks to two gigabytes of text."""
    block = zlib.compressobj(9, zlib.DEFLATED, -15)
    piece = block.compress(b" " * 2**24) + block.flush(zlib.Z_FULL_FLUSH)
    packed = b"\x78\xda" + piece * 128  # the end mark is missing, as in many a real file
    document = plain()
    content = document.make_stream(zlib.compress(packed, 9))
    content.Filter = Array([Name.FlateDecode, Name.FlateDecode])
    document.pages[0].Contents = content
    as_it_is = {"compress_streams": False, "stream_decode_level": pikepdf.StreamDecodeLevel.none}
    return saved(document, recompress_flate=False, **as_it_is)


def a_page_of_much_drawing(megabytes: int, pages: int = 1) -> bytes:
    """So much to draw, packed into a few kilobytes, which all pages share."""
    document = plain(pages)
    shared = document.make_stream(b"q Q " * (megabytes * 256 * 1024))
    for page in document.pages:
        page.Contents = shared
    return saved(document)


def draws_itself_again_and_again() -> bytes:
    """Forms that draw forms that draw forms: twenty to the seventh letters."""
    document = plain()
    resources = document.pages[0].Resources
    drawn = b"BT /F1 9 Tf (a) Tj ET"
    for _depth in range(6):
        form = document.make_stream(drawn, Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 9, 9]))
        form.Resources, drawn = resources, b"/X Do " * 20
        resources = Dictionary(XObject=Dictionary(X=document.make_indirect(form)))
    document.pages[0].Resources, document.pages[0].Contents = resources, document.make_stream(drawn)
    return saved(document)


def printed_by_chromium(html: str) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        page, out = Path(folder) / "a.html", Path(folder) / "a.pdf"
        page.write_text(html, encoding="utf-8")
        flags = ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", f"--user-data-dir={folder}/p"]
        subprocess.run(
            ["chromium", *flags, f"--print-to-pdf={out}", page.as_uri()], check=True, capture_output=True, timeout=60
        )
        return out.read_bytes()


def printed_by_weasyprint(html: str) -> bytes:
    import weasyprint

    return bytes(weasyprint.HTML(string=html).write_pdf(pdf_variant="pdf/ua-1"))
