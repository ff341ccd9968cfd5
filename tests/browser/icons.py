"""Draws the icons of the home screen anew, from our own SVG: `.venv/bin/python -m tests.browser.icons`."""

import shutil
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.browser.conftest import FLAGS

ICONS = Path("static/icons")
DRAWN = {
    "nabij-192.png": ("nabij.svg", 192),
    "nabij-512.png": ("nabij.svg", 512),
    "maskable-512.png": ("maskable.svg", 512),
    "touch-180.png": ("maskable.svg", 180),
}


def main() -> None:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        for name, (source, size) in DRAWN.items():
            page = chromium.new_page(viewport={"width": size, "height": size})
            page.set_content((ICONS / source).read_text())
            page.add_style_tag(content=f"body {{ margin: 0 }} svg {{ display: block; width: {size}px }}")
            page.screenshot(path=ICONS / name, omit_background=True)
        chromium.close()


if __name__ == "__main__":
    main()
