"""Dempster's rule beside a walk through all focal sets, and beside numbers worked out by hand."""

from itertools import product
from math import prod

import pytest
import torch

from mmcourse.modules.evidence import DempsterShafer
from mmcourse.scratch.decisions import product_of_experts
from mmcourse.scratch.evidence import dempster_combine, dempster_shafer

DOUBLE = torch.float64


def masses(*senses):
    return torch.tensor([senses], dtype=DOUBLE)


def by_sets(senses):
    """Dempster's rule for any sets, word by word: masses as {frozenset: number} of each sense."""
    combined = {}
    for choice in product(*(sense.items() for sense in senses)):
        common = frozenset.intersection(*(focal for focal, _ in choice))
        combined[common] = combined.get(common, 0) + prod(mass for _, mass in choice)
    conflict = combined.pop(frozenset(), 0)
    return {focal: mass / (1 - conflict) for focal, mass in combined.items()}, conflict


@pytest.mark.parametrize(("senses", "classes"), [(2, 2), (2, 3), (3, 4), (4, 3)])
def test_equal_to_a_walk_through_all_focal_sets(senses, classes):
    x = torch.rand(6, senses, classes + 1, generator=torch.Generator().manual_seed(senses), dtype=DOUBLE)
    x /= x.sum(2, keepdim=True)
    got, conflict = dempster_combine(x)
    every = frozenset(range(classes))
    sets = [*(frozenset([k]) for k in range(classes)), every]
    for row in range(6):
        wanted, lost = by_sets([dict(zip(sets, sense.tolist(), strict=True)) for sense in x[row]])
        assert got[row].tolist() == pytest.approx([wanted[focal] for focal in sets], abs=1e-12)
        assert conflict[row].item() == pytest.approx(lost, abs=1e-12)


def test_zadehs_paradox():
    """Meningitis 0.99 or tumour 0.01, says one; concussion 0.99 or tumour 0.01, the other. So: a tumour."""
    doctors = masses([0.99, 0, 0.01, 0], [0, 0.99, 0.01, 0])
    combined, conflict = dempster_combine(doctors)
    assert combined[0].tolist() == pytest.approx([0, 0, 1, 0])
    assert conflict.item() == pytest.approx(0.9999)
    log_probs = doctors[..., :3].log()
    joined, conflict = dempster_shafer(log_probs, torch.ones(2, dtype=DOUBLE))
    assert joined.exp()[0].tolist() == pytest.approx([0, 0, 1])
    assert conflict.item() == pytest.approx(0.9999)
    # doctors who are right nine times in ten: 0.891 · 0.1 each, 0.009² + 2 · 0.009 · 0.1, and 0.1² to any
    joined, conflict = dempster_shafer(log_probs, torch.full((2,), 0.9, dtype=DOUBLE))
    left = torch.tensor([0.0891, 0.0891, 0.001881], dtype=DOUBLE) + 0.01 / 3
    torch.testing.assert_close(joined.exp()[0], left / left.sum())
    assert conflict.item() == pytest.approx(1 - (2 * 0.0891 + 0.001881 + 0.01))


def test_of_total_conflict_nothing_is_known():
    contradiction = masses([1, 0, 0, 0], [0, 1, 0, 0]).requires_grad_()
    combined, conflict = dempster_combine(contradiction)
    assert (combined[0].tolist(), conflict.item()) == ([0, 0, 0, 1], 1)
    assert torch.autograd.grad(combined[..., 0].sum() + conflict.sum(), contradiction)[0].isfinite().all()
    reliability = torch.ones(2, dtype=DOUBLE, requires_grad=True)
    joined, conflict = dempster_shafer(contradiction[..., :3].log(), reliability)
    assert joined.exp()[0].tolist() == pytest.approx([1 / 3] * 3)
    assert conflict.item() == 1
    assert torch.autograd.grad(joined[..., 0].sum(), reliability)[0].isfinite().all()


