"""名册入表 The people of a cycle and whom a settlement lists, from the stations' tables onto the slate, by statements.

What is said of one person is the same as `members.queries.scoring_members` and `gathering.people_of` say of some.
"""

from pioneer.members.models import GONE, Exemption, Member, Membership, Status, StatusSpell, TrackSpell
from pioneer.members.queries import EXEMPT, HELD
from pioneer.organisations.models import Organisation
from pioneer.results.former_cycles import inherits
from pioneer.results.models import FormerResult
from pioneer.results.rules import Rules
from pioneer.results.slate import Row, Slate, numbered
from pioneer.results.steps import streaks

MEMBERS, MEMBERSHIPS = Member._meta.db_table, Membership._meta.db_table
STATUSES, TRACKS = StatusSpell._meta.db_table, TrackSpell._meta.db_table
EXEMPTIONS, FORMERS = Exemption._meta.db_table, FormerResult._meta.db_table
HURRY = {"enable_nestloop": "off", "enable_hashagg": "off"}
NEVER = 10_000_000  # a day beyond all days

# What held of a member on a day: the last spell begun by then, else the first. Looked for where there are several.
HELD_ON = """
(SELECT held.{what} FROM {table} AS held
 WHERE held.member_id = members.id AND held.from_on = (
   SELECT COALESCE(MAX(CASE WHEN begun.from_on <= {day} THEN begun.from_on END), MIN(begun.from_on))
   FROM {table} AS begun WHERE begun.member_id = members.id))
"""
# Of each the last branch in the cycle, if it is one that was asked for.
LAST_BRANCHES = f"""
SELECT here.member_id, here.branch, here.unit, here.place, here.listed
FROM (
  SELECT spells.member_id, branches.branch, branches.unit, branches.place, branches.asked, branches.listed,
         ROW_NUMBER() OVER (PARTITION BY spells.member_id ORDER BY spells.from_on DESC, spells.id DESC) AS latest
  FROM {MEMBERSHIPS} AS spells JOIN branches ON branches.branch = spells.branch_id
  WHERE spells.from_on <= '{{last}}' AND (spells.until_on IS NULL OR spells.until_on >= '{{first}}')
) AS here
WHERE here.latest = 1 AND here.asked = 1
"""
# Who has several spells, and when the first of them began.
SEVERAL = """
SELECT member_id, COUNT(*) AS number, MIN(from_on) AS first_on FROM {table} GROUP BY member_id HAVING COUNT(*) > 1
"""
# Who had not gone before the cycle began, and has a track. `joined_on`: into the Party, or from outside, if by its end.
ROSTER = f"""
SELECT members.id, members.key, members.position, here.branch, here.unit, here.place, here.listed,
       COALESCE(several_tracks.number, 1) AS tracks, tracked.track,
       CASE WHEN exempted.member_id IS NOT NULL AND {{now}} IN ('{Status.FULL}', '{Status.OUT_OF_CONTACT}')
            THEN '{EXEMPT}' ELSE {{now}} END AS status,
       {{joined}} AS joined_on
FROM here
JOIN {MEMBERS} AS members ON members.id = here.member_id
JOIN {TRACKS} AS tracked ON tracked.member_id = members.id
LEFT JOIN several_tracks ON several_tracks.member_id = members.id
LEFT JOIN {STATUSES} AS stands ON stands.member_id = members.id
LEFT JOIN several_statuses ON several_statuses.member_id = members.id
LEFT JOIN (
  SELECT DISTINCT member_id FROM {EXEMPTIONS}
  WHERE state IN ({", ".join(f"'{state}'" for state in HELD)}) AND from_on <= '{{last}}'
    AND (until_on IS NULL OR until_on >= '{{last}}')
) AS exempted ON exempted.member_id = members.id
WHERE (several_tracks.first_on IS NULL OR several_tracks.first_on = tracked.from_on)
  AND (several_statuses.first_on IS NULL OR several_statuses.first_on = stands.from_on)
  AND {{then}} NOT IN ({", ".join(f"'{one}'" for one in GONE)})
"""
# `place`: in the order of the rosters, by branch and there by position; those first who are listed.
PEOPLE = f"""
SELECT members.id AS member, members.unit, members.status, {{joined_on}} AS joined, {{opening}} AS opening,
       CASE WHEN members.tracks = 1 THEN members.track ELSE {{first_track}} END AS first_track,
       CASE WHEN members.tracks = 1 THEN members.track ELSE {{last_track}} END AS last_track,
       {{previous}} AS previous, members.tracks, members.key AS member_key, members.branch, members.listed,
       ROW_NUMBER() OVER (ORDER BY members.listed DESC, members.place, members.position, members.id) AS place
FROM ({ROSTER}) AS members {{versions}}
"""
SPELLS = f"""
SELECT spells.member_id AS member,
       CASE WHEN ROW_NUMBER() OVER every_one = 1 THEN 0 ELSE {{begins}} END AS from_day,
       COALESCE(LEAD({{begins}}) OVER every_one - 1, {NEVER}) AS until_day, spells.track
FROM {TRACKS} AS spells WHERE spells.member_id IN (SELECT apart.member FROM apart)
WINDOW every_one AS (PARTITION BY spells.member_id ORDER BY spells.from_on)
"""
# The cycle before, of each the highest revision; then the one before that, as far as the line is unbroken.
LINE = f"""
SELECT filed.member_id AS member, filed.score, filed.lower, filed.first_on
FROM {FORMERS} AS filed JOIN {{next}}
WHERE {{ends}} AND NOT EXISTS (
  SELECT 1 FROM {FORMERS} AS later WHERE later.member_id = filed.member_id
    AND (later.first_on = filed.first_on AND later.revision > filed.revision
         OR later.last_on = filed.last_on AND later.first_on > filed.first_on)
)
"""


