"""消息的写入 Telling a person something, and that it was read."""

from collections.abc import Sequence

from pioneer.accounts.models import User
from pioneer.kernel import clock
from pioneer.kernel.operations import Acting, operation
from pioneer.messages import policies, queries
from pioneer.messages.models import Message


def tell(user: User | int | None, kind: str, reference: str, title: str, text: str, link: str = "") -> Message | None:
    """告知 Called inside the operation that has something to tell. The same kind and reference is told once; whoever
    has no account is told on paper, which the station that tells records: then the answer is None."""
    if user is None:
        return None
    number = user if isinstance(user, int) else user.pk
    if number not in queries.reachable([number]):
        return None
    message, _ = Message.objects.get_or_create(
        user_id=number,
        kind=kind,
        reference=reference,
        defaults={"title": title, "text": text, "link": link, "created_at": clock.now()},
    )
    return message


def tell_all(users: Sequence[int], kind: str, reference: str, title: str, text: str, link: str = "") -> None:
    """告知多人 The same thing to many, in one statement; told once each."""
    now = clock.now()
    Message.objects.bulk_create(
        [
            Message(user_id=number, kind=kind, reference=reference, title=title, text=text, link=link, created_at=now)
            for number in queries.reachable(users)
        ],
        ignore_conflicts=True,
    )


@operation("messages.mark_read")
def mark_read(*, actor: Acting, message_id: int) -> Message:
    """标为已读 Once read it stays read."""
    message = queries.for_update(message_id)
    policies.require_own(actor, message)
    if message.read_at is None:
        message.read_at = clock.now()
        message.save(update_fields=["read_at"])
    return message


@operation("messages.mark_all_read")
def mark_all_read(*, actor: Acting) -> int:
    """全部标为已读 Every message of the actor."""
    return queries.visible_to(actor).filter(read_at__isnull=True).update(read_at=clock.now())
