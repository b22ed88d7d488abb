"""抹除存折 For the ledger's erasure: who took goods for the member, the reasons, the secret of the card."""

from pioneer.files.models import StoredFile
from pioneer.kernel import clock
from pioneer.members.models import Member
from pioneer.members.naming import erase_name
from pioneer.rewards.models import (
    Account,
    Agreement,
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
    member = Member.objects.select_related("district").get(pk=member_id)
    here = member.district.path
    erase_name(StockCount.objects.filter(good__shop__passbook__organisation__path__startswith=here), "witness", member)
    erase_name(Donation.objects.filter(passbook__organisation__path__startswith=here), "donor", member)
    agreed = Agreement.objects.filter(merchant__passbook__organisation__path__startswith=here)
    erase_name(agreed, "signed_by", member)
    return papers
