"""路由表 Who gets through which door: every address of the site × every person of the cast, written down by hand.

A row says how the address is made from the scenario (`args`: url argument → name of a thing in it), what a POST
brings, and who gets through: `sees` with a GET, `does` with a POST (None: the door does not take that method).
Everybody else of the cast is turned away, and who is not signed in is led to the sign-in, unless the row is `public`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import uuid4

from django.core.files.uploadedfile import SimpleUploadedFile

from tests.members.people import number_of

Who = frozenset[str]


def who(*codes: str) -> Who:
    """谁"""
    return frozenset(codes)


# --- the cast, in groups; "own" is 槐园社区第一党支部 and what stands above it ---
LEADS = who("secretary", "deputy")
BRANCH = LEADS | who("recorder", "committee")
COMMUNITY = who("community_officer")
TOWNSHIP = who("township_officer", "second_township_officer")
DISTRICT = who("district_officer", "second_district_officer")
ABOVE = COMMUNITY | TOWNSHIP
OFFICERS = ABOVE | DISTRICT
AUDITOR = who("auditor")
SECRETARIES = who("secretary", "second_secretary", "village_secretary", "other_secretary")
SYSTEM = who("system_admin")
SECURITY = who("security_admin")
SECOND_BRANCH = who("second_recorder", "second_secretary")
VILLAGE = who("village_secretary", "village_recorder")
TOWN = who("town_officer")
OTHER_BRANCH = who("other_secretary", "other_recorder")
OTHER_ABOVE = who("other_township_officer", "other_district_officer")
PLAIN = who("guilan", "xueqin", "mancang", "other_member")  # members without a role
ROLES_IN_BRANCHES = BRANCH | SECOND_BRANCH | VILLAGE | OTHER_BRANCH
ROLES_ABOVE = OFFICERS | TOWN | OTHER_ABOVE
ADMINISTRATORS = AUDITOR | SYSTEM | SECURITY
EVERYBODY = ROLES_IN_BRANCHES | ROLES_ABOVE | ADMINISTRATORS | PLAIN
NOBODY: Who = frozenset()
MEMBERS = (ROLES_IN_BRANCHES | PLAIN) - who("other_recorder")  # people with a row in a roster
OF_DISTRICT = EVERYBODY - OTHER_BRANCH - OTHER_ABOVE - who("other_member")

SEE = BRANCH | OFFICERS | AUDITOR  # the branch's roster, sheets, notices and postings
SEE_ANYWHERE = ROLES_IN_BRANCHES | ROLES_ABOVE | AUDITOR
EDIT_ROSTER = LEADS | who("recorder") | TOWNSHIP | DISTRICT
IMPORT = EDIT_ROSTER | COMMUNITY
IMPORT_ANYWHERE = (ROLES_IN_BRANCHES | ROLES_ABOVE) - who("committee")
MOVE = LEADS | TOWNSHIP | DISTRICT  # propose and receive transfers
CONFIRM = LEADS | who("committee") | ABOVE
HANDS = LEADS | OFFICERS | SYSTEM  # a slip for a member of the branch
OVER_RECORDER = OFFICERS | SYSTEM  # stands above the branch's recorder
SEES_USER = LEADS | OFFICERS | SYSTEM | SECURITY
MAKES_USERS = SYSTEM | TOWNSHIP | DISTRICT | TOWN | OTHER_ABOVE


Data = Mapping[str, Any] | Callable[[Mapping[str, Any]], Mapping[str, Any]]


@dataclass(frozen=True)
class Row:
    """一行"""

    sees: Who | None = None
    does: Who | None = None
    args: Mapping[str, str] = field(default_factory=dict)
    data: Data = field(default_factory=dict)
    query: str | Callable[[Mapping[str, Any]], str] = ""
    public: bool = False
    reads: bool = False  # a POST that is answered and writes nothing


def page(sees: Who, query: str = "", **args: str) -> Row:
    """只读的页"""
    return Row(sees=sees, args=args, query=query)


def act(does: Who, data: Data | None = None, **args: str) -> Row:
    """只收POST的一步"""
    return Row(does=does, args=args, data=data or {})


def form(sees: Who, does: Who | None = None, data: Data | None = None, query: Any = "", **args: str) -> Row:
    """一页表单 Who sees it may send it, unless `does` says otherwise."""
    return Row(sees=sees, does=sees if does is None else does, args=args, data=data or {}, query=query)


ROUTES: dict[str, Row] = {
    # the shell
    "home": page(EVERYBODY),
    "print-size": Row(does=EVERYBODY, data={"size": "large"}, public=True),
    # signing in
    "account_login": Row(sees=EVERYBODY, does=EVERYBODY, data={"login": "x", "password": "y"}, public=True),
    "account_logout": Row(sees=EVERYBODY, does=EVERYBODY, public=True),
    "account_inactive": Row(sees=EVERYBODY, public=True),
    "account_reauthenticate": page(NOBODY),  # asks for the password once more: the cast has none to be asked for
    "use-slip": Row(
        sees=EVERYBODY,
        does=EVERYBODY,
        data={"login": "x", "code": "y", "password": "槐花开了十一里", "again": "槐花开了十一里"},
        public=True,
    ),
    "mfa_index": Row(sees=EVERYBODY, public=True),  # only leads on to one's own account
    "mfa_authenticate": Row(sees=EVERYBODY, public=True),  # without a sign-in under way it only leads back
    "mfa_reauthenticate": page(NOBODY),  # nobody of the cast has a second factor
    "mfa_activate_totp": page(EVERYBODY),
    "mfa_deactivate_totp": Row(sees=NOBODY),
    "mfa_view_recovery_codes": Row(sees=NOBODY),
    "mfa_generate_recovery_codes": Row(sees=EVERYBODY),
    "mfa_download_recovery_codes": Row(sees=NOBODY),
    # accounts
    "own-account": page(EVERYBODY),
    "change-password": form(EVERYBODY, data={"old": "x", "password": "槐花开了十一里", "again": "槐花开了十一里"}),
    "users": page(EVERYBODY),  # who has no right over accounts finds only the own
    "new-user": form(
        MAKES_USERS, data=lambda s: {"organisation": s["branch"].pk, "name": "新来", "phone": "19911112222"}
    ),
    "user": page(SEES_USER | who("guilan"), user_id="guilan"),
    "change-user": form(SEES_USER | who("guilan"), HANDS, {"name": "李桂兰", "phone": "19911112222"}, user_id="guilan"),
    "grant-role": form(
        TOWNSHIP | DISTRICT | SECURITY,
        data=lambda s: {"organisation": s["branch"].pk, "role": "recorder", "from_on": "2026-04-01"},
        user_id="guilan",
    ),
    "end-grant": form(
        SEES_USER | who("recorder"),
        TOWNSHIP | DISTRICT | SECURITY,
        {"last_day": ""},
        user_id="recorder",
        grant_id="recorder_grant",
    ),
    "deactivate-user": act(OVER_RECORDER, user_id="recorder"),
    "reactivate-user": act(OVER_RECORDER, user_id="recorder"),
    "reset-second-factor": act(SECURITY, user_id="recorder"),
    "issue-slip": act(HANDS, user_id="guilan"),
    "slip": page(SEES_USER | who("guilan"), slip_id="slip"),
    "cancel-slip": act(HANDS, slip_id="slip"),
    "audit": page(AUDITOR | SECURITY),
    # messages
    "inbox": page(EVERYBODY),
    "read-all": act(EVERYBODY),
    "read-message": act(who("guilan"), message_id="message"),
    # organisations
    "organisations": page(EVERYBODY),
    "organisation": page(BRANCH | OFFICERS | ADMINISTRATORS, organisation_id="branch"),
    "new-organisation": form(
        TOWNSHIP | DISTRICT, data={"name": "第三党支部", "on": "2026-04-01"}, organisation_id="community"
    ),
    "rename-organisation": form(
        TOWNSHIP | DISTRICT, data={"name": "槐园社区新一支部", "on": "2026-04-01"}, organisation_id="branch"
    ),
    "move-organisation": form(
        TOWNSHIP | DISTRICT,
        data=lambda s: {"parent": s["new_community"].pk, "on": "2026-04-01"},
        organisation_id="branch",
    ),
    "holidays": page(EVERYBODY),  # the dates are no secret
    "load-holidays": act(SYSTEM | DISTRICT | who("other_district_officer"), {"year": "2025"}),
    "enter-holidays": form(
        SYSTEM | DISTRICT | who("other_district_officer"),
        data={"year": "2027", "source": "通知", "days": "2027-01-01 放假 元旦"},
    ),
    "holiday-year": form(
        EVERYBODY,
        SYSTEM | DISTRICT | who("other_district_officer"),
        {"on": "2026-07-01", "kind": "holiday", "name": "试验"},
        year="=2026",
    ),
    # rulebook
    "rulebook": page(EVERYBODY),
    "current-rulebook": page(EVERYBODY),
    "draft-rulebook": form(DISTRICT | who("other_district_officer"), data={"text": "[meta]"}),
    "compare-rulebooks": page(EVERYBODY),
    "start-draft": form(
        DISTRICT | who("other_district_officer"), data={"begin": "sjiancaoping"}, query="?from=sjiancaoping"
    ),
    "rulebook-draft": page(DISTRICT, draft_id="work"),
    "draft-chapter": page(DISTRICT, draft_id="work", slug="=positive"),
    "draft-row": form(
        DISTRICT,
        data={"edit": "2", "do": "save", "code": "A1", "caps.year": "3"},
        draft_id="work",
        section="=positive",
        row="=1",
    ),
    "check-draft-row": Row(
        does=DISTRICT, data={"code": "A1"}, args={"draft_id": "work", "section": "=positive", "row": "=1"}, reads=True
    ),
    "move-draft-row": act(DISTRICT, {"edit": "2", "to": "down"}, draft_id="work", section="=positive", row="=1"),
    "remove-draft-row": form(DISTRICT, data={"edit": "2"}, draft_id="work", section="=positive", row="=1"),
    "draft-excel": page(DISTRICT, draft_id="work"),
    "draft-toml": page(DISTRICT, draft_id="work"),
    "upload-draft": form(
        DISTRICT,
        data=lambda s: {"edit": "2", "file": SimpleUploadedFile("rulebook.toml", s["draft"].text.encode())},
        draft_id="work",
    ),
    "submit-draft": form(DISTRICT, data={"edit": "2", "valid_from": "2026-07-01"}, draft_id="work"),
    "withdraw-draft": act(DISTRICT, draft_id="work"),
    "rulebook-excel": page(OF_DISTRICT, version_id="version"),
    "rulebook-version": page(OF_DISTRICT, version_id="version"),
    "rulebook-text": page(OF_DISTRICT, version_id="version"),
    "rulebook-regulation": page(OF_DISTRICT, version_id="version"),
    "adopt-rulebook": act(DISTRICT, version_id="draft"),
    "discard-rulebook": act(DISTRICT, version_id="draft"),
    "supplements": page(SEE_ANYWHERE),
    "propose-supplement": form(
        LEADS,
        data={
            "rows": "1",
            "row0-name": "参加古树巡护",
            "row0-shape": "fixed",
            "row0-points": "0.5",
            "row0-wording": "参加古树巡护",
            "met_on": "2026-03-30",
            "present": "8",
            "in_favour": "8",
            "reference": "会议记录第7号",
            "effective_on": "2026-04-02",
        },
        branch_id="branch",
    ),
    "supplement": page(SEE, supplement_id="supplement"),
    "approve-supplement": act(TOWNSHIP, supplement_id="waiting_supplement"),
    "return-supplement": act(TOWNSHIP, {"reason": "请写清楚"}, supplement_id="waiting_supplement"),
    "end-supplement": act(
        LEADS | TOWNSHIP,
        {
            "ended_from": "2026-05-01",
            "why": "会议记录第8号",
            "met_on": "2026-03-30",
            "present": "8",
            "in_favour": "8",
        },
        supplement_id="supplement",
    ),
    "supplement-scan": page(SEE, supplement_id="waiting_supplement"),
    "supplement-text": page(SEE, supplement_id="supplement"),
    # members
    "rosters": page(SEE_ANYWHERE | PLAIN),  # a plain member is led to its own file
    "roster": page(SEE, branch_id="branch"),
    "add-member": form(
        EDIT_ROSTER,
        data={
            "name": "新来",
            "identity_missing_why": "证件遗失",
            "status": "full",
            "track": "community",
            "since": "2026-04-01",
            "birth_on": "1980-01-02",
            "joined_on": "2005-07-01",
        },
        branch_id="branch",
    ),
    "members-waiting": page(EVERYBODY),  # empty for who has nothing to decide
    "member": page(SEE | who("guilan"), member_id="member"),
    "reveal-identity": act(who("secretary", "guilan") | TOWNSHIP | DISTRICT, member_id="member"),
    "correct-identity": form(
        EDIT_ROSTER, data={"identity": number_of(date(1956, 3, 9)), "reason": "与身份证原件核对"}, member_id="member"
    ),
    "edit-member": form(EDIT_ROSTER, data={"name": "李桂兰", "birth_on": "1956-03-08"}, member_id="member"),
    "change-status": form(
        EDIT_ROSTER, data={"status": "out_of_contact", "on": "2026-04-01", "document": "1号"}, member_id="member"
    ),
    "change-track": form(EDIT_ROSTER, data={"track": "rural", "on": "2026-04-01"}, member_id="member"),
    "propose-transfer": form(
        MOVE, data=lambda s: {"branch": s["second_branch"].pk, "on": "2026-04-01"}, member_id="member"
    ),
    "receive-back": form(
        MOVE, data=lambda s: {"branch": s["branch"].pk, "on": "2026-04-01", "document": "1号"}, member_id="member"
    ),
    "apply-exemption": form(
        EDIT_ROSTER | who("guilan"), data={"ground": "age", "from_on": "2026-04-01"}, member_id="member"
    ),
    "open-account": form(LEADS | OFFICERS, data={"without_phone": "1"}, member_id="member_without_account"),
    "link-account": form(LEADS | OFFICERS, data={"login": "G00001"}, member_id="member_without_account"),
    "transfer": form(
        SEE | SECOND_BRANCH,
        MOVE | who("second_secretary"),
        {"reason": "介绍信缺失"},
        transfer_id="transfer",
    ),
    "accept-transfer": act(who("second_secretary") | TOWNSHIP | DISTRICT, transfer_id="transfer"),
    "exemption": form(SEE | who("xueqin"), LEADS | who("committee"), {"reason": "证明不全"}, exemption_id="exemption"),
    "agree-exemption": act(LEADS | who("committee"), exemption_id="exemption"),
    "approve-exemption": act(TOWNSHIP, exemption_id="exemption_agreed"),
    "end-exemption": form(
        LEADS | who("committee") | TOWNSHIP,
        data={"last_on": "2026-04-30", "reason": "已痊愈"},
        exemption_id="exemption_approved",
    ),
    # bringing in a roster
    "roster-imports": page(IMPORT_ANYWHERE),
    "new-roster-import": form(
        IMPORT_ANYWHERE,
        data=lambda s: {"organisation": s["branch"].pk, "file": SimpleUploadedFile("花名册.xlsx", s["workbook"])},
    ),
    "roster-import": page(IMPORT, import_id="import"),
    "roster-import-columns": form(IMPORT, data={"used0": "on", "field0.0": "name"}, import_id="import"),
    "check-roster-import": act(IMPORT, import_id="import"),
    "answer-import-row": act(IMPORT, {"decision": "skip"}, import_id="import", row_id="import_row"),
    "wrong-import-rows": act(IMPORT, import_id="import"),
    "confirm-roster-import": act(IMPORT, {"new": "1", "changed": "0"}, import_id="import"),
    "discard-roster-import": act(IMPORT, import_id="import"),
    # one's own file
    "own-file": page(MEMBERS),
    "take-away-json": act(MEMBERS),
    "take-away-xlsx": act(MEMBERS),
    # conduct
    "conduct": page(EVERYBODY),
    "conduct-branch": page(BRANCH | ABOVE, branch_id="branch"),
    "new-record": form(
        BRANCH,
        data=lambda s: {
            "member": s["member_without_account"].pk,
            "indicator": "N1",
            "on": "2026-04-01",
            "content": "谈话一次",
            "shown_how": "当面签字",
        },
        branch_id="branch",
        kind="=education",
    ),
    "new-relation": form(
        BRANCH,
        data=lambda s: {"member": s["member"].pk, "relative_name": "罗小红", "kind": "妯娌"},
        branch_id="branch",
    ),
    "propose-zeroing": form(
        LEADS,
        data=lambda s: {
            "member": s["member_without_account"].pk,
            "indicator": "Z2",
            "document_kind": "penalty",
            "in_force": "yes",
            "issuer": "某公安分局",
            "document_number": "3号",
            "document_on": "2026-03-20",
            "facts": "略",
            "told_how": "当面签收",
        },
        branch_id="branch",
    ),
    "own-conduct": page(MEMBERS),
    "own-relation": form(MEMBERS, data={"relative_name": "罗小红", "kind": "妯娌"}),
    "withdraw-relation": act(BRANCH, relation_id="relation"),  # by a third person
    "meetings": page(BRANCH | ABOVE, branch_id="branch"),
    "new-meeting": form(
        BRANCH,
        data={"kind": "lecture", "on": "2026-03-24", "starts_at": "09:00", "place": "社区活动室"},
        branch_id="branch",
    ),
    "meeting": form(
        BRANCH | ABOVE,
        BRANCH,
        lambda s: {"edit": "1", "rest": "on", "granted_by": s["recorder"].pk},
        meeting_id="meeting",
    ),
    "change-meeting": form(
        BRANCH,
        data={"edit": "0", "kind": "theme", "on": "2026-04-09", "starts_at": "09:00", "place": "村委会"},
        meeting_id="meeting_ahead",
    ),
    "cancel-meeting": act(BRANCH, {"reason": "防汛"}, meeting_id="meeting_ahead"),
    "enter-leave": form(
        BRANCH,
        data=lambda s: {"member": s["member_without_account"].pk, "reason": "住院", "granted_by": s["recorder"].pk},
        meeting_id="meeting_ahead",
    ),
    "ask-leave": form(BRANCH | who("guilan", "xueqin"), data={"reason": "陪护病人"}, meeting_id="meeting_ahead"),
    "grant-leave": act(BRANCH, leave_id="leave"),
    "refuse-leave": act(BRANCH, {"reason": "须全员到会"}, leave_id="leave"),
    "withdraw-leave": act(BRANCH | who("guilan"), leave_id="leave"),
    "dues": page(BRANCH | ABOVE, branch_id="branch"),
    "dues-month": form(
        BRANCH | ABOVE, BRANCH, {"edit": "1", "rest": "on"}, branch_id="branch", year="=2026", month="=3"
    ),
    "dues-template": page(BRANCH, branch_id="branch", year="=2026", month="=3"),
    "import-dues": form(
        BRANCH,
        data=lambda s: {"file": SimpleUploadedFile("党费.xlsx", s["dues_workbook"])},
        branch_id="branch",
        year="=2026",
        month="=3",
    ),
    "zeroing": page(BRANCH | TOWNSHIP | who("guilan"), case_id="zeroing"),
    "zeroing-file": page(BRANCH | TOWNSHIP | who("guilan"), case_id="zeroing"),
    "zeroing-paper": page(BRANCH | TOWNSHIP | who("guilan"), case_id="zeroing", kind="=notice"),
    "answer-zeroing": act(
        BRANCH | who("guilan"),  # the secretary, who proposed it, is told why not
        {"statement": "没有意见", "taken_how": "本人口述"},
        case_id="zeroing",
    ),
    "approve-zeroing": act(TOWNSHIP, case_id="zeroing_answered"),
    "refuse-zeroing": act(TOWNSHIP, {"reason": "同名不同人"}, case_id="zeroing_answered"),
    "reverse-zeroing": act(TOWNSHIP, {"document": "法院1号，2026年4月1日"}, case_id="zeroing_approved"),
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
        data=lambda s: {"request_key": str(uuid4()), "facts": [f"a{s['absence'].pk}"]},
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
