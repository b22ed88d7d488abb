"""附件的送出 How a stored content leaves the house. Who may have it is asked by the station that owns it."""

from typing import Any

from django.http import FileResponse

from pioneer.files.queries import open_file


def attachment(stored: Any) -> FileResponse:
    """送出附件 Always saved, never opened as a page of this site: no name or content can make the browser guess."""
    response = FileResponse(
        open_file(stored), as_attachment=True, filename=stored.name, content_type=stored.content_type
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
