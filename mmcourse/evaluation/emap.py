"""What a model of two senses gains by their interaction: its best additive stand-in, beside itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn

from mmcourse.evaluation.contributions import columns_of
from mmcourse.metrics import accuracy
from mmcourse.training import evaluating, move


@dataclass(frozen=True)
class Emap:
    """A model's logits and those of its empirical multimodally-additive projection.

    logits, additive  [example, class]
    labels            [example]
    """

    logits: Float[Tensor, "example class"]
    additive: Float[Tensor, "example class"]
    labels: Int[Tensor, " example"]

    @property
    def accuracy(self) -> float:
        """Of the model itself."""
        return accuracy(self.logits, self.labels)

    @property
    def additive_accuracy(self) -> float:
        """Of the projection, which adds what each sense says by itself."""
        return accuracy(self.additive, self.labels)

    @property
    def interaction(self) -> float:
        """Accuracy that only the interaction of both senses brings."""
        return self.accuracy - self.additive_accuracy


def emap(
    model: nn.Module,
    table: dict[str, Tensor],
    *,
    senses: Sequence[str] = ("image", "speech"),
    rows: int | None = 200,
    batch_size: int = 512,
) -> Emap:
    """Project a model on the nearest sum of two functions, one a sense, over all pairs of a table.

    The model is called for every image with every speech: rows² examples.

    rows     the first so many of the table, which should come in a random order; None for all
    Raises   ValueError for other than two senses, one that the table lacks, or no rows
    Source   Hessel & Lee 2020, "Does my multimodal model learn cross-modal interactions? It's harder to tell
             than you might think!", algorithm 1
    """
    if isinstance(senses, str) or len(set(senses)) != 2:
        raise ValueError(f"the projection is of two senses, got {senses!r}.")
    one, other = (columns_of(table, sense) for sense in senses)
    labels = table["label"][:rows]
    count = len(labels)
    if count == 0:
        raise ValueError("the projection needs at least one row, got none.")
    firsts, seconds = (index.flatten() for index in torch.meshgrid(*[torch.arange(count)] * 2, indexing="ij"))
    device = next(model.parameters()).device
    logits = []
    with evaluating(model):
        for first, second in zip(firsts.split(batch_size), seconds.split(batch_size), strict=True):
            batch = {name: table[name][first] for name in one} | {name: table[name][second] for name in other}
            logits.append(model(move(batch, device)).cpu().double())
    grid = torch.cat(logits).unflatten(0, (count, count))  # first, second, class
    additive = grid.mean(dim=1) + grid.mean(dim=0) - grid.mean(dim=(0, 1))
    return Emap(grid.diagonal().T.contiguous(), additive, labels)
