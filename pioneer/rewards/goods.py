"""商品 What can be had for points, at which price, by whom and how often; with a picture."""

from dataclasses import asdict, dataclass

from pioneer.accounts.policies import AnyActor
from pioneer.files.kinds import PHOTOGRAPHS
from pioneer.files.services import Content, store
from pioneer.kernel import clock
from pioneer.kernel.errors import DomainError, Fault, bad
from pioneer.kernel.operations import operation
from pioneer.rewards import policies, shop_queries
from pioneer.rewards.models import Good, Shop
from pioneer.rewards.models.goods import Period
from pioneer.rewards.services import check_texts, refuse

MOST_POINTS = 10_000_000


@dataclass(frozen=True, slots=True)
class GoodForm:
    """商品的内容 As filled in: points in hundredths, `limit_count` with its period, or neither."""

    name: str
    price: int
    description: str = ""
    unit: str = "件"
    is_listed: bool = True
    limit_count: int | None = None
    limit_period: str = ""
    min_balance: int | None = None
    min_score: int | None = None
    needs_no_objection: bool = False


@operation("rewards.add_good")
def add_good(*, actor: AnyActor, shop_id: int, form: GoodForm) -> Good:
    """添加商品 Without stock: that comes by receiving."""
    shop = shop_queries.shop_for(actor, shop_id, lock=True)
    policies.require_manages(actor, shop.passbook)
    _check(form, shop)
    return Good.objects.create(shop=shop, created_at=clock.now(), **asdict(form))


@operation("rewards.change_good")
def change_good(*, actor: AnyActor, good_id: int, form: GoodForm) -> Good:
    """修改商品 A new price holds from now on; what was redeemed or reserved keeps its own."""
    good = shop_queries.good_for(actor, good_id, lock=True)
    policies.require_manages(actor, good.shop.passbook)
    _check(form, good.shop, besides=good)
    for name, value in asdict(form).items():
        setattr(good, name, value)
    good.save(update_fields=list(asdict(form)))
    return good


@operation("rewards.set_picture")
def set_picture(*, actor: AnyActor, good_id: int, content: Content, name: str) -> Good:
    """商品图片 A photograph; where it was taken is not kept."""
    good = shop_queries.good_for(actor, good_id, lock=True)
    policies.require_manages(actor, good.shop.passbook)
    stored = store(content, name, "", actor.number)
    if stored.content_type not in PHOTOGRAPHS:
        raise bad("图片", "请上传照片（JPG、PNG 等图片），其他文件不能作商品图片。")
    good.picture = stored
    good.save(update_fields=["picture"])
    return good


def _check(form: GoodForm, shop: Shop, besides: Good | None = None) -> None:
    faults = check_texts({"名称": (form.name, 60), "单位": (form.unit, 8)})
    if form.description.strip():
        faults += check_texts({"说明": (form.description, 300)})
    if not 0 < form.price <= MOST_POINTS:
        faults.append(Fault("积分", "请填写兑换一份要多少积分，须大于0。"))
    if (form.limit_count is None) != (form.limit_period == ""):
        faults.append(Fault("限量", "限量的数目和时段要一起填写，或都不填。"))
    elif form.limit_count is not None and (form.limit_count < 1 or form.limit_period not in Period.values):
        faults.append(Fault("限量", "每人限量至少为1，时段请从列表中选择。"))
    for label, value in (("最低余额", form.min_balance), ("最低得分", form.min_score)):
        if value is not None and not 0 <= value <= MOST_POINTS:
            faults.append(Fault(label, f"{label}不能小于0。"))
    refuse(faults)
    twin = Good.objects.filter(shop=shop, name=form.name.strip()).exclude(pk=besides.pk if besides else 0)
    if twin.exists():
        raise DomainError("name_taken", f"已有名为“{form.name.strip()}”的商品，请换一个名称，或修改原来的商品。")
