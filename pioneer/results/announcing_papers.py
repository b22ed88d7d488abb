"""通报纸面的内容 What the papers of the year's end say, from the rows of a settlement; made before the meeting as well
as after it. Whoever may not see a row gets no paper of it: rows come in as the reader's own."""

import re
from collections.abc import Iterable, Mapping, Sequence

from pioneer.conduct.queries import zeroings_in_force
from pioneer.kernel import sealing
from pioneer.kernel.points import show
from pioneer.ledger.deductions import Deduction, deductions_at
from pioneer.organisations.models import Organisation
from pioneer.papers import announcement as papers
from pioneer.results.announcing_queries import OWED
from pioneer.results.cycles import cycle_text
from pioneer.results.mark_queries import standing_marks, usable
from pioneer.results.models import Announcement, Result, ResultAspect, Settlement, Told
from pioneer.results.settlement_queries import WHY, tier_counts, tier_names
from pioneer.rulebook.queries import parsed
from pioneer.scoring import Cycle, Rulebook

Why = Result.Why
EXPLAINED = {
    Why.PROBATIONARY: "预备党员参加考评、计分，不定等次；预备期的考察和转正按发展党员的程序办理。",
    Why.EXEMPT: "经批准免评：列入名单，不计得分，不定等次。",
    Why.OUT_OF_CONTACT: "失联党员不定等次，按失联党员的规定处理。",
    Why.TOO_SHORT: "到周期末参加考评的时间不足，计分，不定等次。",
    Why.MISSING: "尚缺外部成绩，计分，不定等次。",
}
LEFT = "到周期末已不在本单位，不定等次。"
ZEROED = "清零的，得分为零，本周期积分管理终止，直接列入最低等次。"
HIDDEN = "×××"


def _day(on: object) -> str:
    return f"{on.year}年{on.month}月{on.day}日"  # type: ignore[attr-defined]


def _cycle(made: Settlement) -> str:
    return cycle_text(Cycle(made.first_on, made.last_on))


def _rulebook(made: Settlement) -> str:
    return f"《{made.version.name}》第{made.version.number}版"


def _meeting(held: Announcement | None) -> str:
    return f"{_day(held.held_on)}在{held.place}召开的组织生活会上通报，{held.presided_by}主持。" if held else ""


def has_score(one: Result) -> bool:
    """是否列出得分 The exempt are listed without."""
    return one.why != Why.EXEMPT


# ------------------------------------------------------------------ the meeting's handout and minutes


def handout(unit: Organisation, made: Settlement, rows: Sequence[Result], held: Announcement | None) -> bytes:
    """组织生活会材料 All of a unit: PDF."""
    names = tier_names(made)
    content = papers.Handout(
        unit=unit.name,
        cycle=_cycle(made),
        rulebook=_rulebook(made),
        made_on=_day(made.made_on),
        fingerprint=sealing.short(made.digest),
        branches=tuple(
            papers.Branch(name, tuple(_listed(place, one, names) for place, one in enumerate(people, start=1)))
            for name, people in _by_branch(rows)
        ),
        tiers=_tiers(made, rows),
        notes=tuple(_notes(rows)),
        meeting=_meeting(held),
        has_outside=any(one.outside for one in rows),
    )
    return papers.handout(content)


def _by_branch(rows: Iterable[Result]) -> list[tuple[str, list[Result]]]:
    found: dict[str, list[Result]] = {}
    for one in rows:
        found.setdefault(one.branch.name, []).append(one)
    return list(found.items())


def _listed(place: int, one: Result, names: dict[str, str]) -> papers.Listed:
    scored = has_score(one)
    said = [WHY[one.why]] if one.why else []
    said += ["清零"] if one.is_zeroed else []
    said += ["名额调整后"] if one.earned != one.tier else []
    return papers.Listed(
        position=place,
        name=one.member.name,
        positive=show(one.positive, signed=True) if scored else "",
        reverse=show(one.reverse, signed=True) if scored else "",
        score=show(one.score) if scored else "",
        tier=names.get(one.tier, one.tier),
        note="，".join(said),
    )


def _tiers(made: Settlement, rows: Sequence[Result]) -> tuple[papers.TierRow, ...]:
    tiers = {tier.code: tier for tier in parsed(made.version).tiers}
    counted = tier_counts(made, Result.objects.filter(pk__in=[one.pk for one in rows]))
    return tuple(
        papers.TierRow(
            name=one.name,
            lower=show(tiers[one.code].lower) if one.code in tiers else "",
            members=one.members,
            share=one.members * 1000 // len(rows) if rows else 0,
            consequence=tiers[one.code].consequence if one.code in tiers else "",
        )
        for one in counted
    )


