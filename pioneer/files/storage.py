"""附件的存放 Where contents lie under their digest: in a folder of this machine or, by a setting, in the bucket of any
S3-compatible storage. Both name them alike, so that a copy from one to the other is a plain copy.

A bucket's address is never told to a browser: what is asked for is fetched here, after the owning station has agreed.
"""

import io
import os
import secrets
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, BinaryIO, Protocol
from urllib.parse import parse_qs, urlsplit

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from pioneer.kernel.errors import DomainError

OPTIONS = {"endpoint", "region", "addressing"}
ADDRESSINGS = ("auto", "path", "virtual")


class Storage(Protocol):
    """存放处"""

    def put(self, digest: str, content: bytes) -> None:
        """放入 Whole or not at all; what is there already, whole, is left as it is."""

    def open(self, digest: str) -> BinaryIO:
        """取出 Raises FileNotFoundError where it is gone."""

    def drop(self, digest: str) -> None:
        """丢弃 Also where it is gone already."""


def storage() -> Storage:
    """现用的存放处 The folder unless the setting names a bucket."""
    return _bucket(settings.FILES) if settings.FILES else Folder()


def name_of(digest: str) -> str:
    """存放名 Two levels by the digest's first characters, so that no folder grows too long."""
    return f"{digest[:2]}/{digest[2:4]}/{digest}"


def place_of(digest: str) -> Path:
    """存放位置 In the folder."""
    return Path(settings.FILES_ROOT) / name_of(digest)


class Folder:
    """文件夹 On a disk of this machine."""

    def put(self, digest: str, content: bytes) -> None:
        """放入 Written beside, flushed to the disk, then put in place in one step: nobody ever reads half a file."""
        place = place_of(digest)
        if place.exists() and place.stat().st_size == len(content):
            return
        place.parent.mkdir(parents=True, exist_ok=True)
        made = place.with_name(f".{place.name}.{secrets.token_hex(6)}")
        try:
            with made.open("xb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            made.replace(place)
        finally:
            made.unlink(missing_ok=True)
        folder = os.open(place.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    def open(self, digest: str) -> BinaryIO:
        """取出"""
        return place_of(digest).open("rb")

    def drop(self, digest: str) -> None:
        """丢弃"""
        place_of(digest).unlink(missing_ok=True)


@dataclass(frozen=True, slots=True)
class Address:
    """存储地址 As the setting says it; keys and passwords come from the environment's AWS_… alone."""

    bucket: str
    prefix: str
    endpoint: str | None
    region: str | None
    addressing: str


def read_address(text: str) -> Address:
    """读地址 `s3://bucket/prefix?endpoint=https://…&region=…&addressing=path`. ImproperlyConfigured where wrong."""
    parts = urlsplit(text)
    given = {name: values[-1] for name, values in parse_qs(parts.query, keep_blank_values=True).items()}
    if parts.scheme != "s3" or not parts.hostname:
        raise ImproperlyConfigured("PIONEER_FILES 须写成 s3://存储桶/前缀?endpoint=https://…，或留空用本机文件夹。")
    if parts.username or parts.password:
        raise ImproperlyConfigured(
            "PIONEER_FILES 里不写密钥；请用 AWS_ACCESS_KEY_ID 和 AWS_SECRET_ACCESS_KEY 两个环境变量。"
        )
    if unknown := given.keys() - OPTIONS:
        known = "、".join(sorted(OPTIONS))
        raise ImproperlyConfigured(f"PIONEER_FILES 里不认识“{'、'.join(sorted(unknown))}”；可写的是{known}。")
    endpoint = given.get("endpoint")
    if endpoint and urlsplit(endpoint).scheme not in ("http", "https"):
        raise ImproperlyConfigured("PIONEER_FILES 的 endpoint 须以 https:// 或 http:// 开头。")
    addressing = given.get("addressing", "auto")
    if addressing not in ADDRESSINGS:
        raise ImproperlyConfigured(f"PIONEER_FILES 的 addressing 只能是{'、'.join(ADDRESSINGS)}之一。")
    prefix = parts.path.strip("/")
    return Address(parts.netloc, f"{prefix}/" if prefix else "", endpoint, given.get("region"), addressing)


@cache
def _bucket(text: str) -> "Bucket":
    return Bucket(read_address(text))


class Bucket:
    """存储桶 One content is one object, put in one request: it is there whole or not at all."""

    def __init__(self, address: Address) -> None:
        import boto3  # only where a bucket is named: it takes its time
        from botocore.config import Config

        self.address = address
        self.client: Any = boto3.client(
            "s3",
            endpoint_url=address.endpoint,
            region_name=address.region,
            config=Config(
                connect_timeout=5,
                read_timeout=30,
                retries={"mode": "standard", "max_attempts": 3},
                s3={"addressing_style": address.addressing},
                request_checksum_calculation="when_required",  # not every S3-compatible storage knows more
                response_checksum_validation="when_required",
            ),
        )

    def put(self, digest: str, content: bytes) -> None:
        """放入"""
        if self._size(digest) != len(content):
            self._ask("put_object", digest, Body=content, ContentType="application/octet-stream")

    def open(self, digest: str) -> BinaryIO:
        """取出 Read whole before anything is answered: a line that breaks becomes a sentence, never half a file."""
        from botocore.exceptions import BotoCoreError

        found = self._ask("get_object", digest)
        if found is None:
            raise FileNotFoundError(name_of(digest))
        try:
            return io.BytesIO(found["Body"].read())
        except (BotoCoreError, OSError) as error:
            raise _unreachable() from error

    def drop(self, digest: str) -> None:
        """丢弃"""
        self._ask("delete_object", digest)

    def _size(self, digest: str) -> int | None:
        found = self._ask("head_object", digest)
        return None if found is None else int(found["ContentLength"])

    def _ask(self, what: str, digest: str, **more: Any) -> Any:
        """The storage's answer, or None where it has no such object."""
        from botocore.exceptions import BotoCoreError, ClientError

        try:
            return getattr(self.client, what)(
                Bucket=self.address.bucket, Key=f"{self.address.prefix}{name_of(digest)}", **more
            )
        except ClientError as error:
            if what != "put_object" and error.response["Error"]["Code"] in ("404", "NoSuchKey"):
                return None
            raise _unreachable() from error
        except BotoCoreError as error:
            raise _unreachable() from error


def _unreachable() -> DomainError:
    return DomainError(
        "files_unreachable",
        "附件的存储服务现在用不了，这一步没有办成，也没有写入任何内容。请过几分钟再试；仍不行，请告诉系统管理员。",
    )
