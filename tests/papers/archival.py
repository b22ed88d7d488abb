"""读存档件 What PDF/A-2b asks of a file as far as its structure shows it; each thing that is not so, in a sentence."""

import io
import re
from collections.abc import Iterator
from typing import Any

from pypdf import PdfReader
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, NameObject, StreamObject

ACTIVE = {
    "/JavaScript",
    "/JS",
    "/Launch",
    "/Sound",
    "/Movie",
    "/RichMedia",
    "/XFA",
    "/EmbeddedFiles",
    "/AA",
    "/OpenAction",
}
FILTERS = {"/FlateDecode", "/DCTDecode", "/JPXDecode", "/ASCIIHexDecode", "/ASCII85Decode", "/RunLengthDecode"}
EMBEDDED = {"/FontFile", "/FontFile2", "/FontFile3"}


def faults_of(pdf: bytes) -> list[str]:
    """不符合的地方 Empty where nothing speaks against it."""
    reader = PdfReader(io.BytesIO(pdf))
    return [*_file(pdf, reader), *_named(reader), *_colours(reader), *_fonts(reader), *_objects(reader)]


def _file(pdf: bytes, reader: PdfReader) -> Iterator[str]:
    first, second = pdf.split(b"\n", 2)[:2]
    if not re.fullmatch(rb"%PDF-1\.[0-7]\s*", first):
        yield f"begins with {first!r}"
    if not second.startswith(b"%") or sum(byte > 127 for byte in second) < 4:
        yield "the second line is no comment of bytes above 127"
    identity = reader.trailer.get("/ID")
    if identity is None or len(identity) != 2 or not all(len(bytes(one)) >= 8 for one in map(_raw, identity)):
        yield "no file ID"
    if "/Encrypt" in reader.trailer:
        yield "encrypted"


def _raw(text: Any) -> bytes:
    return bytes(text.original_bytes) if hasattr(text, "original_bytes") else bytes(text)


def _named(reader: PdfReader) -> Iterator[str]:
    stream = reader.root_object.get("/Metadata")
    if stream is None:
        yield "no XMP"
        return
    said = stream.get_object().get_data().decode()
    for name, value in (("part", "2"), ("conformance", "B")):
        if not re.search(rf"pdfaid:{name}(=\"{value}\"|>{value}<)", said):
            yield f"XMP does not say {name} {value}"
    title = str(reader.metadata.title) if reader.metadata else ""
    if not title or title not in said:
        yield "XMP and the file name it differently"


def _colours(reader: PdfReader) -> Iterator[str]:
    meant = [one.get_object() for one in reader.root_object.get("/OutputIntents", [])]
    for one in meant:
        profile = one.get("/DestOutputProfile")
        if one.get("/S") == "/GTS_PDFA1" and profile is not None and profile.get_object().get("/N") in (1, 3, 4):
            return
    yield "no output intent with its profile"


def _fonts(reader: PdfReader) -> Iterator[str]:
    used = 0
    for one in _every(reader):
        if one.get("/Type") != "/Font" or one.get("/Subtype") in ("/Type0", "/Type3"):
            continue
        used += 1
        description = one.get("/FontDescriptor")
        if description is None or not EMBEDDED & set(description.get_object()):
            yield f"{one.get('/BaseFont')} is not embedded"
    if not used:
        yield "no font at all"


def _objects(reader: PdfReader) -> Iterator[str]:
    for one in _every(reader):
        if found := ACTIVE & set(one):
            yield f"active: {', '.join(sorted(found))}"
        if one.get("/S") in ACTIVE:
            yield f"active: {one['/S']}"
        if isinstance(one, StreamObject):
            filters = one.get("/Filter", [])
            for name in [filters] if isinstance(filters, NameObject) else filters:
                if name not in FILTERS:
                    yield f"a stream packed by {name}"
            if "/F" in one:
                yield "a stream that lies in another file"


def _every(reader: PdfReader) -> Iterator[DictionaryObject]:
    """Every dictionary that can be reached from the trailer, once."""
    waiting: list[Any] = [reader.trailer]
    seen: set[tuple[int, int]] = set()
    while waiting:
        one = waiting.pop()
        if isinstance(one, IndirectObject):
            place = (one.idnum, one.generation)
            if place in seen:
                continue
            seen.add(place)
            one = one.get_object()
        if isinstance(one, DictionaryObject):
            yield one
            waiting += [one.raw_get(key) for key in one]
        elif isinstance(one, ArrayObject):
            waiting += list(one)
