"""From bytes to text: UTF-8 with or without a mark, UTF-16, cp1252; nothing is guessed silently."""

import codecs
from pathlib import Path

from customers.importing.errors import FileRefusedError

BLOCK = 1 << 20
UTF_8 = "utf-8"
LOST = "\ufffd"
MARKS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
# What people upload by mistake, by the first bytes.
OTHER_FORMATS = {
    b"PK\x03\x04": "workbook",
    b"\xd0\xcf\x11\xe0": "workbook",
    b"\x1f\x8b": "compressed",
    b"%PDF": "pdf",
    b"PAR1": "parquet",
}


def encoding_of(path: Path) -> str:
    """The name of the encoding that reads the whole file.

    Raises FileRefusedError for an empty file, another format, or bytes that fit none.
    """
    with path.open("rb") as file:
        start = file.read(4096)
    check_format(start)
    by_mark = next((name for mark, name in MARKS.items() if start.startswith(mark)), None)
    encoding = by_mark or unmarked_utf16(start) or UTF_8
    problem_line = first_unreadable_line(path, encoding)
    if problem_line and not by_mark:
        if is_damaged_utf8(path):
            raise FileRefusedError("damaged_utf8", line=first_unreadable_line(path, UTF_8))
        encoding = "cp1252"
        problem_line = first_unreadable_line(path, encoding)
    if problem_line:
        raise FileRefusedError("undecodable", encoding=encoding, line=problem_line)
    return encoding


def check_format(start: bytes) -> None:
    """Refuse an empty file and the formats that are no CSV."""
    if not start.strip(b"\x00 \t\r\n\xef\xbb\xbf\xfe\xff"):
        raise FileRefusedError("empty_file")
    for signature, name in OTHER_FORMATS.items():
        if start.startswith(signature):
            raise FileRefusedError("other_format", format=name)


def unmarked_utf16(start: bytes) -> str | None:
    """UTF-16 without its mark shows as a zero in nearly every second byte."""
    pairs = len(start) // 2
    for offset, name in ((1, "utf-16-le"), (0, "utf-16-be")):
        if pairs and start[offset : 2 * pairs : 2].count(0) > 0.8 * pairs:
            return name
    return None


def is_damaged_utf8(path: Path) -> bool:
    """Whether most of what is not ASCII reads as UTF-8: then the rest is damage, no other encoding.

    Texts in cp1252 hardly ever make such sequences.
    """
    decoder = codecs.getincrementaldecoder(UTF_8)(errors="replace")
    good = damaged = 0
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            text = decoder.decode(block)
            lost = text.count(LOST)
            damaged += lost
            good += len(text) - len(text.encode("ascii", "ignore")) - lost
    return good > damaged


def first_unreadable_line(path: Path, encoding: str) -> int:
    """The first line with something that the encoding can't read; 0 if it reads all."""
    decoder = codecs.getincrementaldecoder(encoding)()
    line = 1
    with path.open("rb") as file:
        try:
            while block := file.read(BLOCK):
                line += decoder.decode(block).count("\n")
            decoder.decode(b"", final=True)
        except UnicodeDecodeError as problem:
            return line + problem.object[: problem.start].count(b"\n")
    return 0
