"""InfoNCE: by its definition, in parts as in one piece, and what it asks of its arguments."""

import math

import pytest
import torch

from mmcourse.modules.contrastive import InfoNCE, pair_loss
from mmcourse.scratch.contrastive import info_nce, similarities

SCALE = torch.tensor(math.log(5.0), dtype=torch.float64)


def pairs(rows=7, features=4, seed=0):
    generator = torch.Generator().manual_seed(seed)
    return (torch.randn(rows, features, generator=generator, dtype=torch.float64) for _ in range(2))


def by_definition(image, speech, right):
    """Loops, exponentials and logarithms of Python: no tensor arithmetic to share a mistake with."""
    image, speech = image.tolist(), speech.tolist()

    def cosine(a, b):
        return sum(x * y for x, y in zip(a, b, strict=True)) / math.hypot(*a) / math.hypot(*b)

    total = 0.0
    for one, other in ((image, speech), (speech, image)):
        for i, row in enumerate(one):
            shares = [math.exp(5 * cosine(row, key)) for key in other]
            own = [j for j in range(len(other)) if right(i, j)]
            total -= sum(math.log(shares[j] / sum(shares)) for j in own) / len(own)
    return total / 2 / len(image)


@pytest.mark.parametrize("loss", [info_nce, pair_loss])
def test_the_value_is_that_of_the_definition(loss):
    image, speech = pairs()
    want = by_definition(image, speech, lambda i, j: i == j)
    assert loss(image, speech, SCALE).item() == pytest.approx(want, abs=1e-12)
    target = torch.tensor([0, 1, 0, 2, 1, 0, 3])
    want = by_definition(image, speech, lambda i, j: bool(target[i] == target[j]))
    assert loss(image, speech, SCALE, target).item() == pytest.approx(want, abs=1e-12)


def test_chance_is_the_logarithm_of_the_batch_and_knowing_all_is_0():
    same = torch.ones(8, 3)
    assert info_nce(same, same, SCALE.float()).item() == pytest.approx(math.log(8))
    assert info_nce(torch.eye(8), torch.eye(8), torch.tensor(math.log(100.0))).item() < 1e-6


@pytest.mark.parametrize("classes", [None, 3])
def test_parts_of_a_batch_add_up_to_the_whole(classes):
    """As several processes share a batch: each compares its rows with everyone's."""
    image, speech = (x.requires_grad_() for x in pairs())
    target = None if classes is None else torch.arange(7) % classes
    whole = info_nce(image, speech, SCALE, target)
    parts = 0
    for first, last in ((0, 3), (3, 4), (4, 7)):
        rows = slice(first, last)
        own = None if target is None else target[rows]
        everyone = (image, speech, target)
        part = info_nce(image[rows], speech[rows], SCALE, own, everyone=everyone, first=first)
        parts = parts + part * (last - first) / 7
    torch.testing.assert_close(parts, whole)
    for x in (image, speech):
        torch.testing.assert_close(
            torch.autograd.grad(parts, x, retain_graph=True), torch.autograd.grad(whole, x, retain_graph=True)
        )


def test_gradients_are_those_of_the_slope():
    image, speech = (x.requires_grad_() for x in pairs(4))
    assert torch.autograd.gradcheck(info_nce, (image, speech, SCALE.clone().requires_grad_()))


def test_the_length_of_a_vector_plays_no_part_and_zeros_give_no_nan():
    image, speech = pairs()
    want = info_nce(image, speech, SCALE)
    torch.testing.assert_close(info_nce(3 * image, speech / 7, SCALE), want)
    image[2] = 0
    image.requires_grad_()
    loss = info_nce(image, speech, SCALE)
    loss.backward()
    assert loss.isfinite()
    assert image.grad.isfinite().all()


def test_the_temperature_is_learned_and_ends_at_a_hundredth():
    image, speech = pairs()
    module = InfoNCE(temperature=0.5).double()
    assert module.log_scale.exp().item() == pytest.approx(2)
    module(image, image + 0.01 * speech).backward()
    assert module.log_scale.grad < 0  # pairs that are told apart: a larger scale is better
    huge = torch.tensor(50.0, dtype=torch.float64)
    assert similarities(image, speech, huge).abs().max() <= 100 + 1e-9


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda x: info_nce(x, x[:2], SCALE), ValueError, "got 3 and 2 rows"),
        (lambda x: info_nce(x[:0], x[:0], SCALE), ValueError, "at least one pair"),
        (lambda x: info_nce(x, x[:, :1], SCALE), ValueError, r"\[row, feature\] of one width"),
        (lambda x: info_nce(x, x, SCALE, torch.ones(3)), TypeError, "use target.long"),
        (lambda x: info_nce(x, x, SCALE, torch.ones(2).long()), ValueError, r"target must be \[3\], one"),
        (lambda x: info_nce(x, x, SCALE, everyone=(x, x, None), first=1), ValueError, "rows 1 to 3 must lie"),
        (lambda x: similarities(x.long(), x, SCALE), TypeError, "use input.float"),
        (lambda x: InfoNCE(0.0), ValueError, "temperature must be above 0, got 0.0"),
    ],
)
def test_what_does_not_fit_is_named(call, error, words):
    with pytest.raises(error, match=words):
        call(torch.ones(3, 2, dtype=torch.float64))
