"""成批写入 The demo's files."""

from collections.abc import Sequence

from pioneer.files.models import StoredFile
from pioneer.kernel.loading import Row, require_demo, write
from pioneer.kernel.operations import Acting, operation


@operation("files.load_files")
def load_files(*, actor: Acting, files: Sequence[Row]) -> int:
    """写入附件 Only on a demo. The bytes have been put into the storage under their digest before."""
    require_demo()
    write(StoredFile, files)
    return len(files)
