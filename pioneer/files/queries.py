"""附件的读取 Every read of stored contents. Who may see a file is decided by the station that points at it."""

from pathlib import Path
from typing import BinaryIO

from django.conf import settings

from pioneer.files.models import StoredFile
from pioneer.kernel.errors import DomainError


def place_of(digest: str) -> Path:
    """存放位置 Two levels of folders by the digest's first characters, so that no folder grows too long."""
    return Path(settings.FILES_ROOT) / digest[:2] / digest[2:4] / digest


def open_file(stored: StoredFile) -> BinaryIO:
    """打开附件 The content, open for reading. A content that is gone from the disk is said so."""
    try:
        return place_of(stored.digest).open("rb")
    except FileNotFoundError:
        raise DomainError(
            "file_missing",
            f"附件“{stored.name}”的内容不在存储目录里。请系统管理员从最近的备份恢复附件目录后再打开。",
        ) from None
