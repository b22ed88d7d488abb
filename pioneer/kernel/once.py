"""只办一次 What a form that was sent has led to, kept for a day, so that the very same form a second time leads there
again and does nothing.

A row holds the digest of what was sent and, sealed, where it led: neither says who sent what. The first who brings a
form takes it; who brings the same meanwhile waits for its answer. A form that was refused is given back: it may come
again.
"""

import time
from datetime import timedelta

from django.db import IntegrityError, transaction

from pioneer.kernel import clock, encryption
from pioneer.kernel.models import SentForm

KEPT = timedelta(days=1)
GIVEN_UP = timedelta(minutes=2)  # a form still under way after so long was dropped by a server that stopped
PATIENCE = 15.0  # seconds
STEP = 0.05


def take(key: str) -> str | None:
    """接下表单 None for who is to do it; for everybody else where it led, or "" where that is not known yet."""
    until = time.monotonic() + PATIENCE
    SentForm.objects.filter(at__lt=clock.now() - KEPT).delete()
    while not _taken(key):
        row = SentForm.objects.filter(key=key).first()
        if row is not None and row.led_to is not None:
            return encryption.decrypt(row.led_to)
        if time.monotonic() >= until:
            return ""
        time.sleep(STEP)
    return None


def settle(key: str, led_to: str) -> None:
    """记下去处 Where it led; a form that led nowhere may be sent again."""
    row = SentForm.objects.filter(key=key)
    if led_to:
        row.update(led_to=encryption.encrypt(led_to))
    else:
        row.delete()


def _taken(key: str) -> bool:
    now = clock.now()
    if SentForm.objects.filter(key=key, led_to__isnull=True, at__lt=now - GIVEN_UP).update(at=now):
        return True
    try:
        with transaction.atomic():
            SentForm.objects.create(key=key, at=now)
    except IntegrityError:
        return False
    return True
