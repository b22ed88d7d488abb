"""纸面的送出 How a printed paper leaves the house: shown in the browser, to be kept or put on paper from there."""

from urllib.parse import quote

from django.http import HttpResponse

PDF = "application/pdf"


def paper(content: bytes, name: str) -> HttpResponse:
    """送出纸面 A PDF under a name of its own, kept by no cache between here and the reader."""
    response = HttpResponse(content, content_type=PDF)
    response["Content-Disposition"] = f"inline; filename*=UTF-8''{quote(name)}.pdf"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response
