"""A rulebook's dict as TOML text, and the tables no score depends on."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

SOURCE = {"clause": "第一条", "provenance": "assumed"}
FIXED_TABLES: dict[str, Any] = {
    "cadence": {
        "declaration": {"every": "week", "by": "member", **SOURCE},
        "assessment": {"every": "month", "by": "branch", **SOURCE},
        "announcement": {"every": "year", "by": "community", **SOURCE},
    }
}
UNITS = {
    "publication_window": "working_days", "statement_wait": "working_days", "objection_answer": "working_days",
    "objection_referral": "working_days", "township_answer": "days", "objections_split": "count",
    "public_page": "days", "education_validity": "months", "tier_months": "months", "amendment": "months",
    "zeroing_answer": "working_days", "passbook_after_transfer": "days", "passbook_after_death": "days",
    "erasure": "years", "slip_validity": "days", "similar_text": "days", "exemption_age": "years",
    "exemption_abroad": "months",
}  # fmt: skip
PROCEDURE: dict[str, Any] = {
    name: {"name": f"程序{name}", "value": 6, "unit": unit, **SOURCE} for name, unit in UNITS.items()
}
OF_TABLES = ("indices", "cadence", "procedure")


def toml(book: dict[str, Any]) -> str:
    """The text of a rulebook; top-level tables as tables, everything inside them inline."""
    parts = []
    for key, content in book.items():
        if key in OF_TABLES:
            parts += [table(f"[{key}.{name}]", inner) for name, inner in content.items()]
        elif isinstance(content, list):
            parts += [table(f"[[{key}]]", row) for row in content]
        else:
            parts.append(table(f"[{key}]", content))
    return "\n\n".join(parts) + "\n"


def table(heading: str, content: dict[str, Any]) -> str:
    return "\n".join([heading, *(f"{key} = {inline(value)}" for key, value in content.items())])


def inline(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, date)):
        return str(value)
    if isinstance(value, Decimal):
        text = f"{value:.2f}".rstrip("0").rstrip(".")
        return text
    if isinstance(value, str):
        return f'"{value}"'
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key} = {inline(item)}" for key, item in value.items()) + " }"
    return "[" + ", ".join(inline(item) for item in value) + "]"
