"""移交逾期异议并结束到期的公示 escalate overdue objections, close windows"""

from typing import Any

from django.core.management.base import BaseCommand

from pioneer.jobs import clock


class Command(BaseCommand):
    """时钟的一步"""

    help = __doc__ or ""

    def handle(self, *args: Any, **options: Any) -> None:
        done = clock.Round()
        clock.close_windows(done)
        self.stdout.write(str(done))
        if done.failures:
            self.stderr.write("\n".join(done.failures))
            raise SystemExit(1)
