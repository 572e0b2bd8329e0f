"""Draw every letter and every message by Zalo as a picture: docs/pictures/letters, from the snapshots of the tests.

make pictures        needs Chromium, as the tests at a screen do
"""

from __future__ import annotations

import re
import shutil
import sys
from collections.abc import Iterator
from html import escape
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
SNAPSHOTS = ROOT / "tests" / "reminders" / "snapshots"
PICTURES = ROOT / "docs" / "pictures" / "letters"
PAGE = ROOT / "docs" / "letters.md"
COLOURS = 12

HEAD = """# Letters and messages

What people get, drawn from the snapshots in `tests/reminders/snapshots` by `make pictures`; there each letter stands
as text, HTML and headers, and each message by Zalo with the values that travel.
"""
CARD = """<!doctype html><meta charset="utf-8"><style>
body{margin:0;padding:12px;background:#e8ecf1;font:15px/1.45 system-ui,Arial,sans-serif;color:#1a1f2b}
main{width:340px;padding:14px;background:#fff;border-radius:10px}
h1{margin:0 0 8px;font-size:17px;line-height:1.35}p{margin:0 0 10px}
table{width:100%;border-collapse:collapse}td{padding:3px 0;vertical-align:top}td:first-child{color:#5a6272;width:42%}
a{display:block;margin-top:10px;padding:9px;background:#e5efff;color:#0b57d0;border-radius:8px;text-align:center}
</style>"""
TOP = """<style>dl{max-width:648px;margin:0 auto 10px;font-size:14px;color:#5a6272}dt,dd{display:inline;margin:0}
dd::after{content:"";display:block}dd b{color:#1a1f2b}</style>"""


def letters() -> Iterator[tuple[str, str]]:
    """Name and page of each letter, its headers above it."""
    for file in sorted(SNAPSHOTS.glob("*.html")):
        headers = file.with_suffix(".txt").read_text("utf-8").partition("\n\n")[0].splitlines()
        named = [line.partition(": ")[::2] for line in headers]
        shown = "".join(f"<dt>{escape(name)}: </dt><dd><b>{escape(said)}</b></dd>" for name, said in named)
        yield file.stem, file.read_text("utf-8").replace("<main>", f"{TOP}<dl>{shown}</dl><main>")


def messages() -> Iterator[tuple[str, str]]:
    """Name and card of each message by Zalo."""
    for file in sorted((SNAPSHOTS / "zalo").glob("*.txt")):
        title, paragraph, *rows = file.read_text("utf-8").partition("\n\n")[0].splitlines()
        cells = [escape(row).partition(": ")[::2] for row in rows if not row.startswith("[")]
        buttons = [found[1] for row in rows if (found := re.match(r"\[(.+?)\]", row))]
        table = "".join(f"<tr><td>{label}<td>{said}" for label, said in cells)
        links = "".join(f"<a>{escape(label)}</a>" for label in buttons)
        yield (
            f"zalo-{file.stem}",
            (f"{CARD}<main><h1>{escape(title)}</h1><p>{escape(paragraph)}</p><table>{table}</table>{links}</main>"),
        )


def draw(page: Page, name: str, html: str, width: int) -> int:
    """One picture in few colours; returns its size in bytes."""
    page.set_viewport_size({"width": width, "height": 200})
    page.set_content(html)
    picture = Image.open(BytesIO(page.screenshot(full_page=True)))
    file = PICTURES / f"{name}.png"
    picture.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE).save(file, optimize=True)
    return file.stat().st_size


def main() -> None:
    """Draw them all and write the page that shows them."""
    program = shutil.which("chromium")
    if program is None:
        sys.exit("Chromium is missing: apt-get install chromium")
    PICTURES.mkdir(parents=True, exist_ok=True)
    for old in PICTURES.glob("*.png"):
        old.unlink()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page()
        known = {"E-mail": (list(letters()), 680), "Zalo": (list(messages()), 392)}
        total = sum(draw(page, name, html, width) for drawn, width in known.values() for name, html in drawn)
        browser.close()
    parts = [HEAD]
    for title, (drawn, _) in known.items():
        parts += [
            f"\n## {title}\n",
            *(f"\n`{name}`\n\n![{name}](pictures/letters/{name}.png)\n" for name, _ in drawn),
        ]
    PAGE.write_text("".join(parts), "utf-8")
    print(f"{sum(len(drawn) for drawn, _ in known.values())} pictures, {total / 1000:.0f} kB")


if __name__ == "__main__":
    main()
