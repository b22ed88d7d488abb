"""照片 A photograph loses where it was taken the moment it comes in; when it was taken, and which way up it is, stay.

Nothing is decoded or compressed again: the parts that carry a place are left out, the picture stays as it is.
"""

import struct
import zlib
from collections.abc import Iterator

from pioneer.files.kinds import JPEG, PNG, WEBP
from pioneer.kernel.errors import bad

ORIENTATION = 0x0112
EXIF_POINTER = 0x8769
TAKEN_AT = 0x9003
_DROPPED_SEGMENTS = {0xE1, 0xED}  # APP1: Exif and XMP; APP13: IPTC
_DROPPED_CHUNKS = {b"eXIf", b"tEXt", b"zTXt", b"iTXt"}


def without_place(content: bytes, kind: str) -> bytes:
    """去除位置 The same picture without GPS, XMP or IPTC; anything else comes back as it was."""
    try:
        if kind == JPEG:
            return _jpeg(content)
        if kind == PNG:
            return _png(content)
        if kind == WEBP:
            return _webp(content)
    except (struct.error, IndexError, ValueError):
        raise bad("照片", "这张照片的文件不完整，打不开。请重新拍摄或另存后再上传。") from None
    return content


def taken_at(content: bytes) -> str:
    """拍摄时间 As the camera wrote it, "2026:03:08 09:30:00", or nothing."""
    for marker, body in _segments(content):
        if marker == 0xE1 and body.startswith(b"Exif\0\0"):
            return _read_exif(body[6:])[1].decode("ascii", "replace").rstrip("\0")
    return ""


def _segments(content: bytes) -> Iterator[tuple[int, bytes]]:
    """The header segments of a JPEG, up to the picture itself (marker 0xDA, with all that follows)."""
    at = 2
    while True:
        if content[at] != 0xFF:
            raise ValueError(at)
        marker = content[at + 1]
        if marker == 0xFF:
            at += 1
            continue
        if marker == 0xDA:
            yield marker, content[at:]
            return
        (length,) = struct.unpack_from(">H", content, at + 2)
        body = content[at + 4 : at + 2 + length]
        if length < 2 or len(body) != length - 2:
            raise ValueError(at)
        yield marker, body
        at += 2 + length


def _jpeg(content: bytes) -> bytes:
    made, exif = [], b""
    for marker, body in _segments(content):
        if marker == 0xDA:
            made.append(_first_picture(body))
        elif marker == 0xE1 and body.startswith(b"Exif\0\0"):
            exif = _small_exif(*_read_exif(body[6:]))
        elif marker not in _DROPPED_SEGMENTS:
            made.append(_segment(marker, body))
    head = _segment(0xE1, b"Exif\0\0" + exif) if exif else b""
    return content[:2] + head + b"".join(made)


def _first_picture(scan: bytes) -> bytes:
    """Up to the end of the picture: telephones put further pictures, with Exif of their own, after it. Between the
    scans of a progressive one stand segments, which are stepped over by their length."""
    at = 2 + struct.unpack_from(">H", scan, 2)[0]
    while (at := scan.find(b"\xff", at)) >= 0:
        marker = scan[at + 1]
        if marker == 0xD9:
            return scan[: at + 2]
        if marker == 0xFF:
            at += 1
        elif marker == 0 or 0xD0 <= marker <= 0xD7:
            at += 2
        else:
            at += 2 + struct.unpack_from(">H", scan, at + 2)[0]
    raise ValueError("no end")


def _segment(marker: int, body: bytes) -> bytes:
    return b"\xff" + bytes([marker]) + struct.pack(">H", len(body) + 2) + body


def _png(content: bytes) -> bytes:
    made, at = [content[:8]], 8
    while at < len(content):
        length, kind = struct.unpack_from(">I4s", content, at)
        chunk = content[at : at + 12 + length]
        if len(chunk) != 12 + length or zlib.crc32(chunk[4:-4]) != struct.unpack(">I", chunk[-4:])[0]:
            raise ValueError(at)
        if kind not in _DROPPED_CHUNKS:
            made.append(chunk)
        at += 12 + length
        if kind == b"IEND":
            return b"".join(made)
    raise ValueError(at)


def _webp(content: bytes) -> bytes:
    made, at = [], 12
    while at < len(content):
        kind, length = struct.unpack_from("<4sI", content, at)
        chunk = content[at : at + 8 + length + length % 2]
        if len(chunk) < 8 + length:
            raise ValueError(at)
        if kind == b"VP8X":  # the switches of Exif (0x08) and XMP (0x04) go out with their chunks
            chunk = chunk[:8] + bytes([chunk[8] & ~0x0C]) + chunk[9:]
        if kind not in (b"EXIF", b"XMP "):
            made.append(chunk)
        at += len(chunk)
    body = b"WEBP" + b"".join(made)
    return b"RIFF" + struct.pack("<I", len(body)) + body


def _read_exif(tiff: bytes) -> tuple[int, bytes]:
    """Orientation and time of taking; (1, b"") where there is none or the block is damaged."""
    try:
        order = {b"II": "<", b"MM": ">"}[tiff[:2]]
        main = _directory(tiff, order, struct.unpack_from(order + "I", tiff, 4)[0])
        turned = struct.unpack_from(order + "H", main[ORIENTATION])[0] if ORIENTATION in main else 1
        if EXIF_POINTER not in main:
            return turned, b""
        inner = _directory(tiff, order, struct.unpack_from(order + "I", main[EXIF_POINTER])[0])
        if TAKEN_AT not in inner:
            return turned, b""
        start = struct.unpack_from(order + "I", inner[TAKEN_AT])[0]
        taken = tiff[start : start + 19]
        return turned, taken if all(c in b"0123456789: " for c in taken) else b""
    except (struct.error, KeyError, IndexError):
        return 1, b""


def _directory(tiff: bytes, order: str, at: int) -> dict[int, bytes]:
    (count,) = struct.unpack_from(order + "H", tiff, at)
    rows = [tiff[at + 2 + 12 * n : at + 14 + 12 * n] for n in range(count)]
    return {struct.unpack_from(order + "H", row)[0]: row[8:12] for row in rows}


def _small_exif(turned: int, taken: bytes) -> bytes:
    """A fresh block with these two facts and nothing else."""
    if turned == 1 and not taken:
        return b""
    rows = [struct.pack("<HHIHH", ORIENTATION, 3, 1, turned, 0)]
    if not taken:
        return b"II*\0" + struct.pack("<IH", 8, 1) + rows[0] + struct.pack("<I", 0)
    inner_at = 8 + 2 + 2 * 12 + 4
    rows.append(struct.pack("<HHII", EXIF_POINTER, 4, 1, inner_at))
    main = b"II*\0" + struct.pack("<IH", 8, 2) + b"".join(rows) + struct.pack("<I", 0)
    text_at = inner_at + 2 + 12 + 4
    inner = struct.pack("<H", 1) + struct.pack("<HHII", TAKEN_AT, 2, 20, text_at) + struct.pack("<I", 0)
    return main + inner + taken + b"\0"
