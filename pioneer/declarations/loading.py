"""成批写入 The demo's declarations and their evidence."""

from collections.abc import Sequence

from pioneer.declarations.models import Batch, Declaration, DeclarationFile, WeeklyForm
from pioneer.kernel.loading import Row, require_demo, write
from pioneer.kernel.operations import Acting, operation


@operation("declarations.load_declarations")
def load_declarations(
    *,
    actor: Acting,
    declarations: Sequence[Row],
    files: Sequence[Row] = (),
    forms: Sequence[Row] = (),
    batches: Sequence[Row] = (),
) -> int:
    """写入申报 Only on a demo."""
    require_demo()
    write(WeeklyForm, forms)
    write(Batch, batches)
    write(Declaration, declarations)
    write(DeclarationFile, files)
    return len(declarations)
