"""`pioneer score`: a file of facts in, scores out, with no database."""

from __future__ import annotations

import csv
import io
import json
import os
import random
import subprocess
import sys
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import python_calamine
import xlsxwriter

from pioneer.workbooks import score_run
from pioneer.workbooks.score_run import Order, run_score
from tests.scoring.conftest import RULEBOOK
from tests.scoring.oracle import LEVELS, ORDER, Row, calculate, plain

pytestmark = pytest.mark.pure
ROOT = RULEBOOK.parents[2]
COLUMNS = [
    *("member", "name", "track", "indicator", "event_on", "quantity", "value", "level", "event"),
    *("education_on", "document", "ground", "document_on", "posted_order", "status"),
]


def write_csv(path: Path, rows: list[dict[str, Any]], columns: list[str] | None = None) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns or COLUMNS)
        writer.writeheader()
        writer.writerows(rows)
    return path


def write_xlsx(path: Path, rows: list[list[Any]]) -> Path:
    book = xlsxwriter.Workbook(str(path), {"default_date_format": "yyyy-mm-dd"})
    sheet = book.add_worksheet()
    for number, row in enumerate(rows):
        sheet.write_row(number, 0, row)
    book.close()
    return path


def fact(indicator: str, event_on: str = "2026-03-08", member: str = "M1", **more: Any) -> dict[str, Any]:
    return {"member": member, "name": "张三", "track": "rural", "indicator": indicator, "event_on": event_on, **more}


def score(facts: Path, **options: Any) -> tuple[int, str, str]:
    out, err = io.StringIO(), io.StringIO()
    code = run_score(Order(RULEBOOK.parent, facts, **options), out, err)
    return code, out.getvalue(), err.getvalue()


def scored(facts: Path, **options: Any) -> list[dict[str, Any]]:
    code, out, err = score(facts, json=True, **options)
    assert (code, err) == (0, "")
    return [json.loads(line) for line in out.splitlines()]


def test_it_works(tmp_path: Path) -> None:
    rows = [fact("B2", quantity="3"), fact("N7"), fact("A1", member="M2", track="社区", name="李四")]
    first, second = scored(write_csv(tmp_path / "facts.csv", rows))
    assert first == {
        "member": "M1",
        "name": "张三",
        "track": "rural",
        "score": "71",
        "tier": "t60",
        "indices": {"basic": "70", "positive": "1.5", "reverse": "-0.5", "zeroed": False},
        "lines": [
            {
                "row": 2,
                "indicator": "B2",
                "raw": "1.5",
                "counted": "1.5",
                "reason": "志愿服务3小时，每小时0.5分、一次最多2分，计1.5分（第三条B2）",
            },
            {
                "row": 3,
                "indicator": "N7",
                "raw": "-0.5",
                "counted": "-0.5",
                "reason": "组织生活迟到、早退，每次0.5分，扣0.5分（第四条N7）",
            },
        ],
    }
    assert (second["member"], second["track"], second["score"]) == ("M2", "community", "70.5")


def test_excel_with_chinese_headings_any_order_a_title_and_real_dates(tmp_path: Path) -> None:
    rows = [
        ["某支部事项表"],
        ["发生日期", "指标", "类别", "姓名", "党员编号", "数量", "备注"],
        [date(2026, 3, 8), "B2", "农村", "张三", 1001, 1.5, "不相干的列"],
        [datetime(2026, 3, 9, 8, 30), "B5", "农村", "张三", 1001.0, "", ""],
        [46090, "A4", "rural", "张三", "1001", "", ""],
        ["", "", "", "", "", "", ""],
        ["2026年3月11日", "B3", " 农村 ", "张三", "１００１", "", ""],
    ]
    first, other = scored(write_xlsx(tmp_path / "facts.xlsx", rows))
    assert (first["member"], first["score"]) == ("1001", "72.75")
    assert [line["row"] for line in first["lines"]] == [3, 4, 5]
    assert other["member"] == "１００１", "a member number is taken as it stands"


def test_unusable_facts_are_listed_and_the_rest_is_scored(tmp_path: Path) -> None:
    rows = [
        fact("B5"),
        fact("B99"),
        fact("C4"),
        fact("Z1"),
        fact("B5", "昨天"),
        fact("B5", ""),
        fact("B2", quantity="两小时"),
        fact("B2", quantity="1.005"),
        fact("A5", value="9"),
        fact("B5", track="moon"),
        fact("B5", member=""),
        fact("B5", status="开心"),
        fact("B5", posted_order="1.5"),
        fact("", "2026-03-08"),
        fact("N1"),
    ]
    code, out, err = score(write_csv(tmp_path / "facts.csv", rows), json=True)
    assert code == 3
    (only,) = [json.loads(line) for line in out.splitlines()]
    assert (only["score"], [line["row"] for line in only["lines"]]) == ("71", [2, 16])
    said = err.splitlines()
    assert [line.split("：")[0] for line in said[:-1]] == [f"第{row}行" for row in range(3, 16)]
    for word, line in zip(
        ["没有指标“B99”", "只适用于社区类", "缺少文件", "不是可用的日期", "缺少发生日期", "不是数字", "超过两位小数",
         "不在指标A5的2至5分之内", "不认识类别", "缺少党员编号", "不认识身份或状态", "须为整数", "缺少指标"],
        said, strict=False,
    ):  # fmt: skip
        assert word in line
    assert said[-1] == "共有13行不可用，未计分；其余已计分。"


