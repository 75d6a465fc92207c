"""A real headless Chromium, and the accessibility rules of axe-core for its pages."""

import os
import shutil
import subprocess
import tarfile
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

AXE = "axe-core@4.14.1"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def installed(program, package):
    """Return where a program is, from Debian's package if need be and possible."""
    found = shutil.which(program)
    if found is None and os.geteuid() == 0 and shutil.which("apt-get"):
        for words in (
            ["update"],
            ["install", "-y", "--no-install-recommends", package],
        ):
            subprocess.run(["apt-get", "-qq", *words], check=True, capture_output=True)
        found = shutil.which(program)
    if found is None:
        pytest.skip(f"there is no {program} here (Debian: apt-get install {package})")
    return found


@pytest.fixture(scope="session")
def chromium():
    """Return a running browser."""
    program = installed("chromium", "chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=program, args=["--no-sandbox"]
        )
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def axe(tmp_path_factory):
    """Return axe-core's script, from the npm registry."""
    npm = installed("npm", "npm")
    folder = tmp_path_factory.mktemp("axe")
    subprocess.run(
        [npm, "pack", "--silent", AXE], cwd=folder, check=True, capture_output=True
    )
    (archive,) = folder.glob("*.tgz")
    with tarfile.open(archive) as files:
        script = files.extractfile("package/axe.min.js")
        return script.read().decode()


@contextmanager
def opening(chromium):
    """Give a function that opens a page, and hands over all that it complained of.

    A complaint is a message on its console, an exception, or a request for anything
    but the page itself.
    """
    contexts = []

    def open_page(address, ready, width=1280, scheme="light"):
        context = chromium.new_context(
            viewport={"width": width, "height": 900}, color_scheme=scheme
        )
        contexts.append(context)
        page = context.new_page()
        complaints = []
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on(
            "request",
            lambda request: (
                None
                if request.url.split("#")[0] == address.split("#")[0]
                or request.url[:5] == "data:"
                else complaints.append(request.url)
            ),
        )
        page.goto(address)
        page.wait_for_function(ready)
        return page, complaints

    yield open_page
    for context in contexts:
        context.close()


@pytest.fixture
def opened(chromium):
    with opening(chromium) as open_page:
        yield open_page


def violations(page, axe):
    """Return what breaks axe-core's rules, each with the elements that do."""
    page.evaluate(axe)
    found = page.evaluate("tags => axe.run({runOnly: tags})", TAGS)
    return [
        (rule["id"], [node["html"][:200] for node in rule["nodes"]])
        for rule in found["violations"]
    ]


def address_of(file: Path) -> str:
    return file.resolve().as_uri()
