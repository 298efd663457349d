"""How good a trained model is: its logits, its accuracy, and which classes it takes for which."""

from __future__ import annotations

from collections.abc import Iterable

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn

from mmcourse.training import evaluating, move


def predict(
    model: nn.Module, batches: Iterable[dict], **options
) -> tuple[Float[Tensor, "example class"], Int[Tensor, " example"]]:
    """Run a model over batches, without dropout and gradients.

    options  handed to the model with each batch, such as muted="image"
    Returns  (logits, labels) on the CPU, in the order of the batches
    """
    device = next(model.parameters()).device
    logits, labels = [], []
    with evaluating(model):
        for batch in batches:
            logits.append(model(move(batch, device), **options).cpu())
            labels.append(batch["label"].cpu())
    return torch.cat(logits), torch.cat(labels)


def accuracy(scores: Float[Tensor, "example class"], labels: Int[Tensor, " example"]) -> float:
    """Share of examples whose highest score (logit or probability) is the true class, 0..1."""
    if len(scores) != len(labels) or len(labels) == 0:
        raise ValueError(f"need one label an example, got {len(scores)} examples and {len(labels)} labels.")
    return (scores.argmax(dim=-1) == labels).double().mean().item()


def confusion_counts(
    labels: Int[Tensor, " example"], predictions: Int[Tensor, " example"], classes: int
) -> Int[Tensor, "true predicted"]:
    """Count how often each true class was called each class; the diagonal is what was right."""
    return torch.bincount(labels * classes + predictions, minlength=classes**2).reshape(classes, classes)
