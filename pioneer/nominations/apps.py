"""推荐 What it holds of a member goes with the rest when the member's texts are erased."""

from django.apps import AppConfig


class NominationsConfig(AppConfig):
    name = "pioneer.nominations"

    def ready(self) -> None:
        from pioneer.ledger.erasure import LATER
        from pioneer.nominations.erasure import erase_texts

        LATER.append(erase_texts)
