"""Copies the few front-end files of others into the repository, with hashes: tools/vendor.py update | check.

`update` asks npm for the versions of package-lock.json (npm checks their sha512), copies the files named
here, draws the icon sprite and writes the manifest. `check` needs no network: it finds a changed, missing or
unlisted file.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MANIFEST = ROOT / "static" / "vendor" / "MANIFEST.json"
FOLDERS = ("static/vendor", "tests/vendor")

# package -> {file in the package: file in the repository}
FILES = {
    "htmx.org": {
        "dist/htmx.min.js": "static/vendor/htmx/htmx.min.js",
        "LICENSE": "static/vendor/htmx/LICENSE",
    },
    "lucide-static": {"LICENSE": "static/vendor/lucide/LICENSE"},
    "axe-core": {"axe.min.js": "tests/vendor/axe.min.js", "LICENSE": "tests/vendor/LICENSE.axe-core"},
}

SPRITE = "static/img/icons.svg"
ICONS = tuple(
    re.findall(
        r"\S+",
        """
        alarm-clock archive arrow-down arrow-up arrow-up-down ban bell bell-ring building-2 calendar
        calendar-clock calendar-plus camera chart-column check chevron-down chevron-left
        chevron-right circle-check circle-dashed circle-help circle-x clipboard-list clock
        clock-check copy corner-up-left download eye eye-off file-plus file-spreadsheet file-text
        filter flag history hourglass house image inbox info key-round layout-dashboard list-checks
        list-tree loader-circle lock log-in log-out mail menu message-square network paperclip
        pencil phone plus printer refresh-cw rotate-ccw save search send settings shield-check tag
        trash-2 trending-down trending-up triangle-alert upload user user-plus users wifi-off x
        """,
    )
)


def integrity(content: bytes) -> str:
    """The hash of a file in the form of subresource integrity."""
    return "sha384-" + base64.b64encode(hashlib.sha384(content).digest()).decode()


def update() -> None:
    """Copy everything anew and write the manifest."""
    with tempfile.TemporaryDirectory() as folder:
        modules = _install(Path(folder))
        for target in FOLDERS:
            shutil.rmtree(ROOT / target, ignore_errors=True)
        manifest = {}
        for package, files in FILES.items():
            for source, target in files.items():
                content = (modules / package / source).read_bytes()
                manifest[target] = _keep(target, content, package, source, modules)
        drawing = sprite(modules / "lucide-static" / "icons", _version(modules, "lucide-static"))
        manifest[SPRITE] = _keep(SPRITE, drawing.encode(), "lucide-static", "icons/*.svg", modules)
    MANIFEST.write_text(json.dumps(manifest, indent=1, sort_keys=True) + "\n", encoding="utf-8")


def check() -> list[str]:
    """What is wrong with the copied files, a sentence each; nothing when all is as the manifest says."""
    manifest = json.loads(MANIFEST.read_text(encoding="utf-8"))
    wrong = []
    for name, entry in sorted(manifest.items()):
        file = ROOT / name
        if not file.is_file():
            wrong.append(f"{name} is missing")
        elif integrity(file.read_bytes()) != entry["integrity"]:
            wrong.append(f"{name} differs from {entry['package']} {entry['version']}")
    present = {str(p.relative_to(ROOT)) for folder in FOLDERS for p in (ROOT / folder).rglob("*") if p.is_file()}
    listed = set(manifest) | {str(MANIFEST.relative_to(ROOT))}
    return wrong + [f"{name} is not in the manifest" for name in sorted(present - listed)]


def sprite(icons: Path, version: str) -> str:
    """One drawing with a symbol for every used icon; the id is lucide's name."""
    symbols = (
        f'<symbol id="{name}" viewBox="0 0 24 24">{_shapes((icons / f"{name}.svg").read_text())}</symbol>'
        for name in ICONS
    )
    note = f"lucide {version}, ISC, static/vendor/lucide/LICENSE"
    head = f'<svg xmlns="http://www.w3.org/2000/svg"><!-- {note} -->'
    return "\n".join([head, *symbols, "</svg>"]) + "\n"


def _shapes(drawing: str) -> str:
    inner = drawing[drawing.index(">", drawing.index("<svg")) + 1 : drawing.rindex("</svg>")]
    return re.sub(r"\s*/>\s*", "/>", inner).strip()


def _install(folder: Path) -> Path:
    for name in ("package.json", "package-lock.json"):
        shutil.copy(ROOT / name, folder)
    subprocess.run(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"], cwd=folder, check=True)
    return folder / "node_modules"


def _version(modules: Path, package: str) -> str:
    return str(json.loads((modules / package / "package.json").read_text(encoding="utf-8"))["version"])


def _keep(target: str, content: bytes, package: str, source: str, modules: Path) -> dict[str, str | int]:
    file = ROOT / target
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)
    return {
        "package": package,
        "version": _version(modules, package),
        "source": source,
        "integrity": integrity(content),
        "bytes": len(content),
    }


def main(arguments: list[str]) -> int:
    """Run `update` or `check`; 0 when all is well."""
    if arguments == ["update"]:
        update()
    elif arguments != ["check"]:
        print(__doc__)
        return 2
    wrong = check()
    print("\n".join(wrong) or "vendored files are as the manifest says")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
