"""行号: where in a TOML text a table or key stands. ``tomllib`` reads values but forgets their lines."""

from __future__ import annotations

import re
from collections.abc import Sequence

Path = tuple[str | int, ...]

_HEADER = re.compile(r"^\s*(\[\[?)\s*([^\[\]#]+?)\s*\]")
_KEY = re.compile(r"""^\s*((?:"[^"]*"|'[^']*'|[A-Za-z0-9_-]+)(?:\s*\.\s*(?:"[^"]*"|'[^']*'|[A-Za-z0-9_-]+))*)\s*=""")
_STRINGS = re.compile(r'"""|\'\'\'|"(?:\\.|[^"\\])*"|\'[^\']*\'|#.*')


class Positions:
    """行号表: lines of tables and keys, 1-based, by path such as ``("positive", 3, "points")``."""

    def __init__(self, text: str) -> None:
        self._lines: dict[Path, int] = {}
        self._counts: dict[Path, int] = {}
        self._scan(text)

    def line(self, path: Sequence[str | int]) -> int:
        """行号: the line of the path, or of the nearest table around it; 0 when nothing of it is in the text."""
        for length in range(len(path), 0, -1):
            found = self._lines.get(tuple(path[:length]))
            if found:
                return found
        return 0

    def _scan(self, text: str) -> None:
        table: Path = ()
        depth = 0
        quote = ""
        for number, line in enumerate(text.split("\n"), start=1):
            if quote:
                if quote in line:
                    quote = ""
                continue
            if depth == 0:
                header = _HEADER.match(line)
                if header:
                    table = self._enter(header.group(1), _parts(header.group(2)), number)
                    continue
                key = _KEY.match(line)
                if key:
                    self._lines.setdefault((*table, *_parts(key.group(1))), number)
            bare, quote = _without_strings(line)
            depth = max(0, depth + sum(map(bare.count, "[{")) - sum(map(bare.count, "]}")))

    def _enter(self, bracket: str, parts: tuple[str, ...], number: int) -> Path:
        path: Path = ()
        for place, part in enumerate(parts):
            path = (*path, part)
            if place < len(parts) - 1 and path in self._counts:
                path = (*path, self._counts[path] - 1)
        if bracket == "[[":
            count = self._counts.get(path, 0)
            self._counts[path] = count + 1
            self._lines.setdefault(path, number)
            path = (*path, count)
        self._lines.setdefault(path, number)
        return path


def _parts(text: str) -> tuple[str, ...]:
    return tuple(part.strip().strip("\"'") for part in re.findall(r"\"[^\"]*\"|'[^']*'|[^.\s]+", text))


def _without_strings(line: str) -> tuple[str, str]:
    bare, place = "", 0
    while True:
        found = _STRINGS.search(line, place)
        if found is None:
            return bare + line[place:], ""
        bare += line[place : found.start()]
        token = found.group()
        if token in ('"""', "'''"):
            end = line.find(token, found.end())
            if end < 0:
                return bare, token
            place = end + 3
        else:
            place = found.end()
