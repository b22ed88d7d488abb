"""`pioneer papers`: every paper of a month, by two processes, begun again where it was broken off."""

import json
from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from pioneer.kernel import clock
from pioneer.publicity.models import Publication
from tests.notices import On, make_sheet, post, publish
from tests.papers.reading import words_of
from tests.world import TODAY, World, adopt_rulebook

pytestmark = pytest.mark.one_database


@pytest.fixture
def month(world: World) -> dict[str, Publication]:
    adopt_rulebook(world)
    with clock.at(TODAY):
        return {
            "branch": publish(world, make_sheet(world, [On("李桂兰"), On("张㛃", "N7", 14)])),
            "second": publish(world, make_sheet(world, [], branch=world.second_branch), "second_recorder"),
            "village": publish(world, make_sheet(world, [], branch=world.village), "village_recorder"),
        }


def papers(out: Path, **more: Any) -> str:
    said = StringIO()
    with clock.at(more.pop("on", TODAY)):
        call_command("papers", month="2026-03", out=out, site="https://pioneer.example.cn", stdout=said, **more)
    return said.getvalue()


def files(out: Path) -> list[str]:
    return sorted(str(file.relative_to(out)) for file in out.rglob("*") if file.is_file())


def test_every_notice_of_the_month_becomes_a_poster_in_its_communitys_folder(
    world: World, month: dict[str, Publication], tmp_path: Path
) -> None:
    assert "3次公示：新做3份，原有0份" in papers(tmp_path)
    first = f"槐园社区/槐园社区第一党支部-{world.branch.pk}-2026-03-poster-a3.pdf"
    assert first in files(tmp_path) and len(files(tmp_path)) == 4
    assert not [name for name in files(tmp_path) if name.endswith(".part")]
    words = words_of((tmp_path / first).read_bytes())
    assert "李桂兰" in words and "第1次公示" in words


def test_run_again_nothing_is_drawn_twice_and_what_changed_is_drawn_anew(
    world: World, month: dict[str, Publication], tmp_path: Path
) -> None:
    papers(tmp_path)
    before = {name: (tmp_path / name).stat().st_mtime_ns for name in files(tmp_path) if name.endswith(".pdf")}
    assert "新做0份，原有3份" in papers(tmp_path)
    assert before == {name: (tmp_path / name).stat().st_mtime_ns for name in before}
    post(month["branch"])
    assert "新做1份，原有2份" in papers(tmp_path)


def test_broken_off_it_goes_on_where_it_was(month: dict[str, Publication], tmp_path: Path) -> None:
    papers(tmp_path)
    listed = tmp_path / "papers.jsonl"
    rows = [line for line in listed.read_text(encoding="utf-8").splitlines() if line]
    listed.write_text(rows[0] + "\n" + rows[1][:20], encoding="utf-8")  # the power went while the second was noted
    assert "新做2份，原有1份" in papers(tmp_path)
    gone = tmp_path / json.loads(rows[0])["paper"]
    gone.with_name(json.loads(rows[0])["file"]).unlink()
    assert "新做1份，原有2份" in papers(tmp_path)


def test_some_branches_and_several_kinds(world: World, month: dict[str, Publication], tmp_path: Path) -> None:
    said = papers(tmp_path, branch=["第一党支部"], kind=["chat", "handout"])
    assert "1次公示：新做2份" in said
    chat = next(tmp_path.rglob("*-chat.txt")).read_text(encoding="utf-8")
    assert f"https://pioneer.example.cn/n/{month['branch'].token}/" in chat
    assert "2次公示：新做2份" in papers(tmp_path, branch=[str(world.village.pk), "第二党支部"])


def test_what_is_passed_on_is_not_made_once_the_public_page_has_ended(
    month: dict[str, Publication], tmp_path: Path
) -> None:
    post(month["branch"])
    said = papers(tmp_path, on=date(2026, 6, 1), branch=["第一党支部"], kind=["chat", "poster-a4"])
    assert "新做1份，原有0份，1份因公示页已到期不做" in said


def test_only_the_live_revision_is_made(month: dict[str, Publication], tmp_path: Path) -> None:
    former = month["branch"]
    Publication.objects.filter(pk=former.pk).update(superseded_at=clock.now())
    Publication.objects.create(
        sheet=former.sheet,
        revision=2,
        published_at=former.published_at,
        closes_at=former.closes_at,
        digest="f" * 64,
        heading=former.heading,
    )
    papers(tmp_path, branch=["第一党支部"], kind=["chat"])
    assert "第2次公示" in next(tmp_path.rglob("*-chat.txt")).read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("more", "said"),
    [({"month": "2026-13"}, "2026-03 这样"), ({"branch": ["没有的支部"]}, "没有“没有的支部”")],
)
def test_a_wrong_order_is_refused_in_a_sentence(
    month: dict[str, Publication], tmp_path: Path, more: dict[str, Any], said: str
) -> None:
    with pytest.raises(CommandError, match=said):
        call_command("papers", **{"month": "2026-03", "out": tmp_path, "stdout": StringIO(), **more})


def test_a_month_without_notices_makes_none(world: World, tmp_path: Path) -> None:
    assert "0次公示：新做0份" in papers(tmp_path)
