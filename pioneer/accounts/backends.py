"""登录方式 Sign-in by phone number or member number, never by name."""

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.db.models import Q
from django.http import HttpRequest

from pioneer.accounts.models import User


class NumberBackend(ModelBackend):
    """号码登录 Finds the account by `login` or by phone; an unknown number takes as long as a wrong password."""

    def authenticate(
        self, request: HttpRequest | None, username: str | None = None, password: str | None = None, **kwargs: Any
    ) -> User | None:
        number = (username or "").strip()
        if not number or password is None:
            return None
        user = User.objects.filter(Q(login=number) | Q(phone=number)).first()
        if user is None:
            User().set_password(password)
            return None
        return user if user.check_password(password) and self.user_can_authenticate(user) else None
