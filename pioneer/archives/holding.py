"""本人所在的年度档案 What this station holds of a person, for the file that it may take away."""

from pioneer.archives import queries
from pioneer.members.dossier import Section
from pioneer.members.models import Member


def sections(member: Member) -> list[Section]:
    """年度档案 Which editions name the member; what they hold of it stands in the other parts."""
    return [
        Section(
            "年度档案（列有本人）",
            ("周期", "支部", "第几版", "性质", "做成日期", "现况", "指纹"),
            tuple(
                (
                    *(queries.text_of(one), one.branch.name, str(one.edition)),
                    *("暂存" if one.is_provisional else "正式", one.made_at),
                    *("已按规定抹除" if one.package_id is None else "在存", one.list_digest),
                )
                for one in queries.archives_naming(member)
            ),
        )
    ]
