"""程序的数据模型: deadlines and counts that the stations after scoring go by."""

from __future__ import annotations

from dataclasses import dataclass

from pioneer.scoring.kinds import Provenance, Unit


@dataclass(frozen=True, slots=True)
class Parameter:
    """程序参数: one deadline or count of the procedure, ``value`` in ``unit`` (a plain whole number)."""

    name: str
    value: int
    unit: Unit
    clause: str
    provenance: Provenance


@dataclass(frozen=True, slots=True)
class Procedure:
    """程序: every deadline and count the stations after scoring need, each required in the file but for those
    that may be `None`: without one nothing of its kind is due, and a member answers within ``zeroing_answer``.
    """

    publication_window: Parameter
    statement_wait: Parameter
    objection_answer: Parameter
    objection_referral: Parameter
    township_answer: Parameter
    objections_split: Parameter
    public_page: Parameter
    education_validity: Parameter
    tier_months: Parameter
    amendment: Parameter
    zeroing_answer: Parameter
    passbook_after_transfer: Parameter
    passbook_after_death: Parameter
    erasure: Parameter
    slip_validity: Parameter
    similar_text: Parameter
    exemption_age: Parameter
    exemption_abroad: Parameter
    late_claim: Parameter | None = None
    publish_by: Parameter | None = None
    case_answer: Parameter | None = None
    case_step: Parameter | None = None
    case_review: Parameter | None = None
    appeal: Parameter | None = None
    appeal_answer: Parameter | None = None
    file_by: Parameter | None = None
    follow_talk: Parameter | None = None
    follow_visit: Parameter | None = None
    follow_limit: Parameter | None = None
    follow_reminder: Parameter | None = None
