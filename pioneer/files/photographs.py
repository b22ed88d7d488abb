"""照片 A photograph is drawn anew on the way in: what is kept is the picture and nothing else.

Place, device, owner, comments, further pictures behind it, whatever else the file carried: all of it stays outside.
When it was taken is told to the station that owns it, which keeps that only as long as it needs it. One at a time is
decoded, and none that would need more memory than the server has.
"""

import io
import threading
import warnings
from dataclasses import dataclass
from datetime import datetime

import imagehash
import pillow_heif
from PIL import ExifTags, Image, ImageOps, UnidentifiedImageError

from pioneer.files.kinds import HEIC, JPEG, PNG, WEBP
from pioneer.kernel import clock
from pioneer.kernel.errors import DomainError, bad

pillow_heif.register_heif_opener(thumbnails=False)
Image.MAX_IMAGE_PIXELS = None  # judged below, by what each format needs

FORMATS = {JPEG: "JPEG", PNG: "PNG", WEBP: "WEBP", HEIC: "HEIF"}
LONGEST_SIDE = 2560
QUALITY = 85
MOST_PIXELS = 40_000_000  # decoded whole
MOST_PIXELS_SCALED = 250_000_000  # a plain JPEG is made smaller while it is read
LIKENESS_BITS = 64
BAND_BITS = 16
_BROKEN = (
    OSError, ValueError, SyntaxError, KeyError, TypeError, IndexError, AttributeError, EOFError,
    ArithmeticError, RuntimeError, UnidentifiedImageError,
)  # fmt: skip
_one_at_a_time = threading.Lock()


@dataclass(frozen=True, slots=True)
class Photograph:
    """照片 The picture as it is kept, when it was taken, and its likeness: 64 bits that near-same pictures share."""

    content: bytes
    taken_at: datetime | None
    likeness: int


def redrawn(content: bytes, kind: str, name: str = "照片") -> Photograph:
    """重画 A JPEG of at most 2560 pixels a side with nothing in it but the picture. Raises BadInput with a sentence."""
    with _one_at_a_time, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            with Image.open(io.BytesIO(content), formats=[FORMATS[kind]]) as opened:
                _require_size(opened, kind, name)
                taken_at = _taken_at(opened)
                picture = _picture(opened, kind)
                picture.info.clear()  # comments and profiles would be written out again
                kept = io.BytesIO()
                picture.save(kept, "JPEG", quality=QUALITY, optimize=True)
                return Photograph(kept.getvalue(), taken_at, _likeness(picture))
        except DomainError:
            raise
        except MemoryError:
            raise bad(f"附件“{name}”", "这张图片太大，处理不了。请用手机拍摄的原图，或缩小后再上传。") from None
        except _BROKEN:
            raise bad(f"附件“{name}”", "这张照片的文件不完整，打不开。请重新拍摄或另存后再上传。") from None


def _require_size(opened: Image.Image, kind: str, name: str) -> None:
    pixels = opened.width * opened.height
    scales = kind == JPEG and not opened.info.get("progressive")
    if pixels > (MOST_PIXELS_SCALED if scales else MOST_PIXELS) or not pixels:
        size = f"{opened.width}×{opened.height}"
        raise bad(f"附件“{name}”", f"这张图片有{size}像素，太大，处理不了。请缩小到4000×3000以内再上传。")


def _picture(opened: Image.Image, kind: str) -> Image.Image:
    if kind == JPEG:
        opened.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
    opened.thumbnail((LONGEST_SIDE, LONGEST_SIDE))  # before anything is copied: everything after it is small
    upright = ImageOps.exif_transpose(opened)
    if upright.mode in ("RGBA", "LA", "PA") or "transparency" in upright.info:
        clear = upright.convert("RGBA")
        paper = Image.new("RGB", clear.size, "white")
        paper.paste(clear, mask=clear.getchannel("A"))
        return paper
    return upright.convert("RGB") if upright.mode != "RGB" else upright


def _taken_at(opened: Image.Image) -> datetime | None:
    """When it was taken, as the camera wrote it; none where there is nothing or it makes no sense."""
    try:
        written = opened.getexif().get_ifd(ExifTags.IFD.Exif).get(ExifTags.Base.DateTimeOriginal)
        return datetime.strptime(str(written).strip("\0 "), "%Y:%m:%d %H:%M:%S").replace(tzinfo=clock.SHANGHAI)
    except _BROKEN:
        return None


def _likeness(picture: Image.Image) -> int:
    bits = imagehash.phash(picture).hash.flatten()
    return sum(1 << place for place, bit in enumerate(bits) if bit)


def bands(likeness: int) -> tuple[int, int, int, int]:
    """四段 The four 16-bit bands of a likeness: of two that differ in at most three bits, one band is the same."""
    mask = (1 << BAND_BITS) - 1
    first, second, third, fourth = ((likeness >> shift) & mask for shift in range(0, LIKENESS_BITS, BAND_BITS))
    return first, second, third, fourth


def distance(one: int, other: int) -> int:
    """相差位数 In how many bits two likenesses differ."""
    return (one ^ other).bit_count()
