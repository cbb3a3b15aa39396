"""Pictures, hostile and real, made in code."""

import io
import struct
import zlib
from typing import Any

from PIL import Image, ImageCms
from PIL.TiffImagePlugin import IFDRational

CANARY = b"35.6117N-139.7301E"


def drawn(width: int = 80, height: int = 40, mode: str = "RGB") -> Image.Image:
    """Red at the left, blue at the right."""
    picture = Image.new("RGB", (width, height), (200, 30, 30))
    picture.paste((30, 30, 200), (width // 2, 0, width, height))
    return picture.convert(mode)


def saved(picture: Image.Image, kind: str, **options: Any) -> bytes:
    out = io.BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()


def photo_with_place() -> bytes:
    """A phone's photo: lying on its side by EXIF, with where it was taken, a comment and XMP."""
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = 6, "Camera"
    exif.get_ifd(0x8825).update({1: "N", 2: (IFDRational(35), IFDRational(36), IFDRational(42))})
    exif[0x9286] = CANARY.decode()
    return saved(drawn(), "JPEG", exif=exif, comment=CANARY, xmp=b"<x>" + CANARY + b"</x>", quality=95)


def png_with_words() -> bytes:
    from PIL.PngImagePlugin import PngInfo

    words = PngInfo()
    words.add_text("Comment", CANARY.decode(), zip=True)
    words.add_itxt("XML:com.adobe.xmp", CANARY.decode())
    return saved(drawn(mode="RGBA"), "PNG", pnginfo=words)


def in_another_profile() -> bytes:
    """CMYK, as printers send it."""
    return saved(drawn(mode="CMYK"), "JPEG")


def with_profile() -> bytes:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    return saved(drawn(), "JPEG", icc_profile=profile)


def _chunk(kind: bytes, held: bytes) -> bytes:
    return struct.pack(">I", len(held)) + kind + held + struct.pack(">I", zlib.crc32(kind + held))


def png_of(width: int, height: int, rows: bytes = b"") -> bytes:
    """A PNG whose header says so many pixels, whatever it holds."""
    head = _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + _chunk(b"IDAT", zlib.compress(rows, 9)) + _chunk(b"IEND", b"")


def words_bomb() -> bytes:
    """A PNG with a compressed text of a hundred megabytes."""
    whole = saved(drawn(), "PNG")
    return whole[:33] + _chunk(b"zTXt", b"a\x00\x00" + zlib.compress(b"x" * 100_000_000, 9)) + whole[33:]