def test_senses_believed_without_doubt_are_multiplied_also_where_chances_are_tiny():
    x = (torch.randn(4, 3, 5, generator=torch.Generator().manual_seed(0)) * 80).log_softmax(-1)
    joined, _ = dempster_shafer(x, torch.ones(3))
    torch.testing.assert_close(joined, product_of_experts(x))


def test_a_sense_that_is_never_believed_says_nothing():
    x = torch.randn(4, 2, 3, generator=torch.Generator().manual_seed(0), dtype=DOUBLE).log_softmax(-1)
    joined, conflict = dempster_shafer(x, torch.tensor([0.7, 0.0], dtype=DOUBLE))
    torch.testing.assert_close(joined.exp(), 0.7 * x[:, 0].exp() + 0.1)
    assert conflict.abs().max() < 1e-12


@pytest.mark.parametrize("missing", [[True, False], [False, False]])
def test_what_is_missing_leaks_nowhere(missing):
    module = DempsterShafer(2).double()
    present = torch.tensor([missing])
    x = masses([0.6, 0.3, 0.1], [0.2, 0.2, 0.6]).log().masked_fill(~present[..., None], torch.nan)
    x.requires_grad_()
    alone, gradients = module(x, present), []
    wanted = 0.9 * x[0, 0].detach().exp() + 0.1 / 3 if missing[0] else torch.full((3,), 1 / 3, dtype=DOUBLE)
    torch.testing.assert_close(alone.exp()[0], wanted, rtol=1e-6, atol=0)
    assert module.conflict(x, present).abs().item() < 1e-9
    ours, conflict = dempster_shafer(x, torch.tensor([0.9, 0.9], dtype=DOUBLE), present)
    torch.testing.assert_close(ours, alone, rtol=1e-6, atol=1e-6)
    assert conflict.abs().item() < 1e-9
    for output in (alone, ours):
        gradients.append(torch.autograd.grad(output[0, 0], x)[0])
    assert all(g.isfinite().all() and not g[~present].any() for g in gradients)
    full = torch.cat([x.exp(), torch.zeros(1, 2, 1, dtype=DOUBLE)], 2)
    combined, _ = dempster_combine(full, present)
    assert combined.isfinite().all()
    assert combined[0, 3].item() == (0 if missing[0] else 1)


def test_reliability_of_an_example_and_of_a_sense():
    x = torch.randn(2, 2, 3, generator=torch.Generator().manual_seed(0)).log_softmax(-1)
    each = torch.tensor([[0.9, 0.1], [0.3, 0.8]])
    rows = [dempster_shafer(x[row : row + 1], each[row])[0] for row in range(2)]
    torch.testing.assert_close(dempster_shafer(x, each)[0], torch.cat(rows))


def test_reliability_is_learned_in_a_step():
    module = DempsterShafer(3)
    before = module.logit.detach().clone()
    x = torch.randn(4, 3, 5, generator=torch.Generator().manual_seed(0)).log_softmax(-1)
    torch.nn.functional.nll_loss(module(x), torch.tensor([0, 1, 2, 3])).backward()
    torch.optim.SGD(module.parameters(), 0.1).step()
    assert (module.logit != before).all()


X = masses([0.6, 0.3, 0.1], [0.2, 0.2, 0.6])
BAD = {
    "a mass below 0": (lambda: dempster_combine(masses([1.5, 0, -0.5])), "got -0.5 as the lowest"),
    "masses of 2": (lambda: dempster_combine(X * 2), "sums up to 2"),
    "no axis of senses": (lambda: dempster_combine(X[0]), r"and that of any class last; got \[2, 3\]"),
    "reliability in percent": (lambda: dempster_shafer(X.log(), torch.tensor([90.0, 80])), "got .90.0, 80.0"),
    "three reliabilities": (lambda: dempster_shafer(X.log(), torch.ones(3)), r"\[2\] or \[1, 2\] for these"),
    "a module that never doubts": (lambda: DempsterShafer(2, 1.0), "between 0 and 1, got 1.0"),
}


@pytest.mark.parametrize(("call", "words"), BAD.values(), ids=BAD)
def test_what_does_not_fit_is_named(call, words):
    with pytest.raises(ValueError, match=words):
        call()
