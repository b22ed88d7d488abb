"""张贴凭证页 What proves that a notice was shown: entered by the branch, seen by who sees the notice's own page."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from pioneer.accounts.policies import Act, require
from pioneer.files.policies import LIMIT
from pioneer.kernel import clock
from pioneer.publicity import proof_queries, proofs, queries
from pioneer.publicity.proof_queries import CHANNELS
from pioneer.web.doors import SignedIn, signed_in
from pioneer.web.files import attachment
from pioneer.web.forms.publicity import ProofForm, WithdrawProofForm
from pioneer.web.forms.trying import tried


@signed_in
def add(request: SignedIn, publication_id: int) -> HttpResponse:
    """登记张贴凭证"""
    found = queries.get_publication(request.actor, publication_id)
    require(request.actor, Act.PUBLISH, found.sheet.branch)
    channel = request.GET.get("channel", "")
    form = ProofForm(
        request.POST or None,
        request.FILES or None,
        initial={"channel": channel if channel in CHANNELS else "board", "done_on": clock.today()},
    )
    if request.method == "POST" and form.is_valid():
        made = tried(form, lambda: _add(request, found.pk, dict(form.cleaned_data)))
        if made is not None:
            messages.success(request, "已登记。传错了可以撤回，再登记一条。")
            return redirect("publication", found.pk)
    page = {"form": form, "publication": found}
    return render(request, "publicity/proof_new.html", page)


def _add(request: SignedIn, publication_id: int, given: dict[str, Any]) -> Any:
    file = given.pop("file")
    content = (file.name, file.read(LIMIT + 1)) if file else None
    return proofs.add_proof(actor=request.actor, publication_id=publication_id, file=content, **given)


@signed_in
def withdraw(request: SignedIn, proof_id: int) -> HttpResponse:
    """撤回张贴凭证"""
    proof = proof_queries.get_proof(request.actor, proof_id)
    require(request.actor, Act.PUBLISH, proof.publication.sheet.branch)
    form = WithdrawProofForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        why = form.cleaned_data["why"]
        if tried(form, lambda: proofs.withdraw_proof(actor=request.actor, proof_id=proof.pk, why=why)) is not None:
            messages.success(request, "已撤回。撤回的和原因都留着。")
            return redirect("publication", proof.publication_id)
    return render(request, "publicity/proof_withdraw.html", {"form": form, "proof": proof})


@signed_in
def file(request: SignedIn, proof_id: int) -> HttpResponse:
    """凭证的附件"""
    return attachment(proof_queries.file_of(request.actor, proof_id))  # type: ignore[return-value]
