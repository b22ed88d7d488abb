"""登录 Coming in: by number and password, by a printed slip, with a second factor where it is asked for."""

import base64
import time
from datetime import timedelta
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records, perform_password_login
from allauth.account.models import Login
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.recovery_codes.views import DownloadRecoveryCodesView, GenerateRecoveryCodesView, ViewRecoveryCodesView
from allauth.mfa.totp.views import ActivateTOTPView, DeactivateTOTPView
from axes.handlers.proxy import AxesProxyHandler
from django.conf import settings
from django.contrib.auth import authenticate
from django.contrib.auth.signals import user_login_failed
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from pioneer.accounts import policies, queries, services, slips
from pioneer.accounts.policies import VISITOR
from pioneer.accounts.queries import actor_of
from pioneer.kernel import encryption
from pioneer.kernel.errors import BadInput, DomainError
from pioneer.web.forms.accounts import SlipForm
from pioneer.web.forms.trying import show_refusal

FRESH = 300  # seconds after signing in during which nobody is asked for the password again


class Adapter(DefaultAccountAdapter):  # type: ignore[misc]
    """登录适配 Accounts are made by an organisation, never by oneself; nothing is sent by mail."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": "号码或密码不对，请重新输入。连续输错5次，会锁定一段时间。",
        "incorrect_password": "密码不对，请重新输入。",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def login(self, request: HttpRequest, user: Any) -> None:
        super().login(request, user)
        stamp(request)
        services.record_sign_in(actor=actor_of(user))

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        records = get_authentication_records(self.request, self.request.user)
        return not (records and time.time() - records[-1]["at"] < FRESH)

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """The page itself shows what was done."""

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """There is no mail."""

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return "/"


class SecondFactor(DefaultMFAAdapter):  # type: ignore[misc]
    """二次验证适配 Keys are encrypted at rest; administrators can't give it up."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": "验证码不对。请等手机上换出新的6位数字后再输入。",
        "cannot_delete_authenticator": "管理员账号须有二次验证，不能停用。换手机请找安全管理员清除后重新设置。",
    }

    def encrypt(self, text: str) -> str:
        return base64.b64encode(encryption.encrypt(text)).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return encryption.decrypt(base64.b64decode(encrypted_text))

    def can_delete_authenticator(self, authenticator: Any) -> bool:
        return not policies.needs_second_factor(actor_of(authenticator.user))


class Activate(ActivateTOTPView):  # type: ignore[misc]
    """设置二次验证"""

    def form_valid(self, form: Any) -> HttpResponse:
        answer: HttpResponse = super().form_valid(form)
        services.record_second_factor(actor=actor_of(self.request.user), on=True)
        return answer


class Deactivate(DeactivateTOTPView):  # type: ignore[misc]
    """停用二次验证"""

    def form_valid(self, form: Any) -> HttpResponse:
        answer: HttpResponse = super().form_valid(form)
        services.record_second_factor(actor=actor_of(self.request.user), on=False)
        return answer


activate = Activate.as_view()
deactivate = Deactivate.as_view()
view_codes = never_cache(ViewRecoveryCodesView.as_view())
generate_codes = GenerateRecoveryCodesView.as_view()
download_codes = DownloadRecoveryCodesView.as_view()


def stamp(request: HttpRequest) -> None:
    """计时 When the session began and was last used: the server's own time, like the cookie's age."""
    request.session["began"] = request.session["seen"] = int(time.time())


def counted_as(request: HttpRequest, credentials: dict[str, Any] | None = None) -> str | None:
    """计次的名字 The account's number, whichever of its two numbers was typed; else what was typed."""
    typed = (credentials or {}).get("username") or request.POST.get("login") or ""
    typed = str(typed).strip()[:40]
    user = queries.by_number(typed)
    return f"#{user.pk}" if user else typed or None


def locked_out(
    request: HttpRequest, response: HttpResponse | None = None, credentials: dict[str, Any] | None = None
) -> HttpResponse:
    """锁定页 After too many failures: how long, and what to do."""
    minutes = int(timedelta(hours=settings.AXES_COOLOFF_TIME).total_seconds() // 60)
    context = {"minutes": minutes, "times": settings.AXES_FAILURE_LIMIT}
    return render(request, "accounts/locked.html", context, status=429)


@never_cache
@sensitive_post_parameters("code", "password", "again")
def use_slip(request: HttpRequest) -> HttpResponse:
    """用登录码 The number, the code of the slip and a new password; then the person is in."""
    if getattr(request, "actor", None) is not None and request.method == "GET":
        return redirect("/")
    form = SlipForm(request.POST or None, initial={"login": request.GET.get("n", "")})
    if request.method == "POST":
        credentials = {"username": request.POST.get("login", "")}
        if not AxesProxyHandler.is_allowed(request, credentials):
            return locked_out(request)
        if form.is_valid():
            answer = _come_in(request, form)
            if answer is not None:
                return answer
    return render(request, "accounts/use_slip.html", {"form": form})


def _come_in(request: HttpRequest, form: SlipForm) -> HttpResponse | None:
    given = form.cleaned_data
    try:
        slips.use_slip(actor=VISITOR, login=given["login"], code=given["code"], password=given["password"])
    except BadInput as refusal:
        show_refusal(form, refusal)
        return None
    except DomainError as refusal:
        user_login_failed.send(sender=__name__, credentials={"username": given["login"]}, request=request)
        show_refusal(form, refusal)
        return None
    credentials = {"username": given["login"], "password": given["password"]}
    user = authenticate(request, **credentials)
    if user is None:
        return redirect("account_login")
    answer: HttpResponse = perform_password_login(request, credentials, Login(user=user, redirect_url="/"))
    return answer
