"""积分存折的开设与停办 A decision of the community, with its document; closed again with notice."""

from collections.abc import Mapping
from datetime import date, timedelta

from pioneer.accounts.policies import AnyActor
from pioneer.kernel import clock
from pioneer.kernel.errors import BadInput, DomainError, Fault
from pioneer.kernel.operations import operation
from pioneer.messages.services import tell_all
from pioneer.organisations.models import Organisation
from pioneer.organisations.queries import organisation_for
from pioneer.rewards import booking, policies, queries
from pioneer.rewards.models import Account, Passbook
from pioneer.rewards.queries import day

CLOSE_NOTICE = timedelta(days=30)
OWN_PAGE = "/passbook/"


@operation("rewards.open_passbook")
def open_passbook(
    *, actor: AnyActor, organisation_id: int, opened_on: date, decided_on: date, decided_by: str, document: str
) -> Passbook:
    """开设积分存折 For a village or community whose rulebook says what a point is worth. What is posted from the first
    day on is credited."""
    seen = organisation_for(actor, organisation_id)
    organisation = Organisation.objects.select_for_update(no_key=True).get(pk=seen.pk)
    policies.require_decides(actor, organisation)
    if not organisation.is_community:
        raise DomainError("not_a_community", "积分存折由村（社区）党组织开设，请选择村或社区。")
    if organisation.closed_on is not None:
        raise DomainError("organisation_closed", f"{organisation.name}已撤销，不能开设积分存折。")
    if queries.rule_on(organisation.district_number, opened_on) is None:
        raise DomainError(
            "no_passbook_rules",
            "适用的积分办法没有“积分存折”一节（兑换比率、结余办法），不能开设。请先由区委组织部在办法中写明并采用。",
        )
    refuse(
        check_texts({"决定人": (decided_by, 60), "决定文件": (document, 120)})
        + _check_days(decided_on, opened_on, "启用日期")
    )
    if Passbook.objects.filter(organisation=organisation, closes_on=None).exists():
        raise DomainError("already_open", f"{organisation.name}已开设积分存折，无须重复开设。")
    if Passbook.objects.filter(organisation=organisation, closes_on__gte=opened_on).exists():
        raise DomainError("still_running", "上一次开设的存折还没有停办，新的启用日期须在它的最后一天以后。")
    made = Passbook.objects.create(
        organisation=organisation, opened_on=opened_on, decided_on=decided_on, decided_by=decided_by.strip(),
        document=document.strip(), opened_by_number=actor.number, created_at=clock.now(),
    )  # fmt: skip
    booking.fund_of(made)
    booking.expiry_of(made)
    return made


@operation("rewards.close_passbook")
def close_passbook(
    *,
    actor: AnyActor,
    passbook_id: int,
    closes_on: date,
    decided_on: date,
    decided_by: str,
    document: str,
    reason: str,
) -> Passbook:
    """停办积分存折 With at least thirty days for using what is left; every member with points is told at once."""
    passbook = queries.passbook_for(actor, passbook_id, lock=True)
    policies.require_decides(actor, passbook.organisation)
    if passbook.closes_on is not None:
        raise DomainError("closing_already", f"停办已经决定，最后使用日为{day(passbook.closes_on)}。")
    faults = check_texts({"决定人": (decided_by, 60), "决定文件": (document, 120), "停办原因": (reason, 200)})
    if decided_on > clock.today():
        faults.append(Fault("决定日期", "决定日期不能晚于今天，请核对。"))
    earliest = max(clock.today() + CLOSE_NOTICE, passbook.opened_on)
    if closes_on < earliest:
        faults.append(Fault("最后使用日", f"须给党员留出30天，最后使用日最早为{day(earliest)}。"))
    refuse(faults)
    passbook.closes_on, passbook.close_decided_on = closes_on, decided_on
    passbook.close_decided_by, passbook.close_document = decided_by.strip(), document.strip()
    passbook.close_reason, passbook.closed_by_number = reason.strip(), actor.number
    passbook.save()
    having = Account.objects.filter(passbook=passbook, kind=Account.Kind.MEMBER, balance__gt=0)
    users = having.filter(member__user__isnull=False).values_list("member__user_id", flat=True)
    tell_all(
        [number for number in users if number],
        "rewards.closing",
        str(passbook.pk),
        f"{passbook.organisation.name}的积分存折将停办",
        f"最后使用日为{day(closes_on)}，请在那以前兑换存折里的积分。存折停办不影响得分。",
        OWN_PAGE,
    )
    return passbook


def _check_days(decided_on: date, opened_on: date, label: str) -> list[Fault]:
    faults = []
    if decided_on > clock.today():
        faults.append(Fault("决定日期", "决定日期不能晚于今天，请核对。"))
    if opened_on < max(decided_on, clock.today()):
        faults.append(Fault(label, f"{label}不能早于今天和决定日期：以前入账的条目不再补转。"))
    return faults


def check_texts(texts: Mapping[str, tuple[str, int]]) -> list[Fault]:
    """须写明 Each text by its label, with how long it may be."""
    faults = [Fault(label, f"请写明{label}。") for label, (text, _) in texts.items() if not text.strip()]
    return faults + [Fault(label, f"最多{most}个字。") for label, (text, most) in texts.items() if len(text) > most]


def refuse(faults: list[Fault]) -> None:
    """列出错误 All of them together."""
    if faults:
        raise BadInput(faults)
