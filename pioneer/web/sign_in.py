"""登录 allauth's adapter: nobody signs up; people are let in by a slip."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class Adapter(DefaultAccountAdapter):
    """登录适配 Accounts are made by an organisation, never by oneself."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False
