"""A bundle in hand: whole it passes; one byte changed it is refused with the document's name; who makes the lists anew
must still come out right with fingerprints, chain and engine."""

import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from pioneer.archives.checking import check
from pioneer.archives.contents import KIND, digest_of
from pioneer.archives.gathering import figures_of
from pioneer.files.packages import canonical, digest, document, names, pack, sealed
from pioneer.kernel.errors import DomainError
from tests.archives.conftest import bytes_of, made
from tests.world import World

pytestmark = pytest.mark.one_database  # once made, no database is asked


def test_one_byte_in_each_document_and_every_forgery(
    filed: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    whole = bytes_of(made(filed))
    for name in names(whole):
        _one_byte(whole, name)
    for change, sentence in FORGERIES:
        with pytest.raises(DomainError, match=sentence):
            check(forged(whole, change))
    with pytest.raises(DomainError, match=r"“年度档案\.pdf”目录里有，包里没有"):
        check(_zip({name: content for name, content in _held(whole).items() if name != "年度档案.pdf"}))
    with pytest.raises(DomainError, match=r"“附加\.txt”包里有，目录里没有"):
        check(_zip({**_held(whole), "附加.txt": b"?"}))
    with pytest.raises(DomainError, match="压缩包本身"):
        check(_zip(_held(whole)))
    with pytest.raises(DomainError, match="打不开，不是完整的年度档案"):
        check(b"not a zip")

    file = tmp_path / "档案.zip"
    file.write_bytes(whole)
    call_command("verify", archive=str(file))
    assert "核验相符：柳沟村2026年度档案（第1版，正式），7份文件，3次公示" in capsys.readouterr().out
    file.write_bytes(forged(whole, _better))
    with pytest.raises(SystemExit):
        call_command("verify", archive=str(file))
    assert "核验不符：“数据.json”里M00013的评定结果" in capsys.readouterr().err
    with pytest.raises(SystemExit):
        call_command("verify", archive=str(tmp_path / "没有.zip"))


def _one_byte(whole: bytes, name: str) -> None:
    """In the ZIP itself, and packed anew so that its own check sums fit: only the digests can tell."""
    held = _held(whole)
    content = held[name]
    place = whole.index(content) + len(content) // 2
    with pytest.raises(DomainError, match=f"“{name}”.*不能采信"):
        check(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
    middle = len(content) // 2
    held[name] = content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :]
    with pytest.raises(DomainError, match=f"“{name}”.*不能采信"):
        check(_zip(held))


def _held(whole: bytes) -> dict[str, bytes]:
    return {name: document(whole, name) for name in names(whole)}


def _zip(held: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as anew:
        for name, content in held.items():
            anew.writestr(name, content)
    return stream.getvalue()


def forged(whole: bytes, change: Callable[[dict[str, Any]], None]) -> bytes:
    """The facts changed, and every list, digest and seal made to fit."""
    held = _held(whole)
    manifest = json.loads(held.pop("manifest.json"))
    facts = json.loads(held["数据.json"])
    change(facts)
    held["数据.json"] = canonical(facts)
    listed = "".join(f"{digest(content)}  {name}\n" for name, content in held.items() if name != "指纹.txt").encode()
    held["指纹.txt"] = listed
    manifest |= {"content_digest": digest_of(facts), "list_digest": digest(listed), "figures": figures_of(facts)}
    return pack(sealed(KIND, manifest, held), held)


def _better(facts: dict[str, Any]) -> None:
    facts["result"]["rows"][2]["score"] = 9500


def _name(facts: dict[str, Any]) -> None:
    facts["notices"][1]["members"][0]["name"] = "柳二"


def _counted(facts: dict[str, Any]) -> None:
    facts["notices"][1]["members"][2]["positive"] = 900


def _value(facts: dict[str, Any]) -> None:
    facts["ledger"]["postings"][1]["entries"][0]["value"] = 500


def _gone(facts: dict[str, Any]) -> None:
    del facts["ledger"]["postings"][1]["entries"][0]


def _link(facts: dict[str, Any]) -> None:
    del facts["ledger"]["postings"][1]


def _later(facts: dict[str, Any]) -> None:
    facts["ledger"]["postings"][2]["previous_digest"] = "0" * 64


def _rule(facts: dict[str, Any]) -> None:
    facts["rulebooks"][0]["text"] = facts["rulebooks"][0]["text"].replace("points = 70", "points = 71", 1)


FORGERIES = [
    (_better, "重算不是这个得分"),
    (_name, "“数据.json”里2026年11月第1次公示第1行的姓名或备注与公示时的承诺值不符"),
    (_counted, "2026年11月第1次公示的内容与它的指纹不符"),
    (_value, "第2号入账的line:.*与它的摘要不符"),
    (_gone, "第2号入账缺少条目"),
    (_link, "缺少第2号入账"),
    (_later, "第3号入账引用的上一号指纹不符"),
    (_rule, r"“积分办法-第1版\.toml”与数据\.json里的办法原文不同"),
    (lambda facts: facts["notices"][1].pop("heading"), "内容不完整"),
]
