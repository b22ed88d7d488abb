"""花名册的办理 One screen, one task: each form calls one operation and leads back to the file."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from pioneer.accounts import policies as accounts
from pioneer.accounts.policies import Act
from pioneer.kernel import clock
from pioneer.kernel.errors import NotAllowed
from pioneer.members import exemptions, policies, proceedings, queries, services, signing_in, transfers
from pioneer.members.particulars import particulars_of
from pioneer.organisations.queries import in_tree_order
from pioneer.web.doors import SignedIn, signed_in
from pioneer.web.forms.members import (
    AddForm,
    EditForm,
    EndForm,
    ExemptionForm,
    IdentityForm,
    LinkForm,
    ReasonForm,
    ReceiveBackForm,
    StatusForm,
    TrackForm,
    TransferForm,
)
from pioneer.web.forms.trying import tried


def _form(
    request: SignedIn, form: forms.Form, act: Callable[[dict[str, Any]], Any], back: str, done: str, **words: str
) -> HttpResponse:
    """The page of one form; when the operation has done it, `back` with the sentence `done`."""
    if request.method == "POST" and form.is_valid() and tried(form, lambda: act(form.cleaned_data)) is not None:
        messages.success(request, done)
        return redirect(back)
    return render(request, "members/form.html", {"form": form, "back": back, **words})


def _file(request: SignedIn, member_id: int) -> tuple[Any, Any, str]:
    """The member, the branch that keeps its file, and the address of the file."""
    member = queries.get_visible(request.actor, member_id)
    return member, queries.last_branch(member), reverse("member", args=[member.pk])


@signed_in
def add(request: SignedIn, branch_id: int) -> HttpResponse:
    """添加党员"""
    branch = queries.branch_for(request.actor, branch_id)
    policies.require_edit(request.actor, branch)
    today = clock.today()
    form = AddForm(
        request.POST or None,
        tracks=queries.track_names(branch.district_number, today),
        initial={"since": today, "track": queries.usual_track(branch)},
    )

    def act(given: dict[str, Any]) -> Any:
        return services.add_member(
            actor=request.actor,
            branch_id=branch_id,
            particulars=form.particulars(),
            **{name: given[name] for name in ("identity", "identity_missing_why", "status", "track", "since")},
        )

    back = reverse("roster", args=[branch_id])
    return _form(request, form, act, back, "已添加到花名册末尾。", title="添加党员", lead=branch.name, button="添加")


@signed_in
def edit(request: SignedIn, member_id: int) -> HttpResponse:
    """修改资料"""
    member, branch, back = _file(request, member_id)
    policies.require_edit(request.actor, branch)
    now = particulars_of(member)
    form = EditForm(request.POST or None, initial={name: getattr(now, name) for name in now.__dataclass_fields__})

    def act(given: dict[str, Any]) -> Any:
        return services.edit_member(
            actor=request.actor, member_id=member_id, particulars=form.particulars(), reason=given["reason"]
        )

    return _form(request, form, act, back, "资料已保存。", title="修改资料", lead=member.name, button="保存")


@signed_in
def correct_identity(request: SignedIn, member_id: int) -> HttpResponse:
    """更正身份证号"""
    member, branch, back = _file(request, member_id)
    policies.require_edit(request.actor, branch)
    policies.require_other(request.actor, member, "身份证号的更正")

    def act(given: dict[str, Any]) -> Any:
        return services.correct_identity(actor=request.actor, member_id=member_id, **given)

    now = f"现在登记的是 {member.identity_shown}。" if member.identity_shown else "现在没有登记。"
    form = IdentityForm(request.POST or None)
    words = {"title": "更正身份证号", "lead": f"{member.name}　{now}", "button": "更正"}
    return _form(request, form, act, back, "身份证号已更正，出生日期随之更新。", **words)


@signed_in
def change_status(request: SignedIn, member_id: int) -> HttpResponse:
    """状态变动"""
    member, branch, back = _file(request, member_id)
    policies.require_status(request.actor, branch, member)

    def act(given: dict[str, Any]) -> Any:
        return services.change_status(actor=request.actor, member_id=member_id, **given)

    form = StatusForm(request.POST or None, initial={"on": clock.today()})
    words = {
        "title": "状态变动",
        "lead": member.name,
        "button": "登记",
        "note": "得分不会改变党员的状态：只有党组织作出决定、有文件的，才在这里登记。"
        "离开的党员有任职的，请同日请安全管理员或乡镇（街道）结束其任职。",
    }
    return _form(request, form, act, back, "状态已登记。", **words)


@signed_in
def change_track(request: SignedIn, member_id: int) -> HttpResponse:
    """类别变更"""
    member, branch, back = _file(request, member_id)
    policies.require_edit(request.actor, branch)
    policies.require_other(request.actor, member, "类别的变更")

    def act(given: dict[str, Any]) -> Any:
        return services.change_track(actor=request.actor, member_id=member_id, **given)

    tracks = queries.track_names(member.district_id, clock.today())
    form = TrackForm(request.POST or None, tracks=tracks, initial={"on": clock.today()})
    return _form(request, form, act, back, "类别已变更。", title="类别变更", lead=member.name, button="变更")


# ------------------------------------------------------------------ transfers


@signed_in
def propose_transfer(request: SignedIn, member_id: int) -> HttpResponse:
    """提出转接"""
    member, branch, back = _file(request, member_id)
    accounts.require(request.actor, Act.PROPOSE_TRANSFER, branch)
    others = [one for one in in_tree_order(queries.branches_of_district(member.district_id)) if one.pk != branch.pk]
    choices = [("", "（转往区外，填下一项）"), *((str(one.pk), _place(one)) for one in others)]
    form = TransferForm(request.POST or None, branches=choices, initial={"on": clock.today()})

    def act(given: dict[str, Any]) -> Any:
        to = given.pop("branch")
        return transfers.propose_transfer(actor=request.actor, member_id=member_id, to_branch_id=to, **given)

    words = {"title": "组织关系转接", "lead": f"{member.name}　现在{branch.name}", "button": "提出转接"}
    return _form(request, form, act, back, "已提出转接，等待接收方办理。", **words)


def _place(branch: Any) -> str:
    return f"{branch.parent.name} {branch.name}" if branch.level == "branch" else branch.name


@signed_in
def receive_back(request: SignedIn, member_id: int) -> HttpResponse:
    """转回"""
    member, _, back = _file(request, member_id)
    mine = [
        (str(one.pk), _place(one))
        for one in in_tree_order(queries.branches_for(request.actor).select_related("parent"))
        if accounts.may(request.actor, Act.PROPOSE_TRANSFER, one)
    ]
    if not mine:
        raise NotAllowed("转回由接收支部的书记、副书记，或乡镇（街道）、区委办理，您目前没有这项任职。")

    def act(given: dict[str, Any]) -> Any:
        to = given.pop("branch")
        return transfers.receive_back(actor=request.actor, member_id=member_id, branch_id=to, **given)

    form = ReceiveBackForm(request.POST or None, branches=mine, initial={"on": clock.today()})
    return _form(request, form, act, back, "已转回。", title="从区外转回", lead=member.name, button="转回")


@signed_in
def transfer(request: SignedIn, transfer_id: int) -> HttpResponse:
    """一项转接 What was proposed, and for who receives: accept or refuse."""
    found = proceedings.get_transfer(request.actor, transfer_id)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        refused = tried(
            form, lambda: transfers.refuse_transfer(actor=request.actor, transfer_id=transfer_id, reason=reason)
        )
        if refused is not None:
            messages.success(request, "已退回。")
            return redirect("transfer", transfer_id)
    context = {
        "transfer": found,
        "form": form,
        "may_accept": policies.can(policies.require_receive, request.actor, found),
        "may_refuse": policies.can(policies.require_refuse, request.actor, found),
        "sees_file": queries.visible_to(request.actor).filter(pk=found.member_id).exists(),
    }
    return render(request, "members/transfer.html", context)


@require_POST
@signed_in
def accept_transfer(request: SignedIn, transfer_id: int) -> HttpResponse:
    """接收"""
    transfers.accept_transfer(actor=request.actor, transfer_id=transfer_id)
    messages.success(request, "已接收。")
    return redirect("transfer", transfer_id)


# ------------------------------------------------------------------ exemptions


@signed_in
def apply_exemption(request: SignedIn, member_id: int) -> HttpResponse:
    """申请免评 By the member itself or for it."""
    member, branch, back = _file(request, member_id)
    policies.require_apply(request.actor, member, branch)

    def act(given: dict[str, Any]) -> Any:
        return exemptions.apply_exemption(actor=request.actor, member_id=member_id, **given)

    form = ExemptionForm(request.POST or None, initial={"from_on": clock.today()})
    words = {
        "title": "申请免评",
        "lead": member.name,
        "button": "提交申请",
        "note": "免评期间列入名单，不计分、不评等次。先由支部审核，再由乡镇（街道）批准。",
    }
    return _form(request, form, act, back, "申请已提交，等待支部审核。", **words)


@signed_in
def exemption(request: SignedIn, exemption_id: int) -> HttpResponse:
    """一份免评申请 Where it stands, and for whose turn it is: agree, approve or refuse."""
    found = proceedings.get_exemption(request.actor, exemption_id)
    branch = queries.last_branch(found.member)
    assert branch is not None
    at_branch = found.state == "applied"
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        refused = tried(
            form, lambda: exemptions.refuse_exemption(actor=request.actor, exemption_id=exemption_id, reason=reason)
        )
        if refused is not None:
            messages.success(request, "已答复申请人。")
            return redirect("exemption", exemption_id)
    others = proceedings.others_may_agree(branch, found.member)
    context = {
        "exemption": found,
        "branch": branch,
        "form": form,
        "own": policies.is_self(request.actor, found.member),
        "may_agree": at_branch and policies.can(policies.require_agree, request.actor, found, branch, others=others),
        "may_approve": found.state == "branch_agreed"
        and policies.can(policies.require_approve, request.actor, found, branch),
        "may_end": found.state == "approved" and policies.can(policies.require_end, request.actor, found, branch),
    }
    return render(request, "members/exemption.html", context)


@require_POST
@signed_in
def agree_exemption(request: SignedIn, exemption_id: int) -> HttpResponse:
    """支部同意"""
    exemptions.agree_exemption(actor=request.actor, exemption_id=exemption_id)
    messages.success(request, "已同意，转乡镇（街道）批准。")
    return redirect("exemption", exemption_id)


@require_POST
@signed_in
def approve_exemption(request: SignedIn, exemption_id: int) -> HttpResponse:
    """批准"""
    exemptions.approve_exemption(actor=request.actor, exemption_id=exemption_id)
    messages.success(request, "已批准。")
    return redirect("exemption", exemption_id)


@signed_in
def end_exemption(request: SignedIn, exemption_id: int) -> HttpResponse:
    """终止免评"""
    found = proceedings.get_exemption(request.actor, exemption_id)
    branch = queries.last_branch(found.member)
    assert branch is not None
    policies.require_end(request.actor, found, branch)

    def act(given: dict[str, Any]) -> Any:
        return exemptions.end_exemption(actor=request.actor, exemption_id=exemption_id, **given)

    form = EndForm(request.POST or None, initial={"last_on": clock.today()})
    back = reverse("exemption", args=[exemption_id])
    return _form(request, form, act, back, "免评已终止。", title="终止免评", lead=found.member.name, button="终止")


# ------------------------------------------------------------------ accounts


@signed_in
def open_account(request: SignedIn, member_id: int) -> HttpResponse:
    """开通账号 Then the slip is printed on the account's page."""
    member, branch, back = _file(request, member_id)
    accounts.require(request.actor, Act.HAND_SLIPS, branch)
    if member.user_id is not None:
        return redirect("user", member.user_id)
    form = forms.Form(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        without = "without_phone" in request.POST
        made = tried(
            form,
            lambda: signing_in.open_account(actor=request.actor, member_id=member_id, without_phone=without),
        )
        if made is not None:
            messages.success(request, "账号已开通。请开登录码，打印后当面交给本人。")
            return redirect("user", made.pk)
    return render(request, "members/open_account.html", {"member": member, "form": form, "back": back})


@signed_in
def link_account(request: SignedIn, member_id: int) -> HttpResponse:
    """关联已有账号"""
    member, branch, back = _file(request, member_id)
    accounts.require(request.actor, Act.HAND_SLIPS, branch)
    policies.require_link(request.actor, member)

    def act(given: dict[str, Any]) -> Any:
        return signing_in.link_account(actor=request.actor, member_id=member_id, **given)

    words = {"title": "关联已有账号", "lead": member.name, "button": "关联"}
    return _form(request, LinkForm(request.POST or None), act, back, "已关联。任职和党员身份从此是同一个人。", **words)
