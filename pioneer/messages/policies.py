"""消息的权限 A message belongs to one person."""

from pioneer.kernel.errors import NotVisible
from pioneer.kernel.operations import Acting
from pioneer.messages.models import Message


def require_own(actor: Acting, message: Message) -> None:
    """须是本人的 Another person's message does not exist for the actor."""
    if actor.number is None or message.user_id != actor.number:
        raise NotVisible
