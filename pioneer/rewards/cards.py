"""积分卡 Issued by the branch or the shop, dead as soon as it is reported lost; shown by number or by code."""

from datetime import timedelta

from pioneer.accounts.policies import AnyActor
from pioneer.conduct.queries import must_step_aside
from pioneer.kernel import clock
from pioneer.kernel.errors import DomainError, NotVisible
from pioneer.kernel.models import AuditEvent
from pioneer.kernel.operations import operation
from pioneer.members import queries as members
from pioneer.members.models import GONE, Member
from pioneer.messages.services import tell
from pioneer.rewards import booking, codes, merchant_queries, policies, queries, shop_queries
from pioneer.rewards.models import Account, Card, Merchant, Presentation, Shop
from pioneer.rewards.services import OWN_PAGE

STANDS = timedelta(minutes=10)  # a card that was found good, until the counter is done
GUESSES = timedelta(minutes=15)
MOST_GUESSES = 5
GUESSED = ("card_unknown", "code_wrong", "code_old")
PRESENT = "rewards.present_card"


@operation("rewards.issue_card")
def issue_card(*, actor: AnyActor, passbook_id: int, member_id: int) -> Card:
    """发卡 With a new number and secret; one that worked until now is dead from this moment."""
    passbook = queries.passbook_for(actor, passbook_id)
    member = members.get_visible(actor, member_id) if not _is_clerk(actor, passbook_id) else _anybody(member_id)
    branch = members.branch_on(member, clock.today())
    policies.require_issues_cards(actor, passbook, branch)
    policies.require_not_aside(must_step_aside(actor, member))
    belongs = branch is not None and branch.path.startswith(passbook.organisation.path)
    kept = Account.objects.filter(passbook=passbook, member=member, kind=Account.Kind.MEMBER).exists()
    if not belongs and not kept:
        raise DomainError("elsewhere", f"这位党员不在{passbook.organisation.name}，请在所在村（社区）发卡。")
    if members.status_on(member, clock.today()) in GONE and not kept:
        raise DomainError("gone", "这位党员已不在花名册上，不再发卡。")
    account = booking.lock([booking.member_account(passbook, member).pk]).popitem()[1]
    queries.require_usable(account)
    before = Card.objects.filter(account=account, dead_at=None).first()
    if before is not None:
        _kill(before, Card.Death.REPLACED, actor)
    made = Card.objects.create(
        account=account, number=_free_number(), secret_sealed=codes.new_secret(), issued_at=clock.now(),
        issued_by_number=actor.number,
    )  # fmt: skip
    what = "换发了新卡，旧卡号已作废" if before is not None else "积分卡已发"
    tell(member.user_id, "rewards.card", str(made.pk), what, "请妥善保管；遗失请马上在“我的存折”里挂失。", OWN_PAGE)
    return made


@operation("rewards.report_lost")
def report_lost(*, actor: AnyActor, card_id: int) -> Card:
    """挂失 By the member, or at the counter for who comes without a phone. Dead at once, by number and by code."""
    found = Card.objects.select_related("account__member", "account__passbook__organisation").filter(pk=card_id).first()
    if found is None or found.account.member is None:
        raise NotVisible
    member, passbook = found.account.member, found.account.passbook
    if not policies.owns(actor, found.account):
        queries.passbook_for(actor, passbook.pk)
        policies.require_issues_cards(actor, passbook, members.branch_on(member, clock.today()))
    card = Card.objects.select_for_update(of=("self",), no_key=True).select_related("account").get(pk=card_id)
    if card.dead_at is not None:
        raise DomainError("card_dead", "这张卡已经作废，无须再挂失。需要新卡请到积分超市或所在支部办理。")
    _kill(card, Card.Death.LOST, actor)
    tell(
        member.user_id,
        "rewards.card_lost",
        str(card.pk),
        "积分卡已挂失",
        "卡号已作废。请到超市或支部领新卡。",
        OWN_PAGE,
    )
    return card


@operation(PRESENT)
def present_card(
    *, actor: AnyActor, typed: str, shop_id: int | None = None, merchant_id: int | None = None
) -> Presentation:
    """出示 The number, or number and code as the square holds them. What is found good stands for ten minutes, for who
    took it, once. A wrong one is an audit row; after five within a quarter of an hour nothing is looked up any more."""
    place = _counter(actor, shop_id, merchant_id)
    _check_pace(actor)
    number, _, code = _clean(typed).partition(codes.SEPARATOR)
    card = _card(number, place.passbook_id)
    account = card.account
    member = account.member
    assert member is not None
    if code:
        _use_code(card, code)
    policies.require_not_aside(must_step_aside(actor, member))
    queries.require_usable(account)
    assert actor.number is not None
    return Presentation.objects.create(
        card=card, shop_id=shop_id, merchant_id=merchant_id, by_code=bool(code), at=clock.now(),
        by_number=actor.number, expires_at=clock.now() + STANDS,
    )  # fmt: skip


