"""Run lessons and solutions in a fresh kernel and store them as readers see them.

What is stored is fit to be compared line by line: no times, no counters of a kernel's life, no state of
widgets (a slider needs a kernel, so its place is taken by a line that says so), no machine's paths.
"""

import base64
import io
import os
import re
import tempfile
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from mmcourse.errors import CourseError
from mmcourse.kernels import unattended
from mmcourse.lab import course_folder

FOLDERS = ("notebooks", "solutions")
MAX_BYTES = 1_000_000
MAX_LINES = 25
CELL_SECONDS = 300
PICTURE = "image/png"
WIDGET = "application/vnd.jupyter.widget-view+json"
RUN_ME = "<em>Run this cell to use the controls.</em>"
# Somebody's home on Linux, macOS or Windows, and the folders of containers and temporary files
MACHINE_PATH = re.compile(r"(?<![\w.])(?:/(?:home|Users|root|tmp|var|work|opt|mnt)/|[A-Z]:\\)[\w.-]+")


def renew(names: Iterable[str]) -> None:
    """Run the notebooks that `names` mean (see `find`) and store each; stop at the first that fails."""
    folder = course_folder()
    for path in find(folder, names):
        start = time.perf_counter()
        store(run(path), path)
        size, seconds = path.stat().st_size / 1000, time.perf_counter() - start
        print(f"✓ {path.relative_to(folder)}   {seconds:.0f} s, {size:.0f} kB", flush=True)


def find(folder: Path, names: Iterable[str] = ()) -> list[Path]:
    """The stored notebooks of lessons and solutions: all, or those meant by `names`.

    names   beginnings of file names ("00"), or paths inside the folder ("solutions", "notebooks/01.ipynb")

    Raises  CourseError for a name that fits none
    """
    everything = [path for kind in FOLDERS for path in sorted((folder / kind).glob("[0-9]*.ipynb"))]
    chosen = []
    for name in names:
        fitting = [
            path for path in everything if path.stem.startswith(name) or path.is_relative_to(folder / name)
        ]
        if not fitting:
            known = ", ".join(sorted({path.stem for path in everything})) or "none"
            raise CourseError(f"No lesson or solution is called {name!r}. There are: {known}.")
        chosen += [path for path in fitting if path not in chosen]
    return chosen or everything


def run(path: Path, notebook: NotebookNode | None = None) -> NotebookNode:
    """Execute a notebook from top to bottom in its own folder and return it, cleaned.

    notebook  what is to be stored at `path`; what is stored there where None
    Raises    CourseError naming the cell that failed
    """
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

    notebook = nbformat.read(path, as_version=4) if notebook is None else notebook
    client = NotebookClient(
        notebook,
        timeout=CELL_SECONDS,
        kernel_name="python3",
        record_timing=False,
        resources={"metadata": {"path": str(path.parent)}},
    )
    try:
        with unattended() as environment:
            client.execute(env=environment)
    except CellExecutionError as error:
        cell = next(
            cell for cell in notebook.cells if any(o.output_type == "error" for o in cell.get("outputs", []))
        )
        raise CourseError(
            f"{path.name} was not stored: its cell {cell.id!r} ended with {error.ename}: {error.evalue}"
        ) from error
    except (CellTimeoutError, DeadKernelError) as error:
        raise CourseError(f"{path.name} was not stored, it did not finish: {error}") from error
    return clean(notebook)


def clean(notebook: NotebookNode) -> NotebookNode:
    """Take out, in place, what differs from run to run or needs a kernel to be seen."""
    notebook.metadata = nbformat.from_dict(
        {
            "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
            "language_info": {"name": "python", "file_extension": ".py", "mimetype": "text/x-python"},
        }
    )
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)
        if cell.cell_type == "code":
            cell.outputs = [static(output) for output in cell.outputs]
    return notebook


