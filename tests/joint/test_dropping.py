"""Modality dropout: how often, never all, what was missing stays missing, and the same again from a seed."""

import pytest
import torch

from mmcourse.joint import ModalityDropout, drop_senses
from tests.joint.toys import batches


def generator(seed=0):
    return torch.Generator().manual_seed(seed)


def test_each_sense_is_dropped_as_often_as_asked_and_never_all():
    present = drop_senses(200_000, [0.5, 0.2], generator())
    assert present.any(dim=1).all()
    # both would go with probability 0.1; then both stay
    lost = (~present).double().mean(dim=0)
    torch.testing.assert_close(lost, torch.tensor([0.4, 0.1], dtype=torch.float64), rtol=0, atol=5e-3)


def test_what_is_missing_already_stays_away_and_is_not_all_that_was_left():
    there = torch.tensor([[True, False, True], [False, True, False], [False, False, False]])
    for seed in range(50):
        kept = drop_senses(3, [0.6, 0.6, 0.6], generator(seed), there)
        assert not (kept & ~there).any()
        assert kept.any(dim=1).tolist() == [True, True, False]


def test_batches_get_present_and_keep_all_else():
    inner = batches(20)
    dropped = ModalityDropout(inner, 0.5, seed=1)
    assert len(dropped) == len(inner)
    for batch, plain in zip(dropped, inner, strict=True):
        assert batch["present"].shape == (len(batch["label"]), 2)
        assert "present" not in plain
        for name, value in plain.items():
            assert torch.equal(batch[name], value)


def test_each_epoch_drops_anew_and_a_seed_brings_all_back():
    def epochs(seed):
        dropped = ModalityDropout(batches(20, shuffle=4), 0.5, seed=seed)
        return [torch.cat([batch["present"] for batch in dropped]) for _ in range(2)]

    first, second = epochs(1)
    assert not torch.equal(first, second)
    assert torch.equal(first, epochs(1)[0])
    assert not torch.equal(first, epochs(2)[0])


def test_its_state_brings_an_epoch_back_order_and_all():
    dropped = ModalityDropout(batches(20, shuffle=4), 0.5, seed=1)
    list(dropped)
    state = dropped.state_dict()
    want = [(batch["label"], batch["present"]) for batch in dropped]
    other = ModalityDropout(batches(20, shuffle=9), 0.5, seed=7)
    other.load_state_dict(state)
    for batch, (label, present) in zip(other, want, strict=True):
        assert torch.equal(batch["label"], label)
        assert torch.equal(batch["present"], present)


@pytest.mark.parametrize("p", [1.0, -0.1, [0.5], [0.1, 0.2, 0.3]])
def test_what_does_not_fit_is_named(p):
    with pytest.raises(ValueError, match="p must hold 2 probabilities from 0 to below 1"):
        ModalityDropout(batches(), p, seed=0)
