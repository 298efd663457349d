"""A small build of `digits`, by the same code as the whole one: six voices that say each word once."""

import pytest

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