def test_refused_by_a_rule_is_a_line_and_the_exit_code_stays_zero(tmp_path: Path) -> None:
    rows = [fact("N1"), *[fact("A4") for _ in range(5)]]
    (only,) = scored(write_csv(tmp_path / "facts.csv", rows))
    assert [line["counted"] for line in only["lines"]] == ["0", "1", "1", "1", "1", "0"]
    assert only["lines"][0]["raw"] == "-5" and "没有发生日之前的教育记录" in only["lines"][0]["reason"]


def test_zeroing_keeps_the_indices(tmp_path: Path) -> None:
    rows = [
        fact("B3"),
        fact("N2"),
        fact("Z2", "2026-01-05", document="处罚决定书", document_on="2026-05-01"),
        fact("B3", "2026-05-02"),
    ]
    (only,) = scored(write_csv(tmp_path / "facts.csv", rows))
    assert (only["score"], only["tier"]) == ("0", "t0")
    assert only["indices"] == {"basic": "70", "positive": "2", "reverse": "-2", "zeroed": True}


def test_posted_order_status_and_track_by_row(tmp_path: Path) -> None:
    rows = [
        fact("B5", "2026-03-02", posted_order="2"),
        *[fact("B5", f"2026-03-{day}", posted_order="1") for day in (20, 21, 22)],
        fact("C5", "2026-06-01", track="community", status="预备"),
        fact("B5", "2026-05-01", status="已冲正"),
    ]
    (only,) = scored(write_csv(tmp_path / "facts.csv", rows))
    assert (only["track"], only["tier"], only["score"]) == ("community", None, "74")
    assert [line["counted"] for line in only["lines"]] == ["0", "1", "1", "1", "1"]


def test_one_member_only(tmp_path: Path) -> None:
    file = write_csv(tmp_path / "facts.csv", [fact("B5"), fact("B5", member="M2"), fact("B99", member="M3")])
    (only,) = scored(file, member="M2")
    assert only["member"] == "M2"
    code, out, err = score(file, member="M9")
    assert (code, out, err) == (2, "", "文件中没有党员“M9”，请核对编号\n")


def test_the_readable_table(tmp_path: Path) -> None:
    file = write_csv(tmp_path / "facts.csv", [fact("B5"), fact("A4")])
    _, short, _ = score(file)
    assert short.splitlines()[0].split() == ["编号", "姓名", "类别", "基本", "正向", "反向", "得分", "等次"]
    assert short.splitlines()[2].split() == ["M1", "张三", "农村", "70", "2", "0", "72", "60至79分"]
    _, long, _ = score(file, explain=True)
    assert "为群众办好事实事，每次1分，计1分（第三条B5）" in long
    assert "得分72分，等次为“60至79分”（第七条）" in long


def test_out_writes_texts_as_texts(tmp_path: Path) -> None:
    rows = [
        fact("B5", member="=1+1", name="@SUM(A1)"),
        fact("A4", member="-2"),
        fact("B2", quantity="1.5", member="+3"),
    ]
    target = tmp_path / "scores.xlsx"
    assert score(write_csv(tmp_path / "facts.csv", rows), out=target)[0] == 0
    book = python_calamine.CalamineWorkbook.from_path(str(target))
    members, lines = (book.get_sheet_by_name(name).to_python() for name in ("得分", "明细"))
    assert members[1][:2] == ["=1+1", "@SUM(A1)"] and [row[0] for row in members[2:]] == ["-2", "+3"]
    assert [row[7] for row in members[1:]] == [71, 71, 70.75]
    assert "志愿服务1.5小时" in lines[3][8]


