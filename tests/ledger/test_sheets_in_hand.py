"""A paper in hand: found by its fingerprint, compared line by line, with what the ledger holds of it."""

import json
from collections.abc import Callable
from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from pioneer.kernel import clock, sealing
from pioneer.kernel.errors import BadInput, DomainError
from pioneer.ledger import sheets_in_hand
from pioneer.publicity.erasure import erase_texts
from pioneer.publicity.models import Publication, PublishedLine
from pioneer.publicity.sheet_files import sheet_of
from tests.notices import On, make_sheet, post, publish
from tests.world import World

ByHand = Callable[..., None]


@pytest.fixture
def shown(ruled: World) -> Publication:
    with clock.at(date(2026, 4, 1)):
        lines = [On("李桂兰", "B5", 3), On("李桂兰", "N7", 14), On("王保国")]
        return publish(ruled, make_sheet(ruled, lines))


@pytest.fixture
def paper(shown: Publication) -> Any:
    """The file as it was taken away."""
    return json.loads(json.dumps(sheet_of(shown), ensure_ascii=False))


def verify(given: str) -> tuple[int, str]:
    out, wrong = StringIO(), StringIO()
    try:
        call_command("verify", sheet=given, stdout=out, stderr=wrong)
    except SystemExit as left:
        return int(str(left.code)), wrong.getvalue()
    return 0, out.getvalue()


def written(tmp_path: Path, content: Any) -> str:
    file = tmp_path / "公示.json"
    file.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    return str(file)


def test_by_its_fingerprint_however_it_is_typed(shown: Publication) -> None:
    short = sealing.short(shown.digest)
    for typed in (short, short.lower(), short.replace(" ", "-"), shown.digest, short.replace("0", "O")):
        code, said = verify(typed)
        assert code == 0, typed
        assert "槐园社区第一党支部2026年3月第1次公示，列名8人，3条；正在公示，尚未入账" in said
    with clock.at(date(2026, 4, 10)):
        posting = post(shown)
        assert f"入账（第{posting.number}号），台账与公示一致" in verify(short)[1]


def test_an_unknown_or_ill_written_fingerprint(shown: Publication) -> None:
    assert verify("0000 0000 0000")[0] == 1
    for typed in ("7F3A", "这不是指纹", "z" * 12, "a" * 65):
        with pytest.raises(BadInput, match="三组"):
            sheets_in_hand.held(typed)
        assert verify(typed)[0] == 1


def test_the_file_as_it_was_taken_away_agrees(shown: Publication, paper: Any, tmp_path: Path) -> None:
    code, said = verify(written(tmp_path, paper))
    assert code == 0 and "核验相符" in said


def _first_line(paper: Any) -> Any:
    return paper["members"][1]["lines"][0]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda p: _first_line(p).update(counted=900), "第2行李桂兰第1条“.*”的计入，公示为1分，文件为9分"),
        (lambda p: _first_line(p).update(wording="救人"), "公示用语，公示为"),
        (lambda p: _first_line(p).update(event_on="2026-03-04"), "的日期，公示为2026-03-03，文件为2026-03-04"),
        (lambda p: p["members"][1]["lines"].pop(), "公示上有，文件里没有"),
        (lambda p: p["members"].pop(), "第8行喆䶮堃，公示上有，文件里没有"),
        (lambda p: p["members"][2].update(name="张三"), "第3行张㛃的姓名，公示为“张㛃”，文件为“张三”"),
        (lambda p: p["members"][0].update(total=9900), "第1行王保国的累计，公示为71分，文件为99分"),
        (lambda p: p["members"][0].update(key="0"), "不是同一个人"),
        (lambda p: p["heading"].update(branch="别的支部"), "表头不同"),
        (lambda p: p.update(fingerprint="0" * 64), "指纹不同"),
        (lambda p: p["members"].append({**p["members"][0], "position": 9}), "第9行，文件里有，公示上没有"),
    ],
)
def test_the_first_line_that_disagrees_is_named(
    shown: Publication, paper: Any, change: Callable[[Any], Any], said: str
) -> None:
    change(paper)
    with pytest.raises(DomainError, match=said):
        sheets_in_hand.compare(paper)


def test_of_two_changes_the_upper_one_is_named(shown: Publication, paper: Any) -> None:
    paper["members"][5]["total"] = 1
    paper["members"][1]["total"] = 1
    with pytest.raises(DomainError, match="第2行"):
        sheets_in_hand.compare(paper)


@pytest.mark.parametrize(
    "content",
    [[], {}, {"format": "pioneer-sheet/1"}, {"format": "pioneer-sheet/1", "fingerprint": "0" * 64}, "x", 7],
)
def test_what_is_no_file_of_a_notice_is_said_so(shown: Publication, content: Any, tmp_path: Path) -> None:
    assert verify(written(tmp_path, content))[0] == 1


def test_a_file_with_holes_is_refused_and_no_error(shown: Publication, paper: Any, tmp_path: Path) -> None:
    del paper["members"][0]["positive"]
    code, said = verify(written(tmp_path, paper))
    assert code == 1 and "缺项" in said
    (tmp_path / "a.json").write_bytes(b"\xff\x00{")
    assert verify(str(tmp_path / "a.json"))[0] == 1
    assert verify(str(tmp_path / "nowhere.json"))[0] == 1


def test_one_that_was_replaced_was_published_and_says_so(ruled: World, shown: Publication) -> None:
    Publication.objects.filter(pk=shown.pk).update(superseded_at=clock.now())
    second = Publication.objects.create(
        sheet=shown.sheet,
        revision=2,
        published_at=shown.published_at,
        closes_at=shown.closes_at,
        digest="f" * 64,
        heading=shown.heading,
    )
    code, said = verify(shown.digest)
    assert code == 0 and "由第2次公示代替" in said
    assert verify(second.digest)[0] == 1  # whose fingerprint is none of its rows


def test_rows_changed_by_hand_are_found_by_the_fingerprint_too(shown: Publication, by_hand: ByHand) -> None:
    PublishedLine.objects.filter(publication=shown, indicator="B5").update(counted=900)
    code, said = verify(shown.digest)
    assert code == 1 and "与它的指纹不符" in said


def test_a_ledger_that_parts_from_the_notice_is_found(shown: Publication, by_hand: ByHand) -> None:
    with clock.at(date(2026, 4, 10)):
        post(shown)
    by_hand("ledger_entry", "UPDATE ledger_entry SET value = 900 WHERE indicator = 'B5'")
    code, said = verify(shown.digest)
    assert code == 1 and "第1号入账" in said


def test_erased_texts_are_held_to_what_was_once_bound(ruled: World, shown: Publication, paper: Any) -> None:
    member = ruled.member("李桂兰")
    erase_texts(member.pk, None)
    member.erased_at = clock.now()
    member.save()
    assert sheets_in_hand.compare(paper).publication == shown
    _first_line(paper)["wording"] = "救人"
    with pytest.raises(DomainError, match="不是当时公示的"):
        sheets_in_hand.compare(paper)
