"""What is kept of a file that is taken, and what the process that looks may not do (U5, U6)."""

import errno
import io
import subprocess
import sys
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from app.files import inspection
from app.files.child import CPU_SECONDS
from app.files.inspection import CHILD, PLACES, Inspected, inspect
from app.files.kinds import DOCX, JPEG, PDF, PNG, choose, kind_of
from app.files.verdict import UNSURE, Caps, RefusedFile
from tests.applications.pdf import pdf
from tests.files import zoo_docx, zoo_images, zoo_pdf

CAPS = Caps(bytes=10 * 1024 * 1024, pages=50)


def look(name: str, content: bytes, caps: Caps = CAPS) -> Inspected:
    return inspect(name, content, (PDF, DOCX, JPEG, PNG), caps)


def refusal(name: str, content: bytes, *media: str) -> str:
    with pytest.raises(RefusedFile) as refused:
        inspect(name, content, media or (PDF, DOCX, JPEG, PNG), CAPS)
    return refused.value.message


def test_a_pdf_is_kept_as_it_came_with_its_pages_and_text() -> None:
    sent = pdf(3, "Career of ten years")

    seen = look("職務経歴書.pdf", sent)

    assert (seen.file_name, seen.media, seen.pages, seen.content) == ("職務経歴書.pdf", PDF, 3, sent)
    assert seen.text == "\f".join(["Career of ten years"] * 3)


def test_a_pdf_without_a_text_layer_has_no_text() -> None:
    assert look("scan.PDF", pdf(1, "")).text is None


def test_what_was_typed_into_the_boxes_of_a_pdf_or_beside_its_text_is_read() -> None:
    assert (
        look("a.pdf", zoo_pdf.with_root(zoo_pdf.filled_form)).text == "Career\n髙﨑𠮷\n設計\n開発\n英語\n中国語\n追記"
    )


def test_a_word_file_is_kept_as_it_came_and_its_words_are_read_in_order() -> None:
    seen = look("経歴.docx", zoo_docx.honest())

    assert seen.content == zoo_docx.honest()
    assert seen.text == "髙﨑𠮷の経歴。作ったもの：作品\n期間\t仕事\n2015年から\t設計\n\n職務経歴書"


def test_readings_and_deleted_words_are_no_text() -> None:
    reading, base = "<w:rt><w:r><w:t>たかさき</w:t></w:r></w:rt>", "<w:r><w:t>髙﨑</w:t></w:r>"
    ruby = f"<w:r><w:ruby>{reading}<w:rubyBase>{base}</w:rubyBase></w:ruby></w:r>"
    gone = "<w:del><w:r><w:delText>前の会社</w:delText></w:r></w:del>"
    content = zoo_docx.changed("word/document.xml", "<w:sectPr", f"<w:p>{ruby}{gone}</w:p><w:sectPr")

    assert "設計\n髙﨑\n" in (look("a.docx", content).text or "")


@pytest.mark.parametrize(
    ("name", "content"), [("a.jpg", zoo_images.photo_with_place()), ("a.png", zoo_images.png_with_words())]
)
def test_a_picture_is_drawn_anew_without_where_and_when(name: str, content: bytes) -> None:
    assert zoo_images.CANARY in content or name == "a.png"

    kept = look(name, content).content

    assert zoo_images.CANARY not in kept
    picture = Image.open(io.BytesIO(kept))
    assert dict(picture.getexif()) == {}
    assert not {"comment", "xmp", "Comment", "XML:com.adobe.xmp", "exif", "icc_profile"} & set(picture.info)


def test_a_photo_lying_on_its_side_stands_up_with_its_colours() -> None:
    seen = look("a.jpg", zoo_images.photo_with_place())

    picture = Image.open(io.BytesIO(seen.content))
    assert (picture.format, picture.mode, picture.size) == ("JPEG", "RGB", (40, 80))
    top, bottom = picture.getpixel((20, 10)), picture.getpixel((20, 70))
    assert top == pytest.approx((200, 30, 30), abs=8)
    assert bottom == pytest.approx((30, 30, 200), abs=8)


