"""Files in an S3-compatible storage, against a real one that runs beside the test: the same contents under the same
names, served by our own pages alone, and a clear sentence when the storage does not answer."""

import hashlib
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import boto3
import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.test import Client
from moto.server import ThreadedMotoServer

from pioneer.declarations.models import Declaration, DeclarationFile
from pioneer.files.erasure import discard
from pioneer.files.models import StoredFile
from pioneer.files.queries import open_file
from pioneer.files.services import store
from pioneer.files.storage import Folder, name_of, read_address, storage
from pioneer.kernel import clock
from pioneer.kernel.errors import DomainError
from tests.declarations.conftest import Declare
from tests.declarations.conftest import declares as declares
from tests.declarations.conftest import ruled as ruled
from tests.world import TODAY, World

PDF = b"%PDF-1.7\n%\xe2\xe3\n1 0 obj\n"
BUCKET, PREFIX = "pioneer", "district/files"


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    running = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    running.start()
    host, port = running.get_host_and_port()
    yield f"http://{host}:{port}"
    running.stop()


@pytest.fixture
def bucket(server: str, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A fresh bucket that the settings name; as its own keeper sees it."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "tester")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "for the test alone")
    name = f"{BUCKET}-{uuid4().hex[:8]}"
    settings.FILES = f"s3://{name}/{PREFIX}?endpoint={server}&region=us-east-1&addressing=path"
    kept = boto3.resource("s3", endpoint_url=server, region_name="us-east-1").Bucket(name)
    kept.create()
    return kept


def names(bucket: Any) -> list[str]:
    return [one.key for one in bucket.objects.all()]


@pytest.mark.django_db
def test_a_content_is_kept_once_under_its_digest_and_nothing_on_the_disk(bucket: Any, tmp_path: Any) -> None:
    first = store(PDF, "处罚决定书.pdf", "application/pdf", 7)
    assert store(PDF, "同一份.pdf", "application/pdf", 8) == first
    assert first.digest == hashlib.sha256(PDF).hexdigest()
    assert names(bucket) == [f"{PREFIX}/{first.digest[:2]}/{first.digest[2:4]}/{first.digest}"]
    assert open_file(first).read() == PDF
    assert not [place for place in tmp_path.rglob("*") if place.is_file()]


@pytest.mark.django_db
def test_a_truncated_content_is_written_anew(bucket: Any) -> None:
    stored = store(PDF, "a.pdf", "", None)
    bucket.Object(f"{PREFIX}/{name_of(stored.digest)}").put(Body=b"%PDF")
    store(PDF, "a.pdf", "", None)
    assert open_file(stored).read() == PDF


@pytest.mark.django_db
def test_a_content_that_is_gone_is_said_so(bucket: Any) -> None:
    stored = store(PDF, "a.pdf", "", None)
    bucket.Object(f"{PREFIX}/{name_of(stored.digest)}").delete()
    with pytest.raises(DomainError, match="备份"):
        open_file(stored)


@pytest.mark.django_db(transaction=True)
def test_what_nobody_refers_to_any_more_goes_from_the_bucket(bucket: Any) -> None:
    stored, kept = store(PDF, "a.pdf", "", None), store(PDF + b"2", "b.pdf", "", None)
    assert discard([stored]) == 1
    assert names(bucket) == [f"{PREFIX}/{name_of(kept.digest)}"] and StoredFile.objects.get() == kept


@pytest.mark.django_db
def test_it_is_served_by_our_page_after_asking_who_it_is(bucket: Any, ruled: World, declares: Declare) -> None:
    with clock.at(TODAY):
        claim = declares(evidence=[("证明.pdf", PDF)])
        file = DeclarationFile.objects.get(declaration=claim).file
        address = f"/declarations/{claim.pk}/files/{file.pk}/"
        client = Client()
        client.force_login(ruled.users["guilan"], backend="pioneer.accounts.backends.NumberBackend")
        answer = client.get(address)
        assert answer.status_code == 200 and answer.getvalue() == PDF and "attachment" in answer["Content-Disposition"]
        client.force_login(ruled.users["xueqin"], backend="pioneer.accounts.backends.NumberBackend")
        assert client.get(address).status_code == 404


@pytest.mark.django_db
def test_a_storage_that_does_not_answer_is_said_so_and_nothing_is_declared(
    bucket: Any, settings: Any, declares: Declare, monkeypatch: pytest.MonkeyPatch
) -> None:
    stored = store(PDF, "a.pdf", "", None)
    settings.FILES = f"s3://no-such-bucket-here?{settings.FILES.partition('?')[2]}"
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    for unreachable in (settings.FILES, "s3://pioneer?endpoint=http://127.0.0.1:9&region=us-east-1"):
        settings.FILES = unreachable
        with pytest.raises(DomainError) as refused:
            declares(evidence=[("证明.pdf", PDF + b"3")])
        assert refused.value.code == "files_unreachable" and "没有写入" in refused.value.message
        assert not Declaration.objects.exists() and StoredFile.objects.get() == stored


def test_without_the_setting_it_is_the_folder() -> None:
    assert isinstance(storage(), Folder)


def test_an_address_is_read() -> None:
    full = read_address("s3://files/a/b/?endpoint=https://oss.example.cn&region=cn-north&addressing=virtual")
    assert (full.bucket, full.prefix, full.endpoint) == ("files", "a/b/", "https://oss.example.cn")
    assert (full.region, full.addressing) == ("cn-north", "virtual")
    bare = read_address("s3://files")
    assert (bare.bucket, bare.prefix, bare.endpoint, bare.region, bare.addressing) == ("files", "", None, None, "auto")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("files", "须写成"),
        ("https://files/a", "须写成"),
        ("s3:///a", "须写成"),
        ("s3://key:word@files/a", "不写密钥"),
        ("s3://files?endpoint=oss.example.cn", "https://"),
        ("s3://files?adressing=path", "不认识“adressing”"),
        ("s3://files?addressing=somehow", "path"),
    ],
)
def test_a_wrong_address_is_said_when_the_program_starts(text: str, said: str, settings: Any) -> None:
    with pytest.raises(ImproperlyConfigured, match=said):
        read_address(text)
    settings.FILES = text
    with pytest.raises(SystemCheckError, match=said):
        call_command("check")
