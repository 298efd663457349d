"""pyproject.toml, constraints.txt and environment.yml name one set, and it is the one that runs here."""

import importlib.metadata
import tomllib
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
RANGES = [Requirement(text) for text in PROJECT["dependencies"] + PROJECT["optional-dependencies"]["dev"]]
# torch names its own builds of these, and another build of torch needs others
TORCH_S_OWN = ("nvidia-", "cuda-", "triton")
ELSEWHERE = {"appnope", "colorama", "pywinpty", "overrides"}  # macOS, Windows, Python 3.11


def pins() -> dict[str, str]:
    """Name and version of every line of constraints.txt that is not a comment."""
    lines = (ROOT / "constraints.txt").read_text().splitlines()
    exact = [Requirement(line) for line in lines if line and not line.startswith("#")]
    assert all(str(pin.specifier).startswith("==") and "*" not in str(pin.specifier) for pin in exact)
    names = [canonicalize_name(pin.name) for pin in exact]
    assert len(set(names)) == len(names)
    return {name: str(pin.specifier)[2:] for name, pin in zip(names, exact, strict=True)}


def installed(requirements: list[Requirement]) -> dict[str, str]:
    """Every distribution that these need on this machine, with its version, followed to the end."""
    found, seen, ahead = {}, set(), list(requirements)
    while ahead:
        wanted = ahead.pop()
        key = canonicalize_name(wanted.name), frozenset(wanted.extras)
        if key in seen:
            continue
        seen.add(key)
        distribution = importlib.metadata.distribution(wanted.name)
        found[key[0]] = distribution.version
        for line in map(Requirement, distribution.requires or []):
            if not line.marker or any(line.marker.evaluate({"extra": name}) for name in ("", *wanted.extras)):
                ahead.append(line)
    return found


@pytest.mark.parametrize("wanted", RANGES, ids=lambda wanted: wanted.name)
def test_each_range_holds_the_tried_version(wanted):
    pinned = pins()[canonicalize_name(wanted.name)]
    assert wanted.specifier.contains(pinned), f"{wanted} leaves out the tried {pinned}"
    assert any(part.operator == "<" for part in wanted.specifier), f"{wanted} has no upper end"


def test_constraints_are_complete_and_are_what_runs_here():
    here = {name: version for name, version in installed(RANGES).items() if not name.startswith(TORCH_S_OWN)}
    exact = pins()
    assert {name: exact.get(name) for name in here} == here


def test_constraints_hold_nothing_that_nobody_needs():
    assert set(pins()) - set(installed(RANGES)) <= ELSEWHERE


def test_conda_gives_python_and_pip_and_pip_the_same_set():
    conda = yaml.safe_load((ROOT / "environment.yml").read_text())["dependencies"]
    python, pip, rest = conda
    assert pip == "pip"
    assert rest == {"pip": ["-c constraints.txt", "-e .[dev]"]}
    given = SpecifierSet(python.removeprefix("python "))
    tried = [line for line in PROJECT["classifiers"] if ":: 3." in line]
    for minor in (10, 11, 12, 13, 14):
        version = f"3.{minor}"
        assert (version in given) == any(line.endswith(version) for line in tried)
        assert version not in given or version in SpecifierSet(PROJECT["requires-python"])