def test_a_transparent_png_and_a_scan_of_two_colours_stay_what_they_are() -> None:
    modes = {"RGBA": "RGBA", "1": "1", "L": "L", "P": "P"}

    kept = {mode: look("a.png", zoo_images.saved(zoo_images.drawn(mode=mode), "PNG")) for mode in modes}

    assert {mode: Image.open(io.BytesIO(one.content)).mode for mode, one in kept.items()} == modes


@pytest.mark.parametrize("mode", ["1", "P"])
def test_thin_strokes_of_a_large_scan_are_still_there_when_it_was_made_smaller(mode: str) -> None:
    scan = Image.new("L", (300, 300), 255)
    for row in range(0, 300, 3):
        scan.paste(0, (0, row, 300, row + 1))

    kept = look(
        "a.png", zoo_images.saved(scan.convert(mode), "PNG"), Caps(bytes=CAPS.bytes, pages=50, edge=100)
    ).content

    shades = Image.open(io.BytesIO(kept)).convert("L").resize((1, 100))
    assert [shades.getpixel((0, row)) for row in range(10, 90)] == [pytest.approx(170, abs=30)] * 80


def test_one_colour_that_is_seen_through_stays_so() -> None:
    content = io.BytesIO()
    zoo_images.drawn(mode="RGB").save(content, "PNG", transparency=(255, 255, 255))

    assert Image.open(io.BytesIO(look("a.png", content.getvalue()).content)).mode == "RGBA"


def test_what_follows_a_picture_is_not_kept() -> None:
    content = zoo_images.saved(zoo_images.drawn(), "JPEG") + zoo_docx.honest()

    assert b"PK\x03\x04" not in look("a.jpg", content).content


def test_a_drawn_picture_fits_the_limit_by_quality_and_then_by_size() -> None:
    noise = zoo_images.saved(Image.effect_noise((1200, 1200), 90), "PNG")
    small = Caps(bytes=300_000, pages=50)

    seen = look("a.png", noise, small)

    assert len(seen.content) <= small.bytes
    assert seen.size == Image.open(io.BytesIO(seen.content)).size
    assert 300 < seen.size[0] == seen.size[1] < 1200


def test_a_slot_takes_only_its_own_kinds() -> None:
    assert refusal("a.docx", zoo_docx.honest(), PDF) == (
        "PDFのファイルを選んでください。Wordの文書は、PDFで保存し直してから選んでください"
    )
    assert refusal("a.jpg", b"x", PDF, DOCX) == (
        "PDF、Word（docx）のファイルを選んでください。写真や画像は、PDFで保存し直してから選んでください"
    )
    assert refusal("a.heic", b"x", PNG) == (
        "PNGのファイルを選んでください。iPhoneの写真（HEIC）は、PNGで保存し直してから選んでください"
    )
    assert refusal("a.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), PDF) == (
        "PDFのファイルを選んでください。Wordの文書は、PDFで保存し直してから選んでください"
    )
    assert kind_of("a.jpeg", b"\xff\xd8\xff", (JPEG, PNG)) == JPEG
    assert choose((PNG, PDF)) == "PDF、PNGのファイルを選んでください"


def test_what_takes_too_long_is_stopped_and_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inspection, "SECONDS", 0.02)

    assert refusal("a.pdf", pdf()) == inspection.BUSY


def test_when_too_many_are_looked_into_a_person_is_asked_at_once_to_come_back() -> None:
    with ExitStack() as held:
        for _place in range(4):
            held.enter_context(PLACES._inside)
        began = time.monotonic()
        assert refusal("a.pdf", pdf()) == inspection.BUSY

    assert time.monotonic() - began < 1
    assert look("a.pdf", pdf()).pages == 1


def test_who_had_more_than_a_share_has_one_place_and_no_turn_in_line() -> None:
    with PLACES.last():
        with pytest.raises(RefusedFile) as refused:
            inspect("a.pdf", pdf(), (PDF,), CAPS, is_last=True)
        assert look("a.pdf", pdf()).pages == 1

    assert refused.value.message == inspection.BUSY
    assert inspect("a.pdf", pdf(), (PDF,), CAPS, is_last=True).pages == 1


