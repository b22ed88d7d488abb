"""基本情况 What is written down about a person by hand, and what may be wrong with it. Plain functions."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from pioneer.kernel import clock, encryption, identity
from pioneer.kernel.errors import BadInput, DomainError, Fault
from pioneer.members.models import Member

PHONE = re.compile(r"1\d{10}|0\d{9,11}|\d{7,8}")
MOBILE = re.compile(r"1\d{10}")


@dataclass(frozen=True, slots=True)
class Particulars:
    """基本情况 What identifies a person and how to reach it. `arrived_on`: came from outside the district."""

    name: str
    sex: str = ""
    birth_on: date | None = None
    joined_on: date | None = None
    full_on: date | None = None
    arrived_on: date | None = None
    phone: str = ""
    nation: str = ""
    education: str = ""
    note: str = ""
    is_floating: bool = False
    floating_to: str = ""

    def cleaned(self) -> dict[str, Any]:
        """整理后的 Without stray spaces; the phone in narrow digits; no whereabouts where it is not floating."""
        values = {k: v.strip() if isinstance(v, str) else v for k, v in asdict(self).items()}
        values["phone"] = narrow(self.phone)
        values["floating_to"] = values["floating_to"] if self.is_floating else ""
        return values


def particulars_of(member: Member) -> Particulars:
    """现有的基本情况 As it stands, for a form or for changing one thing of it."""
    return Particulars(**{name: getattr(member, name) for name in Particulars.__dataclass_fields__})


def narrow(text: str) -> str:
    """半角 Narrow characters without spaces and hyphens."""
    return "".join(c for c in unicodedata.normalize("NFKC", text) if c not in " -–—\u3000")


LONGEST = {"name": 60, "nation": 20, "education": 20, "note": 200, "floating_to": 80}
LABELS = {
    "name": "姓名",
    "sex": "性别",
    "birth_on": "出生日期",
    "joined_on": "入党日期",
    "full_on": "转正日期",
    "arrived_on": "从区外转入日期",
    "phone": "电话",
    "nation": "民族",
    "education": "学历",
    "note": "备注",
    "is_floating": "流动党员",
    "floating_to": "流动去向",
    "identity": "身份证号",
}
IDENTIFYING = ("name", "sex", "birth_on", "joined_on", "full_on", "arrived_on")


def faults_of(values: Mapping[str, Any]) -> list[Fault]:
    """基本情况的毛病 All mistakes together."""
    faults = []
    if len(values["name"]) < 2:
        faults.append(Fault("姓名", "请填写姓名，至少2个字。"))
    for field, most in LONGEST.items():
        if len(values[field]) > most:
            faults.append(Fault(LABELS[field], f"最多{most}个字，这里有{len(values[field])}个，请缩短。"))
    if values["sex"] not in ("", *Member.Sex.values):
        faults.append(Fault("性别", "请选择男或女。"))
    if values["phone"] and not PHONE.fullmatch(values["phone"]):
        faults.append(Fault("电话", f"“{values['phone']}”不是电话号码，请填11位手机号，或带区号的座机号。"))
    if values["is_floating"] and not values["floating_to"]:
        faults.append(Fault("流动去向", "流动党员请填写去向，例如“省城务工”。"))
    return faults + _date_faults(values)


def _date_faults(values: Mapping[str, Any]) -> list[Fault]:
    today, faults = clock.today(), []
    for field in ("birth_on", "joined_on", "full_on", "arrived_on"):
        on = values[field]
        if on is not None and (on > today or on.year < 1900):
            faults.append(Fault(LABELS[field], "日期不能晚于今天，也不会早于1900年，请核对后重填。"))
    born, joined, full = values["birth_on"], values["joined_on"], values["full_on"]
    if born and joined and joined <= born:
        faults.append(Fault("入党日期", "入党日期不能早于出生日期，请核对。"))
    if joined and full and full < joined:
        faults.append(Fault("转正日期", "转正日期不能早于入党日期，请核对。"))
    return faults


# ------------------------------------------------------------------ the identity number


@dataclass(frozen=True, slots=True)
class Identity:
    """身份证号 Checked; `columns` is what the table keeps of it: sealed, found by a keyed digest, shown masked."""

    number: str

    @property
    def columns(self) -> dict[str, Any]:
        return {
            "identity_sealed": encryption.encrypt(self.number),
            "identity_lookup": encryption.lookup(self.number),
            "identity_shown": identity.mask(self.number),
            "identity_missing_why": "",
        }

    @property
    def birth_on(self) -> date | None:
        return identity.born_on(self.number)

    @property
    def sex(self) -> str:
        return identity.sex_of(self.number)


def read_identity(text: str) -> Identity | Fault:
    """读身份证号 Or what is wrong with it; one that Excel has rounded is wrong and never completed."""
    number = identity.clean_number(text)
    problem = identity.number_problem(number, clock.today())
    if problem is not None:
        return Fault("身份证号", f"{problem[1]}。")
    return Identity(number)


def identity_of(text: str) -> Identity:
    """须正确的身份证号 Raises BadInput with the sentence that says what is wrong."""
    found = read_identity(text)
    if isinstance(found, Fault):
        raise BadInput([found])
    return found


def require_unused(found: Identity, besides: int | None = None) -> None:
    """身份证号须未登记 One person stands on a roster once. Where it stands is not told to who may not see it."""
    lookup = encryption.lookup(found.number)
    if Member.objects.filter(identity_lookup=lookup).exclude(pk=besides or 0).exists():
        raise DomainError(
            "identity_taken",
            "这个身份证号已经登记在一位党员名下，不能再登记一次。请核对证件；本人从别的支部来的，"
            "请由原支部提出转接，曾转出区外又回来的，请由乡镇（街道）或区委办理“转回”。",
        )


def against_identity(values: Mapping[str, Any], found: Identity) -> list[Fault]:
    """与身份证号核对 The birth date and sex that were written beside the number."""
    faults = []
    if values["birth_on"] is not None and values["birth_on"] != found.birth_on:
        faults.append(Fault("出生日期", "与身份证号中的出生日期不一致，请核对证件后改正其中一处。"))
    if values["sex"] and found.sex and values["sex"] != found.sex:
        faults.append(Fault("性别", "与身份证号不一致，请核对证件后改正其中一处。"))
    return faults
