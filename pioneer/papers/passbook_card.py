"""积分卡的纸面 Front and back side by side on A4, in the size of a bank card: cut out, folded, laminated.

The square holds the number alone. Who finds the card can do nothing with it once it was reported lost.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from pioneer.papers.notice import qr
from pioneer.papers.rendering import render

TITLE = "积分卡"


@dataclass(frozen=True, slots=True)
class Face:
    """一张卡"""

    name: str
    number: str
    organisation: str
    issued: str


def passbook_card(faces: Iterable[Face]) -> bytes:
    """积分卡 PDF, four on a sheet. The same content gives the same bytes."""
    cards = [
        {
            "name": face.name,
            "number": f"{face.number[:4]} {face.number[4:7]} {face.number[7:]}",
            "organisation": face.organisation,
            "issued": face.issued,
            "qr": qr(face.number),
        }
        for face in faces
    ]
    return render("passbook_card", {"title": TITLE, "cards": cards})
