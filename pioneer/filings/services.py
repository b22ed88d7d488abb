"""备案的写入 A unit sends its package, the level above receives it or sends it back with reasons, each for good."""

from collections.abc import Iterable, Mapping
from datetime import date

from pioneer.accounts.policies import Act, AnyActor
from pioneer.assessments.roster import holders
from pioneer.files.kinds import ZIP
from pioneer.files.models import StoredFile
from pioneer.files.queries import open_file
from pioneer.files.services import keep_made, store
from pioneer.filings import contents, policies, queries
from pioneer.filings.checking import check
from pioneer.filings.contents import Package, Valid
from pioneer.filings.models import Filing, FilingStep, ReturnedLine
from pioneer.kernel import clock
from pioneer.kernel.errors import BadInput, DomainError, Fault, NotVisible, bad
from pioneer.kernel.operations import operation
from pioneer.messages.services import tell_all
from pioneer.organisations.models import Organisation
from pioneer.results.formers import Filed, former_results, keep_filed
from pioneer.results.settlement_queries import WHY
from pioneer.rulebook.queries import parsed
from pioneer.scoring import Cycle
from pioneer.scoring.tiers import best_first

State, Kind = Filing.State, FilingStep.Kind
NUMBER_LONGEST, REASON_LONGEST = 30, 1000


@operation("filings.send")
def send(
    *,
    actor: AnyActor,
    unit_id: int,
    first_on: date,
    untold_reason: str = "",
    minutes: tuple[str, bytes] | None = None,
) -> Filing:
    """报备案 The announced results of a unit, as one package, to its township. Where not everybody was present or
    handed its statement, with the reason. `minutes`: name and content of the meeting's minutes."""
    seen = queries.place_for(actor, unit_id)
    unit = Organisation.objects.select_for_update().get(pk=seen.pk)
    policies.require_file(actor, unit)
    if queries.is_township(unit):
        raise NotVisible
    cycle = queries.cycle_for(unit, first_on)
    require_unsent(unit, cycle)
    found = queries.standing(unit, cycle)
    if found.held is None or found.hindrances:
        raise DomainError("hindered", f"还不能报备案：{''.join(found.hindrances[: queries.SHOWN])}")
    reason = untold_reason.strip()
    _check_reason(found.untold, reason)
    kept = store(minutes[1], minutes[0], "", actor.number) if minutes else None
    to = queries.receiver_of(unit)
    revision = next_revision(unit, cycle)
    basis = contents.gather(
        unit,
        to,
        revision,
        found.held,
        untold_reason=reason if found.untold else "",
        minutes=scan_of(kept),
    )
    made = Filing(
        settlement=found.made,
        announcement=found.held,
        minutes=kept,
        untold_reason=basis.untold_reason,
        **addressed(unit, to, cycle, revision),
    )
    return put(made, contents.make_package(basis), actor.number)


@operation("filings.receive", tell=("number",))
def receive(*, actor: AnyActor, filing_id: int, number: str) -> Filing:
    """接收备案 At the level above, by another person than who sent, with the filing number. What a unit filed becomes
    its members' former results, and their cycle is closed."""
    filing = _to_decide(actor, filing_id)
    number = number.strip()
    if not number or len(number) > NUMBER_LONGEST:
        raise bad("备案号", f"请填写备案号，最多{NUMBER_LONGEST}个字，例如“槐街备〔2027〕3号”。")
    if Filing.objects.filter(to=filing.to, number=number).exists():
        raise bad("备案号", f"{filing.to.name}已经用过“{number}”这个备案号，请换一个。")
    if queries.is_on(actor, filing):
        raise DomainError("step_aside", "这份备案里有您本人的结果，您须回避，请由另一位工作人员接收。")
    _still_stands(filing)
    filing.state, filing.number = State.RECEIVED, number
    filing.decided_by_number, filing.decided_at = actor.number, clock.now()
    filing.save(update_fields=["state", "number", "decided_by_number", "decided_at"])
    note(filing, Kind.RECEIVED, actor.number)
    if filing.settlement is not None:
        keep_results(filing, contents.valid_rows(filing.unit, filing.settlement), actor.number)
    _tell_unit(
        filing, "received", "备案已接收", f"{queries.text_of(filing)}的备案已由{filing.to.name}接收，备案号{number}。"
    )
    return filing


