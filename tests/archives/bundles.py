"""小档案 The least that is a whole bundle, made without drawing anything: for pages that only pass one on."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from pioneer.archives.contents import KIND, digest_of
from pioneer.archives.frame import FORMAT
from pioneer.archives.gathering import SECTIONS, figures_of
from pioneer.archives.models import Archive, ArchivedMember
from pioneer.files.kinds import ZIP
from pioneer.files.packages import digest, pack, sealed
from pioneer.files.services import keep_made
from pioneer.kernel import clock
from pioneer.members.models import Member
from pioneer.organisations.models import Organisation


def small(branch: Organisation, first_on: date, last_on: date, edition: int = 1) -> bytes:
    """Without a notice, an entry or a result."""
    facts: dict[str, Any] = {
        "format": FORMAT, "branch": {"number": branch.pk, "name": branch.name, "above": []},
        "unit": {"number": branch.pk, "name": branch.name},
        "cycle": {"first_on": str(first_on), "last_on": str(last_on), "name": f"{first_on.year}年度"}, "state": "whole",
        "unfinished": [], "rulebooks": [], "supplements": [], "indicators": {}, "roster": [], "notices": [],
        "ledger": {"continues": "", "postings": []}, "result": None, **{name: [] for name in SECTIONS}, "people": {},
        "facts_until": str(last_on),
    }  # fmt: skip
    held = {"数据.json": json.dumps(facts, ensure_ascii=False).encode()}
    held["指纹.txt"] = f"{digest(held['数据.json'])}  数据.json\n".encode()
    manifest = {
        **{key: facts[key] for key in ("branch", "unit", "cycle", "state", "facts_until")},
        "edition": edition, "changes": [], "figures": figures_of(facts), "rulebooks": [],
        "content_digest": digest_of(facts), "list_digest": digest(held["指纹.txt"]),
    }  # fmt: skip
    return pack(sealed(KIND, manifest, held), held)


def kept(branch: Organisation, first_on: date, last_on: date, people: list[Member], **more: Any) -> Archive:
    """An edition on record with such a bundle."""
    content = small(branch, first_on, last_on, more.get("edition", 1))
    stored = keep_made(content, "年度档案.zip", ZIP, None)
    given: dict[str, Any] = {
        "edition": 1, "members": len(people), "figures": {"roster": len(people), "results": 2, "recounted": 1},
        "facts_until": last_on, "content_digest": "0" * 64, "package": stored, "package_digest": stored.digest,
        "list_digest": digest(content), "size": len(content), "made_at": clock.now(), **more,
    }  # fmt: skip
    made = Archive.objects.create(branch=branch, first_on=first_on, last_on=last_on, **given)
    ArchivedMember.objects.bulk_create(ArchivedMember(archive=made, member=one) for one in people)
    return made
