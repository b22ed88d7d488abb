"""成批写入 The demo's former cycles: a settlement with its rows, and what was filed elsewhere of the one before."""

from collections.abc import Sequence

from pioneer.kernel.loading import Row, require_demo, write
from pioneer.kernel.models import Task
from pioneer.kernel.operations import Acting, operation
from pioneer.results.models import FormerResult, Result, ResultAspect, Settlement, SettlementRun


@operation("results.load_settlements")
def load_settlements(
    *,
    actor: Acting,
    tasks: Sequence[Row],
    runs: Sequence[Row],
    settlements: Sequence[Row],
    results: Sequence[Row],
    aspects: Sequence[Row] = (),
    formers: Sequence[Row] = (),
) -> int:
    """写入年度评定 Only on a demo. Digests come computed, and `verify` recomputes them all."""
    require_demo()
    write(Task, tasks)
    write(SettlementRun, runs)
    write(Settlement, settlements)
    write(Result, results)
    write(ResultAspect, aspects)
    write(FormerResult, formers)
    return len(results)