def _notes(rows: Iterable[Result]) -> list[str]:
    """What the words in the last column mean; only those that occur."""
    whys = {one.why for one in rows}
    said = [text for why, text in EXPLAINED.items() if why in whys]
    said += [LEFT] if whys - set(EXPLAINED) - {""} else []
    return [*said, ZEROED] if any(one.is_zeroed for one in rows) else said


def minutes(unit: Organisation, made: Settlement, rows: Sequence[Result], told: Sequence[Told]) -> bytes:
    """会议记录 A form; with the rows of the announcement, what was recorded stands in it."""
    held = told[0].announcement if told else None
    of_result = {one.result_id: one for one in told}
    expected = [one for one in rows if one.status in OWED]
    seen = [one.was_present for one in told if one.was_present is not None]
    content = papers.Minutes(
        unit=unit.name,
        cycle=_cycle(made),
        held_on=_day(held.held_on) if held else "",
        place=held.place if held else "",
        presided_by=held.presided_by if held else "",
        expected=len(expected),
        present=f"{sum(seen)}人" if seen else "",
        absent=f"{len(expected) - sum(seen)}人" if len(seen) == len(told) and seen else "",
        tiers=_tiers(made, rows),
        people=tuple(_came(place, one, of_result.get(one.pk)) for place, one in enumerate(expected, start=1)),
        dissents=tuple(papers.Said(one.result.member.name, one.words) for one in told if one.answer == "dissents"),
        rulebook=_rulebook(made),
    )
    return papers.minutes(content)


def _came(place: int, one: Result, told: Told | None) -> papers.Came:
    present = handed = answer = ""
    if told is not None:
        present = {True: "到会", False: "没有到会", None: ""}[told.was_present]
        handed = f"{told.handed_how}，{_day(told.handed_on)}" if told.handed_on else ""
        answer = told.get_answer_display() if told.answer else ""
    return papers.Came(place, one.member.name, one.branch.name, present, handed, answer)


# ------------------------------------------------------------------ each member's statement


def statements(made: Settlement, rows: Sequence[Result], held: Announcement | None, *, large: bool = False) -> bytes:
    """告知单 One page each, in the order given; on none of them another member's name."""
    book, cycle = parsed(made.version), Cycle(made.first_on, made.last_on)
    deductions = deductions_at([one.member.key for one in rows], cycle, made.made_at)
    aspects: dict[int, list[ResultAspect]] = {}
    for each in ResultAspect.objects.filter(result__in=[one.pk for one in rows]):
        aspects.setdefault(each.result_id, []).append(each)
    zeroings: dict[int, list[str]] = {}
    for case in zeroings_in_force([one.member_id for one in rows if one.is_zeroed], *cycle):
        row = book.indicators.get(case.indicator)
        document = f"{case.issuer}{case.document_number}，{_day(case.document_on)}"
        zeroings.setdefault(case.member_id, []).append(f"{case.indicator} {row.name if row else ''}（{document}）")
    others, marks = _names_beside(made, rows), _marks_of(made, rows, book)
    pages = [
        _statement(
            one,
            book,
            held,
            aspects.get(one.pk, []),
            deductions.get(one.member.key, []),
            marks.get(one.member_id, {}),
            zeroings.get(one.member_id, []),
            others,
        )
        for one in rows
    ]
    return papers.statements(pages, large=large)


def _statement(
    one: Result,
    book: Rulebook,
    held: Announcement | None,
    aspects: Sequence[ResultAspect],
    deductions: Sequence[Deduction],
    marks: Mapping[str, Sequence[int]],
    zeroings: Sequence[str],
    others: "re.Pattern[str] | None",
) -> papers.Statement:
    made, scored = one.settlement, has_score(one)
    tier = book.tier(one.tier) if one.tier else None
    return papers.Statement(
        name=one.member.name,
        number=one.member.number,
        branch=one.branch.name,
        unit=one.unit.name,
        cycle=_cycle(made),
        rulebook=_rulebook(made),
        fingerprint=sealing.short(made.digest),
        parts=tuple(_parts(one, book, aspects, deductions, marks)) if scored else (),
        grounds=tuple(_grounds(one, book, deductions, others)) if scored else (),
        score=show(one.score) if scored else "",
        tier=tier.name if tier else one.tier,
        consequence=tier.consequence if tier else "",
        why=EXPLAINED.get(Why(one.why), LEFT) if one.why else "",
        notes=tuple(_remarks(one, book, zeroings)),
        meeting=_meeting(held),
    )


