"""Long after somebody has gone: the bundle that names it goes, its fingerprints stay, another is made without it."""

import io
import zipfile
from datetime import date

import pytest

from pioneer.archives.checking import check
from pioneer.archives.holding import sections
from pioneer.archives.models import Archive
from pioneer.files.models import StoredFile
from pioneer.files.storage import place_of
from pioneer.kernel import clock
from pioneer.ledger.erasure import erase_member
from pioneer.members.models import StatusSpell
from pioneer.organisations.models import HolidayYear
from tests.archives.conftest import bytes_of, made
from tests.world import World

pytestmark = pytest.mark.one_database
LEFT, LATE = date(2027, 3, 1), date(2032, 3, 2)


def test_the_bundle_goes_and_a_new_one_is_made_without_the_texts(
    filed: World, django_capture_on_commit_callbacks: object
) -> None:
    first = made(filed)
    (held,) = sections(filed.member("柳满仓"))
    assert [row[1:4] for row in held.rows] == [("柳沟村", "1", "正式")] and held.rows[0][-2] == "在存"
    assert not sections(filed.member("李桂兰"))[0].rows, "another branch's"
    gone = filed.member("柳满仓")
    StatusSpell.objects.filter(member=gone, until_on=None).update(until_on=date(2027, 2, 28))
    StatusSpell.objects.create(member=gone, status="left", from_on=LEFT)
    HolidayYear.objects.create(year=2032, source="x")
    digest = first.package_digest
    with clock.at(LATE), django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        erase_member(actor=filed.actor("security_admin"), member_id=gone.pk)
    erased = Archive.objects.get(pk=first.pk)
    assert erased.package is None and erased.erased_at is not None and erased.package_digest == digest
    assert not StoredFile.objects.filter(digest=digest).exists() and not place_of(digest).exists()
    assert sections(gone)[0].rows[0][-2] == "已按规定抹除"
    with clock.at(LATE):
        second = made(filed)
    assert second.edition == 2 and second.changes == ["上一版里有人的文字已按规定抹除，不再保存，无法逐项比对。"]
    content = bytes_of(second)
    found = check(content)
    assert found.erased > 3 and found.figures["recounted"] == 3, "the books still add up"
    archive = zipfile.ZipFile(io.BytesIO(content))
    told = [archive.read(name).decode() for name in ("数据.json", "说明.txt", "manifest.json")]
    assert "柳满仓" not in "".join(told) and "柳大妮" in told[0] and "（已抹除）" in told[0]
