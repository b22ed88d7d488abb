"""张贴凭证的写入 Entering what proves that a notice was shown; withdrawing what was entered by mistake."""

from datetime import date
from uuid import UUID

from pioneer.accounts.policies import AnyActor
from pioneer.files import kinds
from pioneer.files import services as files
from pioneer.kernel import clock
from pioneer.kernel.errors import BadInput, DomainError, Fault, NotVisible
from pioneer.kernel.operations import operation
from pioneer.publicity import policies, queries
from pioneer.publicity.models import Proof, Publication

Channel = Proof.Channel
PICTURES = frozenset({kinds.JPEG, kinds.PNG})
WANTED = {
    Channel.BOARD: "请上传公示栏的照片，要看得出贴的是哪一张、贴在哪里。",
    Channel.MEETING: "请上传会议记录的照片或扫描件。",
    Channel.ACCOUNT: "请填写文章的网址，或上传截图。",
    Channel.GROUP: "请上传群里的截图，或填写网址。",
}


@operation("publicity.add_proof", tell=("channel",))
def add_proof(
    *,
    actor: AnyActor,
    publication_id: int,
    channel: str,
    done_on: date,
    place: str,
    request_key: UUID,
    done_by: str = "",
    link: str = "",
    file: tuple[str, bytes] | None = None,
) -> Proof:
    """登记张贴凭证 By the branch: in which channel, on which day, where and by whom the notice was shown, with a
    photograph of the board, the meeting's minutes, or a link or screenshot. Sent twice with one key it is one."""
    publication = _locked(actor, publication_id)
    policies.require_publish(actor, publication.sheet.branch)
    if (before := Proof.objects.filter(request_key=request_key, publication=publication).first()) is not None:
        return before
    _well_formed(publication, channel, done_on, {"place": place, "done_by": done_by, "link": link}, file)
    kept = files.keep(file[1], file[0], actor.number) if file else None
    if kept is not None and channel != Channel.MEETING and kept.file.content_type not in PICTURES:
        raise BadInput([Fault("附件", f"这里要图片（jpg、png、webp、heic）。{WANTED[Channel(channel)]}")])
    return Proof.objects.create(
        publication=publication,
        channel=channel,
        done_on=done_on,
        done_by=done_by.strip() or getattr(actor, "name", ""),
        place=place.strip(),
        file=kept.file if kept else None,
        taken_at=kept.taken_at if kept else None,
        link=link.strip(),
        entered_by_number=actor.number,
        created_at=clock.now(),
        request_key=request_key,
    )


@operation("publicity.withdraw_proof")
def withdraw_proof(*, actor: AnyActor, proof_id: int, why: str) -> Proof:
    """撤回张贴凭证 A mistaken one, with the reason; it stays to be seen, and the right one is entered beside it."""
    seen = Proof.objects.filter(pk=proof_id, publication__in=queries.visible_to(actor))
    proof = seen.select_for_update(of=("self",)).select_related("publication__sheet__branch").first()
    if proof is None:
        raise NotVisible
    policies.require_publish(actor, proof.publication.sheet.branch)
    if proof.withdrawn_at is not None:
        raise DomainError("withdrawn_already", "这条凭证已经撤回，不用再撤。需要的话，请另登记一条。")
    if not why.strip() or len(why) > 200:
        raise BadInput([Fault("撤回原因", "请写明为什么撤回，例如“传错了照片”，最多200个字。")])
    proof.withdrawn_at = clock.now()
    proof.withdrawn_by_number = actor.number
    proof.withdrawn_why = why.strip()
    proof.save(update_fields=["withdrawn_at", "withdrawn_by_number", "withdrawn_why"])
    return proof


def _locked(actor: AnyActor, publication_id: int) -> Publication:
    found = queries.visible_to(actor).select_for_update(of=("self",)).filter(pk=publication_id).first()
    if found is None:
        raise NotVisible
    return found


def _well_formed(
    publication: Publication, channel: str, done_on: date, texts: dict[str, str], file: tuple[str, bytes] | None
) -> None:
    """All mistakes together."""
    if channel not in Channel.values:
        raise BadInput([Fault("渠道", "请从公示栏、党员大会、公众号、微信群中选一种。")])
    faults = []
    published = publication.published_at.astimezone(clock.SHANGHAI).date()
    if not published <= done_on <= clock.today():
        faults.append(
            Fault(
                "哪一天", f"应在公示之日（{published.year}年{published.month}月{published.day}日）到今天之间，请核对。"
            )
        )
    for name, title, most in (("place", "在哪里", 120), ("done_by", "谁办的", 60), ("link", "网址", 300)):
        if len(texts[name]) > most:
            faults.append(Fault(title, f"最多{most}个字。"))
    if not texts["place"].strip():
        faults.append(Fault("在哪里", "请写明地点或名称，例如“槐园社区东门公示栏”“第一党支部党员群”。"))
    link = texts["link"].strip()
    if link and not link.startswith(("https://", "http://")):
        faults.append(Fault("网址", "请填写完整的网址，以 https:// 开头。"))
    takes_link = channel in (Channel.ACCOUNT, Channel.GROUP)
    if file is None and not (takes_link and link):
        faults.append(Fault("附件", WANTED[Channel(channel)]))
    if faults:
        raise BadInput(faults)
