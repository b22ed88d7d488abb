"""表单与操作 How an operation's refusal comes back: into the form it was typed in, or as a note on the next page."""

from collections.abc import Callable, Iterable
from typing import TypeVar

from django import forms
from django.contrib import messages
from django.http import HttpRequest

from pioneer.kernel.errors import BadInput, DomainError

R = TypeVar("R")


def tried(form: forms.Form, act: Callable[[], R]) -> R | None:
    """试办 The operation's result, or None with its sentences shown in the form. Who may not, or sees nothing, still
    gets the page for that."""
    try:
        return act()
    except DomainError as refusal:
        if refusal.status in {403, 404}:
            raise
        show_refusal(form, refusal)
        return None


def tried_with_file(form: forms.Form, field: str, most: int, act: Callable[[bytes], R]) -> R | None:
    """用上传的文件试办 `act` with what lies in the field, no more than `most` bytes and one of it; None where
    nothing was sent, or what was sent is refused."""
    if not form.is_bound or not form.is_valid():
        return None
    content = form.cleaned_data[field].read(most + 1)
    return tried(form, lambda: act(content))


def show_refusal(form: forms.Form, refusal: DomainError) -> None:
    """写在表单上 A fault whose place is a field's label stands at that field, anything else on top."""
    if not isinstance(refusal, BadInput):
        form.add_error(None, refusal.message)
        return
    fields = {str(form[name].label): name for name in form.fields}
    for fault in refusal.faults:
        name = fields.get(fault.place)
        form.add_error(name, fault.message if name else str(fault))


def say(request: HttpRequest, refusal: DomainError) -> None:
    """说明拒绝 The refusal as a note on the page one comes back to; who may not, or sees nothing, gets the page for
    that."""
    if refusal.status in {403, 404}:
        raise refusal
    faults = refusal.faults if isinstance(refusal, BadInput) else [refusal]
    for fault in faults:
        messages.error(request, str(fault))


def say_unshown(request: HttpRequest, bound: forms.Form | None, shown: Iterable[forms.Form | None]) -> None:
    """没有表单可写的拒绝 As a note on top where the page has no place for the form any more: somebody was first."""
    if bound is not None and not any(form is bound for form in shown):
        for errors in bound.errors.values():
            for said in errors:
                messages.error(request, str(said))


def status_of(request: HttpRequest) -> int:
    """页面状态码 A form that comes back was not accepted."""
    return 422 if request.method == "POST" else 200
