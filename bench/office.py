"""Have files that LibreOffice makes looked into: what a person's own word processor writes, not what we write (U1-U6).

    .venv/bin/python bench/office.py

The bar: each is taken with all of its words, or refused with the sentence that fits. Needs apt-get install
libreoffice-writer-nogui. Exits 1 if the bar is missed.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from app.files import docx, pdf
from app.files.inspection import inspect
from app.files.kinds import DOCX, JPEG, PDF, PNG
from app.files.verdict import LOCKED, UNSAFE, Caps, RefusedFile
from tests.files.zoo import ALL, OLD_WORD

PAGE = """<html lang=ja><meta charset=utf-8><title>職務経歴書</title><h1>職務経歴書（髙﨑𠮷）</h1>
<p>経歴 <a href="https://example.jp/">作品</a></p><table border=1><tr><td>期間<td>仕事<tr><td>2015年から<td>設計</table>
<ul><li>基本情報</ul>{more}</html>"""
BOX = '<form><input type=text value="箱に書いた髙"></form>'
SENDING = '<form action="https://example.jp/" method=post><input type=submit value=x></form>'
WORDS = ("職務経歴書（髙﨑𠮷）", "作品", "設計", "基本情報")
SECONDS = 120


def pdf_with(**options: object) -> str:
    kinds = {bool: "boolean", int: "long", str: "string"}
    told = {name: {"type": kinds[type(value)], "value": str(value).lower()} for name, value in options.items()}
    return f"pdf:writer_pdf_Export:{json.dumps(told)}"


@dataclass(frozen=True)
class Made:
    """A file to make: what it is, LibreOffice's name for it, what stands on the page besides, and the answer."""

    what: str
    into: str
    answer: object
    more: str = ""


FILES = (
    Made("DOCX", "docx:MS Word 2007 XML", WORDS),
    Made("DOCX with a control", "docx:MS Word 2007 XML", docx.EMBEDDED, BOX),
    Made("PDF", pdf_with(), WORDS),
    Made("PDF 1.7", pdf_with(SelectPdfVersion=17), WORDS),
    Made("PDF/A-1b", pdf_with(SelectPdfVersion=1), WORDS),
    Made("PDF/A-3b", pdf_with(SelectPdfVersion=3), WORDS),
    Made("PDF/UA", pdf_with(PDFUACompliance=True), WORDS),
    Made("PDF that opens wide", pdf_with(OpenInFullScreenMode=True, InitialView=2, Magnification=4), WORDS),
    Made("PDF with a box", pdf_with(ExportFormFields=True), (*WORDS, "箱に書いた髙"), BOX),
    Made("PDF with a button that sends", pdf_with(ExportFormFields=True), pdf.ACTIVE, SENDING),
    Made("PDF not to be changed", pdf_with(RestrictPermissions=True, PermissionPassword="x"), WORDS),
    Made("PDF with a password", pdf_with(EncryptFile=True, DocumentOpenPassword="x"), LOCKED),
    Made("PDF that carries its source", pdf_with(IsAddStream=True), UNSAFE),
    Made("old Word", "doc:MS Word 97", OLD_WORD),
    Made("OpenDocument", "odt:writer8", f"{ALL}。ほかの形式の文書は、PDFで保存し直してから選んでください"),
)


def made(one: Made, folder: Path) -> Path:
    source, ending = folder / "page.html", one.into.partition(":")[0]
    source.write_text(PAGE.format(more=one.more), encoding="utf-8")
    options = ["--headless", f"-env:UserInstallation=file://{folder}/settings"]
    for given, into in ((source, "odt:writer8"), (folder / "page.odt", one.into)):
        reads = ["--infilter=HTML (StarWriter)"] if given == source else []
        command = ["soffice", *options, *reads, "--convert-to", into, "--outdir", str(folder), str(given)]
        subprocess.run(command, check=True, capture_output=True, timeout=SECONDS, env={**os.environ, "LANG": "C.UTF-8"})
    return folder / f"page.{ending}"


def answered(path: Path) -> object:
    """What comes of a file: the sentence of the refusal, or its words."""
    try:
        seen = inspect(path.name, path.read_bytes(), (PDF, DOCX, JPEG, PNG), Caps(10 * 1024 * 1024, 50))
    except RefusedFile as refused:
        return refused.message
    return seen.text or ""


def problems(one: Made, folder: Path) -> list[str]:
    said = answered(made(one, folder))
    if isinstance(one.answer, str):
        return [] if said == one.answer else [f"{one.what}: {said!r}"]
    return [f"{one.what}: {word} is missing in {said!r}" for word in one.answer if word not in str(said)]


def main() -> int:
    if shutil.which("soffice") is None:
        sys.exit("LibreOffice is not there: apt-get install libreoffice-writer-nogui")
    with tempfile.TemporaryDirectory(prefix="koubo-office-") as folder:
        found = [problem for one in FILES for problem in problems(one, Path(folder))]
    print(f"office: {len(FILES)} files of LibreOffice, {len(found)} problems (bar 0)")
    print("\n".join(found))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
