"""What a trained model says of examples that it has not seen."""

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
    device = next((parameter.device for parameter in model.parameters()), torch.device("cpu"))
    logits, labels = [], []
    with evaluating(model):
        for batch in batches:
            logits.append(model(move(batch, device), **options).cpu())
            labels.append(batch["label"].cpu())
    return torch.cat(logits), torch.cat(labels)
