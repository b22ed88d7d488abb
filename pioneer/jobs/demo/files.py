"""附件 Small invented papers and pictures, drawn here, so that evidence and documents can be opened."""

import hashlib
import struct
import zlib
from datetime import date
from math import isqrt

from pioneer.files.storage import storage
from pioneer.jobs.demo.extent import moment
from pioneer.jobs.demo.world import World

SIDE = 320
INKS = [(168, 22, 27), (45, 106, 79), (138, 97, 22), (101, 93, 83), (70, 90, 120)]
PAPER = bytes((251, 248, 243))


def paper(world: World, title: str, on: date) -> int:
    """文件 A picture that stands for a scanned document; its id."""
    return keep(world, picture(len(world.of("file"))), f"{title}.png", on)


def keep(world: World, content: bytes, name: str, on: date) -> int:
    """存入 Under its digest, once."""
    digest = hashlib.sha256(content).hexdigest()
    for row in world.of("file"):
        if row["digest"] == digest:
            return int(row["id"])
    storage().put(digest, content)
    row = world.add(
        "file", digest=digest, size=len(content), content_type="image/png", name=name, created_at=moment(on, 12)
    )
    return int(row["id"])


def picture(number: int) -> bytes:
    """图 A plain drawing: a sun over fields, in one ink on paper, another for each number."""
    ink = INKS[number % len(INKS)]
    sun = (60 + number * 37 % 200, 70 + number * 23 % 60)
    slope, width = 3 + number % 4, 3 + number % 3
    lines = []
    for y in range(SIDE):
        across = isqrt(max(0, 899 - (y - sun[1]) ** 2)) if abs(y - sun[1]) < 30 else -1
        inked = [(sun[0] - across, sun[0] + across + 1)]
        if y > 190:
            steps = range(SIDE // slope + 1)
            inked += [(step * slope, step * slope + slope) for step in steps if (y - step) % 24 < width]
        line = bytearray(PAPER * SIDE)
        for first, after in inked:
            after = min(after, SIDE)
            line[first * 3 : after * 3] = bytes(ink) * max(0, after - first)
        lines.append(b"\0" + line)
    header = struct.pack(">IIBBBBB", SIDE, SIDE, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + _chunk(b"IHDR", header)
        + _chunk(b"IDAT", zlib.compress(b"".join(lines), 9))
        + _chunk(b"IEND", b"")
    )


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
