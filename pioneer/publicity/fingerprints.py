"""指纹 A notice found by what is printed on it: the first characters of its digest, or all of them."""

import unicodedata

from pioneer.kernel.errors import bad
from pioneer.publicity.models import Publication
from pioneer.publicity.queries import live

SHORTEST, WHOLE = 12, 64
ALIKE = str.maketrans("oil", "011")  # no fingerprint holds these letters: what the eye took for a digit is one


def normal(text: str) -> str:
    """规范的指纹 Of what somebody typed or scanned: without spaces and strokes, whatever width and case."""
    plain = unicodedata.normalize("NFKC", text).lower().translate(ALIKE)
    kept = "".join(c for c in plain if not c.isspace() and c not in "-–—_·.:：")
    if not SHORTEST <= len(kept) <= WHOLE or any(c not in "0123456789abcdef" for c in kept):
        raise bad("指纹", "请照公示上印的填写：三组，每组四个字符，只有数字0—9和字母A—F。")
    return kept


def by_fingerprint(text: str) -> list[Publication]:
    """指纹所指的公示 Mostly one, or none; of any revision, whether its page still stands or not."""
    kept = normal(text)
    found = Publication.objects.filter(digest__gte=kept.ljust(WHOLE, "0"), digest__lte=kept.ljust(WHOLE, "f"))
    return list(found.select_related("sheet__branch__parent").order_by("published_at", "pk")[:5])


def replaced_by(publication: Publication) -> Publication | None:
    """代替它的公示 The live revision, where this is not the one."""
    return live(publication.sheet_id) if publication.superseded_at is not None else None