def _parts(
    one: Result,
    book: Rulebook,
    aspects: Sequence[ResultAspect],
    deductions: Sequence[Deduction],
    marks: Mapping[str, Sequence[int]],
) -> list[papers.Part]:
    index = {code: row.name for code, row in book.indices.items()}
    names = {aspect.code: f"{aspect.code} {aspect.name}" for aspect in book.aspects}
    found = [papers.Part(index.get("basic", "基本指数"), "起始分", "", show(one.opening), is_sum=True)]
    positive = index.get("positive", "正向指数")
    for place, each in enumerate(aspects):
        raw, counted = show(each.raw, signed=True), show(each.counted, signed=True)
        found.append(papers.Part("" if place else positive, names.get(each.aspect, each.aspect), raw, counted))
    raw = show(sum(each.raw for each in aspects), signed=True) if aspects else ""
    counted = show(one.positive, signed=True)
    found.append(papers.Part("" if aspects else positive, "加分合计", raw, counted, is_sum=True))
    minus = show(sum(each.value for each in deductions), signed=True) if deductions else ""
    found.append(
        papers.Part(index.get("reverse", "反向指数"), "扣分合计", minus, show(one.reverse, signed=True), is_sum=True)
    )
    found += _outside(one, book, marks)
    return [*found, papers.Part("得分", "", "", show(one.score), is_sum=True)]


def _outside(one: Result, book: Rulebook, marks: Mapping[str, Sequence[int]]) -> list[papers.Part]:
    """Each component with the marks that counted, as they were given; then what all of them bring."""
    found: list[papers.Part] = []
    for row in book.components:
        name = f"{row.name}（满分{show(row.maximum)}，按{row.weight}%计）"
        said = "、".join(show(value) for value in marks.get(row.code, ())) or "没有成绩"
        found.append(papers.Part("" if found else "外部成绩", name, said, ""))
    if not found and not one.outside:
        return []
    points = show(one.outside, signed=True)
    return [*found, papers.Part("" if found else "外部成绩", "外部成绩合计", "", points, is_sum=True)]


def _marks_of(made: Settlement, rows: Sequence[Result], book: Rulebook) -> dict[int, dict[str, list[int]]]:
    """Marks from outside the points that stood when it was settled, by member and component."""
    if not book.components:
        return {}
    known = standing_marks().filter(member__in=[one.member_id for one in rows], confirmed_at__lte=made.made_at)
    found: dict[int, dict[str, list[int]]] = {}
    for mark in usable(known, book.components, Cycle(made.first_on, made.last_on)).order_by("on", "pk"):
        found.setdefault(mark.member_id, {}).setdefault(mark.component, []).append(mark.value or 0)
    return found


def _grounds(
    one: Result, book: Rulebook, deductions: Sequence[Deduction], others: "re.Pattern[str] | None"
) -> list[papers.Ground]:
    """The same indicator on the same ground stands once, with its days."""
    same: dict[tuple[str, str], list[Deduction]] = {}
    for each in deductions:
        said = each.ground or each.wording
        if others is not None:
            said = others.sub(lambda name: name[0] if name[0] == one.member.name else HIDDEN, said)
        same.setdefault((each.indicator, said), []).append(each)
    found = []
    for (code, said), lines in same.items():
        row = book.indicators.get(code)
        days = "、".join(f"{each.event_on.month}月{each.event_on.day}日" for each in lines)
        points = show(sum(each.value for each in lines), signed=True)
        found.append(papers.Ground(f"{code} {row.name if row else ''}".strip(), days, said, points))
    return found


def _remarks(one: Result, book: Rulebook, zeroings: Sequence[str]) -> list[str]:
    said = []
    if one.is_zeroed:
        said.append(f"清零：{'；'.join(zeroings) or '依据生效的文件'}。{ZEROED}对决定不服的，可以向上级党组织申诉。")
    if one.earned != one.tier:
        earned = book.tier(one.earned)
        said.append(f"得分达到“{earned.name if earned else one.earned}”，因名额改列“{_tier_name(one, book)}”。")
    return said


def _tier_name(one: Result, book: Rulebook) -> str:
    tier = book.tier(one.tier)
    return tier.name if tier else one.tier


def _names_beside(made: Settlement, rows: Sequence[Result]) -> "re.Pattern[str] | None":
    """The names of all whom the same units list, the longest first: only the reader's own stands on its page."""
    units = {one.unit_id for one in rows}
    found = Result.objects.filter(settlement=made, unit__in=units, member__erased_at__isnull=True)
    names = sorted(set(found.order_by().values_list("member__name", flat=True)), key=lambda name: (-len(name), name))
    return re.compile("|".join(re.escape(name) for name in names)) if names else None
