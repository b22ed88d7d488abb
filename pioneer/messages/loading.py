"""成批写入 The demo's messages."""

from collections.abc import Sequence

from pioneer.kernel.loading import Row, require_demo, write
from pioneer.kernel.operations import Acting, operation
from pioneer.messages.models import Message


@operation("messages.load_messages")
def load_messages(*, actor: Acting, messages: Sequence[Row]) -> int:
    """写入消息 Only on a demo."""
    require_demo()
    write(Message, messages)
    return len(messages)
