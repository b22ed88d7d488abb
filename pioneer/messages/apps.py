"""The label differs from the name because Django has an app `messages` of its own."""

from django.apps import AppConfig


class MessagesConfig(AppConfig):
    name = "pioneer.messages"
    label = "inbox"
