"""Start JupyterLab at lesson 0, in the course's folder, without news, update checks and graders' tools.

What differs from a plain `jupyter lab` lies in `mmcourse/jupyter/` and is put on Jupyter's search path for
this one process, so a learner's own Jupyter settings are neither changed nor lost.
"""

import os
import subprocess
import sys
from pathlib import Path

from platformdirs import user_state_path

from mmcourse.errors import CourseError

FIRST_LESSON = "notebooks/00_start_here.ipynb"
SETTINGS = Path(__file__).parent / "jupyter"


def course_folder() -> Path:
    """The clone that holds the lessons.

    Raises  CourseError where the package was installed without them (not from a clone)
    """
    folder = Path(__file__).resolve().parent.parent
    if not (folder / "notebooks").is_dir():
        raise CourseError(
            f"The lessons are not beside the package (looked in {folder}). Clone the repository and run "
            '`make lab` there, or `pip install -e ".[dev]" -c constraints.txt` and `mmcourse lab`.'
        )
    return folder


def state() -> Path:
    """Where this course's JupyterLab keeps its layout and what it trusts, apart from the user's own."""
    return user_state_path("mmcourse")


def trust(folder: Path) -> None:
    """Sign the stored lessons of the course in `folder`.

    Without it JupyterLab plays none of their sounds until they were run. Whoever opens a lesson is about to
    run its code, which can do more than its outputs can.
    """
    import nbformat
    from nbformat.sign import NotebookNotary

    (state() / "trusted").mkdir(parents=True, exist_ok=True)
    notary = NotebookNotary(data_dir=str(state() / "trusted"))
    for path in sorted((folder / "notebooks").glob("*.ipynb")):
        notary.sign(nbformat.read(path, as_version=4))


def arguments(folder: Path, extra: list[str]) -> list[str]:
    """JupyterLab's command line. What the caller sets in `extra` (--no-browser, --port …) replaces ours."""
    ours = [
        f"--ServerApp.root_dir={folder}",
        f"--LabApp.default_url=/lab/tree/{FIRST_LESSON}",
        # Tabs of other projects would be looked for here, and reported as lost.
        f"--LabApp.workspaces_dir={state() / 'workspaces'}",
        f"--NotebookNotary.data_dir={state() / 'trusted'}",
        "--LabApp.extension_manager=readonly",  # the other kind asks PyPI what there is
        "--Application.log_level=WARN",
    ]
    if hasattr(os, "geteuid") and os.geteuid() == 0:  # in a container; Jupyter would refuse
        ours.append("--allow-root")
    given = {word.partition("=")[0] for word in extra}
    return [word for word in ours if word.partition("=")[0] not in given] + extra


def environment(settings: Path = SETTINGS) -> dict[str, str]:
    """Variables that JupyterLab and its kernels are to see besides the present ones."""
    before = os.environ.get("JUPYTER_CONFIG_PATH")
    return {
        "JUPYTER_CONFIG_PATH": os.pathsep.join([str(settings), *([before] if before else [])]),
        # So that `mmcourse` works in JupyterLab's terminal although nobody activated the environment.
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")]),
    }


def start(extra: list[str]) -> None:
    """Build what lesson 0 needs if it is not there, and run JupyterLab until it is stopped (Ctrl-C)."""
    folder = course_folder()
    # In a process of its own: torch would stay in this one's memory as long as JupyterLab runs.
    built = subprocess.run([sys.executable, "-m", "mmcourse", "data", "build", "digits"])
    if built.returncode:
        sys.exit(built.returncode)  # it has said why
    trust(folder)
    os.environ.update(environment())
    from jupyterlab.labapp import LabApp  # late: it reads the variables above, and takes half a second

    print(f"JupyterLab opens {FIRST_LESSON}. Stop it here with Ctrl-C, twice.", flush=True)
    LabApp.launch_instance(arguments(folder, extra))
