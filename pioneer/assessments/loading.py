"""成批写入 The demo's sheets, their lines and the reviews of claims."""

from collections.abc import Sequence

from pioneer.assessments.models import Line, Review, Sheet
from pioneer.kernel.loading import Row, require_demo, write
from pioneer.kernel.operations import Acting, operation


@operation("assessments.load_sheets")
def load_sheets(*, actor: Acting, sheets: Sequence[Row], lines: Sequence[Row], reviews: Sequence[Row]) -> int:
    """写入考评表 Only on a demo. Lines that replace or correct others stand after them."""
    require_demo()
    write(Sheet, sheets)
    write(Line, lines)
    write(Review, reviews)
    return len(sheets)
