"""The copy of the document comes with the proposal: in its transaction, or not at all."""

import pytest

from pioneer.conduct.zeroing import propose_zeroing
from pioneer.files.models import StoredFile
from pioneer.kernel.errors import BadInput, NotAllowed
from tests.conduct.conftest import document
from tests.web.scenario import PNG
from tests.world import World


def test_the_copy_is_kept_with_the_case_and_not_without_one(ruled: World) -> None:
    member = ruled.member("李桂兰").pk
    scan = ("决定书.png", PNG)
    with pytest.raises(NotAllowed):
        propose_zeroing(actor=ruled.actor("recorder"), member_id=member, **document(scan=scan))
    with pytest.raises(BadInput):
        propose_zeroing(actor=ruled.actor("secretary"), member_id=member, **document(scan=scan, facts=""))
    assert not StoredFile.objects.exists()
    made = propose_zeroing(actor=ruled.actor("secretary"), member_id=member, **document(scan=scan))
    assert made.file is not None and made.file.name == "决定书.jpg" and made.file.content_type == "image/jpeg"
    assert made.file.uploaded_by_number == ruled.users["secretary"].pk
