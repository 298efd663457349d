"""The lines `wanted` and `yours`: what differs is on them, however long the rest is."""

import pytest
import torch

from mmcourse.checks import Case
from mmcourse.checks.show import describe

WANTED = {
    "history": {"loss": [0.25] * 12, "accuracy": [0.5] * 12},
    "weights": [torch.arange(12.0), torch.arange(12.0) + 100],
}


def shown(exercise, key, change):
    """The two lines for an answer that `change`s its own copy of what is under `key`."""

    def answer(x, scale):
        other = {**WANTED, "history": {name: list(row) for name, row in WANTED["history"].items()}}
        other[key] = change(other[key])
        return other

    asked = exercise(
        cases=(Case("one", lambda g: (torch.ones(1), 1)),), reference=lambda x, scale: WANTED, variants=()
    )
    lines = asked(answer).message.splitlines()
    return [line.partition("  wanted  ")[2] or line.partition("  yours   ")[2] for line in lines[2:4]]


def test_the_key_that_differs_comes_first_at_every_depth(exercise):
    def change(history):
        return {**history, "accuracy": [0.125, *history["accuracy"][1:]]}

    wanted, yours = shown(exercise, "history", change)
    assert wanted.startswith("{'history': {'accuracy': [0.5, ")
    assert yours.startswith("{'history': {'accuracy': [0.125, ")


def test_an_entry_far_down_a_list_is_shown(exercise):
    def change(history):
        return {**history, "accuracy": [*history["accuracy"][:10], 0.125, 0.5]}

    wanted, yours = shown(exercise, "history", change)
    assert wanted.startswith("{'history': {'accuracy': […, 0.5, 0.5]")
    assert yours.startswith("{'history': {'accuracy': […, 0.125, 0.5]")


def test_a_long_neighbour_makes_room(exercise):
    wanted, yours = shown(exercise, "weights", lambda weights: [weights[0], weights[1] + 7])
    assert wanted.startswith("{'weights': […, [100, 101, ")
    assert yours.startswith("{'weights': […, [107, 108, ")


def test_a_key_that_a_judge_names_comes_first(exercise):
    def judge(got, wanted, args):
        return "weights are not as wanted"

    asked = exercise(
        cases=(Case("one", lambda g: (torch.ones(1), 1)),),
        reference=lambda x, scale: WANTED,
        judge=lambda got, wanted, args: None if got is wanted else judge(got, wanted, args),
        variants=(),
    )
    lines = asked(lambda x, scale: dict(WANTED)).message.splitlines()[2:4]
    assert all("{'weights': [" in line for line in lines), lines


@pytest.mark.parametrize("place", [(), ("b",), ("c",), (3,), ("b", 9)])
def test_a_place_that_is_not_there_does_no_harm(place):
    assert describe({"a": 1, "b": [2]}, place=place) in ("{'a': 1, 'b': [2]}", "{'b': [2], 'a': 1}")
    assert describe([1, 2], place=place) == "[1, 2]"
