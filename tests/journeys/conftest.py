"""A real browser for journeys: `open_page`, `sign_in`, `accessible` and `screenshot`.

A page that logs an error, breaks the Content-Security-Policy or doesn't get a file or fragment that
it asks for fails its test at the end, whatever the test itself looked at.
"""

import os
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

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
# Answers that a page shows in its place: a form that says what is wrong. See `htmx-config`.
SHOWN_BY_HTMX = {400, 409, 422}
VIOLATIONS = """addEventListener("securitypolicyviolation", (event) => noteViolation(
    `${event.effectiveDirective} refused ${event.blockedURI} ${event.sample}`))"""
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
    """What went wrong in the browser while a test ran.

    A page itself may be refused, which its test then looks at; what it loads may not. A page that
    is meant to fail is named in `meant`.
    """

    found: list[str] = field(default_factory=list)
    meant: set[str] = field(default_factory=set)

    def watch(self, context: BrowserContext) -> None:
        context.expose_binding("noteViolation", self.note_violation)
        context.add_init_script(VIOLATIONS)
        context.on("weberror", lambda error: self.found.append(f"script: {error.error}"))
        context.on("console", self.note_console)
        context.on("response", self.note_response)
        context.on("requestfailed", self.note_failure)

    def note_violation(self, source: dict[str, Any], what: str) -> None:
        self.found.append(f"policy: {what} on {source['page'].url}")

    def note_console(self, message: Any) -> None:
        # `note_response` says this with the address, and knows what may be refused.
        refused = "the server responded with a status of" in message.text
        if message.type == "error" and not refused:
            self.found.append(f"console: {message.text}")

    def note_response(self, response: Any) -> None:
        request = response.request
        is_page = request.is_navigation_request() and response.status < 500
        is_form = request.resource_type == "xhr" and response.status in SHOWN_BY_HTMX
        if response.status >= 400 and not is_page and not is_form:
            self.note_address(response.status, response.url)

    def note_failure(self, request: Any) -> None:
        if request.failure != "net::ERR_ABORTED":  # the page was left meanwhile
            self.note_address(request.failure, request.url)

    def note_address(self, what: Any, url: str) -> None:
        if urlsplit(url).path not in self.meant:
            self.found.append(f"{what} from {url}")


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
        problems.watch(context)
        page = context.new_page()
        page.set_default_timeout(20_000)
        page.goto(path)
        return page

    yield open_page
    for context in contexts:
        for page in context.pages:
            page.evaluate("0")  # whatever the page has told before is heard by now
            # What it still asks for would hold rows when the next test begins.
            expect(page.locator(".htmx-request")).to_have_count(0)
        context.close()


def session_of(user: User) -> str:
    """The key of a signed-in session."""
    client = Client()
    client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[0])
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def sign_in(page: Page, email: str, password: str) -> None:
    """Sign in by the form, as a person does."""
    page.get_by_label(re.compile("^Email")).fill(email)
    page.get_by_label("Password", exact=True).fill(password)
    page.get_by_role("button", name="Sign in").click()


def accessible(page: Page) -> None:
    """Fail with every rule of WCAG 2.2 AA that the page breaks, and where."""
    broken = broken_rules(page)
    assert broken == [], f"{page.url}\n" + "\n".join(broken)


def broken_rules(page: Page, only: dict[str, Any] | None = None, part: str = "html") -> list[str]:
    """What axe finds in a part of the page; `only` are other rules than ours, as its `runOnly`."""
    page.evaluate("scrollTo(0, 0)")  # else the bar at the top lies over what is scrolled past it
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate(
        "([part, only]) => axe.run(part, {runOnly: only, resultTypes: ['violations']})",
        [part, only or {"type": "tag", "values": AXE_RULES}],
    )
    return [
        f"{rule['id']}: {node['target']} {node['failureSummary']} {neighbours(node)}"
        for rule in found["violations"]
        for node in rule["nodes"]
    ]


def neighbours(node: dict[str, Any]) -> list[Any]:
    """Other elements that a broken rule names, such as the one that lies over a button."""
    checks = [*node["any"], *node["all"], *node["none"]]
    return [related["target"] for check in checks for related in check["relatedNodes"]]


def no_sideways_scroll(page: Page) -> None:
    """The page itself never scrolls sideways; wide tables do so in a region of their own."""
    wide, room = width_and_room(page)
    assert wide <= room, f"{page.url} is {wide} px wide in a window of {room}"


def width_and_room(page: Page) -> list[int]:
    """How wide the page is, and the window."""
    return page.evaluate("[document.documentElement.scrollWidth, innerWidth]")


def screenshot(page: Page, name: str) -> None:
    """Keep a picture of the whole page with the output of CI."""
    if os.environ.get("CI"):
        PICTURES.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=PICTURES / f"{name}.png", full_page=True)