def put_people(slate: Slate, at: Organisation, where: Organisation, rules: Rules) -> int:
    """党员入表 `people`: whose last branch of the cycle lies at `where`; and `formers`. The rules are on the slate.
    Answers how many of them are listed: those at `at`."""
    cycle = rules.cycle
    first, last = cycle.first_on.isoformat(), cycle.last_on.isoformat()
    _put_branches(slate, at, where)
    depth = _put_line(slate, rules, at.district_number)
    begun = f"CASE WHEN members.joined_on > '{first}' THEN members.joined_on ELSE '{first}' END"
    known = "(SELECT line_1.score FROM line_1 WHERE line_1.member = members.id)"
    changes = len(rules.touching) > 1  # only then the version depends on the day
    text = PEOPLE.format(
        **_dated(first, last),
        joined_on=numbered("members.joined_on"),
        opening=f"COALESCE(days.version, {rules.touching[0]})" if changes else str(rules.touching[0]),
        versions=f"JOIN days ON days.on_day = {begun}" if changes else "",
        first_track=HELD_ON.format(what="track", table=TRACKS, day=begun),
        last_track=HELD_ON.format(what="track", table=TRACKS, day=f"'{last}'"),
        previous=known if depth else "CAST(NULL AS INT)",
    )
    slate.make("here", LAST_BRANCHES.format(first=first, last=last))
    with slate.hurried(HURRY):
        slate.make("several_tracks", SEVERAL.format(table=TRACKS), unique="member_id")
        slate.make("several_statuses", SEVERAL.format(table=STATUSES), unique="member_id")
        slate.make("people", text, unique="member")
    return slate.number("SELECT COUNT(*) FROM people WHERE listed = 1")


def _dated(first: str, last: str) -> dict[str, str]:
    dates = [f"CASE WHEN members.{one} <= '{last}' THEN members.{one} END" for one in ("joined_on", "arrived_on")]
    held = {
        name: f"CASE WHEN several_statuses.number IS NULL THEN COALESCE(stands.status, '{Status.FULL}') ELSE "
        + HELD_ON.format(what="status", table=STATUSES, day=f"'{day}'")
        + " END"
        for name, day in (("then", first), ("now", last))
    }
    later = f"CASE WHEN {dates[0]} > {dates[1]} THEN {dates[0]} ELSE COALESCE({dates[1]}, {dates[0]}) END"
    return {"first": first, "last": last, "joined": later, **held}


def _put_branches(slate: Slate, at: Organisation, where: Organisation) -> None:
    """`branches` of the district, by their place in the tree; a unit is a community, or a branch that has none."""
    found = Organisation.objects.filter(path__startswith=f"/{at.district_number}/").order_by()
    rows: list[Row] = []
    known = sorted(found.values_list("path", "pk", "level"))
    units = {number for _, number, level in known if level == Organisation.Level.COMMUNITY}
    for place, (path, number, _) in enumerate(known):
        above = [int(part) for part in path.strip("/").split("/")]
        unit = next((one for one in above if one in units), above[-1])
        rows.append((number, unit, place, int(path.startswith(where.path)), int(path.startswith(at.path))))
    columns = "branch BIGINT, unit BIGINT, place INT, asked INT, listed INT"
    slate.fill("branches", columns, rows, unique="branch")


def _put_line(slate: Slate, rules: Rules, district: int) -> int:
    """`line_1`, `line_2` …: what is on record of the cycles before, as far as the rules look back; and `formers`."""
    depth = max([int(inherits(rules)), *(one.cycles - 1 for one in rules.closing.streaks)])
    ends = f"members.district_id = {district} AND {numbered('filed.last_on')} = {rules.cycle.first_on.toordinal() - 1}"
    after = f"{MEMBERS} AS members ON members.id = filed.member_id"
    for back in range(1, depth + 1):
        slate.make(f"line_{back}", LINE.format(next=after, ends=ends), unique="member")
        after = f"line_{back} AS next ON next.member = filed.member_id"
        ends = f"{numbered('filed.last_on')} = {numbered('next.first_on')} - 1"
    parts = [
        f"SELECT member, CAST({back} AS INT) AS back, lower FROM line_{back} WHERE lower IS NOT NULL"
        for back in range(1, depth + 1)
    ]
    if parts:
        slate.make("formers", " UNION ALL ".join(parts), unique="member, back")
    else:
        slate.fill("formers", streaks.FORMERS, ())
    return depth


def put_tracks(slate: Slate) -> None:
    """类别入表 `tracks`: which track from which day to which, of those who are apart."""
    text = SPELLS.format(begins=numbered("spells.from_on"))
    found = f"SELECT member, from_day, until_day, track FROM ({text}) AS spelled WHERE from_day <= until_day"
    slate.make("tracks", found, unique="member, from_day")