@operation("filings.send_back")
def send_back(*, actor: AnyActor, filing_id: int, reason: str, lines: Mapping[int, str] | None = None) -> Filing:
    """退回备案 With what is wrong, overall or of single members (by number); sent again it is the next revision."""
    filing = _to_decide(actor, filing_id)
    said = {member: text.strip() for member, text in (lines or {}).items() if text.strip()}
    listed = {one.member_id for one in queries.listed(filing)}
    faults = [Fault("逐人原因", "所写的人不在这份备案里，请重新打开页面再填。")] if said.keys() - listed else []
    faults += [Fault("逐人原因", "每人最多300个字。") for text in said.values() if len(text) > 300][:1]
    if not reason.strip() and not said:
        faults.append(Fault("退回原因", "请写明哪里不对、要怎样改，可以写总的原因，也可以逐人写。"))
    if len(reason) > REASON_LONGEST:
        faults.append(Fault("退回原因", f"最多{REASON_LONGEST}个字。"))
    if faults:
        raise BadInput(faults)
    filing.state, filing.return_reason = State.RETURNED, reason.strip()
    filing.decided_by_number, filing.decided_at = actor.number, clock.now()
    filing.save(update_fields=["state", "return_reason", "decided_by_number", "decided_at"])
    ReturnedLine.objects.bulk_create(
        ReturnedLine(filing=filing, member_id=member, reason=text) for member, text in sorted(said.items())
    )
    note(filing, Kind.RETURNED, actor.number)
    _tell_unit(filing, "returned", "备案被退回", f"{queries.text_of(filing)}的备案被退回，请按所写原因改正后重新报送。")
    return filing


# ------------------------------------------------------------------ in common with the other operations here


def require_unsent(unit: Organisation, cycle: Cycle) -> None:
    """须没有待收和已收的"""
    last = queries.latest_filings([unit.pk], cycle.first_on).get(unit.pk)
    if last is None or last.state == State.RETURNED:
        return
    if last.state == State.SENT:
        raise DomainError("sent_already", f"已经报送过，正等{last.to.name}接收。要改的，请其先退回。")
    raise DomainError(
        "filed_already", f"已经备案（{last.number}），不再报送。结果有差错的，请在这份备案的页面提出更正。"
    )


def next_revision(unit: Organisation, cycle: Cycle) -> int:
    """第几次报送"""
    last = Filing.objects.filter(unit=unit, first_on=cycle.first_on).order_by("-revision").first()
    return last.revision + 1 if last else 1


def addressed(unit: Organisation, to: Organisation, cycle: Cycle, revision: int) -> dict[str, object]:
    """从哪里报到哪里"""
    return {"unit": unit, "to": to, "first_on": cycle.first_on, "last_on": cycle.last_on, "revision": revision}


def put(filing: Filing, package: Package, by_number: int | None) -> Filing:
    """存下一份备案 With its package; who receives is told."""
    name = f"备案-{filing.first_on:%Y%m%d}-{filing.revision}.zip"
    stored = keep_made(package.content, name, ZIP, by_number)
    filing.package, filing.package_digest = stored, stored.digest
    filing.members, filing.counts = package.members, package.counts
    filing.sent_by_number, filing.sent_at = by_number, clock.now()
    filing.save()
    note(filing, Kind.SENT, by_number)
    if filing.state == State.SENT:
        title, text = f"{filing.unit.name}的备案待接收", f"{queries.text_of(filing)}，请核对后接收或退回。"
        _tell(filing.to, Act.RECEIVE_FILING, f"filing:{filing.pk}", "sent", title, text, filing)
    return filing