def test_the_cycle_is_the_fullest_unless_said(tmp_path: Path) -> None:
    file = write_csv(tmp_path / "facts.csv", [fact("B5", "2025-12-31"), fact("B5"), fact("B5", "2026-04-01")])
    code, out, err = score(file, json=True)
    assert (code, json.loads(out)["score"]) == (3, "72") and "第2行：2025年12月31日不在本周期" in err
    code, out, _ = score(file, json=True, cycle_on=date(2025, 1, 1))
    assert (code, json.loads(out)["score"]) == (3, "71")


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("none.csv", None, "请核对路径"),
        ("none.xlsx", None, "请核对路径"),
        ("bad.xlsx", b"PK\x03\x04 nothing", "请核对路径"),
        ("gbk.csv", "党员编号,姓名\n1,张三\n".encode("gbk"), "不是UTF-8编码"),
        ("empty.csv", b"", "表头缺少这些列"),
        ("short.csv", "编号,姓名\n1,张三\n".encode(), "类别（track）、指标（indicator）、发生日期（event_on）"),
        ("old.csv", b"member,name,track,indicator,event_on\n1,x,rural,B5,1999-01-01\n", "没有适用的积分办法"),
    ],
)
def test_a_file_that_cannot_be_scored(tmp_path: Path, name: str, content: bytes | None, sentence: str) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    code, out, err = score(tmp_path / name, json=True)
    assert (code, out) == (2, "") and sentence in err


def test_a_wrong_rulebook_is_said(tmp_path: Path) -> None:
    out, err = io.StringIO(), io.StringIO()
    (tmp_path / "rulebook.toml").write_text("[meta]\n", encoding="utf-8")
    assert run_score(Order(tmp_path, tmp_path / "none.csv"), out, err) == 2
    assert "meta.name：缺少“name”，请补填" in err.getvalue()


def random_rows(chance: random.Random, members: int) -> tuple[list[dict[str, Any]], dict[str, list[Row]]]:
    rows, wanted = [], {}
    for number in range(members):
        code = f"M{number}"
        codes = chance.sample([item for item in ORDER if item not in ("C1", "C2", "C3")], 6)
        wanted[code] = []
        for _ in range(chance.randrange(1, 40)):
            row = Row(0, chance.choice(codes), date(2026, 1, 1) + timedelta(days=chance.randrange(365)))
            if row.indicator in ("B2", "N4"):
                row.quantity = Decimal(chance.randrange(1, 9))
            elif row.indicator in ("A5", "B7"):
                row.value = Decimal(chance.randrange(300, 501)) / 100
            elif row.indicator == "A6":
                row.level = chance.choice(list(LEVELS))
            elif row.indicator in ("N1", "N11"):
                row.education_on = row.event_on - timedelta(days=chance.randrange(-2, 500))
            row.event = chance.choice([None, None, "甲", "乙"])
            row.posted_order = chance.choice([None, 1, 2])
            wanted[code].append(row)
            plain_row = {"member": code, "name": code, "track": "community", "indicator": row.indicator}
            for key in ("event_on", "quantity", "value", "level", "event", "education_on", "posted_order"):
                plain_row[key] = "" if getattr(row, key) is None else str(getattr(row, key))
            rows.append((plain_row, row))
    chance.shuffle(rows)
    for place, (_, row) in enumerate(rows):
        row.row = place + 2
    return [plain_row for plain_row, _ in rows], wanted


@pytest.mark.parametrize("shared", [False, True])
def test_an_independent_calculation_agrees(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, shared: bool) -> None:
    rows, wanted = random_rows(random.Random(11), 150)
    if shared:
        monkeypatch.setattr(score_run, "LARGE", 10)
        monkeypatch.setattr(os, "cpu_count", lambda: 2)
    found = scored(write_csv(tmp_path / "facts.csv", rows))
    assert [one["member"] for one in found] == list(dict.fromkeys(row["member"] for row in rows))
    for one in found:
        want = calculate(wanted[one["member"]])
        assert (one["score"], one["tier"]) == (plain(want.score), want.tier)
        assert one["indices"]["positive"] == plain(want.positive)
        assert one["indices"]["reverse"] == plain(want.reverse)
        assert {line["row"]: line["counted"] for line in one["lines"]} == {
            row: plain(points) for row, points in want.counted.items()
        }


def test_shared_work_keeps_unusable_rows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(score_run, "LARGE", 3)
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    rows = [fact(code, member=f"M{number}") for number in range(6) for code in ("B5", "B99")]
    code, out, err = score(write_csv(tmp_path / "facts.csv", rows), json=True)
    assert (code, len(out.splitlines()), len(err.splitlines())) == (3, 6, 7)


def test_from_the_shell_without_a_database(tmp_path: Path) -> None:
    file = write_csv(tmp_path / "facts.csv", [fact("B5"), fact("B99")])
    command = [sys.executable, "-m", "pioneer", "score", "rulebooks/jiancaoping/rulebook.toml", str(file), "--json"]
    settings = {**os.environ, "DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none"}
    done = subprocess.run(command, cwd=ROOT, env=settings, capture_output=True, timeout=60, check=False)
    assert done.returncode == 3
    assert json.loads(done.stdout.decode())["score"] == "71"
    assert "第3行：积分办法中没有指标“B99”" in done.stderr.decode()