def test_what_looking_took_is_told_and_where_it_came_to_no_end_all_that_is_given() -> None:
    assert 0 < look("a.pdf", pdf()).seconds < 2
    with pytest.raises(RefusedFile) as refused:
        look("a.pdf", zoo_pdf.draws_itself_again_and_again())
    assert (refused.value.message, refused.value.seconds) == (UNSURE, CPU_SECONDS)


@pytest.mark.parametrize(("media", "parser"), [(PDF, "pikepdf"), (DOCX, "defusedxml"), (JPEG, "PIL.Image")])
def test_the_child_brings_no_web_application_along(media: str, parser: str) -> None:
    command = [sys.executable, "-I", "-X", "importtime", str(CHILD), media, "1", "1", "1", "1"]

    done = subprocess.run(command, input=b"", capture_output=True, env={}, cwd="/")

    loaded = {line.rpartition("|")[2].strip() for line in done.stderr.decode().splitlines()}
    assert parser in loaded
    assert not {"flask", "sqlalchemy", "pydantic", "config", "app.wiring"} & loaded


def test_the_child_has_little_memory_time_and_room() -> None:
    asked = "import resource as r; print([r.getrlimit(n) for n in (r.RLIMIT_AS, r.RLIMIT_CPU, r.RLIMIT_CORE)])"
    program = f"import runpy; runpy.run_path({str(CHILD)!r})['limit'](); {asked}"

    shown = subprocess.run([sys.executable, "-I", "-c", program], capture_output=True, text=True, check=True).stdout

    assert shown.strip() == str([(1024**3, 1024**3), (5, 5), (0, 0)])


@pytest.mark.parametrize("reach", ["open('/etc/hostname')", "socket.socket()", "os.pipe()", "os.open('/', 0)"])
def test_once_a_parser_works_the_child_reaches_no_file_and_no_line(reach: str) -> None:
    program = f"import os, runpy, socket; runpy.run_path({str(CHILD)!r})['shut_doors'](); {reach}"

    done = subprocess.run([sys.executable, "-I", "-c", program], capture_output=True, text=True)

    assert done.returncode == 1
    assert "OSError: [Errno 24]" in done.stderr


@pytest.mark.parametrize("media", [PDF, DOCX, JPEG, PNG])
def test_the_doors_are_shut_before_a_parser_sees_a_byte(media: str) -> None:
    program = f"""
import io, resource, runpy, sys, types
child = runpy.run_path({str(CHILD)!r})
child["stand_in_for_app"]()
import app.files.look as look
seen = lambda *_given: print(resource.getrlimit(resource.RLIMIT_NOFILE), file=sys.stderr)
of = look.parser_of
look.parser_of = lambda media: of(media) and seen
child["main"]({media!r}, "1", "1")
"""
    done = subprocess.run([sys.executable, "-I", "-c", program], input=b"x", capture_output=True)

    assert done.stderr.splitlines()[0] == b"(0, 0)"


def test_a_photo_of_several_pictures_and_one_that_lies_are_read_with_the_doors_shut() -> None:
    out = io.BytesIO()
    picture = Image.new("RGB", (60, 40), "red")
    picture.save(out, "MPO", save_all=True, append_images=[Image.new("RGB", (30, 20), "blue")])

    assert look("a.jpg", out.getvalue()).size == (60, 40)


@pytest.mark.parametrize("full", ["given", "found"])
def test_a_full_disk_is_no_fault_of_the_file(monkeypatch: pytest.MonkeyPatch, full: str) -> None:
    real, opened = inspection.TemporaryFile, iter(["given", "found"])

    def temporary() -> Any:
        return Path("/dev/full").open("w+b", buffering=0) if next(opened) == full else real()

    monkeypatch.setattr(inspection, "TemporaryFile", temporary)

    with pytest.raises(OSError, match="No space left") as refused:
        look("a.pdf", pdf())

    assert refused.value.errno == errno.ENOSPC
