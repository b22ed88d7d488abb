"""抹除申报 A plain function, for the ledger's erasure."""

from django.db.models import Q

from pioneer.declarations.models import Declaration, DeclarationFile, Flag
from pioneer.files.models import StoredFile


def erase_texts(member_id: int) -> list[StoredFile]:
    """抹除文字 Place, matter and evidence go; indicator and day stay. Answers the files that were referred to."""
    claims = Declaration.objects.filter(member=member_id)
    evidence = DeclarationFile.objects.filter(declaration__in=claims)
    files = list(StoredFile.objects.filter(pk__in=evidence.values("file")))
    evidence.delete()
    Flag.objects.filter(Q(declaration__in=claims) | Q(other__in=claims)).delete()
    claims.update(place="", matter="", event="")
    return files
