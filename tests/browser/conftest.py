"""The sandbox as a process of its own, and people who sit before a browser each."""

import contextlib
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, expect, sync_playwright

from tests.browser.window import PATIENCE_MS, Window

ROOT = Path(__file__).parent.parent.parent
NAMES = ("chromium", "chromium-browser", "google-chrome")
QUIETLY = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync"),
)
MOST_PICTURE_BYTES = 150_000

Open = Callable[..., Window]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--pictures", type=Path, default=None, help="the folder for the README's pictures of the page")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    program = next(filter(None, map(shutil.which, NAMES)), None)
    if program is None:
        pytest.exit(f"The browser tests need one of {', '.join(NAMES)} on this machine.", returncode=1)
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=program, args=list(QUIETLY))
        yield opened
        opened.close()


@pytest.fixture
def language() -> str:
    """What the sandbox and its people speak; a test asks for another one by parametrising it."""
    return "en"


@pytest.fixture
def apart() -> bool:
    """Whether a test wants a sandbox of its own: one whose private chats are empty, or that it turns upside down."""
    return False


@pytest.fixture(scope="session")
def shared() -> Iterator[Callable[[str], str]]:
    """The sandbox of a language that tests share: each of them is in chats of its own."""
    with contextlib.ExitStack() as stack:
        addresses: dict[str, str] = {}

        def find(language: str) -> str:
            if language not in addresses:
                addresses[language] = stack.enter_context(sandbox(language))
            return addresses[language]

        yield find


@pytest.fixture
def address(language: str, shared: Callable[[str], str], *, apart: bool) -> Iterator[str]:
    with sandbox(language) if apart else contextlib.nullcontext(shared(language)) as found:
        yield found


@contextlib.contextmanager
def sandbox(language: str, *more: str) -> Iterator[str]:
    """Run the sandbox at any free port; give the address of its page."""
    arguments = (sys.executable, "-m", "sandbox", "--language", language, "--telegram-port", "0", *more)
    with subprocess.Popen(  # noqa: S603 - a program of our own
        arguments, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        assert process.stdout is not None
        said = ""
        try:
            while "Ctrl-C" not in said:
                line = process.stdout.readline()
                assert line, said
                said += line
            found = re.search(r"In a browser +(\S+)", said)
            assert found, said
            yield found[1]
        finally:
            process.send_signal(signal.SIGINT)
            process.communicate(timeout=40)


@pytest.fixture
def sits_down(browser: Browser, address: str) -> Iterator[Open]:
    """Let a person sit down before a browser of their own; what the page complains of fails the test."""
    complaints: list[str] = []
    contexts: list[BrowserContext] = []

    def open_window(name: str = "", *, query: str = "", width: int = 1080, height: int = 760, **how: Any) -> Window:
        context = browser.new_context(
            viewport={"width": width, "height": height},
            permissions=["clipboard-read", "clipboard-write"],
            reduced_motion="reduce",
            **how,
        )
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
        page.goto(address + query)
        window = Window(page)
        if name:
            window.be(name)
        return window

    yield open_window
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.fixture
def picture(request: pytest.FixtureRequest) -> Callable[[Window, str], None]:
    """Take a picture for the README, where pictures are asked for."""
    folder: Path | None = request.config.getoption("--pictures")

    def take(window: Window, name: str) -> None:
        if folder is not None:
            path = folder / f"page-{name}.png"
            window.page.mouse.move(0, 0)
            expect(window.page.locator("#toast.shown")).to_have_count(0)
            window.page.screenshot(path=path)
            assert path.stat().st_size < MOST_PICTURE_BYTES, f"{path} is too large"

    return take
