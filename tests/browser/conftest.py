"""JupyterLab as a learner gets it, in headless Chromium."""

import json
import os
import re
import secrets
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import nbformat
import pytest

from mmcourse import other_data
from tests.browser.slices import keep

ROOT = Path(__file__).parents[2]
FEW = 400  # examples of each part
START_SECONDS = 120  # other tests run beside this one
FLAGS = [
    "--headless",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def chromium() -> str:
    """Path of the browser; skips where there is none."""
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if not found:
        pytest.skip("no Chromium on this machine (Debian, Ubuntu: apt install chromium)")
    return found


@pytest.fixture(scope="session")
def copied(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The lessons without outputs in a folder of their own, since JupyterLab saves what it runs.

    Here it is the page that is tested; nbval runs every cell. So the first lesson stays whole, and the others
    keep what shows more than pictures and text, what that rests on, an epoch, few examples.
    """
    folder = tmp_path_factory.mktemp("course")
    (folder / "notebooks").mkdir(parents=True)
    for source in sorted((ROOT / "notebooks").glob("*.ipynb")):
        notebook = nbformat.read(source, as_version=4)
        if not source.name.startswith("00"):
            keep(notebook, {cell.id for cell in notebook.cells if shows_html(cell)})
            for cell in notebook.cells:
                cell.source = re.sub(r"\bepochs=\d+", "epochs=1", cell.source)
        if other_data.has_switch(source):
            other_data.shortened(notebook, source.name, FEW)
        for cell in notebook.cells:
            if cell.cell_type == "code":
                cell.outputs, cell.execution_count = [], None
        nbformat.write(notebook, folder / "notebooks" / source.name)
    return folder


def shows_html(cell: nbformat.NotebookNode) -> bool:
    """Say whether a stored cell shows a widget (kept as its HTML), a sound to play, or a table."""
    return any("text/html" in output.get("data", {}) for output in cell.get("outputs", []))


@pytest.fixture(scope="session")
def server(copied: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """Address and token of a running `mmcourse lab`, with its own settings and nobody else's."""
    tmp_path = tmp_path_factory.mktemp("lab")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    token = secrets.token_hex()
    own = {f"JUPYTER_{kind}_DIR": str(tmp_path / kind) for kind in ("CONFIG", "DATA", "RUNTIME")}
    own |= {"XDG_STATE_HOME": str(tmp_path / "state"), "IPYTHONDIR": str(tmp_path / "ipython")}
    log = tmp_path / "lab.log"
    options = ["--no-browser", f"--port={port}", f"--ServerApp.root_dir={copied}"]
    with log.open("wb") as file:
        server = subprocess.Popen(
            [sys.executable, "-m", "mmcourse", "lab", *options, f"--IdentityProvider.token={token}"],
            env={**os.environ, **own},
            stdout=file,
            stderr=subprocess.STDOUT,
        )
    address = f"http://127.0.0.1:{port}"
    try:
        wait_for_server(address, server, log)
        yield address, token
    finally:
        server.terminate()
        server.wait(timeout=30)


@pytest.fixture
def lab(server: tuple[str, str]) -> Iterator[str]:
    """Address of a page of JupyterLab, on which no other lesson is open or runs."""
    address, token = server
    yield f"{address}/lab/workspaces/{secrets.token_hex(4)}/tree/NOTEBOOK?token={token}"
    for kernel in json.loads(ask(f"{address}/api/kernels?token={token}")):
        ask(f"{address}/api/kernels/{kernel['id']}?token={token}", "DELETE")


def ask(address: str, method: str = "GET") -> bytes:
    """What the server answers."""
    with urllib.request.urlopen(urllib.request.Request(address, method=method), timeout=30) as answer:
        return answer.read()


def wait_for_server(address: str, server: subprocess.Popen, log: Path) -> None:
    """Return when the server answers; fail with its log when it ends or stays silent."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and server.poll() is None:
        try:
            urllib.request.urlopen(f"{address}/api", timeout=5).close()
            return
        except OSError:
            time.sleep(0.2)
    pytest.fail(f"`mmcourse lab` did not start:\n{log.read_text()}")


@pytest.fixture
def page(chromium: str, tmp_path: Path) -> Iterator:
    """A browser page; what it looked like at the end is kept as end.png in the test's folder."""
    sync_api = pytest.importorskip("playwright.sync_api", reason="needs playwright, of the dev extra")
    flags = [*FLAGS, *(["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else [])]
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=flags)
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        page.set_default_timeout(1000 * START_SECONDS)
        try:
            yield page
        finally:
            page.screenshot(path=tmp_path / "end.png")
            browser.close()


@pytest.fixture
def screenshot(page, tmp_path: Path) -> Callable[[str], Path]:
    """`screenshot("after")` keeps what the page looks like now as after.png in the test's folder."""

    def take(name: str) -> Path:
        path = tmp_path / f"{name}.png"
        page.screenshot(path=path)
        return path

    return take