def note(filing: Filing, kind: str, by_number: int | None) -> None:
    """记一步"""
    FilingStep.objects.create(filing=filing, kind=kind, by_number=by_number, at=clock.now())


def keep_results(filing: Filing, rows: Iterable[Valid], by_number: int | None) -> None:
    """记入以往结果 Of a received filing; who has died gets none. An amended one is the member's next revision."""
    assert filing.settlement is not None
    tiers = {one.code: one for one in best_first(parsed(filing.settlement.version))}
    gone = set(queries.deceased())
    kept = [one for one in rows if one.result.member_id not in gone]
    before = former_results([one.result.member_id for one in kept])
    found = []
    for one in kept:
        earlier = [row for row in before.get(one.result.member_id, []) if row.first_on == filing.first_on]
        tier = tiers.get(one.tier)
        found.append(
            Filed(
                member=one.result.member_id,
                first_on=filing.first_on,
                last_on=filing.last_on,
                score=one.score,
                tier=one.tier,
                tier_name=tier.name if tier else "",
                lower=tier.lower if tier else None,
                is_zeroed=one.is_zeroed,
                why=WHY.get(one.why, one.why)[:60],
                unit=filing.unit_id,
                unit_name=filing.unit.name,
                filing_number=filing.number,
                filed_on=clock.today(),
                result=one.result.pk,
                revision=earlier[0].revision + 1 if earlier else 1,
            )
        )
    keep_filed(found, by_number)


def scan_of(kept: StoredFile | None) -> tuple[str, bytes] | None:
    """附入包中的会议记录 As it was kept."""
    if kept is None:
        return None
    with open_file(kept) as file:
        return kept.name, file.read()


# ------------------------------------------------------------------ inside


def _to_decide(actor: AnyActor, filing_id: int) -> Filing:
    """The filing, locked after the level above, so that two who receive at once come one after the other."""
    seen = queries.get_filing(actor, filing_id)
    Organisation.objects.select_for_update().get(pk=seen.to_id)
    filing = (
        Filing.objects.select_for_update(of=("self",))
        .select_related("unit", "to", "settlement__version", "announcement")
        .get(pk=seen.pk)
    )
    policies.require_receive(actor, filing)
    if filing.state != State.SENT:
        said = f"已经接收（{filing.number}）" if filing.state == State.RECEIVED else "已经退回"
        raise DomainError("decided_already", f"这份备案{said}，不用再办。")
    return filing


def _still_stands(filing: Filing) -> None:
    """What was sent is what would be sent today; and the package is whole."""
    if filing.package is not None:
        with open_file(filing.package) as file:
            check(file.read())
    if filing.settlement is None:
        return
    found = queries.standing(filing.unit, Cycle(filing.first_on, filing.last_on))
    if found.made is None or found.made.pk != filing.settlement_id or found.hindrances:
        raise DomainError(
            "moved_on",
            f"{filing.unit.name}报送以后又有变动，这份备案已经不是最新的结果，请退回，由其重新评定、通报后再报送。",
        )


def _check_reason(untold: tuple[str, ...], reason: str) -> None:
    if untold and not reason:
        who = "、".join(untold[:10]) + (f"等{len(untold)}人" if len(untold) > 10 else "")
        raise bad("未通报到人的原因", f"{who}没有到会，也没有送达个人结果。请先登记送达，或写明原因。")
    if len(reason) > 500:
        raise bad("未通报到人的原因", "最多500个字。")


def _tell_unit(filing: Filing, kind: str, title: str, text: str) -> None:
    _tell(filing.unit, Act.FILE, f"filing:{filing.pk}", kind, title, text, filing)


def _tell(at: Organisation, act: Act, reference: str, kind: str, title: str, text: str, filing: Filing) -> None:
    people = [grant.user_id for grant in holders(at, act) if grant.organisation_id == at.pk]
    tell_all(people, f"filings.{kind}", reference, title, text, f"/filings/{filing.pk}/")
