"""抹除存折 For the ledger's erasure: who took goods for the member, the reasons, the secret of the card."""

from pioneer.files.models import StoredFile
from pioneer.kernel import clock
from pioneer.members.models import Member
from pioneer.rewards.models import (
    Account,
    Card,
    Donation,
    OfferUse,
    Redemption,
    Reservation,
    Return,
    StockCount,
    StockMove,
    Transfer,
)


def erase_texts(member_id: int) -> list[StoredFile]:
    """抹除文字 Names, notes, reasons and signed papers go; amounts, goods, days and receipt numbers stay, so that the
    books still come out."""
    accounts = Account.objects.filter(member=member_id)
    redemptions = Redemption.objects.filter(account__in=accounts)
    papers = [one.paper for one in redemptions.filter(paper__isnull=False).select_related("paper") if one.paper]
    Return.objects.filter(redemption__in=redemptions).update(reason="")
    StockMove.objects.filter(redemption__in=redemptions).update(reason="")
    Reservation.objects.filter(account__in=accounts).update(asked_by="")
    redemptions.update(other="", note="", paper=None)
    OfferUse.objects.filter(account__in=accounts).update(cancelled_why="")
    Transfer.objects.filter(from_account__in=accounts).update(reason="")
    Transfer.objects.filter(to_account__in=accounts).update(reason="")
    Card.objects.filter(account__in=accounts, dead_at=None).update(
        secret_sealed=None, dead_at=clock.now(), dead_why=Card.Death.ERASED
    )
    _erase_name(Member.objects.select_related("district").get(pk=member_id))
    return papers


def _erase_name(member: Member) -> None:
    """Where it was witness of a count, or gave something: the texts of these rows may only be emptied."""
    counts = StockCount.objects.filter(good__shop__passbook__organisation__path__startswith=member.district.path)
    counts.filter(witness=member.name).update(witness="")
    given = Donation.objects.filter(passbook__organisation__path__startswith=member.district.path)
    given.filter(donor=member.name).update(donor="")
