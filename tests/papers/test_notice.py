"""A notice on paper and passed on: what stands on each sheet, and what only on the board and in the meeting."""

import io
import zipfile
from dataclasses import replace
from typing import Any

import pytest
from PIL import Image
from pypdf import PdfReader

from pioneer.papers import notice
from pioneer.papers.notice import Ground, Person, Shown
from pioneer.papers.notice_kinds import KINDS
from pioneer.papers.rendering import TEMPLATES
from tests.papers.reading import pages_of, words_of
from tests.papers.test_rendering import HOSTILE

pytestmark = pytest.mark.pure
ADDRESS = "https://pioneer.example.cn/n/abcdefghijklmnopqrstuvwx/"
GROUNDS = (
    Ground("调解楼院纠纷", 200, True, day="3月3日"),
    Ground("志愿服务", 100, True, day="3月5日", reason="满4分上限，截去0.5分"),
    Ground("无故缺席主题党日", -200, False),
)


def person(position: int, name: str = "李桂兰", **more: Any) -> Person:
    return Person(position, name, **{"positive": 300, "reverse": -200, "total": 7100, "grounds": GROUNDS, **more})


def shown(*people: Person, **more: Any) -> Shown:
    return Shown(
        **{
            "branch": "槐园社区第一党支部",
            "above": "槐园社区",
            "month": "2026年3月",
            "revision": 1,
            "window": "公示期　4月1日至4月9日（5个工作日，公示当日不计）",
            "last_day": "4月9日",
            "state": "公示已结束",
            "rulebook": "先锋指数积分办法（第1版）",
            "fingerprint": "7F3A 19C2 B05E",
            "address": ADDRESS,
            "people": people or (person(1),),
            **more,
        }
    )


def many(count: int) -> Shown:
    return shown(*(person(number, f"党员{number:03}") for number in range(1, count + 1)))


def squeezed(text: str) -> str:
    return "".join(text.split())


def sizes_of(pdf: bytes) -> list[tuple[str, float]]:
    """Each piece of text of the first page with its size in points."""
    found: list[tuple[str, float]] = []

    def visit(text: str, _: Any, matrix: list[float], __: Any, size: float) -> None:
        if text.strip():
            found.append((text, size * abs(matrix[3])))

    PdfReader(io.BytesIO(pdf)).pages[0].extract_text(visitor_text=visit)
    return found


def heights_of(pdf: bytes) -> list[float]:
    """How high above the lower edge of its page each piece of text stands."""
    found: list[float] = []

    def visit(text: str, base: list[float], matrix: list[float], _: Any, __: float) -> None:
        if text.strip():
            found.append(matrix[5] * base[3] + base[5])

    for page in PdfReader(io.BytesIO(pdf)).pages:
        page.extract_text(visitor_text=visit)
    return found


@pytest.mark.parametrize("sheet", ["a3", "a4"])
def test_every_sheet_says_which_of_how_many_it_is_and_how_to_object(sheet: str) -> None:
    pages = [squeezed(page) for page in pages_of(notice.poster(many(40), sheet))]
    assert len(pages) > 2
    for number, page in enumerate(pages, start=1):
        for said in (
            f"第{number}张，共{len(pages)}张",
            "先锋指数积分公示",
            "槐园社区第一党支部",
            "4月1日至4月9日",
            "5个工作日",
            "第1次公示",
            "序姓名正向反向本月累计得分依据",
            "认为哪一分不对，请在4月9日24时前告诉我们",
            "7F3A19C2B05E",
        ):
            assert said in page, (number, said)
    assert "页，共" not in "".join(pages)


def test_the_roster_keeps_its_order_and_nobody_is_broken_across_sheets() -> None:
    pages = [squeezed(page) for page in pages_of(notice.poster(many(40), "a3"))]
    whole = "".join(pages)
    places = [whole.index(f"党员{number:03}") for number in range(1, 41)]
    assert places == sorted(places)
    assert all(page.count("党员0") == page.count("无故缺席主题党日") for page in pages)


def test_a_small_branch_hangs_on_one_sheet_and_both_sizes_say_the_same() -> None:
    large, small = notice.poster(many(8), "a3"), notice.poster(many(8), "a4")
    assert len(pages_of(large)) == len(pages_of(small)) == 1
    assert words_of(large) == words_of(small)
    boxes = [PdfReader(io.BytesIO(made)).pages[0].mediabox for made in (large, small)]
    assert [(round(box.width), round(box.height)) for box in boxes] == [(842, 1191), (595, 842)]


def test_on_a3_names_and_grounds_are_large_and_the_call_is_the_largest_after_the_title() -> None:
    sizes = sizes_of(notice.poster(shown(person(1, "喆䶮堃")), "a3"))

    def size(part: str) -> float:
        return max(points for text, points in sizes if part in text)

    assert size("喆") >= 28 and size("纠纷") >= 18 and size("主题") >= 18
    title, call = size("先锋"), size("认为")
    assert title > call and all(points < call for _, points in sizes if points not in (title, call))


