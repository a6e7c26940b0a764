"""A real browser for journeys: `open_page`, `sign_in`, `accessible` and `screenshot`.

A page that logs an error, breaks the Content-Security-Policy or gets a 5xx fails its test at the
end, whatever the test itself looked at.
"""

import os
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from churnapp.models import User

ROOT = Path(__file__).resolve().parent.parent.parent
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
STAMP = ROOT / "static" / "vendor" / ".stamp"
PICTURES = ROOT / ".ci-output" / "screenshots"
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
expect.set_options(timeout=20_000)
AXE_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)


def chromium_path() -> str:
    """The browser of the system: `CHROMIUM`, else the first one on PATH."""
    path = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, BROWSERS)), None)
    if not path:
        pytest.fail("No Chromium found. Install the package chromium, or set CHROMIUM to its path.")
    return path


@pytest.fixture(scope="session")
def orm_beside_the_browser() -> Iterator[None]:
    """Playwright keeps an event loop in this thread; the ORM is called beside it, not from it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        yield


@pytest.fixture(scope="session")
def browser(orm_beside_the_browser: None) -> Iterator[Browser]:
    if not STAMP.is_file() or not AXE.is_file():
        pytest.fail("Browser files are missing. Run: python -m churnapp.frontend")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=ARGUMENTS)
        yield browser
        browser.close()


@dataclass
class Problems:
    """What went wrong in the browser while a test ran."""

    found: list[str] = field(default_factory=list)

    def watch(self, page: Page) -> None:
        page.on("pageerror", lambda error: self.found.append(f"script: {error}"))
        page.on("console", self.note_console)
        page.on("response", self.note_response)

    def note_console(self, message: Any) -> None:
        refused = "the server responded with a status of 4" in message.text
        if message.type == "error" and not refused:
            self.found.append(f"console: {message.text}")

    def note_response(self, response: Any) -> None:
        if response.status >= 500:
            self.found.append(f"{response.status} from {response.url}")


@pytest.fixture
def problems() -> Iterator[Problems]:
    problems = Problems()
    yield problems
    assert problems.found == []


OpenPage = Callable[..., Page]


@pytest.fixture
def open_page(live_server: Any, browser: Browser, problems: Problems) -> Iterator[OpenPage]:
    """`open_page(path, user=…, width=1280, theme="light", language="en")` gives a Page there."""
    contexts: list[BrowserContext] = []

    def open_page(path: str, user: User | None = None, *, width: int = 1280, **looks: str) -> Page:
        context = browser.new_context(
            base_url=live_server.url,
            viewport={"width": width, "height": 900},
            color_scheme=looks.get("theme", "light"),  # type: ignore[arg-type]
            locale="en-GB",
            reduced_motion="reduce",
        )
        contexts.append(context)
        cookies = {"theme": "auto", settings.LANGUAGE_COOKIE_NAME: looks.get("language", "en")}
        if user:
            cookies[settings.SESSION_COOKIE_NAME] = session_of(user)
        context.add_cookies(
            [
                {"name": name, "value": value, "url": live_server.url}
                for name, value in cookies.items()
            ]
        )
        page = context.new_page()
        page.set_default_timeout(20_000)
        problems.watch(page)
        page.goto(path)
        return page

    yield open_page
    for context in contexts:
        context.close()


def session_of(user: User) -> str:
    """The key of a signed-in session."""
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def sign_in(page: Page, email: str, password: str) -> None:
    """Sign in by the form, as a person does."""
    page.get_by_label(re.compile("^Email")).fill(email)
    page.get_by_label("Password", exact=True).fill(password)
    page.get_by_role("button", name="Sign in").click()


def accessible(page: Page) -> None:
    """Fail with every rule of WCAG 2.2 AA that the page breaks, and where."""
    page.evaluate("scrollTo(0, 0)")  # else the bar at the top lies over what is scrolled past it
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate(
        "tags => axe.run(document, {runOnly: tags, resultTypes: ['violations']})", AXE_RULES
    )
    broken = [
        f"{rule['id']}: {node['target']} {node['failureSummary']} {neighbours(node)}"
        for rule in found["violations"]
        for node in rule["nodes"]
    ]
    assert broken == [], f"{page.url}\n" + "\n".join(broken)


def neighbours(node: dict[str, Any]) -> list[Any]:
    """Other elements that a broken rule names, such as the one that lies over a button."""
    checks = [*node["any"], *node["all"], *node["none"]]
    return [related["target"] for check in checks for related in check["relatedNodes"]]


def no_sideways_scroll(page: Page) -> None:
    """The page itself never scrolls sideways; wide tables do so in a region of their own."""
    wide, room = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    assert wide <= room, f"{page.url} is {wide} px wide in a window of {room}"


def screenshot(page: Page, name: str) -> None:
    """Keep a picture of the whole page with the output of CI."""
    if os.environ.get("CI"):
        PICTURES.mkdir(parents=True, exist_ok=True)
        # A hidden caret is an inline style, which htmx then copies while it swaps: the CSP objects.
        page.screenshot(path=PICTURES / f"{name}.png", full_page=True, caret="initial")
