"""A photograph is drawn anew: the picture stays, everything else the file carried is gone."""

import io
from datetime import datetime
from typing import Any

import pytest
from PIL import Image, ImageDraw, TiffImagePlugin

from pioneer.files import kinds, photographs
from pioneer.files.services import keep
from pioneer.kernel import clock
from pioneer.kernel.errors import BadInput

FORMATS = ("JPEG", "PNG", "WEBP", "HEIF")


def scene(width: int = 240, height: int = 160, mode: str = "RGB") -> Image.Image:
    made = Image.new(mode, (width, height), "white")
    draw = ImageDraw.Draw(made)
    draw.rectangle((10, 20, width // 2, height // 2), fill="firebrick")
    draw.ellipse((width // 2, height // 3, width - 8, height - 8), fill="navy")
    return made


def photograph(format: str = "JPEG", picture: Image.Image | None = None, **more: Any) -> bytes:
    exif = Image.Exif()
    exif[0x010F] = "手机厂商".encode().decode("latin-1")
    exif.get_ifd(0x8769)[0x9003] = "2026:03:08 09:30:00"
    place = exif.get_ifd(0x8825)
    degrees = (TiffImagePlugin.IFDRational(37), TiffImagePlugin.IFDRational(56), TiffImagePlugin.IFDRational(7))
    place[1], place[2] = "N", degrees
    made = io.BytesIO()
    (picture or scene()).save(made, format, exif=exif, **more)
    return made.getvalue()


def kind(content: bytes) -> str:
    found = kinds.kind_of(content, "照片")
    assert found is not None
    return found


@pytest.mark.pure
@pytest.mark.parametrize("format", FORMATS)
def test_place_and_device_are_gone_and_the_time_of_taking_is_told_apart(format: str) -> None:
    before = photograph(format)
    made = photographs.redrawn(before, kind(before))
    after = Image.open(io.BytesIO(made.content))
    assert after.format == "JPEG" and not dict(after.getexif()) and "exif" not in after.info
    assert b"Exif" not in made.content and b"GPS" not in made.content
    assert made.taken_at == datetime(2026, 3, 8, 9, 30, tzinfo=clock.SHANGHAI)
    assert after.size == (240, 160)
    red, blue = after.getpixel((40, 40)), after.getpixel((180, 110))
    assert red[0] > 120 > red[2] and blue[2] > 80 > blue[0]


@pytest.mark.pure
def test_what_lay_on_its_side_stands_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    made = io.BytesIO()
    scene().save(made, "JPEG", exif=exif)
    after = Image.open(io.BytesIO(photographs.redrawn(made.getvalue(), kinds.JPEG).content))
    assert after.size == (160, 240)


@pytest.mark.pure
def test_what_telephones_put_behind_the_picture_goes_too() -> None:
    after = photographs.redrawn(photograph() + photograph(), kinds.JPEG).content
    assert after.count(b"\xff\xd8\xff") == 1


@pytest.mark.pure
def test_a_large_one_becomes_smaller_and_glass_becomes_paper() -> None:
    large = io.BytesIO()
    scene(6000, 3000).save(large, "JPEG")
    assert Image.open(io.BytesIO(photographs.redrawn(large.getvalue(), kinds.JPEG).content)).size == (2560, 1280)
    clear = io.BytesIO()
    Image.new("RGBA", (20, 20), (0, 0, 0, 0)).save(clear, "PNG")
    after = Image.open(io.BytesIO(photographs.redrawn(clear.getvalue(), kinds.PNG).content))
    assert after.getpixel((10, 10)) == (255, 255, 255)


@pytest.mark.pure
@pytest.mark.parametrize("written", ["2026:13:45 99:99:99", "yesterday", "", "0000:00:00 00:00:00"])
def test_a_time_that_makes_no_sense_is_none(written: str) -> None:
    exif = Image.Exif()
    exif.get_ifd(0x8769)[0x9003] = written
    made = io.BytesIO()
    scene().save(made, "JPEG", exif=exif)
    assert photographs.redrawn(made.getvalue(), kinds.JPEG).taken_at is None


@pytest.mark.pure
def test_the_same_picture_again_is_alike_and_another_is_not() -> None:
    first = photographs.redrawn(photograph(), kinds.JPEG)
    again = photographs.redrawn(photograph(quality=55), kinds.JPEG)
    smaller = photographs.redrawn(photograph(picture=scene().resize((120, 80))), kinds.JPEG)
    other = Image.new("RGB", (240, 160), "white")
    ImageDraw.Draw(other).polygon(((0, 159), (120, 10), (239, 159)), fill="darkgreen")
    different = photographs.redrawn(photograph(picture=other), kinds.JPEG)
    assert photographs.distance(first.likeness, again.likeness) <= 3
    assert photographs.distance(first.likeness, smaller.likeness) <= 3
    assert photographs.distance(first.likeness, different.likeness) > 10


@pytest.mark.pure
def test_of_two_that_differ_in_three_bits_one_band_is_the_same() -> None:
    one = 0x0123_4567_89AB_CDEF
    other = one ^ (1 << 3) ^ (1 << 20) ^ (1 << 60)
    assert photographs.distance(one, other) == 3
    assert any(a == b for a, b in zip(photographs.bands(one), photographs.bands(other), strict=True))


@pytest.mark.django_db
def test_it_is_kept_once_as_a_jpeg_with_its_likeness() -> None:
    first = keep(photograph("HEIF"), "IMG_0001.HEIC", 7)
    again = keep(photograph("HEIF"), "另一个名字.heic", 8)
    assert first.file == again.file and first.taken_at is not None
    assert (first.file.name, first.file.content_type) == ("IMG_0001.jpg", kinds.JPEG)
    assert first.file.likeness is not None and first.file.band_4 is not None


@pytest.mark.django_db
@pytest.mark.parametrize("format", FORMATS)
def test_a_damaged_one_is_said_so(format: str) -> None:
    whole = photograph(format)
    with pytest.raises(BadInput, match="不完整"):
        keep(whole[: len(whole) // 3], "照片.jpg", None)
