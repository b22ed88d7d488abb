"""备案包 What a package of documents is called that is filed; how one is made stands in `files.packages`."""

from collections.abc import Mapping
from typing import Any

from pioneer.files import packages
from pioneer.files.packages import MANIFEST as MANIFEST
from pioneer.files.packages import canonical as canonical
from pioneer.files.packages import digest as digest
from pioneer.files.packages import document as document
from pioneer.files.packages import names as names
from pioneer.files.packages import pack as pack
from pioneer.files.packages import seal_of as seal_of
from pioneer.kernel.errors import DomainError

MOST = 60 * 1024 * 1024


def wrong(document: str, sentence: str) -> DomainError:
    """不能采信 Which document is wrong, and how."""
    return DomainError("package_wrong", f"“{document}”{sentence}。这份备案包不能采信，请向报送单位要原件。")


KIND = packages.Kind("pioneer-filing", 1, "备案包", MOST, wrong)


def sealed(manifest: Mapping[str, Any], documents: Mapping[str, bytes]) -> dict[str, Any]:
    """成目录 With the documents and the seal."""
    return packages.sealed(KIND, manifest, documents)
