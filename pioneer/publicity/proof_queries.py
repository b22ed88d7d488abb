"""张贴凭证的读取 What proves that a notice was shown, by channel, for who sees the notice's own page."""

from dataclasses import dataclass, field

from django.db.models import Exists, OuterRef, QuerySet

from pioneer.accounts.policies import Act, AnyActor, may
from pioneer.files.models import StoredFile
from pioneer.kernel.errors import NotVisible
from pioneer.publicity.models import Proof as Proof
from pioneer.publicity.models import Publication
from pioneer.publicity.queries import running, visible_to

CHANNELS = {str(value): str(label) for value, label in Proof.Channel.choices}


@dataclass(slots=True)
class Shown:
    """一个渠道 `standing` proofs and `withdrawn` ones, in the order in which they were entered."""

    channel: str
    name: str
    standing: list[Proof] = field(default_factory=list)
    withdrawn: list[Proof] = field(default_factory=list)


def by_channel(publication: Publication) -> list[Shown]:
    """各渠道的凭证 Every channel, with or without a proof. One query."""
    found = {value: Shown(value, name) for value, name in CHANNELS.items()}
    for proof in publication.proofs.select_related("file"):
        shown = found[proof.channel]
        (shown.standing if proof.withdrawn_at is None else shown.withdrawn).append(proof)
    return list(found.values())


def get_proof(actor: AnyActor, proof_id: int) -> Proof:
    """取一条凭证"""
    found = Proof.objects.filter(pk=proof_id, publication__in=visible_to(actor))
    proof = found.select_related("publication__sheet__branch", "file").first()
    if proof is None:
        raise NotVisible
    return proof


def file_of(actor: AnyActor, proof_id: int) -> StoredFile:
    """凭证的附件"""
    proof = get_proof(actor, proof_id)
    if proof.file is None:
        raise NotVisible("这条凭证没有附件，或者附件已依规抹除。")
    return proof.file


def without_board_proof(found: QuerySet[Publication]) -> QuerySet[Publication]:
    """缺公示栏凭证的 Of these notices."""
    on_board = Proof.objects.filter(publication=OuterRef("pk"), channel=Proof.Channel.BOARD, withdrawn_at__isnull=True)
    return found.exclude(Exists(on_board))


def to_prove(actor: AnyActor) -> list[Publication]:
    """待我上传凭证的公示 Running ones of branches where the actor publishes, without a photograph of the board."""
    mine = [one.pk for one in running(actor) if may(actor, Act.PUBLISH, one.sheet.branch)]
    found = without_board_proof(Publication.objects.filter(pk__in=mine))
    return list(found.select_related("sheet__branch").order_by("published_at", "pk"))
