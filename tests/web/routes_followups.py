"""路由表：跟进: hopes told, follow-ups and their steps."""

from tests.followups.conftest import TALK
from tests.web.doors import (
    ABOVE,
    AUDITOR,
    BRANCH,
    EVERYBODY,
    MEMBERS,
    OFFICERS,
    OTHER_ABOVE,
    TOWN,
    Row,
    act,
    form,
    page,
    who,
)
from tests.world import TODAY

HERE = BRANCH | OFFICERS | AUDITOR
MEMBER = who("guilan")
DAY = f"{TODAY:%Y-%m-%d}"
LATER = "2026-09-30"

ROUTES: dict[str, Row] = {
    "follow-ups": page(EVERYBODY),  # who follows up nobody finds what was entrusted, or nothing
    "follow-ups-below": page(OFFICERS | AUDITOR | TOWN | OTHER_ABOVE, "?late=1&state=planned"),
    "branch-follow-ups": page(HERE, branch_id="branch"),
    "open-follow-ups": act(BRANCH, {"first_on": "2022-01-01"}, branch_id="branch"),
    "follow-ups-workbook": page(HERE, branch_id="branch"),
    "encourage": form(
        BRANCH,
        data={"text": "希望多带动邻里。", "spoken_by": "王保国", "spoken_on": DAY},
        query="?cycle=2022-01-01",
        branch_id="branch",
        member_id="hoped_member",
    ),
    "encouragement-slip": page(HERE | MEMBER, encouragement_id="hope"),
    "answer-encouragement": form(
        BRANCH | MEMBER, data={"text": "一定做到。", "how": "本人口述"}, encouragement_id="hope"
    ),
    "follow-up": page(HERE | MEMBER, follow_up_id="planned_follow_up"),
    "follow-up-assign": act(
        BRANCH, lambda s: {"person_id": s["helping_member"].pk, "on": DAY}, follow_up_id="opened_follow_up"
    ),
    "follow-up-talk": act(BRANCH, {"on": DAY, **TALK}, follow_up_id="assigned_follow_up"),
    "follow-up-pair": act(
        BRANCH, lambda s: {"person_id": s["helping_member"].pk, "on": DAY}, follow_up_id="talked_follow_up"
    ),
    "follow-up-plan": act(BRANCH, {"on": DAY, "text": "按时到会。", "due_on": LATER}, follow_up_id="paired_follow_up"),
    "follow-up-visit": act(BRANCH, {"on": DAY, "text": "上门谈心。"}, follow_up_id="planned_follow_up"),
    "follow-up-extend": act(
        BRANCH, {"due_on": LATER, "reason": "外出务工，走访延后。"}, follow_up_id="planned_follow_up"
    ),
    "follow-up-decide": act(
        BRANCH,
        {"outcome": "corrected", "on": DAY, "people": "支部委员会", "text": "按时到会。"},
        follow_up_id="visited_follow_up",
    ),
    "follow-up-confirm": act(
        who("deputy", "committee") | ABOVE, {"how": ""}, follow_up_id="decided_follow_up"
    ),  # the secretary entered it
    "follow-up-return": act(
        who("deputy", "committee") | ABOVE, {"reason": "请再走访一次。"}, follow_up_id="decided_follow_up"
    ),
    "follow-up-end": act(BRANCH, {"reason": "已去世。"}, follow_up_id="gone_follow_up"),
    "follow-up-paper": page(HERE | MEMBER, follow_up_id="decided_follow_up", kind="=talk"),
    "correct-follow-up-entry": form(BRANCH, data={"on": DAY, **TALK}, entry_id="talk_entry"),
    "answer-follow-up-entry": act(BRANCH | MEMBER, {"text": "我没有缺席。", "how": "本人口述"}, entry_id="talk_entry"),
    "own-follow-ups": page(MEMBERS),
}
