"""消息 Messages: the in-app inbox."""
