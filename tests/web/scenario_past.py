"""以往结果和外部成绩 Two former cycles on record; marks of an appraisal, some confirmed, two waiting."""

from datetime import date
from typing import Any

from pioneer.kernel import clock
from pioneer.results.imports import import_formers
from pioneer.results.marks import confirm_marks, enter_marks
from pioneer.results.models import OutsideMark
from tests.results.past import book, row
from tests.workbooks.people import xlsx
from tests.world import TODAY, World

FIRST, ON = date(2026, 1, 1), date(2026, 3, 20)
BASIS = "一季度民主评议测评汇总表"


def past(world: World, things: dict[str, Any]) -> None:
    """备好"""
    at: dict[str, Any] = {"branch_id": world.branch.pk, "first_on": FIRST, "component": "M"}
    with clock.at(TODAY):
        import_formers(
            actor=world.actor("township_officer"),
            organisation_id=world.organisations["street"].pk,
            name="以往.xlsx",
            content=book(
                row("李桂兰", 2012, 85.5, "良好", 等次下限=80),
                row("李桂兰", 2011, 0, "不合格", 清零="是", 等次下限=0),
                row("张㛃", 2012, "", "", 不定等次的原因="免评"),
            ),
        )

        def enter(who: str, **values: int) -> None:
            given = {world.member(name).pk: value for name, value in values.items()}
            enter_marks(actor=world.actor(who), on=ON, basis=BASIS, marks=given, **at)

        enter("recorder", 李桂兰=8850, 单雪琴=9200)
        seen = {one.pk: one.value for one in OutsideMark.objects.all()}
        confirm_marks(actor=world.actor("secretary"), seen=seen, **at)
        enter("recorder", 张㛃=7600)
        enter("community_officer", 喆䶮堃=8000)
    things["mark"] = OutsideMark.objects.get(member=world.member("李桂兰"))
    things["waiting_mark"] = OutsideMark.objects.get(member=world.member("张㛃"))
    things["formers_workbook"] = book(row("李桂兰", 2010, 91, "优秀", 等次下限=90))
    things["marks_workbook"] = xlsx({"外部成绩": [["党员编号", "姓名", "成绩"], ["M00001", "王保国", 90]]})