def test_more_grounds_than_fit_in_a_row_go_on_in_the_next_and_none_is_lost() -> None:
    grounds = tuple(Ground(f"第{number:02}件事" + "很长" * 60, 100, True) for number in range(40))
    long = Ground("长" * 900 + "完", 100, True)
    words = words_of(notice.poster(shown(person(1, grounds=(*grounds, long))), "a3"))
    assert all(f"第{number:02}件事" in words for number in range(40))
    assert words.count("很长") == 40 * 60 and words.count("长") == 40 * 60 + 900 and "完+1" in words
    assert "（续）" in words and words.count("+3") == 1


def test_nothing_runs_off_the_foot_of_a_page_however_much_there_is() -> None:
    grounds = tuple(Ground(f"第{number:02}件事" + "很长" * 20, 50, True, reason="截去0.5分") for number in range(80))
    made = shown(person(1), person(2, grounds=grounds), person(3))
    for pdf in (notice.handout(made), notice.poster(made, "a3")):
        assert min(heights_of(pdf)) > 20
        assert words_of(pdf).count("件事") == 80


def test_lines_that_say_the_same_stand_once_with_their_number() -> None:
    same = (Ground("政策宣讲", 50, True, day="3月3日"), Ground("政策宣讲", 50, True, day="3月6日"))
    made = shown(person(1, grounds=same))
    assert "政策宣讲（2次）+1" in words_of(notice.poster(made, "a3"))
    assert words_of(notice.handout(made)).count("政策宣讲") == 2


def test_rare_names_are_printed_as_they_are() -> None:
    made = shown(person(1, "张㛃"), person(2, "喆䶮堃"))
    for pdf in (notice.poster(made, "a3"), notice.handout(made)):
        words = words_of(pdf)
        assert "张㛃" in words and "喆䶮堃" in words
    assert "喆䶮堃".encode() in notice.chat(made) and "张㛃".encode() in notice.article(made)


@pytest.mark.parametrize("name", HOSTILE)
def test_whatever_a_name_holds_stands_on_the_papers_as_it_is(name: str) -> None:
    made = shown(person(1, name))
    for pdf in (notice.poster(made, "a3"), notice.handout(made)):
        assert squeezed(name) in words_of(pdf)
    assert name in notice.chat(made).decode()


def test_an_article_shows_markup_in_a_name_as_text_and_runs_nothing() -> None:
    page = notice.article(shown(person(1, "<script>alert(1)</script>", note="<b>"), branch='"><img src=x>')).decode()
    assert "<script" not in page and "<img" not in page and "<b>" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


def test_a_break_in_a_name_makes_no_line_of_its_own_in_a_group() -> None:
    assert "1. 李 2. 王" in notice.chat(shown(person(1, "李\n2. 王"))).decode()


def test_what_is_passed_on_has_figures_grounds_of_additions_and_the_address_and_no_ground_of_a_deduction() -> None:
    made = shown(person(1, note="预备党员", zeroed="清零Z2（处罚决定书）"))
    for text in (notice.chat(made).decode(), notice.article(made).decode()):
        for said in ("李桂兰", "预备党员", "+3", "−2", "71", "调解楼院纠纷 +2", "志愿服务 +1", ADDRESS, "不排名次"):
            assert said in text, said
        for kept in ("无故缺席", "清零", "处罚", "截去"):
            assert kept not in text, kept
    for pdf in (notice.poster(made, "a3"), notice.handout(made)):
        assert all(said in words_of(pdf) for said in ("无故缺席主题党日−2", "清零Z2（处罚决定书", "截去0.5分"))


def test_the_long_picture_is_the_same_with_and_without_the_grounds_of_deductions() -> None:
    """Whatever they say, they don't change a dot of it."""
    plain = replace(person(1), grounds=GROUNDS[:2])
    assert notice.pictures(shown(person(1, zeroed="清零Z2（处罚决定书）"))) == notice.pictures(shown(plain))


def test_the_long_picture_is_1080_dots_wide_and_grows_with_the_roster() -> None:
    small, large = (Image.open(io.BytesIO(notice.pictures(many(count))[0])) for count in (2, 40))
    assert small.width == large.width == 1080
    assert large.height > small.height


def test_the_text_of_the_long_picture_is_never_below_34_dots() -> None:
    text = (TEMPLATES / "notice_picture.typ").read_text(encoding="utf-8")
    sizes = [float(part.split("pt")[0]) for part in text.split("size: ")[1:]]
    assert sizes and min(sizes) * notice.PICTURE_PPI / 72 >= 34
    assert "small[" not in text and "framed(" not in text


def test_the_handout_numbers_who_is_evaluated_and_leaves_lines_to_sign() -> None:
    words = words_of(notice.handout(shown(person(1), person(2, total=None))))
    assert "应评2人，已评1人，不计分1人" in words
    assert all(role in words for role in ("主持人", "记录人", "日期"))


