"""初次设置：建一个区和两位管理员，打印两人的一次性登录码。此后一切在网页上办理。"""

import sys
from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from pioneer.accounts import queries, services
from pioneer.accounts.policies import SETUP
from pioneer.kernel import clock
from pioneer.kernel.errors import DomainError
from pioneer.organisations import holidays

ALREADY = "本系统已经设置过，不再重复设置。请用原来的管理员账号登录；忘了密码，两位管理员可以互相开登录码。"


class Command(BaseCommand):
    """pioneer setup"""

    help = __doc__ or ""

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--district", help="区的全称；不填则逐项询问")
        parser.add_argument("--system-admin", nargs=2, metavar=("姓名", "手机号"), help="系统管理员：建账号、录节假日")
        parser.add_argument(
            "--security-admin", nargs=2, metavar=("姓名", "手机号"), help="安全管理员：授予任职、查审计"
        )

    def handle(self, **given: Any) -> None:
        call_command("migrate", verbosity=0)
        if queries.is_set_up():
            raise CommandError(ALREADY)
        district = given["district"] or self._ask("区的全称")
        system = given["system_admin"] or (self._ask("系统管理员姓名"), self._ask("系统管理员手机号"))
        security = given["security_admin"] or (self._ask("安全管理员姓名"), self._ask("安全管理员手机号"))
        try:
            made = services.set_up(
                actor=SETUP, district=district, system_admin=tuple(system), security_admin=tuple(security)
            )
        except DomainError as refusal:
            raise CommandError(refusal.message) from None
        years = self._load_holidays(queries.actor_of(made.system_admin.user))
        self._say(made, years)

    def _ask(self, what: str) -> str:
        if not sys.stdin.isatty():
            raise CommandError(
                f"还缺“{what}”。请写全："
                "pioneer setup --district 区名 --system-admin 姓名 手机号 --security-admin 姓名 手机号"
            )
        return input(f"{what}：").strip()

    def _load_holidays(self, actor: Any) -> list[int]:
        """The years the shipped table knows, from last year on: late claims may fall into it."""
        this_year = clock.today().year
        known = [year for year in range(this_year - 1, this_year + 3) if holidays.shipped(year)]
        for year in known:
            holidays.load_holiday_year(actor=actor, year=year)
        return known

    def _say(self, made: services.SetUp, years: list[int]) -> None:
        self.stdout.write(f"\n已建立：{made.district.name}")
        for title, slip in (("系统管理员", made.system_admin), ("安全管理员", made.security_admin)):
            self.stdout.write(
                f"\n{title}　{slip.user.name}\n  登录号码：{slip.user.login}\n  一次性登录码：{slip.code}"
            )
        last = made.system_admin.expires_at.astimezone(clock.SHANGHAI) - timedelta(seconds=1)
        self.stdout.write(
            f"\n登录码只显示这一次，{last.year}年{last.month}月{last.day}日24时前有效。"
            "请分别当面交给两人，不要一起交给一个人。"
        )
        loaded = "、".join(f"{year}年" for year in years)
        self.stdout.write(
            f"已载入节假日表：{loaded}。" if years else "没有载入节假日表，请系统管理员在“节假日”页录入。"
        )
        self.stdout.write("下一步：pioneer serve，打开网址，点“用纸条上的登录码”。")
