"""What the package may import, what it hands out, and that its annotations tell the truth."""

import ast
import inspect
import subprocess
import sys
from pathlib import Path

import pytest

from mmcourse import features

FILES = sorted(Path(features.__file__).parent.glob("*.py"))


def imports(file):
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            yield node.module


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_bare_tensors_only(file):
    foreign = {name for name in imports(file) if name.split(".")[0] not in sys.stdlib_module_names}
    assert foreign <= {"torch", "jaxtyping"}
    assert "torch.nn" not in file.read_text(encoding="utf-8").replace(
        "torch.nn.functional.pad, numpy.pad", ""
    )


def test_the_list_of_names_is_complete():
    public = {
        name for name, value in vars(features).items() if inspect.isfunction(value) or inspect.isclass(value)
    }
    assert public == set(features.__all__)
    for name in features.__all__:
        assert inspect.getdoc(getattr(features, name)), f"{name} has no docstring"


ANNOTATED = """
from jaxtyping import install_import_hook
with install_import_hook("mmcourse.features", "beartype.beartype"):
    from mmcourse import features as f
import torch
for batch in ((), (2,), (2, 1)):
    x, image = torch.randn(*batch, 900), torch.rand(*batch, 3, 9, 7)
    f.frame(x, 40, 10), f.preemphasis(x), f.resample(x, 3, 2)
    f.resample(x, 3, 2, 6, 0.9, "sinc_interp_kaiser")
    for power in (2.0, 1.0, None):
        f.spectrogram(x, 3, f.hamming_window(30), 40, 10, 30, power, True)
    log_mel = f.log_mel(x, 8000)
    f.mel_spectrogram(x, 8000, n_mels=20, norm="slaney", mel_scale="slaney"), f.compute_deltas(log_mel)
    f.mfcc(x, 8000, 5, melkwargs={"n_mels": 20}), f.mfcc(x, 8000, 5, log_mels=True, melkwargs={"n_mels": 20})
    f.normalize_clip(x), f.normalize_clip(log_mel, (-2, -1))
    f.amplitude_to_DB(log_mel.exp(), 10.0, 1e-10, 0.0, 80.0)
    f.normalize(image, [0.1] * 3, 0.5), f.crop(image, -1, 2, 5, 6), f.center_crop(image, 5)
    f.pad(image, (1, 2), 0.5), f.pad(image, 2, None, "symmetric"), f.resize(image, 5)
    f.resize(image, (20, 4), antialias=False)
    f.hflip(image, classes="cat"), f.vflip(image)
    f.hog(image, cell=3), f.pool(log_mel, torch.ones(*batch, log_mel.shape[-1], dtype=torch.bool), std=True)
    f.pooled_mfcc(x.reshape(-1, 900), 8000)
    for mode in ("nearest", "bilinear"):
        f.affine(image, 20.0, (1.0, 2.0), 1.1, 3.0, mode, 0.5)
mask = f.padding_mask(torch.tensor([40, 90]), 91)
log_mel = f.log_mel(torch.randn(2, 7200), 8000)
f.normalize_clip(log_mel, mask=mask)
standardizer = f.Standardizer().fit([(log_mel, mask)])
standardizer(log_mel, mask), standardizer(log_mel)
f.n_frames(torch.tensor([4, 5]), 4, 2), f.n_frames(4, 4, 2)
f.hz_to_mel(100.0), f.mel_to_hz(torch.tensor([1.0]), "slaney"), f.create_dct(3, 4, None), f.sinc_kernels(3, 2)
try:
    f.mel.melscale_fbanks(9, 0.0, 4000.0, 2, 8000, dtype="float32")
except Exception as error:
    print(type(error).__name__)
"""


def test_annotations_hold_when_jaxtyping_and_beartype_watch():
    done = subprocess.run([sys.executable, "-c", ANNOTATED], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "TypeCheckError", "the hook watched nothing"
