"""The list of all fusions: each builds a classifier, says its level, and none is forgotten."""

import inspect

import pytest
import torch

from mmcourse.modules import (
    _decisions,
    _senses,
    decisions,
    evidence,
    fusion,
    interactions,
    reliability,
    token_fusion,
)
from mmcourse.modules.fusions import FUSIONS, JOINS, LEVELS, build
from tests.fusion.models import MELS, batch_of


@pytest.mark.parametrize("name", FUSIONS)
def test_each_builds_a_classifier_that_does_without_a_sense(name):
    model, batch = build(name, 4, features=8, n_mels=MELS, hidden=8).double(), batch_of()
    assert model(batch).shape == (6, 4)
    assert model(batch, muted="image").isfinite().all()
    model(batch).square().sum().backward()
    chosen = FUSIONS[name]
    assert chosen.level in LEVELS
    assert chosen.joins in JOINS
    assert (chosen.level == "late") == (chosen.joins == "decisions")


@pytest.mark.parametrize("name", [n for n, f in FUSIONS.items() if f.joins in ("embeddings", "tokens")])
def test_it_says_how_many_senses_it_joins(name):
    chosen = FUSIONS[name]
    if chosen.senses is None:
        assert len(chosen.make([8, 8, 8], 8).in_features) == 3
    else:
        with pytest.raises(ValueError, match="exactly 2 senses, got 3"):
            chosen.make([8, 8, 8], 8)


def test_no_fusion_is_forgotten():
    made = {
        type(f.make([8, 8], 8)) if f.joins in ("embeddings", "tokens") else type(f.make(2, 4))
        for f in FUSIONS.values()
        if f.joins in ("embeddings", "tokens", "decisions")
    }
    for module in (fusion, interactions, token_fusion, decisions, evidence, reliability):
        for name, value in vars(module).items():
            own = inspect.isclass(value) and value.__module__ == module.__name__
            joins = name != "TemperatureScaling"  # which stands in front of a rule
            if own and joins and not name.startswith("_"):
                assert value in made, f"{name} is missing in FUSIONS"
    assert _senses.EmbeddingFusion not in made
    assert _decisions.LateFusion not in made


def test_options_reach_the_fusion_and_unknown_names_are_refused():
    torch.manual_seed(0)
    assert build("low_rank", 4, rank=3).fusion.weights.shape == (3,)
    with pytest.raises(ValueError, match=r"a fusion is one of early_concat, .*; got 'magic'"):
        build("magic", 4)
    with pytest.raises(ValueError, match="leave out encoders"):
        build("early_concat", 4, encoders={})
