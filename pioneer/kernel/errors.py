"""拒绝 Refusals: each is a full sentence in Chinese that says what to do next; `web` makes a page of it."""

from dataclasses import dataclass


class DomainError(Exception):
    """此时不能办 What the rules don't allow now. `code` is stable, for tests and programs; `message` is for people."""

    status = 409

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message

    def __str__(self) -> str:
        return self.message


class NotVisible(DomainError):
    """看不到 There is no such thing for this actor. The page is a 404 that tells nothing."""

    status = 404

    def __init__(self, message: str = "没有找到这一页，或者它不在您的权限范围内。") -> None:
        super().__init__("not_visible", message)


class NotAllowed(DomainError):
    """无权 The actor sees it but may not do it."""

    status = 403

    def __init__(self, message: str, code: str = "not_allowed") -> None:
        super().__init__(code, message)


@dataclass(frozen=True, slots=True)
class Fault:
    """一处错误 One mistake: where (sheet, row, column, field) and a sentence that says what is wrong and what to do."""

    place: str
    message: str

    def __str__(self) -> str:
        return f"{self.place}：{self.message}" if self.place else self.message


class BadInput(DomainError):
    """输入有误 All mistakes of an input together; nothing was written."""

    status = 422

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__("bad_input", "\n".join(str(fault) for fault in faults))
        self.faults = faults


def bad(place: str, message: str) -> BadInput:
    """一处错误的输入 A BadInput with a single mistake."""
    return BadInput([Fault(place, message)])
