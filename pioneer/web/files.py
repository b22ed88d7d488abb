"""附件的送出 How a stored content leaves the house. Who may have it is asked by the station that owns it."""

from pathlib import Path
from typing import Any

from django.http import FileResponse

from pioneer.files.queries import open_file


def attachment(stored: Any) -> FileResponse:
    """送出附件 Always saved, never opened as a page of this site: no name or content can make the browser guess.

    Its name is the digest's: the same content may have come in under a name that is somebody else's private matter.
    """
    name = f"附件-{stored.digest[:8]}{Path(stored.name).suffix.lower()}"
    response = FileResponse(open_file(stored), as_attachment=True, filename=name, content_type=stored.content_type)
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
