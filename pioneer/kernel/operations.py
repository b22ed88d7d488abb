"""操作 Operations: one name, one transaction, one audit row.

Every write of the program is a function under `@operation`: keyword-only, the actor first, ids in and objects out.
The rows and their AuditEvent are committed together or not at all. A refusal is audited too, on its own.
Operations call plain functions, never one another. What was done for a form before it was dropped is not done again
(kernel/once.py).
"""

import functools
import inspect
from collections.abc import Callable
from contextvars import ContextVar
from datetime import date
from enum import Enum
from typing import Any, ParamSpec, Protocol, TypeVar, cast
from uuid import UUID

from django.db import models, transaction

from pioneer.kernel import clock, once
from pioneer.kernel.errors import DomainError
from pioneer.kernel.models import AuditEvent

P = ParamSpec("P")
R = TypeVar("R")
_running: ContextVar[str] = ContextVar("running", default="")
REGISTRY: dict[str, Callable[..., Any]] = {}


class Acting(Protocol):
    """谁在办 What an operation must know of its actor: a number and a role, so the books outlive the person."""

    @property
    def number(self) -> int | None: ...
    @property
    def role(self) -> str: ...


def operation(
    name: str, *, tell: tuple[str, ...] = (), unsigned: Callable[[dict[str, Any]], bool] | None = None
) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """登记一项操作 `name` is "station.verb_noun". Of the arguments the audit row keeps ids, numbers, dates, switches;
    a text only if named in `tell`, which is for codes: never for names, grounds or any personal data. Where `unsigned`
    says so of the arguments, the row keeps the role and no number: who reads the audit need not know who objects.
    """

    def wrap(function: Callable[P, R]) -> Callable[P, R]:
        parameters = list(inspect.signature(function).parameters.values())
        if not parameters or parameters[0].name != "actor" or any(p.kind != p.KEYWORD_ONLY for p in parameters):
            raise TypeError(f"{name}: an operation takes keywords only, the actor first")

        @functools.wraps(function)
        def run(*args: P.args, **kwargs: P.kwargs) -> R:
            if _running.get():
                raise RuntimeError(f"{_running.get()} calls {name}: operations call plain functions, not one another")
            if (made := once.done_before(name)) is not None:
                return cast(R, made)
            token = _running.set(name)
            actor: Any = kwargs.get("actor")
            facts = _told(kwargs, tell)
            number = actor.number if actor is not None and not (unsigned is not None and unsigned(kwargs)) else None
            try:
                with transaction.atomic():
                    result = function(*args, **kwargs)
                    once.note(_audit(name, actor, number, facts, result, ""))
                return result
            except DomainError as refusal:
                _audit(name, actor, number, facts, None, refusal.code)
                raise
            finally:
                _running.reset(token)

        REGISTRY[name] = run
        return run

    return wrap


def running() -> str:
    """正在进行的操作 The name of the operation this code runs under, or nothing."""
    return _running.get()


def _told(kwargs: dict[str, Any], tell: tuple[str, ...]) -> dict[str, Any]:
    kept: dict[str, Any] = {}
    for key, value in kwargs.items():
        if key == "actor":
            continue
        if isinstance(value, Enum):
            value = value.value
        if isinstance(value, (bool, int)) or value is None:
            kept[key] = value
        elif isinstance(value, (date, UUID)):
            kept[key] = str(value)
        elif isinstance(value, (list, tuple, set, frozenset)) and all(isinstance(v, int) for v in value):
            kept[key] = sorted(value)[:200]
        elif key in tell:
            kept[key] = str(value)[:80]
    return kept


def _audit(name: str, actor: Any, number: int | None, facts: dict[str, Any], result: Any, refused: str) -> AuditEvent:
    target = result if isinstance(result, models.Model) else None
    return AuditEvent.objects.create(
        operation=name,
        actor_number=number,
        actor_role=actor.role if actor is not None else "",
        at=clock.now(),
        arguments=facts,
        target_kind=target._meta.label_lower if target is not None else "",
        target_number=target.pk if target is not None and isinstance(target.pk, int) else None,
        refused=refused,
    )