def static(output: NotebookNode) -> NotebookNode:
    """The output without its widget, and with lighter pictures; a line that asks to run the cell where
    nothing else is left to see."""
    data = output.get("data", {})
    if PICTURE in data:
        data[PICTURE] = lighter(data[PICTURE])
    if WIDGET in data:
        del data[WIDGET]
        if set(data) <= {"text/plain"}:
            data["text/html"] = RUN_ME
            data["text/plain"] = re.sub("<.*?>", "", RUN_ME)
    return output


def lighter(png: str) -> str:
    """The same picture in at most 256 colours of its own: a figure needs no more, and takes half the bytes.

    png  in base64, as notebooks hold it; comes back as it is where that would not make it smaller
    """
    from PIL import Image

    few = io.BytesIO()
    with Image.open(io.BytesIO(base64.b64decode(png))) as picture:
        # No dither: it would speckle plain areas, and speckles do not compress.
        picture.convert("RGB").quantize(256, dither=Image.Dither.NONE).save(few, "PNG", optimize=True)
    return min(base64.b64encode(few.getvalue()).decode(), png, key=len)


def store(notebook: NotebookNode, path: Path) -> None:
    """Write a notebook so that a broken run never leaves half a file.

    Raises  CourseError naming the faults (see `faults`), with nothing written
    """
    text = nbformat.writes(notebook) + "\n"
    found = list(faults(notebook, len(text.encode())))
    if found:
        raise CourseError(f"{path.name} was not stored:\n" + "\n".join(f"  {fault}" for fault in found))
    handle, unfinished = tempfile.mkstemp(dir=path.parent, prefix=f".{path.stem}-", suffix=".tmp")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        os.chmod(unfinished, 0o644)
        os.replace(unfinished, path)
    except BaseException:
        Path(unfinished).unlink(missing_ok=True)
        raise


def faults(notebook: NotebookNode, size: int) -> Iterator[str]:
    """What a stored notebook must not have, one sentence for each place.

    notebook  as read, executed
    size      bytes of its file
    """
    if size > MAX_BYTES:
        yield f"It has {size:,} bytes; {MAX_BYTES:,} are allowed. Make its figures smaller or fewer."
    if notebook.metadata.get("kernelspec", {}).get("name") != "python3":
        yield "Its kernel is not called python3."
    for cell in notebook.cells:
        for fault in cell_faults(cell):
            yield f"Cell {cell.get('id')!r}: {fault}"


def cell_faults(cell: NotebookNode) -> Iterator[str]:
    """The same for one cell."""
    if path := MACHINE_PATH.search(cell.source):
        yield f"its source names a path of one machine, {path.group()}."
    if cell.cell_type != "code":
        return
    lines = len(cell.source.splitlines())
    if lines > MAX_LINES:
        yield f"it has {lines} lines of code; {MAX_LINES} are allowed. Split it, or move a part to mmcourse."
    if cell.source.strip() and cell.execution_count is None:
        yield "it was never run."
    allowed = "raises-exception" in cell.metadata.get("tags", [])
    for output in cell.outputs:
        if output.output_type == "error" and not allowed:
            yield f"it ended with {output.ename}: {output.evalue}"
        if output.get("name") == "stderr":
            yield f"it wrote to stderr: {output.text.strip().splitlines()[-1]}"
        if WIDGET in output.get("data", {}):
            yield "it stores a widget, which shows nothing without a kernel."
        if path := MACHINE_PATH.search(text_of(output)):
            yield f"its output names a path of one machine, {path.group()}."


def text_of(output: NotebookNode) -> str:
    """All that an output says in words (pictures and sounds, in base64, hold slashes by chance)."""
    data = output.get("data", {})
    words = [text for kind, text in data.items() if kind.startswith("text/") and isinstance(text, str)]
    plain = [re.sub(r"data:[\w/+.-]+;base64,[\w+/=\s]+", "", text) for text in words]
    return "\n".join([*plain, output.get("text", ""), *output.get("traceback", [])])
