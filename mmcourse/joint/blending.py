"""Gradient blending: heads of a joint model weighed by what they learn against how much they overfit."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor, nn
from torch.nn.functional import cross_entropy

from mmcourse.joint.model import JointLoss, JointModel
from mmcourse.training import evaluating, fit, move


@dataclass(frozen=True)
class Blend:
    """Weights of a joint model's heads, and what they were made of; a number a head, the joint one first.

    weights         for JointLoss, their sum is 1
    generalisation  G: by how much the loss on val fell, in nats
    overfitting     O: by how much the gap between the losses on val and train grew, in nats
    """

    weights: list[float]
    generalisation: list[float]
    overfitting: list[float]

    @property
    def ratio(self) -> list[float]:
        """O / G, the overfitting-to-generalisation ratio; ∞ where a head did not generalise at all."""
        pairs = zip(self.overfitting, self.generalisation, strict=True)
        return [abs(o) / g if g > 0 else float("inf") for o, g in pairs]


def blend_weights(
    before: tuple[Sequence[float], Sequence[float]],
    after: tuple[Sequence[float], Sequence[float]],
    *,
    least: float = 1e-2,
) -> Blend:
    """Weigh heads by w_k = G_k / O_k², divided by their sum.

    before, after  (losses on train, losses on val) of each head, before and after training it
    least          an |O| below this, in nats, counts as this: one head that happens not to overfit would
                   take all the weight
    Raises         ValueError for lists of different lengths, or where no head generalised at all
    Source         Wang et al. 2020, "What makes training multi-modal classification networks hard?",
                   proposition 1 and algorithm 1
    """
    if len({len(losses) for losses in (*before, *after)}) != 1:
        raise ValueError(
            f"need the losses of the same heads on train and val, got "
            f"{[len(losses) for losses in (*before, *after)]}."
        )
    train_0, val_0, train_1, val_1 = (torch.tensor(x, dtype=torch.float64) for x in (*before, *after))
    gain, overfitting = val_0 - val_1, (val_1 - train_1) - (val_0 - train_0)
    weights = gain.clamp(min=0) / overfitting.abs().clamp(min=least) ** 2
    if not weights.sum() > 0:
        raise ValueError(
            "no head got better on val, so there is nothing to weigh: train longer, or with another rate."
        )
    return Blend((weights / weights.sum()).tolist(), gain.tolist(), overfitting.tolist())


def head_losses(model: JointModel, batches: Iterable[dict]) -> Float[Tensor, " head"]:
    """Measure the cross-entropy of each head, the joint one first, as a mean over examples, in nats."""
    total, count = 0.0, 0
    device = next(model.parameters()).device
    with evaluating(model):
        for batch in batches:
            batch = move(batch, device)
            losses = [cross_entropy(h, batch["label"]) for h in model.all_logits(batch).unbind(dim=1)]
            total = total + torch.stack(losses).double().cpu() * len(batch["label"])
            count += len(batch["label"])
    return total / count


def gradient_blending(
    make: Callable[[], JointModel],
    train: Collection[dict],
    val: Collection[dict],
    *,
    classes: int,
    epochs: int,
    seed: int,
    **options,
) -> Blend:
    """Train each head of a joint model alone, and weigh them all by how that went (offline blending).

    blend = gradient_blending(make, train, val, classes=10, epochs=5, seed=0)
    fit(make(), …, loss=JointLoss(10, blend.weights))

    make     () -> a new JointModel; each head is trained in a model that starts like the others
    val      chooses the weights, so it must be neither train nor test
    epochs   of the training of each head; it costs senses + 1 trainings beside the one that follows
    seed     of the models and of each training
    options  for `fit`
    Raises   ValueError as blend_weights
    Source   Wang et al. 2020, algorithm 1, once for the whole training
    """
    before, after = [], []
    for head in range(1 + len(make().senses)):
        model = _seeded(make, seed)
        weights = [float(place == head) for place in range(1 + len(model.senses))]
        before.append([head_losses(model, part)[head].item() for part in (train, val)])
        fit(model, train, val, epochs=epochs, seed=seed, loss=JointLoss(classes, weights), **options)
        after.append([head_losses(model, part)[head].item() for part in (train, val)])
    return blend_weights(*(tuple(zip(*losses, strict=True)) for losses in (before, after)))


def _seeded(make: Callable[[], nn.Module], seed: int) -> nn.Module:
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        return make()
