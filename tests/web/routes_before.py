"""路由表之一 From the shell to conduct: what stands before the month."""

from datetime import date

from django.core.files.uploadedfile import SimpleUploadedFile

from tests.members.people import number_of
from tests.web.doors import (
    ABOVE,
    ADMINISTRATORS,
    AUDITOR,
    BRANCH,
    DISTRICT,
    EDIT_ROSTER,
    EVERYBODY,
    HANDS,
    IMPORT,
    IMPORT_ANYWHERE,
    LEADS,
    MAKES_USERS,
    MEMBERS,
    MOVE,
    NOBODY,
    OF_DISTRICT,
    OFFICERS,
    OVER_RECORDER,
    PLAIN,
    SECOND_BRANCH,
    SECURITY,
    SEE,
    SEE_ANYWHERE,
    SEES_USER,
    SYSTEM,
    TOWNSHIP,
    Row,
    act,
    form,
    page,
    who,
)

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
}
