"""账号的表单"""

from typing import Any

from allauth.account.forms import LoginForm
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from django import forms

NUMBER_HINT = "没有手机号的，用纸条上印的党员编号。"


class SignInForm(LoginForm):  # type: ignore[misc]
    """登录"""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = "手机号或党员编号"
        self.fields["login"].widget.attrs = {"autocomplete": "username", "autocapitalize": "characters"}
        self.fields["password"].label = "密码"
        self.fields["password"].help_text = ""
        self.fields["password"].widget.attrs = {"autocomplete": "current-password"}


CODE = {"autocomplete": "one-time-code", "autocapitalize": "none", "spellcheck": "false", "class": "code-input"}


class ActivateForm(ActivateTOTPForm):  # type: ignore[misc]
    """设置二次验证"""

    code = forms.CharField(
        label="6位数字", max_length=10, widget=forms.TextInput(attrs={**CODE, "inputmode": "numeric"})
    )


class SecondFactorForm(AuthenticateForm):  # type: ignore[misc]
    """二次验证"""

    code = forms.CharField(label="验证码", max_length=20, widget=forms.TextInput(attrs=CODE))


class SecondFactorAgainForm(ReauthenticateForm):  # type: ignore[misc]
    """再次验证"""

    code = forms.CharField(label="验证码", max_length=20, widget=forms.TextInput(attrs=CODE))


class _NewPassword(forms.Form):
    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("password") and cleaned.get("again") and cleaned["password"] != cleaned["again"]:
            self.add_error("again", "两次输入的新密码不一样，请重新输入。")
        return cleaned


def _password(label: str, hint: str = "", autocomplete: str = "new-password") -> forms.CharField:
    widget = forms.PasswordInput(attrs={"autocomplete": autocomplete})
    return forms.CharField(label=label, help_text=hint, widget=widget, strip=False, max_length=200)


class SlipForm(_NewPassword):
    """用登录码"""

    login = forms.CharField(
        label="手机号或党员编号",
        max_length=40,
        help_text="就是纸条上印的“登录号码”。",
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "characters"}),
    )
    code = forms.CharField(
        label="一次性登录码",
        max_length=40,
        help_text="纸条上方框里的12位。大小写、有没有短横都可以。",
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false", "class": "code-input"}
        ),
    )
    password = _password("新密码", "至少10位，不能全是数字，不要用容易猜到的。可以用一句您记得住的话。")
    again = _password("再输一次新密码")


class PasswordForm(_NewPassword):
    """改密码"""

    old = _password("现在的密码", autocomplete="current-password")
    password = _password("新密码", "至少10位，不能全是数字，不要用容易猜到的。可以用一句您记得住的话。")
    again = _password("再输一次新密码")


class UserForm(forms.Form):
    """建账号"""

    organisation = forms.TypedChoiceField(label="所属组织", coerce=int)
    name = forms.CharField(label="姓名", max_length=60)
    phone = forms.CharField(
        label="手机号", max_length=20, required=False, widget=forms.TextInput(attrs={"inputmode": "tel"})
    )
    login = forms.CharField(label="党员编号", max_length=40, required=False, help_text="没有手机号时用它登录。")

    def __init__(self, *args: Any, places: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].choices = places  # type: ignore[attr-defined]


class ChangeUserForm(forms.Form):
    """改账号"""

    name = forms.CharField(label="姓名", max_length=60)
    phone = forms.CharField(
        label="手机号", max_length=20, required=False, widget=forms.TextInput(attrs={"inputmode": "tel"})
    )


class GrantForm(forms.Form):
    """授予任职"""

    organisation = forms.TypedChoiceField(label="组织", coerce=int)
    role = forms.ChoiceField(label="职务")
    from_on = forms.DateField(
        label="起始日期",
        required=False,
        help_text="不填就从今天起。",
        widget=forms.DateInput(attrs={"type": "date"}),
    )

    def __init__(self, *args: Any, places: list[tuple[int, str]], roles: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].choices = places  # type: ignore[attr-defined]
        self.fields["role"].choices = [("", "请选择"), *roles]  # type: ignore[attr-defined]


class EndGrantForm(forms.Form):
    """结束任职"""

    last_day = forms.DateField(label="最后一天", required=False, widget=forms.DateInput(attrs={"type": "date"}))


class AuditForm(forms.Form):
    """查审计"""

    operation = forms.CharField(label="事项", max_length=80, required=False)
    on = forms.DateField(label="日期", required=False, widget=forms.DateInput(attrs={"type": "date"}))
