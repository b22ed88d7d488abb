"""A page's form as a browser would send it: every field with what it holds, read from the HTML itself."""

from html.parser import HTMLParser
from typing import Any

from django.test import Client

from pioneer.rulebook.models import RulebookDraft


class _Reading(HTMLParser):
    """Fields of the form with an id; a textarea loses its first line end, as in a browser."""

    def __init__(self, form: str) -> None:
        super().__init__(convert_charrefs=True)
        self.form, self.inside, self.fields = form, False, []
        self._area: str | None = None
        self._text = ""
        self._select: tuple[str, list[tuple[str, bool]]] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if tag == "form":
            self.inside = found.get("id") == self.form
        if not self.inside:
            return
        name, value = found.get("name") or "", found.get("value") or ""
        if tag == "input" and name and (found.get("type") not in ("checkbox", "radio") or "checked" in found):
            self.fields.append((name, value.replace("\n", "")))
        elif tag == "textarea":
            self._area, self._text = name, ""
        elif tag == "select":
            self._select = (name, [])
        elif tag == "option" and self._select:
            self._select[1].append((value, "selected" in found))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.inside = False
        elif tag == "textarea" and self._area is not None:
            self.fields.append((self._area, self._text.removeprefix("\n").replace("\n", "\r\n")))
            self._area = None
        elif tag == "select" and self._select:
            name, options = self._select
            self._select = None
            if options:
                self.fields.append((name, next((value for value, chosen in options if chosen), options[0][0])))

    def handle_data(self, text: str) -> None:
        if self._area is not None:
            self._text += text


def filled(page: str, form: str = "row-form") -> dict[str, list[str]]:
    """填好的表单"""
    reading = _Reading(form)
    reading.feed(page)
    found: dict[str, list[str]] = {}
    for name, value in reading.fields:
        found.setdefault(name, []).append(value)
    return found


def row_address(draft: RulebookDraft, section: str, row: Any) -> str:
    return f"/rulebook/drafts/{draft.pk}/rows/{section}/{row}/"


def change(client: Client, address: str, do: str = "save", **typed: Any) -> Any:
    """Open the form, type into it, press a button."""
    page = client.get(address)
    assert page.status_code == 200, page.status_code
    return client.post(address, {**filled(page.content.decode()), "do": do, **typed_names(typed)})


def typed_names(typed: dict[str, Any]) -> dict[str, Any]:
    """`caps__year` for the field `caps.year`."""
    return {name.replace("__", "."): value for name, value in typed.items()}
