"""抹除申报 A plain function, for the ledger's erasure."""

from django.db.models import Q

from pioneer.declarations.models import Batch, Declaration, DeclarationFile, Flag, WeeklyForm
from pioneer.files.models import StoredFile


def erase_texts(member_id: int) -> list[StoredFile]:
    """抹除文字 Place, matter and evidence go, and the codes of printed forms; indicator and day stay. Answers the files
    that were referred to."""
    claims = Declaration.objects.filter(member=member_id)
    evidence = DeclarationFile.objects.filter(declaration__in=claims)
    files = list(StoredFile.objects.filter(pk__in=evidence.values("file")))
    evidence.delete()
    Flag.objects.filter(Q(declaration__in=claims) | Q(other__in=claims)).delete()
    Batch.objects.filter(form__member=member_id).update(form=None)
    WeeklyForm.objects.filter(member=member_id).delete()
    claims.update(place="", matter="", event="")
    return files
