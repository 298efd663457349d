"""A learner opens a lesson, runs all of it, and turns a dial."""

import time
from pathlib import Path

import nbformat
import pytest
from nbformat.reader import NotJSONError

from mmcourse import notebooks

pytestmark = [pytest.mark.browser, pytest.mark.timeout(1200)]

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"
LESSONS = sorted(path.name for path in NOTEBOOKS.glob("[0-9]*.ipynb"))
RUN_SECONDS = 900  # two minutes on a free machine at most; other tests run beside this one
NOISE = ".jp-Dialog, .Toastify__toast"  # pop-ups, and notifications in the corner


@pytest.mark.parametrize("lesson", LESSONS)
def test_run_all_finishes_clean_and_a_slider_moves_the_figure(lesson, lab, copied, page, screenshot):
    broken = []
    page.on("pageerror", lambda error: broken.append(str(error)))
    page.goto(lab.replace("NOTEBOOK", f"notebooks/{lesson}"))
    page.get_by_text("Python 3 (ipykernel) | Idle").wait_for()
    screenshot("opened")
    assert page.locator(NOISE).count() == 0

    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
    stored = finished(page, copied / "notebooks" / lesson)

    outputs = [output for cell in stored.cells for output in cell.get("outputs", [])]
    dials = any(notebooks.WIDGET in output.get("data", {}) for output in outputs)
    assert dials == ("mmcourse.widgets" in (NOTEBOOKS / lesson).read_text(encoding="utf-8"))
    assert [fault for cell in notebooks.clean(stored).cells for fault in notebooks.cell_faults(cell)] == []
    screenshot("run")
    assert page.locator(NOISE).count() == 0
    if dials:
        assert_a_slider_moves_its_figure(page)
        screenshot("moved")
    assert page.locator(NOISE).count() == 0
    assert broken == []


def finished(page, path: Path):
    """The notebook as JupyterLab saved it after its last code cell had run, or one had failed."""
    deadline = time.monotonic() + RUN_SECONDS
    while time.monotonic() < deadline:
        page.wait_for_timeout(3000)  # a save of all outputs takes time from the lesson
        page.keyboard.press("Control+s")
        try:
            stored = nbformat.read(path, as_version=4)
        except NotJSONError:  # read in the moment in which JupyterLab writes it
            continue
        code = [cell for cell in stored.cells if cell.cell_type == "code" and cell.source.strip()]
        failed = [output for cell in code for output in cell.outputs if output.output_type == "error"]
        if failed or all(cell.execution_count for cell in code):  # Run All stops at the first error
            return stored
    pytest.fail(f"Run All had not finished after {RUN_SECONDS} s")


def assert_a_slider_moves_its_figure(page) -> None:
    """Scroll to the first slider, move it by the keyboard, and see another figure beside it."""
    handle = page.locator('.jp-Notebook [role="slider"]').first
    for _ in range(200):
        if handle.count():
            break
        page.locator(".jp-WindowedPanel-outer").first.evaluate("panel => panel.scrollBy(0, 400)")
        page.wait_for_timeout(50)
    figure = handle.locator("xpath=ancestor::div[contains(@class, 'jp-Cell-outputArea')]//img").first
    handle.scroll_into_view_if_needed()
    before = figure.get_attribute("src")
    handle.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_function(
        "([image, before]) => image.isConnected ? image.src !== before : true",
        arg=[figure.element_handle(), before],
    )
    assert figure.get_attribute("src") != before
