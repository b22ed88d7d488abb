"""消息的读取 The inbox of a person."""

from collections.abc import Iterable

from django.db.models import QuerySet

from pioneer.accounts.models import User
from pioneer.kernel.asking import remembered
from pioneer.kernel.errors import NotVisible
from pioneer.kernel.operations import Acting
from pioneer.messages.models import Message


def visible_to(actor: Acting) -> QuerySet[Message]:
    """本人的消息 Newest first."""
    return Message.objects.filter(user_id=actor.number) if actor.number is not None else Message.objects.none()


def reachable(numbers: Iterable[int]) -> list[int]:
    """收得到的 Of these accounts the active ones: the deceased and whoever was stopped is told nothing."""
    return list(User.objects.filter(pk__in=list(numbers), is_active=True).values_list("pk", flat=True))


@remembered
def unread_count(actor: Acting) -> int:
    """未读条数 One query."""
    return visible_to(actor).filter(read_at__isnull=True).count()


def fetch(actor: Acting, message_id: int) -> Message:
    """一条消息 NotVisible where it is somebody else's."""
    message = visible_to(actor).filter(pk=message_id).first()
    if message is None:
        raise NotVisible
    return message


def for_update(message_id: int) -> Message:
    """锁定一条 For the operation that changes it."""
    message = Message.objects.select_for_update().filter(pk=message_id).first()
    if message is None:
        raise NotVisible
    return message
