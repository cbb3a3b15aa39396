"""JPEG and PNG: drawn anew without anything that is not the picture; where it was taken, by what and when go (U6)."""

import io
from collections.abc import Iterator
from typing import Any

from PIL import Image, ImageCms, ImageOps, MpoImagePlugin, PngImagePlugin, TiffImagePlugin, UnidentifiedImageError

from app.files.verdict import CUT_OFF, UNREADABLE, Caps, Looked, RefusedFile

_FORMATS = {"image/jpeg": "JPEG", "image/png": "PNG"}
_QUALITIES = (88, 75, 60)
_KEPT = {"JPEG": ("L", "RGB"), "PNG": ("1", "L", "LA", "P", "RGB", "RGBA")}
PngImagePlugin.MAX_TEXT_MEMORY = 1024 * 1024
Image.MAX_IMAGE_PIXELS = None  # our own limit stands below
Image.preinit()  # now: the process that looks opens no file later, also not Pillow's own
_LATER = (MpoImagePlugin, TiffImagePlugin)  # likewise: for photos of several pictures, and where a photo stands up


def look_into_image(content: bytes, media: str, caps: Caps) -> Looked:
    """Draw a picture anew: upright, in sRGB, no longer than `caps.edge`, without metadata.

    Raises: RefusedFile.
    """
    kind = _FORMATS[media]
    try:
        with Image.open(io.BytesIO(content), formats=[kind]) as picture:
            _check_size(picture, caps)
            drawn = _drawn(picture, kind, caps)
    except (UnidentifiedImageError, SyntaxError, ValueError, KeyError, IndexError) as error:
        raise RefusedFile(UNREADABLE) from error
    except OSError as error:
        raise RefusedFile(CUT_OFF if "truncated" in str(error) else UNREADABLE) from error
    stored, drawn = _written(drawn, kind, caps)
    return Looked(size=drawn.size, stored=stored)


def _check_size(picture: Image.Image, caps: Caps) -> None:
    """Refuse by what the header says, before a pixel is drawn."""
    width, height = picture.size
    if width < 1 or height < 1:
        raise RefusedFile(UNREADABLE)
    if width * height > caps.pixels or max(width, height) > 30_000:
        most = caps.pixels // 10_000
        raise RefusedFile(f"画像が大きすぎます（{width}×{height}）。{most}万画素までに縮めてから選んでください")


def _drawn(picture: Image.Image, kind: str, caps: Caps) -> Image.Image:
    picture.draft(None, (caps.edge, caps.edge))  # a JPEG far too large is read at half size or less
    profile = picture.info.get("icc_profile")
    upright = ImageOps.exif_transpose(picture)
    plain = _in_plain_colours(upright, profile, kind)
    if max(plain.size) > caps.edge:
        plain = _in_shades(plain)
        plain.thumbnail((caps.edge, caps.edge), Image.Resampling.LANCZOS)
    return plain


def _in_shades(picture: Image.Image) -> Image.Image:
    """Give a scan of two colours or of a palette shades in between: made smaller without, thin strokes would go."""
    if picture.mode == "1":
        return picture.convert("L")
    return picture.convert("RGBA" if picture.has_transparency_data else "RGB") if picture.mode == "P" else picture


def _in_plain_colours(picture: Image.Image, profile: bytes | None, kind: str) -> Image.Image:
    """Turn colours of any profile into sRGB, so that the profile need not be kept."""
    if profile and picture.mode in {"RGB", "CMYK"}:
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            turned = ImageCms.profileToProfile(picture, source, ImageCms.createProfile("sRGB"), outputMode="RGB")
            picture = turned if turned is not None else picture
        except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
            pass  # a profile that cannot be read: the numbers stand as they are
    if picture.mode.startswith("I"):  # 16 bits a pixel; eight are enough for a paper
        picture = picture.point(lambda value: value / 256).convert("L")
    if picture.mode in _KEPT[kind] and not (picture.mode in {"L", "RGB"} and picture.has_transparency_data):
        return picture
    return picture.convert("RGBA" if kind == "PNG" and picture.has_transparency_data else "RGB")


def _written(picture: Image.Image, kind: str, caps: Caps) -> tuple[bytes, Image.Image]:
    """Write the picture, smaller until it fits; no information of the original goes along."""
    while True:
        for options in _options(picture, kind):
            out = io.BytesIO()
            picture.save(out, kind, **options)
            if out.tell() <= caps.bytes:
                return out.getvalue(), picture
        picture = _in_shades(picture).resize((max(1, picture.width * 7 // 10), max(1, picture.height * 7 // 10)))


def _options(picture: Image.Image, kind: str) -> Iterator[dict[str, Any]]:
    if kind == "PNG":
        seen_through = picture.info.get("transparency") if picture.mode == "P" else None
        picture.info = {} if seen_through is None else {"transparency": seen_through}
        yield {"optimize": False, "exif": b"", "icc_profile": None, "pnginfo": None}
        return
    picture.info = {}
    for quality in _QUALITIES:
        yield {"quality": quality, "optimize": True, "exif": b"", "icc_profile": None}
