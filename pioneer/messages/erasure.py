"""抹除消息 A plain function, for the ledger's erasure."""

from pioneer.messages.models import Message


def erase_texts(user_id: int) -> int:
    """抹除消息 What an account was told goes; that it was told stays."""
    return Message.objects.filter(user=user_id).update(title="", text="", link="")
