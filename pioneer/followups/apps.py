"""跟进 When the program starts the ledger's erasure learns what this station holds."""

from django.apps import AppConfig


class FollowupsConfig(AppConfig):
    name = "pioneer.followups"

    def ready(self) -> None:
        from pioneer.followups.erasure import erase_texts
        from pioneer.ledger.erasure import LATER

        LATER.append(erase_texts)
