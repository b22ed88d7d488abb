"""提到的姓名 A person's name in a text that says who spoke, presided or took part, in rows about somebody else.

Plain functions, for the erasure of who left long ago: the name gives way to a mark, the rest of the text stays.
"""

import re
from typing import Any

from django.db.models import QuerySet

from pioneer.kernel.erased import ERASED
from pioneer.members.models import Member

BETWEEN = re.compile(r"([、，,；;：:/／（）()\s]+)")


def erase_name(rows: QuerySet[Any], field: str, member: Member) -> None:
    """抹除姓名 In `field` of each of these rows, where it names this member: alone, in a list, or with its office. Who
    bears the same name can't be told apart there; a longer name that contains it is left alone."""
    naming = dict(rows.filter(**{f"{field}__contains": member.name}).values_list("pk", field))
    if not naming:
        return
    longer = Member.objects.filter(district=member.district_id, name__contains=member.name).exclude(name=member.name)
    others = set(longer.values_list("name", flat=True))
    most = rows.model._meta.get_field(field).max_length
    for number, text in naming.items():
        said = without(text, member.name, others)[:most]
        if said != text:
            rows.model.objects.filter(pk=number).update(**{field: said})


def without(text: str, name: str, others: set[str]) -> str:
    """不带姓名的文字 `others`: longer names in which this one is no name."""
    parts = BETWEEN.split(text)
    return "".join(part if any(one in part for one in others) else part.replace(name, ERASED) for part in parts)
