"""组织处置的启动 What this station holds of a member goes when it is erased."""

from django.apps import AppConfig


class DisposalsConfig(AppConfig):
    """组织处置"""

    name = "pioneer.disposals"

    def ready(self) -> None:
        """就绪 The ledger's erasure asks this station, too."""
        from pioneer.disposals.erasure import erase_texts
        from pioneer.ledger.erasure import LATER

        if erase_texts not in LATER:
            LATER.append(erase_texts)
