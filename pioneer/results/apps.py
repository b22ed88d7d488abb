"""年度评定 What it holds of a member goes with the rest when the member's texts are erased."""

from django.apps import AppConfig


class ResultsConfig(AppConfig):
    name = "pioneer.results"

    def ready(self) -> None:
        from pioneer.ledger.erasure import LATER
        from pioneer.results.erasure import erase_texts

        LATER.append(erase_texts)
