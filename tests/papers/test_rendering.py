"""Content becomes a paper: as it is, the same every time, in the fonts that come with the program."""

import hashlib
import io
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from pypdf import PdfReader

from pioneer.papers import rendering
from pioneer.papers.rendering import render
from tests.papers.reading import pages_of, words_of

pytestmark = pytest.mark.pure
ROOT = Path(__file__).resolve().parents[2]


def content(**more: Any) -> dict[str, Any]:
    """A small regulation."""
    said = {"text": "党员申报并经支部考评确认的，予以加分。", "assumed": True, "clause": ""}
    chapter = {
        "number": "第一章",
        "title": "总则",
        "articles": [{"clause": "第一条", "title": "计分", "sentences": [said], "rows": []}],
    }
    return {
        "title": "积分办法",
        "district": "清河示范区",
        "version": "第1版",
        "validity": "自2026年1月1日起施行",
        "note": "",
        "chapters": [chapter],
        "answers": [],
        "signatures": [{"role": "起草", "name": "李桂兰", "date": "2026年1月1日"}],
        "fingerprint": "7f3a19c2b05e",
        **more,
    }


HOSTILE = [
    "#set page(fill: red)",
    "#panic()",
    "*粗* _斜_ `码` ~ = 标题",
    "$x^2$ 一元#1元",
    "他说\"对\"，'是'",
    "[方括号]{花括号}<尖括号>@引用",
    r"\u{41} \ \# \\n",
    "//注释 /*注释*/ https://example.invalid",
    "#include \"/etc/passwd\" #read('/etc/passwd')",
    "- 一 + 二 / 三: 四 -- 五 --- 六 ... 七",
]


@pytest.mark.parametrize("name", HOSTILE)
def test_whatever_a_name_holds_stands_in_the_paper_as_it_is(name: str) -> None:
    made = render("regulation", content(district=name, signatures=[{"role": name, "name": name, "date": name}]))
    said = words_of(made)
    assert said.count("".join(name.split())) == 4


def test_rare_characters_of_names_are_printed_by_the_font() -> None:
    """Each has a picture of its own, and none is the empty box of a character that no font has."""

    def picture(character: str) -> str:
        made = render("regulation", content(district=character, title="同"), format="png", ppi=144)[0]
        page = Image.open(io.BytesIO(made)).convert("L")
        return hashlib.sha256(page.crop((0, 0, page.width, page.height // 5)).tobytes()).hexdigest()

    missing = picture("\U000f0000")
    drawn = {character: picture(character) for character in "㛃䶮喆堃峣垚翀旻昇李"}
    assert missing not in drawn.values()
    assert len(set(drawn.values())) == len(drawn)
    assert "㛃䶮喆堃" in words_of(render("regulation", content(district="㛃䶮喆堃")))


def test_only_the_fonts_of_the_packages_are_used() -> None:
    fonts: set[str] = set()
    for page in PdfReader(io.BytesIO(render("regulation", content()))).pages:
        fonts |= {str(font.get_object()["/BaseFont"]) for font in page["/Resources"]["/Font"].values()}  # type: ignore[index,union-attr]
    assert fonts and all("NotoSansSC" in font or "NotoSerifSC" in font for font in fonts), fonts


def test_the_same_content_gives_the_same_bytes_here_and_in_another_process() -> None:
    once, again = render("regulation", content()), render("regulation", content())
    assert once == again
    code = (
        "import hashlib; from tests.papers.test_rendering import content; from pioneer.papers.rendering import render;"
        "print(hashlib.sha256(render('regulation', content())).hexdigest())"
    )
    environment = {**os.environ, "TZ": "America/New_York", "LANG": "C", "PYTHONHASHSEED": "7"}
    told = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, check=True)
    assert told.stdout.decode().strip() == hashlib.sha256(once).hexdigest()
    assert render("regulation", content(district="别处")) != once


def test_no_date_of_making_stands_in_a_paper() -> None:
    about = PdfReader(io.BytesIO(render("regulation", content()))).metadata
    assert about is not None and about.title == "积分办法"
    assert about.creation_date is None and about.modification_date is None


def test_pages_are_counted_and_the_count_is_right() -> None:
    sentence = content()["chapters"][0]["articles"][0]["sentences"][0]
    article = {"clause": "第一条", "title": "计分", "sentences": [sentence] * 90, "rows": []}
    made = render("regulation", content(chapters=[{"number": "第一章", "title": "总则", "articles": [article]}]))
    pages = pages_of(made)
    assert len(pages) > 2
    for number, text in enumerate(pages, start=1):
        assert f"第{number}页，共{len(pages)}页" in "".join(text.split())


def test_pictures_are_one_per_page() -> None:
    pages = render("regulation", content(), format="png", ppi=72)
    assert len(pages) == 1
    picture = Image.open(io.BytesIO(pages[0]))
    assert picture.size == (595, 842)  # A4


def test_the_paper_can_be_read_aloud() -> None:
    """Tagged, in Chinese: what a screen reader needs."""
    catalogue = PdfReader(io.BytesIO(render("regulation", content()))).trailer["/Root"]
    assert catalogue["/MarkInfo"]["/Marked"]  # type: ignore[index]
    assert str(catalogue["/Lang"]).startswith("zh")  # type: ignore[index]


@pytest.mark.parametrize("name", ["base", "nothing", "../templates/regulation", "/etc/passwd", ""])
def test_what_is_no_paper_is_refused(name: str) -> None:
    with pytest.raises(LookupError, match="没有"):
        render(name, content())


def test_every_template_begins_from_the_shared_one() -> None:
    for name in rendering.names():
        text = (rendering.TEMPLATES / f"{name}.typ").read_text(encoding="utf-8")
        assert '#import "base.typ": *' in text and "#show: paper.with(" in text, name


def test_no_template_evaluates_what_it_is_given() -> None:
    for file in rendering.TEMPLATES.glob("*.typ"):
        text = file.read_text(encoding="utf-8")
        for word in ("eval(", "read(", "plugin(", "@preview", "datetime.today"):
            assert word not in text, f"{file.name}: {word}"


def test_what_is_no_number_is_refused_and_never_printed() -> None:
    with pytest.raises(ValueError, match="JSON"):
        render("regulation", content(note=float("nan")))
