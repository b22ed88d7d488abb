"""动态码 A card's code: RFC 6238 over a secret of the card's own, eight figures, each good for a minute at most."""

import secrets
from dataclasses import dataclass
from datetime import datetime

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.twofactor import InvalidToken
from cryptography.hazmat.primitives.twofactor.totp import TOTP

from pioneer.kernel.encryption import decrypt_bytes, encrypt_bytes
from pioneer.rewards.models import Card

STEP = 30  # seconds; the code of this and of the step before are good
LENGTH = 8
NUMBER = 10
SEPARATOR = "-"


@dataclass(frozen=True, slots=True)
class Shown:
    """出示的码 `text` is what the square holds and what may be typed: number and code."""

    number: str
    code: str
    seconds: int

    @property
    def text(self) -> str:
        return f"{self.number}{SEPARATOR}{self.code}"


def new_number() -> str:
    """新卡号 Nine random figures and a check figure, so that a slip of the finger is no other card."""
    body = "".join(secrets.choice("0123456789") for _ in range(NUMBER - 1))
    return body + str(_check(body))


def is_number(text: str) -> bool:
    """是否卡号"""
    return len(text) == NUMBER and text.isascii() and text.isdigit() and text[-1] == str(_check(text[:-1]))


def _check(body: str) -> int:
    """Luhn's figure."""
    doubled = [int(figure) * (2 if place % 2 == 0 else 1) for place, figure in enumerate(reversed(body))]
    return -sum(one - 9 if one > 9 else one for one in doubled) % 10


def new_secret() -> bytes:
    """新密钥 Sealed."""
    return encrypt_bytes(secrets.token_bytes(32))


def show(card: Card, at: datetime) -> Shown:
    """此刻的码"""
    code = _generator(card).generate(_time(at)).decode()
    return Shown(card.number, code, STEP - _time(at) % STEP)


def step_of(card: Card, code: str, at: datetime) -> int | None:
    """码所属的时段 None where it is none of this moment's."""
    now = _time(at) // STEP
    for step in (now, now - 1):
        try:
            _generator(card).verify(code.encode(), step * STEP)
        except (InvalidToken, UnsupportedAlgorithm):
            continue
        return step
    return None


def was_good(card: Card, code: str, at: datetime, minutes: int = 10) -> bool:
    """是否刚过期的码"""
    now = _time(at) // STEP
    return any(_generator(card).generate((now - back) * STEP).decode() == code for back in range(2, minutes * 2))


def _generator(card: Card) -> TOTP:
    assert card.secret_sealed is not None
    return TOTP(decrypt_bytes(card.secret_sealed), LENGTH, SHA256(), STEP)


def _time(at: datetime) -> int:
    return int(at.timestamp())
