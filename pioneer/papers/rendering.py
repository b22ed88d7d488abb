"""排印 A template and its content make a PDF, or the pictures of its pages.

The content goes in as JSON and stands in the paper as text: whatever a name holds, it is never read as Typst markup.
Only the fonts that come with the program's packages are used, no date and no machine enters the paper: the same
content gives the same bytes everywhere.
"""

import json
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Literal, overload

import typst
from justmytype_intl_cjk import get_font_pack
from pylopdf_fonts_zh_cn import serif_path

TEMPLATES = Path(__file__).parent / "templates"
PPI = 144.0
ARCHIVAL: Literal["a-2b"] = "a-2b"
UNSHOWN = "〓"


@overload
def render(template: str, content: Mapping[str, Any], *, format: Literal["pdf"] = "pdf") -> bytes: ...
@overload
def render(template: str, content: Mapping[str, Any], *, format: Literal["png"], ppi: float = PPI) -> list[bytes]: ...
def render(
    template: str, content: Mapping[str, Any], *, format: Literal["pdf", "png"] = "pdf", ppi: float = PPI
) -> bytes | list[bytes]:
    """排印 `template` is a file of templates/ without its ending; a PDF is one piece, of PNG each page is one.

    `content` holds what JSON can say: texts, whole numbers, lists, tables by key. Points and dates come as the texts
    that the pages show. Raises LookupError for a template that does not exist.
    """
    made = _compiled(template, json.dumps(content, ensure_ascii=False, allow_nan=False), format=format, ppi=ppi)
    if format == "pdf":
        return made[0]
    return made


def render_to_keep(template: str, content: Mapping[str, Any]) -> tuple[bytes, list[str]]:
    """排印存档件 As PDF/A-2b, which opens without the program and its fonts many years later. Such a paper must show
    every character: for one that no font has it shows 〓. Answers the paper and these characters. The template says the
    day of the document."""
    text = json.dumps(content, ensure_ascii=False, allow_nan=False)
    missing: list[str] = []
    while True:
        try:
            return _compiled(template, text, standard=ARCHIVAL)[0], missing
        except typst.TypstError as error:
            lacking = [one for one in _lacking(str(error)) if one not in missing]
            if not lacking:
                raise
            missing += lacking
            for one in lacking:
                text = text.replace(json.dumps(one, ensure_ascii=False)[1:-1], UNSHOWN)


def _lacking(said: str) -> list[str]:
    """The characters that could not be shown, as the compiler writes them."""
    found: list[str] = []
    for shown in re.findall(r'the text `"(.*?)"` could not be displayed', said, flags=re.S):
        plain = re.sub(r"\\u\{([0-9a-f]+)\}", lambda code: chr(int(code[1], 16)), shown)
        found += [one for one in dict.fromkeys(plain) if one not in found]
    return found


def _compiled(
    template: str,
    content: str,
    *,
    format: Literal["pdf", "png"] = "pdf",
    ppi: float = PPI,
    standard: Literal["a-2b"] | None = None,
) -> list[bytes]:
    if template not in names():
        raise LookupError(f"没有“{template}”这种纸面")
    made = typst.compile(
        TEMPLATES / f"{template}.typ",
        root=TEMPLATES,
        font_paths=_fonts(),
        ignore_system_fonts=True,
        format=format,
        ppi=ppi,
        sys_inputs={"content": content},
        timestamp=0,
        pdf_standards=standard,
    )
    return [made] if isinstance(made, bytes) else list(made)


def names() -> set[str]:
    """有哪些纸面 The templates that can be rendered; base.typ is what they share."""
    return {file.stem for file in TEMPLATES.glob("*.typ")} - {"base"}


@cache
def _fonts() -> typst.Fonts:
    """Noto Sans SC in all its weights for text (its sisters for a character it lacks), Noto Serif SC for titles."""
    folders = [serif_path().parent, *get_font_pack().get_font_directories()]
    return typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(folder) for folder in folders]
    )