def test_a_later_notice_says_which_it_is_and_what_was_withdrawn() -> None:
    corrected = replace(GROUNDS[0], is_new=True)
    made = shown(person(1, grounds=(corrected,)), revision=2, struck=("送邻居就医",))
    assert "第2次公示，更正后" in words_of(notice.poster(made, "a3"))
    assert "本次更正" in words_of(notice.poster(made, "a3"))
    assert "送邻居就医" in words_of(notice.handout(made))
    assert "第2次公示" in notice.chat(made).decode() and "第2次公示" in notice.article(made).decode()


def test_after_its_window_a_notice_asks_for_no_objection() -> None:
    words = words_of(notice.poster(shown(last_day=""), "a3"))
    assert "公示已结束" in words and "认为哪一分不对" not in words and "冲正" in words


def test_the_same_notice_gives_the_same_bytes() -> None:
    made = many(5)
    for paper in (notice.handout, notice.chat, notice.article, notice.pictures, lambda one: notice.poster(one, "a3")):
        assert paper(made) == paper(made)


def test_the_code_on_the_poster_is_drawn_from_the_address() -> None:
    assert notice.qr(ADDRESS) != notice.qr(ADDRESS + "x")
    assert notice.qr(ADDRESS).startswith("<svg")


def test_a_hundred_and_twenty_members_come_in_several_pictures_a_phone_shows_sharply() -> None:
    whole = many(120)
    made = notice.pictures(whole)
    sizes = [Image.open(io.BytesIO(one)).size for one in made]
    assert len(made) == len(notice.picture_parts(whole)) > 3
    assert all(width == 1080 and height <= 12_000 for width, height in sizes), sizes
    assert max(height for _, height in sizes) < 1.3 * min(height for _, height in sizes), sizes
    assert notice.picture_part(whole, 2) == made[1]
    for number in (0, len(made) + 1):
        with pytest.raises(LookupError, match=f"只有{len(made)}张"):
            notice.picture_part(whole, number)


def test_the_parts_hold_everybody_once_in_roster_order_whatever_their_grounds() -> None:
    talkative = tuple(Ground(f"第{number}件好事，写得很长很长很长很长很长很长", 100, True) for number in range(30))
    people = [person(number, grounds=talkative if number % 7 == 0 else ()) for number in range(1, 121)]
    for count in (0, 1, 5, 40, 120):
        parts = notice.picture_parts(shown(*people[:count]) if count else replace(shown(), people=()))
        assert [one.position for part in parts for one in part] == list(range(1, count + 1))
        assert all(parts) or not count
    assert notice.picture_parts(many(8)) == [many(8).people]


def test_several_pictures_go_in_one_archive_and_one_goes_by_itself() -> None:
    one, several = KINDS["picture"].make(many(8)), KINDS["picture"].make(many(60))
    assert (one.suffix, one.content_type) == ("png", "image/png")
    assert (several.suffix, several.content_type) == ("zip", "application/zip")
    with zipfile.ZipFile(io.BytesIO(several.content)) as archive:
        assert archive.namelist() == [f"{number:02}.png" for number in range(1, len(archive.namelist()) + 1)]
        assert archive.read("01.png") == notice.picture_part(many(60), 1)


CARRIED = [
    (("scores", "additions", "link"), ["李桂兰", "加分依据：调解楼院纠纷"], ["无故缺席", "清零Z2"]),
    (("scores", "additions", "deductions", "link"), ["加分、扣分依据：", "无故缺席主题党日 −2", "清零Z2"], []),
    (("scores", "deductions", "link"), ["扣分依据：无故缺席主题党日 −2"], ["调解楼院纠纷"]),
    (("scores", "link"), ["李桂兰", "累计71"], ["依据：调解", "调解楼院纠纷", "无故缺席"]),
    (("link",), [ADDRESS], ["李桂兰", "累计71", "不排名次", "调解楼院纠纷"]),
]


@pytest.mark.parametrize(("parts", "carried", "kept"), CARRIED)
def test_an_account_and_a_group_carry_what_the_rulebook_says(
    parts: tuple[str, ...], carried: list[str], kept: list[str]
) -> None:
    made = shown(person(1, zeroed="清零Z2（处罚决定书）"), account=parts, group=parts)
    text = notice.chat(made).decode()
    assert all(said in text for said in carried), text
    article = notice.article(made).decode()
    for said in kept:
        assert said not in text and said not in article, said
    assert ("李桂兰" in article) == ("scores" in parts) and ADDRESS in article
    assert len(notice.pictures(made)) == 1
    words = words_of(notice.poster(made, "a3"))
    assert "无故缺席主题党日−2" in words and "清零Z2" in words  # the board carries everything, whatever they say
    assert "公示页的链接" in notice.passes_on(made)


def test_one_channel_may_carry_more_than_the_other() -> None:
    made = shown(account=("link",), group=("scores", "additions", "link"))
    assert "李桂兰" in notice.chat(made).decode() and "李桂兰" not in notice.article(made).decode()
    assert notice.passes_on(made).startswith("群里写得分、加分依据、公示页的链接，公众号上写公示页的链接；")
