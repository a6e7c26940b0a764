"""Compile the gettext catalogues: `python -m churnapp.catalogues`. Babel, so no gettext needed."""

from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

LOCALE = Path(__file__).resolve().parent.parent / "locale"


def compile_all(folder: Path = LOCALE) -> list[Path]:
    """Write each `.mo` in `folder` that is older than its `.po`; the ones written.

    Raises ValueError for a translation whose placeholders are not those of its source.
    """
    stale = [source for source in sorted(folder.glob("*/LC_MESSAGES/*.po")) if _is_stale(source)]
    return [_compile(source) for source in stale]


def _is_stale(source: Path) -> bool:
    target = source.with_suffix(".mo")
    return not target.exists() or target.stat().st_mtime_ns < source.stat().st_mtime_ns


def _compile(source: Path) -> Path:
    """A reader in the middle sees the old catalogue or the new one."""
    target, partial = source.with_suffix(".mo"), source.with_suffix(".mo.new")
    with source.open("rb") as file:
        catalogue = read_po(file, locale=source.parts[-3], abort_invalid=True)
    wrong = [
        f"{error}: {message.id!r}" for message, errors in catalogue.check() for error in errors
    ]
    if wrong:
        raise ValueError(f"{source} has wrong placeholders:\n" + "\n".join(wrong))
    with partial.open("wb") as file:
        write_mo(file, catalogue)
    partial.replace(target)
    return target


if __name__ == "__main__":
    for written in compile_all():
        print(f"Compiled {written.relative_to(LOCALE.parent)}")
