"""画到文件 One paper of a notice into one file, whole or not at all. Needs no database: other processes do it, too."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from pioneer.papers.notice import Shown
from pioneer.papers.notice_kinds import KINDS
from pioneer.papers.rendering import TEMPLATES


@dataclass(frozen=True, slots=True)
class Job:
    """一份纸面 What one process draws: what is said, as which kind, to which place."""

    shown: Shown
    kind: str
    place: Path
    fingerprint: str


def draw(job: Job) -> tuple[Job, str]:
    """画一份 Written beside its place and put there in one step; answers the name of the file."""
    paper = KINDS[job.kind].make(job.shown)
    place = job.place.with_name(f"{job.place.name}.{paper.suffix}")
    place.parent.mkdir(parents=True, exist_ok=True)
    beside = place.with_name(f".{place.name}.part")
    beside.write_bytes(paper.content)
    beside.replace(place)
    return job, place.name


def templates_digest() -> str:
    """画法的摘要 Of all that decides how a paper looks: once it changes, papers are drawn anew."""
    whole = hashlib.sha256()
    for file in sorted([*TEMPLATES.glob("notice*.typ"), TEMPLATES / "base.typ", *TEMPLATES.parent.glob("notice*.py")]):
        whole.update(file.read_bytes())
    return whole.hexdigest()
