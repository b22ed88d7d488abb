"""打印 What stands on the screen at the end, kept beside the database so that a second start shows it again."""

import json
import unicodedata
from dataclasses import asdict
from pathlib import Path

from django.conf import settings
from django.urls import reverse

from pioneer.jobs.demo import sign_ins, words
from pioneer.jobs.demo.filling import Filled


def place() -> Path:
    """存放处"""
    return Path(settings.DATA) / "demo.json"


def keep(filled: Filled) -> None:
    """记下 The sign-ins and the notice's address; no secret that is not printed anyway."""
    content = {
        "sign_ins": [asdict(one) for one in filled.sign_ins], "token": filled.token, "counts": filled.counts,
        "card": filled.card,
    }  # fmt: skip
    place().write_text(json.dumps(content, ensure_ascii=False, indent=1), encoding="utf-8")


def kept(site: str) -> str:
    """登录表 As it is printed."""
    if not place().exists():
        return f"网址　{site}/\n"
    content = json.loads(place().read_text(encoding="utf-8"))
    rows = [("角色", "登录号", "姓名", "所在组织")]
    rows += [(one["role"], one["login"], one["name"], one["place"]) for one in content["sign_ins"]]
    widths = [max(width(row[column]) for row in rows) + 3 for column in range(4)]
    lines = [
        "  " + "".join(padded(cell, size) for cell, size in zip(row, widths, strict=True)).rstrip() for row in rows
    ]
    rule = "  " + "─" * (sum(widths) - 1)
    lines[1:1] = [rule]
    notice = f"  公示页　{site}{reverse('notice', args=[content['token']])}（不用登录）\n" if content["token"] else ""
    card = f"  积分卡号　{content['card']}（上面那位党员的；在超市、商户的页面输入）\n" if content.get("card") else ""
    return (
        f"{words.DISTRICT}（{words.LABEL}）\n\n"
        f"  网址　　{site}/\n{notice}\n" + "\n".join(lines) + f"\n{rule}\n"
        f"  密码都是　{sign_ins.PASSWORD}\n{card}"
        "  真实站点上，系统管理员和安全管理员还须用动态码；演示站点免去。\n\n"
    )


def width(text: str) -> int:
    """显示宽度 A Chinese character is two columns wide."""
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)


def padded(text: str, size: int) -> str:
    """补齐"""
    return text + " " * (size - width(text))
