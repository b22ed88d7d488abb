"""比对 What a row would change of a member: which fields, from what to what. What the file leaves empty stays."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from pioneer.kernel import identity
from pioneer.members.known import Entry, Known, taken_phone
from pioneer.members.models import GONE, Member, Status, Track
from pioneer.members.particulars import LABELS, MOBILE
from pioneer.workbooks.rows import Mistake, Severity

Change = tuple[str, str, str]
_GUARDED = frozenset({"name", "sex", "birth_on", "joined_on", "full_on", "identity", "status", "track"})


@dataclass(slots=True)
class Difference:
    """差异 `columns` are the member's new values; `turned` the status or track that begins, with its day."""

    columns: dict[str, Any] = field(default_factory=dict)
    changes: list[Change] = field(default_factory=list)
    corrected: dict[str, str] = field(default_factory=dict)
    turned: dict[str, tuple[str, date]] = field(default_factory=dict)
    mistakes: list[Mistake] = field(default_factory=list)
    options: list[tuple[str, str]] = field(default_factory=list)

    def say(self, name: str, code: str, message: str, severity: Severity = "wrong") -> None:
        """记下"""
        self.mistakes.append(Mistake(name, "", code, message, severity))

    def put(self, name: str, before: str, after: str) -> None:
        """记下变更 As people read it."""
        self.changes.append((_LABELS[name], before or "空", after))


_LABELS = {**LABELS, "status": "党员类别", "track": "农村/社区类别", "floating_to": "流动去向"}


def difference(known: Known, entry: Entry, today: date, actor_number: int | None) -> Difference:
    """一行与在册的差异"""
    found = Difference()
    row = entry.row
    if known.status in GONE:
        if row.status != known.status:
            found.say("status", "gone", _gone(known))
        return found
    _name(found, known, entry)
    _plain(found, known, entry)
    _dates(found, known, entry)
    if entry.lookup and not known.lookup:
        found.columns["identity"] = row.identity
        found.corrected["identity"] = "无"
        found.put("identity", "无", identity.mask(row.identity))
    if row.status_stated and row.status != known.status:
        _status(found, known, entry, today)
    if row.track and row.track != known.track:
        month = today.replace(day=1)
        found.turned["track"] = (row.track, max(month, known.track_from or month))
        found.put("track", _track_name(known.track), _track_name(row.track))
    if actor_number is not None and known.user_id == actor_number:
        guarded = _GUARDED & ({*found.columns, *found.turned} | set(found.corrected))
        if guarded:
            said = "、".join(_LABELS[name] for name in sorted(guarded))
            found.say("name", "own", f"这是您本人的{said}，须由党组织的另一位同志更正，请从这份文件中删去这一行")
    return found


def _gone(known: Known) -> str:
    label = Status(known.status).label
    if known.status == Status.TRANSFERRED_OUT:
        return f"在册状态是“{label}”；回来的请由乡镇（街道）或支部办理“转回”，没有回来的请从文件中删去这一行"
    return f"在册状态是“{label}”，不能再导入；登记有误的请在党员页更正状态，否则请从文件中删去这一行"


def _name(found: Difference, known: Known, entry: Entry) -> None:
    """Another name under the same number is a question, never a silent correction."""
    name = entry.row.name
    if not name or name == known.name:
        return
    if "rename" not in entry.decisions:
        found.options.append(("rename", f"按文件把姓名更正为“{name}”"))
        found.say("name", "name_differs", f"身份证号在册的姓名是“{known.name}”，与文件不同，请核对后选一项", "ask")
    found.columns["name"], found.corrected["name"] = name, known.name
    found.put("name", known.name, name)


def _plain(found: Difference, known: Known, entry: Entry) -> None:
    """What neither identifies a person nor has a date of its own."""
    row = entry.row
    for name in ("phone", "nation", "education", "note"):
        before, after = getattr(known, name), getattr(row, name)
        if after and after != before:
            found.columns[name] = after
            found.put(name, before, after)
    signs_in = "phone" in found.columns and known.user_id is not None and MOBILE.fullmatch(row.phone)
    if signs_in and taken_phone(row.phone, known.user_id or 0):  # one by one: few have an account and a new number
        found.say("phone", "phone_taken", "这个手机号已是另一个账号的登录号码，请核对；家人共用的请留空")
    if row.sex and row.sex != known.sex:
        found.columns["sex"] = row.sex
        found.put("sex", _sex_name(known.sex), _sex_name(row.sex))
        if known.sex:
            found.corrected["sex"] = known.sex
    if row.floating is not None and row.floating != known.is_floating:
        found.columns["is_floating"] = row.floating
        found.put("is_floating", "是" if known.is_floating else "否", "是" if row.floating else "否")
    going = row.floating_to if row.floating else "" if row.floating is False else known.floating_to
    if going != known.floating_to and (going or row.floating is False):
        found.columns["floating_to"] = going
        found.put("floating_to", known.floating_to, going or "空")


def _dates(found: Difference, known: Known, entry: Entry) -> None:
    row = entry.row
    _day(found, "birth_on", (known.birth_on, known.birth_precision), (row.birth_on, row.birth_precision))
    _day(found, "joined_on", (known.joined_on, known.joined_precision), (row.joined_on, row.joined_precision))
    if row.status != Status.PROBATIONARY:
        _day(found, "full_on", (known.full_on, "day"), (row.full_on, row.full_precision))


def _day(found: Difference, name: str, before: tuple[date | None, str], after: tuple[date | None, str]) -> None:
    """A month that agrees with the day on record changes nothing; a day within the month on record says more."""
    was, now = before[0], after[0]
    if now is None or before == after:
        return
    if was is not None and after[1] == "month" and (was.year, was.month) == (now.year, now.month):
        return
    found.columns[name] = now
    if name != "full_on":
        found.columns[name.replace("_on", "_precision")] = after[1]
    if was is not None:
        found.corrected[name] = _said(*before)
    found.put(name, _said(*before), _said(*after))


def _status(found: Difference, known: Known, entry: Entry, today: date) -> None:
    """Among full, probationary and out of contact; anything else is entered on the member's page with its document."""
    row = entry.row
    label = Status(row.status).label
    if row.status in GONE:
        found.say("status", "status_by_hand", f"“{label}”须在党员页登记状态变动并写明文件，登记后再导入，或删去这一行")
        return
    if row.status == Status.PROBATIONARY:
        message = "在册是正式党员，不能改为预备党员；登记有误的请先核对入党志愿书，再由乡镇（街道）说明理由"
        found.say("status", "no_way_back", message)
        return
    on, begun = today, known.status_from or today
    if known.status == Status.PROBATIONARY and row.status == Status.FULL:
        if row.full_on is None:
            found.say("status", "full_missing", "没有写明转正日期，从确认导入的这一天起算正式党员", "warn")
        elif row.full_precision != "month" and begun < row.full_on <= today:
            on = row.full_on
    found.turned["status"] = (row.status, max(on, begun))
    found.put("status", Status(known.status).label, label)


def _said(day: date | None, precision: str) -> str:
    if day is None:
        return ""
    return f"{day.year}年{day.month}月" + ("" if precision == "month" else f"{day.day}日")


def _sex_name(code: str) -> str:
    return Member.Sex(code).label if code else ""


def _track_name(code: str) -> str:
    return str(Track(code).label) if code in Track.values else code
