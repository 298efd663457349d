"""What `mmcourse doctor` looks at. Each check is a function without arguments that returns a `Line`."""

import importlib.metadata
import io
import os
import platform
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

GIB = 2**30
REINSTALL = "Install again: `make clean lab`, or `pip install --force-reinstall -e . -c constraints.txt`."
KERNEL = f"Lessons need this Python: {sys.executable} -m ipykernel install --sys-prefix"


@dataclass(frozen=True)
class Line:
    """What a check found. `missing`: lesson 0 cannot run. `warning`: it can, and something else may not."""

    state: Literal["ok", "warning", "missing"]
    text: str
    next_step: str = ""


def python() -> Line:
    version, minor = platform.python_version(), sys.version_info[:2]
    if minor < (3, 11):
        return Line("missing", version, "Use Python 3.11, 3.12 or 3.13.")
    if minor > (3, 13):
        return Line("warning", version, "Tried with 3.11 to 3.13: go back to one of them if it fails.")
    return Line("ok", f"{version} in {sys.prefix}")


def torch_family() -> Line:
    """The three packages import, run, and are builds for one another."""
    import torch
    import torchaudio
    import torchvision
    from packaging.requirements import Requirement
    from torchvision.ops import nms

    versions = f"{torch.__version__}, vision {torchvision.__version__}, audio {torchaudio.__version__}"
    for package in ("torchvision", "torchaudio"):
        for wanted in map(Requirement, importlib.metadata.requires(package) or []):
            if wanted.name == "torch" and not wanted.specifier.contains(torch.__version__, prereleases=True):
                return Line("missing", f"{versions}: {package} wants {wanted}", REINSTALL)
    nms(torch.tensor([[0.0, 0.0, 1.0, 1.0]]), torch.ones(1), 0.5)  # compiled code of torchvision
    torchaudio.functional.resample(torch.zeros(80), 8000, 4000)
    return Line("ok", versions)


def devices() -> Line:
    import torch

    threads = f"CPU with {torch.get_num_threads()} of {os.cpu_count()} threads"
    if torch.cuda.is_available():
        names = [torch.cuda.get_device_name(index) for index in range(torch.cuda.device_count())]
        return Line("ok", f"CUDA: {', '.join(names)}; {threads}")
    if torch.backends.mps.is_available():
        return Line("ok", f"MPS (Apple GPU); {threads}")
    return Line("ok", f"{threads}; no GPU, and the course needs none")


def memory() -> Line:
    import psutil

    free = psutil.virtual_memory().available / GIB
    text = f"{free:.1f} GiB free of {psutil.virtual_memory().total / GIB:.1f} GiB"
    if free < 2:
        return Line("warning", text, "A lesson takes up to 2 GiB: close other programs.")
    return Line("ok", text)


def disk() -> Line:
    """Room for the data sets that the course builds and fetches."""
    from mmcourse.data import cache

    folder = cache.folder()
    existing = next(path for path in [folder, *folder.parents] if path.is_dir())
    free = shutil.disk_usage(existing).free / GIB
    text = f"{free:.1f} GiB free for {folder}"
    if not os.access(existing, os.W_OK):
        return Line("missing", f"{folder} cannot be written", "Set MMCOURSE_CACHE_DIR to a folder of yours.")
    if free < 1:
        return Line("warning", text, "Free 1 GiB, or set MMCOURSE_CACHE_DIR to a larger disk.")
    return Line("ok", text)


def speech_synthesis() -> Line:
    """One word from the library that makes the course's voices."""
    from mmcourse.data import synthesis

    word = synthesis.say("seven", sample_rate=8000)
    if not word.abs().max() > 0.01:
        return Line("missing", "eSpeak NG gave silence", REINSTALL)
    return Line("ok", f"eSpeak NG says “seven” in {len(word) / 8000:.2f} s")


def sound_files() -> Line:
    """A tone written as FLAC and read again: reading needs libsndfile."""
    import numpy as np
    import soundfile

    tone = np.sin(np.arange(800) / 3).astype("float32") / 2
    file = io.BytesIO()
    soundfile.write(file, tone, 8000, format="FLAC")
    file.seek(0)
    read, rate = soundfile.read(file, dtype="float32")
    if rate != 8000 or abs(read - tone).max() > 1e-4:
        return Line("missing", "a FLAC file came back changed", REINSTALL)
    return Line("ok", f"WAV and FLAC by soundfile {soundfile.__version__}")


def data_sets() -> Line:
    """What was built or fetched, and what MMCOURSE_DATA_DIR points to."""
    from mmcourse.data import cache

    here = {
        path.parent.name: size(path.parent) for path in sorted(cache.folder().glob("*/" + cache.MANIFEST))
    }
    given = cache.data_folder()
    if given and not given.is_dir():
        return Line("warning", f"MMCOURSE_DATA_DIR is {given}, no folder", "Correct or unset it.")
    if given:
        here |= {path.name: size(path) for path in sorted(given.iterdir()) if path.is_dir()}
    text = ", ".join(f"{name} ({bytes_ / 1e6:.0f} MB)" for name, bytes_ in here.items())
    if not any(name.startswith("digits") for name in here):
        return Line("warning", text or "none yet", "mmcourse data build digits (about a minute, once)")
    return Line("ok", text)


def size(folder: Path) -> int:
    """Bytes of all files in a folder."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def jupyterlab() -> Line:
    """JupyterLab, and the kernel that the lessons ask for running this very Python."""
    import ipykernel
    import jupyterlab
    from jupyter_client.kernelspec import KernelSpecManager

    command = KernelSpecManager().get_kernel_spec("python3").argv[0]
    versions = f"JupyterLab {jupyterlab.__version__}, ipykernel {ipykernel.__version__}"
    if Path(command).is_absolute() and Path(command).resolve() != Path(sys.executable).resolve():
        return Line("warning", f"{versions}; kernel python3 is {command}", KERNEL)
    return Line("ok", versions)


def widgets() -> Line:
    """ipywidgets for the kernel, and its other half for JupyterLab."""
    import ipywidgets
    from jupyter_core.paths import jupyter_path

    places = [Path(path, "labextensions/@jupyter-widgets/jupyterlab-manager") for path in jupyter_path()]
    if not any(place.is_dir() for place in places):
        return Line("warning", "JupyterLab has no part for them: sliders stay text", REINSTALL)
    return Line("ok", f"ipywidgets {ipywidgets.__version__}")


CHECKS: dict[str, Callable[[], Line]] = {
    "Python": python,
    "torch": torch_family,
    "devices": devices,
    "memory": memory,
    "disk": disk,
    "speech synthesis": speech_synthesis,
    "sound files": sound_files,
    "data sets": data_sets,
    "JupyterLab": jupyterlab,
    "widgets": widgets,
}
