"""成批写入 The demo's declarations and their evidence."""

from collections.abc import Sequence

from pioneer.declarations.models import Declaration, DeclarationFile
from pioneer.kernel.loading import Row, require_demo, write
from pioneer.kernel.operations import Acting, operation


@operation("declarations.load_declarations")
def load_declarations(*, actor: Acting, declarations: Sequence[Row], files: Sequence[Row] = ()) -> int:
    """写入申报 Only on a demo."""
    require_demo()
    write(Declaration, declarations)
    write(DeclarationFile, files)
    return len(declarations)
