"""备案的启动 What this station holds of a member goes when it is erased."""

from django.apps import AppConfig


class FilingsConfig(AppConfig):
    """备案"""

    name = "pioneer.filings"

    def ready(self) -> None:
        """就绪 The ledger's erasure asks this station, too."""
        from pioneer.filings.erasure import erase_texts
        from pioneer.ledger.erasure import LATER

        if erase_texts not in LATER:
            LATER.append(erase_texts)
