"""路由表之二 The month and the year: declarations to results, and the overview."""

from uuid import uuid4

from django.core.files.uploadedfile import SimpleUploadedFile

from tests.web.doors import (
    ABOVE,
    AUDITOR,
    BRANCH,
    COMMUNITY,
    CONFIRM,
    DISTRICT,
    EVERYBODY,
    LEADS,
    MEMBERS,
    NOBODY,
    OFFICERS,
    ROLES_ABOVE,
    ROLES_IN_BRANCHES,
    SECRETARIES,
    SECURITY,
    SEE,
    SEE_ANYWHERE,
    TOWN,
    TOWNSHIP,
    VILLAGE,
    Row,
    act,
    form,
    page,
    who,
)

ROUTES: dict[str, Row] = {
    # declarations
    "declarations": page(MEMBERS | ROLES_IN_BRANCHES | COMMUNITY),
    "new-declaration": form(
        MEMBERS,
        data={
            "indicator": "B5",
            "event_on": "2026-03-30",
            "place": "槐园小区",
            "matter": "帮邻居搬家",
            "request_key": "6f9619ff-8b86-4d01-b42d-00cf4fc964ff",
        },
    ),
    "declarations-for": page(ROLES_IN_BRANCHES | COMMUNITY),
    "declare-together": form(
        BRANCH | COMMUNITY,
        data=lambda s: {
            "indicator": "B6",
            "event_on": "2026-03-30",
            "place": "槐园小区",
            "matter": "防诈骗宣讲",
            "event": "3月宣讲",
            "members": [s["member_without_account"].pk],
            "request_key": "6f9619ff-8b86-4d01-b42d-00cf4fc964fa",
        },
        query=lambda s: f"?branch={s['branch'].pk}",
    ),
    "weekly-forms": form(
        ROLES_IN_BRANCHES | COMMUNITY,
        BRANCH | COMMUNITY,
        data=lambda s: {"branch": s["branch"].pk, "week": "2026-W14"},
    ),
    "weekly-form": form(
        BRANCH | COMMUNITY,
        data={
            "row-TOTAL_FORMS": "1",
            "row-INITIAL_FORMS": "0",
            "row-0-indicator": "B5",
            "row-0-event_on": "2026-03-30",
            "row-0-place": "槐园小区",
            "row-0-matter": "帮邻居搬家",
            "request_key": "6f9619ff-8b86-4d01-b42d-00cf4fc964fb",
        },
        code="weekly_form_code",
    ),
    "offline-form": Row(sees=EVERYBODY, public=True),
    "offline-worker": Row(sees=EVERYBODY, public=True),
    "app-manifest": Row(sees=EVERYBODY, public=True),
    "declaring-phone": form(MEMBERS, data={"member": "1", "indicator": "B5"}),
    "withdraw-declaration": act(who("guilan"), declaration_id="claim"),
    "evidence": page(SEE | who("guilan"), declaration_id="claim", file_id="evidence"),
    # assessments
    "sheets": page(SEE_ANYWHERE),
    "open-sheet": act(BRANCH, lambda s: {"branch": s["branch"].pk, "month": "2026-04"}),
    "new-takeover": form(
        ROLES_IN_BRANCHES,
        data=lambda s: {"branch_id": s["branch"].pk, "on": "2026-03-31", "ground": "一季度纸质台账"},
    ),
    "totals": form(
        VILLAGE,
        data=lambda s: {"edit": s["takeover"].edit, f"c-{s['mancang'].pk}-A1": "2.5"},
        sheet_id="takeover",
    ),
    "totals-workbook": page(VILLAGE, sheet_id="takeover"),
    "upload-totals": form(
        VILLAGE,
        data=lambda s: {"edit": "0", "file": SimpleUploadedFile("累计.xlsx", s["totals_workbook"])},
        sheet_id="takeover",
    ),
    "sheet-scan": page(VILLAGE | TOWN | DISTRICT | AUDITOR, sheet_id="takeover"),
    "sheet": page(SEE, sheet_id="sheet"),
    "submit-sheet": act(BRANCH, {"edit": "0"}, sheet_id="sheet"),
    "confirm-sheet": form(CONFIRM, data={"edit": "0"}, sheet_id="submitted_sheet"),
    "return-sheet": act(CONFIRM | who("recorder"), {"reason": "依据没有写清"}, sheet_id="submitted_sheet"),
    "accept-claims": act(BRANCH, lambda s: {"claims": [s["claim"].pk]}, sheet_id="sheet"),
    "claim": form(BRANCH | ABOVE, BRANCH, {"outcome": "accepted"}, sheet_id="sheet", declaration_id="claim"),
    "accept-claim": act(BRANCH, sheet_id="sheet", declaration_id="claim"),
    "reopen-claim": act(BRANCH, sheet_id="sheet", declaration_id="reviewed_claim"),
    "sheet-proposals": form(
        BRANCH,
        data=lambda s: {"request_key": str(uuid4()), "facts": [f"a{s['absence'].pk}-absent"]},
        sheet_id="sheet",
    ),
    "new-line": form(
        BRANCH,
        data=lambda s: {
            "members": [s["member"].pk],
            "indicator": "N2",
            "event_on": "2026-03-18",
            "ground": "签到册",
        },
        sheet_id="sheet",
    ),
    "new-correction": form(
        BRANCH,
        data={"ground": "签到册核对有误"},
        query=lambda s: f"?line={s['posted_line'].pk}",
        sheet_id="sheet",
    ),
    "edit-line": form(
        BRANCH,
        data=lambda s: {"edit": s["line"].edit, "event_on": "2026-03-11", "ground": "签到册第二页"},
        line_id="line",
    ),
    "remove-line": form(BRANCH, data={"reason": "记错人"}, line_id="line"),
    "paper-notice": form(BRANCH, data={"told_on": "2026-04-01", "how": "receipt"}, line_id="paper_line"),
    "statement": form(BRANCH | who("guilan"), data={"statement": "那天请了假"}, line_id="line"),
    # publicity
    "notice": Row(sees=EVERYBODY, args={"token": "token"}, public=True),
    "object-to-line": Row(
        sees=EVERYBODY,
        does=EVERYBODY,
        args={"token": "token", "line_id": "shown_line"},
        data={"text": "那天没有这件事", "request_key": "6f9619ff-8b86-4d01-b42d-00cf4fc964f0"},
        public=True,
    ),
    "receipts": Row(sees=EVERYBODY, public=True),
    "receipt": Row(sees=EVERYBODY, does=EVERYBODY, args={"receipt": "receipt"}, data={"why": "不服"}, public=True),
    "check-fingerprint": Row(
        sees=EVERYBODY, query=lambda s: f"?fingerprint={s['publication'].digest[:12]}", public=True
    ),
    "publications": page(SEE_ANYWHERE),
    "publication": page(SEE, publication_id="publication"),
    "notice-paper": page(SEE, publication_id="publication", kind="=chat"),
    "notice-picture": page(SEE, publication_id="publication", number="=1"),
    "notice-sheet": page(SEE, publication_id="publication"),
    "add-proof": form(
        BRANCH,
        data={
            "channel": "account",
            "done_on": "2026-04-01",
            "place": "槐园社区公众号",
            "link": "https://example.cn/notice",
            "request_key": "6f9619ff-8b86-4d01-b42d-00cf4fc964f5",
        },
        publication_id="publication",
    ),
    "withdraw-proof": form(BRANCH, data={"why": "传错了照片"}, proof_id="proof"),
    "proof-file": page(SEE, proof_id="proof"),
    "close-publication": act(BRANCH, publication_id="publication"),
    "paper-objection": form(
        SEE,
        BRANCH,
        lambda s: {
            "line": f"line-{s['shown_line'].pk}",
            "text": "那天没有这件事",
            "request_key": "6f9619ff-8b86-4d01-b42d-00cf4fc964f1",
        },
        publication_id="publication",
    ),
    "publish-sheet": act(BRANCH, sheet_id="confirmed_sheet"),
    "revise-publication": act(CONFIRM, sheet_id="shown_sheet"),
    "refresh-publication": act(BRANCH, sheet_id="shown_sheet"),
    "objection": form(
        LEADS | who("committee") | TOWNSHIP,  # who answers, and nobody else: an objector's name may stand on it
        LEADS | who("committee"),
        {"verdict": "rejected", "answer": "经核实，原记录属实。"},
        objection_id="objection",
    ),
    "objection-concerning": form(who("guilan"), data={"why": "不同意"}, objection_id="objection_about_guilan"),
    "object-to-review": form(
        who("guilan"),
        data={"text": "确有其事", "request_key": "6f9619ff-8b86-4d01-b42d-00cf4fc964f2"},
        review_id="rejected_review",
    ),
    # ledger
    "member-home": page(MEMBERS),
    "member-score": page(SEE | who("guilan"), member_id="member"),
    "explain": page(SEE | who("guilan"), member_id="member"),
    "explain-json": page(SEE | who("guilan"), member_id="member"),
    "explain-pdf": page(SEE | who("guilan"), member_id="member"),
    "branch-ledger": page(SEE, branch_id="branch"),
    "post-sheet": act(LEADS, publication_id="closed_publication"),
    "merge-branches": form(
        TOWNSHIP | DISTRICT,
        data=lambda s: {"branches": [s["second_branch"].pk], "goes_on": "stays", "on": "2026-04-01"},
        organisation_id="branch",
    ),
    "split-branch": form(
        TOWNSHIP | DISTRICT, data={"name_0": "槐园社区新设支部", "on": "2026-04-01"}, organisation_id="branch"
    ),
    "close-organisation": form(TOWNSHIP | DISTRICT, data={"on": "2026-04-01"}, organisation_id="new_community"),
    "erasure": page(SECURITY),
    "erase-member": form(NOBODY, data={"sure": "on"}, member_id="member"),  # nobody has been gone for long enough
    # results
    "simulate-rulebook": form(
        DISTRICT, data=lambda s: {"year": "2026", "organisation": s["street"].pk}, version_id="draft"
    ),
    "dry-run": page(DISTRICT, version_id="draft", run_id="dry_run"),
    "settlements": page(SECRETARIES | ROLES_ABOVE | AUDITOR),
    "settle-cycle": act(
        OFFICERS, data=lambda s: {"organisation": s["community"].pk, "first_on": "2026-01-01", "is_trial": "on"}
    ),
    "settlement-run": page(OFFICERS | AUDITOR, run_id="settlement_run"),
    "settlement": page(OFFICERS | AUDITOR, settlement_id="settlement"),
    "settlement-changes": page(OFFICERS | AUDITOR, settlement_id="settlement"),
    "settlement-workbook": page(OFFICERS | AUDITOR, settlement_id="settlement"),
    "own-results": page(MEMBERS),
    # overview
    "overview": page(ROLES_ABOVE | AUDITOR),
}