def taken(actor: AnyActor, presentation_id: int) -> Presentation:
    """取用出示 Under lock, by who took it, while it stands; the card must still live and the account be usable."""
    found = Presentation.objects.select_for_update(of=("self",), no_key=True).filter(
        pk=presentation_id, by_number=actor.number or 0
    )
    shown = found.select_related("card__account__member", "card__account__passbook__organisation").first()
    if shown is None:
        raise NotVisible
    return shown


def require_standing(shown: Presentation) -> None:
    """须仍有效"""
    if shown.used_at is not None:
        raise DomainError("presentation_used", "这次出示已经用过。请让党员重新出示积分卡。")
    if clock.now() > shown.expires_at:
        raise DomainError("presentation_over", "出示已超过十分钟。请让党员重新出示积分卡。")
    if shown.card.dead_at is not None:
        raise DomainError("card_dead", "这张卡刚刚挂失或换发，已经作废，不能使用。请核对来人，并请党员使用新卡。")
    queries.require_usable(shown.card.account)


# ------------------------------------------------------------------ inside


def _is_clerk(actor: AnyActor, passbook_id: int) -> bool:
    return policies.runs_shop(actor, queries.passbook_for(actor, passbook_id))


def _anybody(member_id: int) -> Member:
    found = Member.objects.filter(pk=member_id).first()
    if found is None:
        raise NotVisible
    return found


def _free_number() -> str:
    while True:
        number = codes.new_number()
        if not Card.objects.filter(number=number).exists():
            return number


def _kill(card: Card, why: Card.Death, actor: AnyActor) -> None:
    card.secret_sealed, card.dead_at, card.dead_why, card.dead_by_number = None, clock.now(), why, actor.number
    card.save(update_fields=["secret_sealed", "dead_at", "dead_why", "dead_by_number"])


def _counter(actor: AnyActor, shop_id: int | None, merchant_id: int | None) -> Shop | Merchant:
    """Where the card is shown: open today, and the actor's own counter."""
    if shop_id is not None:
        shop = shop_queries.shop_for(actor, shop_id)
        policies.require_runs_shop(actor, shop.passbook)
        shop_queries.require_open(shop)
        return shop
    merchant = merchant_queries.merchant_for(actor, merchant_id or 0)
    policies.require_records_at(actor, merchant.passbook, merchant_queries.people_of(merchant))
    merchant_queries.require_agreement(merchant)
    return merchant


def _check_pace(actor: AnyActor) -> None:
    """Refused guesses stand in the audit, which no refusal takes back."""
    since = clock.now() - GUESSES
    tries = AuditEvent.objects.filter(operation=PRESENT, actor_number=actor.number, at__gte=since, refused__in=GUESSED)
    if tries.count() >= MOST_GUESSES:
        raise DomainError("too_many_guesses", "卡号或动态码连续输错5次，请15分钟后再试；也可请党员本人到支部核对卡号。")


def _clean(typed: str) -> str:
    """As scanned or typed: blanks left out, a long dash is a dash."""
    return "".join(typed.split()).replace("—", "-").replace("－", "-")[:40]


def _card(number: str, passbook_id: int) -> Card:
    rows = Card.objects.select_for_update(of=("self",), no_key=True).select_related(
        "account__member", "account__passbook__organisation"
    )
    card = rows.filter(number=number, account__passbook=passbook_id).first() if codes.is_number(number) else None
    if card is None:
        raise DomainError("card_unknown", "没有这个卡号，或不是这里的卡。请对照卡面重新输入，或重新扫码。")
    if card.dead_at is not None:
        raise DomainError("card_dead", "这张卡已挂失或换发，卡号作废，不能使用。请党员出示新卡，或到支部补领。")
    return card


def _use_code(card: Card, code: str) -> None:
    step = codes.step_of(card, code, clock.now())
    if step is None and codes.was_good(card, code, clock.now()):
        raise DomainError("code_old", "动态码已过期（一分钟内有效）。请党员打开“我的存折”，出示屏幕上新的码。")
    if step is None:
        raise DomainError("code_wrong", "动态码不对。请党员打开“我的存折”，重新扫码或输入屏幕上的码。")
    if step <= card.last_step:
        raise DomainError("code_old", "这个动态码已经用过。请等屏幕上换出新的码再扫。")
    card.last_step = step
    card.save(update_fields=["last_step"])
