"""Take a picture of one screen of the report, by a headless Chromium.

    python scripts/picture_of_report.py var/report/index.html docs/pictures/report.png

Chromium is Debian's (`apt-get install chromium`); Playwright, which drives it, comes
with `make test`.
"""

import shutil
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

DRAWN = "document.documentElement.dataset.drawn"
SECTION = "#trends"
WIDTH, HEIGHT = 1000, 965
MOST_BYTES = 200_000


def main(page_file: Path, picture: Path) -> None:
    """Open the page, wait for its charts, and write one screen from a section on."""
    program = shutil.which("chromium")
    if program is None:
        sys.exit("error: there is no chromium here: apt-get install chromium")
    if not page_file.is_file():
        sys.exit(f"error: there is no {page_file}: run `cinespark report` first")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=program, args=["--no-sandbox"]
        )
        page = browser.new_page(
            viewport={"width": WIDTH, "height": HEIGHT}, color_scheme="light"
        )
        page.goto(page_file.resolve().as_uri())
        page.wait_for_function(DRAWN)
        section = page.locator(SECTION).bounding_box()
        assert section is not None  # it was drawn
        page.screenshot(
            path=picture,
            full_page=True,
            clip={"x": 0, "y": section["y"], "width": WIDTH, "height": HEIGHT},
        )
        browser.close()
    if picture.stat().st_size > MOST_BYTES:
        sys.exit(f"error: {picture} has more than {MOST_BYTES:,} bytes")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
