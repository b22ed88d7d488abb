"""公示纸面的种类 Every kind of paper that a notice is made into, by its name in addresses and on the command line."""

import io
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from pioneer.papers import notice
from pioneer.papers.notice import Shown

PDF, HTML, TEXT, PNG = "application/pdf", "text/html; charset=utf-8", "text/plain; charset=utf-8", "image/png"
ZIP = "application/zip"
WHEN = (1980, 1, 1, 0, 0, 0)  # of every file in an archive: the same pictures give the same bytes


@dataclass(frozen=True, slots=True)
class Made:
    """做成的纸面"""

    content: bytes
    content_type: str
    suffix: str


@dataclass(frozen=True, slots=True)
class Kind:
    """一种纸面 `is_passed_on`: it leaves the board and the meeting, and is made only while the public page stands."""

    name: str
    make: Callable[[Shown], Made]
    is_passed_on: bool = False


def _as(make: Callable[[Shown], bytes], content_type: str, suffix: str) -> Callable[[Shown], Made]:
    return lambda shown: Made(make(shown), content_type, suffix)


def _pictures(shown: Shown) -> Made:
    """One picture, or several in an archive."""
    made = notice.pictures(shown)
    if len(made) == 1:
        return Made(made[0], PNG, "png")
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for number, content in enumerate(made, start=1):
            archive.writestr(zipfile.ZipInfo(f"{number:02}.png", WHEN), content)
    return Made(packed.getvalue(), ZIP, "zip")


KINDS: dict[str, Kind] = {
    "poster-a3": Kind("公示栏海报（A3）", _as(partial(notice.poster, sheet="a3"), PDF, "pdf")),
    "poster-a4": Kind("公示栏海报（A4）", _as(partial(notice.poster, sheet="a4"), PDF, "pdf")),
    "handout": Kind("党员大会材料", _as(notice.handout, PDF, "pdf")),
    "article": Kind("公众号文章", _as(notice.article, HTML, "html"), True),
    "chat": Kind("微信群文字", _as(notice.chat, TEXT, "txt"), True),
    "picture": Kind("长图", _pictures, True),
}
