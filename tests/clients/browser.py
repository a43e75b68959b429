"""A reader at a page of ours, in a headless Chromium that reaches nobody.

    with open_browser() as browser:
        shown = browser.page_of(html, width=PHONE, dark=True)
        shown.requests, shown.ran, shown.complaints, shown.axe(), shown.skeleton(), shown.page

Use one for each test module, as a fixture of that scope: starting it takes a second, and while it
is open its thread has a running event loop, in which asyncio.run fails.
"""

import socket
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Dialog, Page, sync_playwright

from tests.servers.require import require

_CALLS_HOME = ("google.com", "googleapis.com", "gvt1.com")  # Chromium itself, for no page

PHONE, DESKTOP = (390, 844), (1280, 900)
SERIOUS = frozenset({"serious", "critical"})

# Each element and each comment in the order of the page: depth, name, names of its attributes.
_SKELETON = """() => {
  const found = [];
  const walk = (node, depth) => {
    if (node.nodeType === Node.COMMENT_NODE) found.push(" ".repeat(depth) + "<!---->");
    if (node.nodeType !== Node.ELEMENT_NODE) return;
    const names = node.getAttributeNames().sort().map(name => " " + name).join("");
    found.push(" ".repeat(depth) + node.tagName.toLowerCase() + names);
    const inside = node instanceof HTMLTemplateElement ? node.content : node;
    for (const child of inside.childNodes) walk(child, depth + 1);
  };
  walk(document.documentElement, 0);
  return found;
}"""


@dataclass(frozen=True, slots=True)
class Shown:
    """One page as Chromium shows it. Each list grows for as long as the page is open."""

    page: Page
    requests: list[str] = field(default_factory=list)  # but for the page itself
    ran: list[str] = field(default_factory=list)  # scripts that called canary(), dialogs
    complaints: list[str] = field(default_factory=list)  # what its own policy forbids it

    def axe(self, impacts: frozenset[str] = SERIOUS) -> list[str]:
        """Return the faults of accessibility of these impacts, each with the elements it is in."""
        found = Axe().run(self.page).response["violations"]
        return [
            f"{fault['impact']} {fault['id']}: {fault['help']} at "
            + "; ".join(" ".join(map(str, node["target"])) for node in fault["nodes"][:5])
            for fault in found
            if fault["impact"] in impacts
        ]

    def skeleton(self) -> list[str]:
        """Return the page without its texts: a line for each element, as Chromium parsed it."""
        lines: list[str] = self.page.evaluate(_SKELETON)
        return lines

    def wider_than_the_screen(self) -> bool:
        """Tell whether the reader has to scroll sideways."""
        wide: bool = self.page.evaluate(
            "document.documentElement.scrollWidth > document.documentElement.clientWidth"
        )
        return wide

    def screenshot(self, path: Path) -> None:
        """Write the page from top to bottom to a PNG file."""
        path.parent.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=path, full_page=True)

    def close(self) -> None:
        """Close the page and forget it."""
        self.page.context.close()


@dataclass(frozen=True, slots=True)
class Reader:
    """A Chromium, and the proxy that refuses whatever it asks for."""

    browser: Browser
    folder: Path
    asked: list[str]

    def page_of(
        self,
        html: str | bytes,
        width: tuple[int, int] = DESKTOP,
        *,
        dark: bool = False,
        policy: bool = True,
    ) -> Shown:
        """Open a page from a file, as a reader does, and wait until it is loaded.

        `policy=False` passes over its Content-Security-Policy: what would run without it?
        """
        context = self.browser.new_context(
            viewport={"width": width[0], "height": width[1]},
            color_scheme="dark" if dark else "light",
            reduced_motion="reduce",
            bypass_csp=not policy,
        )
        file = self.folder / "page.html"
        file.write_bytes(html if isinstance(html, bytes) else html.encode())
        self.asked.clear()
        shown = Shown(context.new_page(), requests=self.asked)
        _listen(shown, file.as_uri())
        shown.page.goto(file.as_uri())
        return shown


def _listen(shown: Shown, itself: str) -> None:
    """Write down what the page asks for, what runs in it and what its policy forbids."""

    def answer(dialog: Dialog) -> None:
        shown.ran.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    shown.page.expose_function("canary", lambda *_: shown.ran.append("canary"))
    shown.page.on("dialog", answer)
    shown.page.on(
        "request",
        lambda request: None if request.url == itself else shown.requests.append(request.url),
    )
    shown.page.on(
        "console",
        lambda said: shown.complaints.append(said.text) if said.type == "error" else None,
    )
    shown.page.on("popup", lambda page: shown.requests.append(f"popup: {page.url}"))


@contextmanager
def open_browser() -> Iterator[Reader]:
    """Yield a browser without a history."""
    chromium = require("chromium", "chromium")
    with _refusing_proxy() as (port, asked), tempfile.TemporaryDirectory() as folder:
        flags = ("--disable-gpu", "--disable-quic", f"--proxy-server=http://127.0.0.1:{port}")
        with sync_playwright() as playwright:
            running = playwright.chromium.launch(executable_path=chromium, args=flags)
            yield Reader(running, Path(folder), asked)
            running.close()


@contextmanager
def _refusing_proxy() -> Iterator[tuple[int, list[str]]]:
    """Yield the port of a proxy that answers nobody, and the first line of each request to it.

    It also sees what no page event tells of: preconnect, prefetch and requests of frames.
    """
    asked: list[str] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def refuse() -> None:
            while True:
                try:
                    caller, _ = server.accept()
                except OSError:  # closed
                    return
                with caller:
                    line = caller.recv(200).decode("latin-1").partition("\r\n")[0]
                if not any(f"{host}:" in line or f"{host}/" in line for host in _CALLS_HOME):
                    asked.append(line)

        thread = threading.Thread(target=refuse, daemon=True)
        thread.start()
        yield server.getsockname()[1], asked
        server.shutdown(socket.SHUT_RDWR)
        thread.join()
