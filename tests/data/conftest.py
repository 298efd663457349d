"""A small build of `digits`, by the same code as the whole one: six voices that say each word once."""

import numpy as np
import pytest
import soundfile
from PIL import Image

from mmcourse import data
from mmcourse.data import digits

SMALL = {"manners": ((175, 50),), "workers": 2}


@pytest.fixture(autouse=True)
def _no_bars(monkeypatch):
    monkeypatch.setenv("MMCOURSE_QUIET", "1")


@pytest.fixture(scope="session")
def small_cache(tmp_path_factory):
    return tmp_path_factory.mktemp("cache")


@pytest.fixture
def small(small_cache, monkeypatch):
    """Options that make `data.load("digits", **small)` quick, and a cache of the tests' own."""
    monkeypatch.setenv("MMCOURSE_CACHE_DIR", str(small_cache))
    return {"speakers": digits.voices()[:6], **SMALL}


@pytest.fixture
def sets(small):
    return data.load("digits", **small)


@pytest.fixture
def generator():
    import torch

    return torch.Generator().manual_seed(0)


@pytest.fixture
def home(tmp_path, monkeypatch):
    """The place of a cache folder of one test's own; nothing is there yet."""
    monkeypatch.setenv("MMCOURSE_CACHE_DIR", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture
def write_two():
    """A build of a cache entry that writes two files, one of them deeper."""

    def build(folder):
        (folder / "a.txt").write_text("first")
        (folder / "deep").mkdir()
        (folder / "deep" / "b.txt").write_text("second")

    return build


@pytest.fixture
def names():
    """A function that names what lies in a cache folder, but for the locks."""
    return lambda home: sorted(path.name for path in home.iterdir() if not path.name.endswith(".lock"))


@pytest.fixture
def make_picture():
    def make(path, level):
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(np.full((6, 5), level, dtype=np.uint8)).save(path)

    return make


@pytest.fixture
def make_sound():
    def make(path, frequency):
        path.parent.mkdir(parents=True, exist_ok=True)
        soundfile.write(path, 0.5 * np.sin(np.arange(800) * frequency), 8000)

    return make


@pytest.fixture
def two(tmp_path, make_picture, make_sound):
    """Three classes, four pictures and four speakers each; names have spaces and letters beyond ASCII."""
    for label, name in enumerate(("cat", "große Maus", "狗")):
        for i, speaker in enumerate(("anna", "ben", "chloé", "dai")):
            make_picture(tmp_path / "pictures" / name / f"nr {i} é.png", 60 * label + i)
            make_sound(tmp_path / "sounds" / name / speaker / "take 1.wav", 0.1 + 0.2 * label + 0.01 * i)
    return {"images": tmp_path / "pictures", "speech": tmp_path / "sounds"}
