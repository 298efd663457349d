"""Two encoders, one space: trained by contrast or by correlation, and then asked for embeddings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn

from mmcourse.metrics import Metric
from mmcourse.modules.cca import CCA, DeepCCALoss
from mmcourse.modules.contrastive import InfoNCE, pair_loss
from mmcourse.training import evaluating, move


class TwoTowers(nn.Module):
    """An encoder for each of two senses, and a temperature that is learned.

    For `fit` it gives both embeddings side by side and the logarithm of the scale as the last column,
    [batch, 2 · feature + 1]: ContrastiveLoss and CorrelationLoss take these apart. They are no logits, so the
    accuracy in fit's history says nothing; PairAccuracy does.

    encoders     sense -> network, of the same `features`; "speech" also gets the clips' lengths
    temperature  to begin with
    Raises       ValueError unless there are two encoders of one width
    """

    def __init__(self, encoders: Mapping[str, nn.Module], *, temperature: float = 0.07):
        super().__init__()
        widths = {encoder.features for encoder in encoders.values()}
        if len(encoders) != 2 or len(widths) != 1:
            raise ValueError(
                f"two towers need two encoders of one width, got {len(encoders)} of {sorted(widths)}."
            )
        self.senses = tuple(encoders)
        self.features = widths.pop()
        self.encoders = nn.ModuleDict(encoders)
        self.contrast = InfoNCE(temperature)

    def forward(self, batch: dict) -> Float[Tensor, "batch answer"]:
        """Give both embeddings and the logarithm of the scale, [batch, 2 · feature + 1]."""
        one, other = (self.embed(batch, sense) for sense in self.senses)
        return torch.cat([one, other, self.contrast.log_scale.expand(len(one), 1)], dim=1)

    def embed(self, batch: dict, sense: str) -> Float[Tensor, "batch feature"]:
        """Give one sense's embeddings; the other need not be in the batch."""
        if sense not in self.senses:
            raise ValueError(f"a sense is one of {', '.join(self.senses)}; got {sense!r}.")
        encoder = self.encoders[sense]
        return encoder(batch[sense], batch["lengths"]) if sense == "speech" else encoder(batch[sense])


class ContrastiveLoss:
    """InfoNCE in both directions on the answer of TwoTowers, for `fit(loss=…)`.

    right   "pair": only a row's other half is right, though others of its class are in the batch too;
            "class": all rows of its class are, which needs labels
    Raises  ValueError for another word
    In several processes each compares the rows of its own part of a batch.
    """

    def __init__(self, right: str = "pair"):
        if right not in ("pair", "class"):
            raise ValueError(f"right must be 'pair' or 'class', got {right!r}.")
        self.right = right

    def __call__(self, answer: Tensor, labels: Int[Tensor, " batch"]) -> Float[Tensor, ""]:
        """Give the loss, a mean over rows and directions, in nats."""
        one, other, log_scale = apart(answer)
        return pair_loss(one, other, log_scale, labels if self.right == "class" else None)


class CorrelationLoss:
    """Deep CCA on the answer of TwoTowers, for `fit(loss=…)`; labels play no part.

    A batch needs many more rows than components, the last one too: choose a batch size that leaves no small
    rest over.

    components, regularisation  as in mmcourse.modules.cca.DeepCCALoss
    """

    def __init__(self, components: int | None = None, regularisation: float = 1e-3):
        self.loss = DeepCCALoss(components, regularisation)

    def __call__(self, answer: Tensor, labels: Int[Tensor, " batch"]) -> Float[Tensor, ""]:
        """Give minus the sum of the correlations."""
        one, other, _ = apart(answer)
        if len(one) < 2:
            raise ValueError("a batch of one example correlates with nothing: choose another batch_size.")
        return self.loss(one, other)


class PairAccuracy(Metric):
    """Share of rows whose most similar row of the other sense, in the batch, is of their class, 0..1.

    Counted in both directions. The smaller the batch, the easier; recall_at_k on a whole set is the fair
    figure.
    """

    def __init__(self):
        super().__init__(2)

    def _count(self, logits: Tensor, labels: Tensor) -> Tensor:
        one, other, _ = apart(logits)
        one, other = (nn.functional.normalize(x, dim=1) for x in (one, other))
        scores = one @ other.T
        right = sum((labels[found] == labels).sum() for found in (scores.argmax(1), scores.argmax(0)))
        return torch.stack([right, torch.full_like(right, 2 * len(labels))])

    def _value(self, sums: Tensor) -> float:
        return (sums[0] / sums[1]).item()


def apart(answer: Float[Tensor, "batch answer"]) -> tuple[Tensor, Tensor, Tensor]:
    """Take the answer of TwoTowers apart: both embeddings, and the logarithm of the scale."""
    width = (answer.shape[1] - 1) // 2
    return answer[:, :width], answer[:, width:-1], answer[0, -1]


def embeddings(
    model: TwoTowers, batches: Iterable[dict], senses: tuple[str, ...] | None = None
) -> tuple[dict[str, Float[Tensor, "example feature"]], Int[Tensor, " example"]]:
    """Embed all examples of a set, without dropout and gradients.

    senses   which; both where None
    Returns  (sense -> embeddings, labels), on the CPU and in the order of the batches
    """
    device = next(model.parameters()).device
    found: dict[str, list[Tensor]] = {sense: [] for sense in senses or model.senses}
    labels = []
    with evaluating(model):
        for batch in batches:
            batch = move(batch, device)
            labels.append(batch["label"].cpu())
            for sense, rows in found.items():
                rows.append(model.embed(batch, sense).cpu())
    return {sense: torch.cat(rows) for sense, rows in found.items()}, torch.cat(labels)


def correlate(
    model: TwoTowers, batches: Iterable[dict], components: int, regularisation: float = 1e-3
) -> CCA:
    """Find the directions in which the embeddings of training examples correlate: the last layer of deep CCA.

    Source  Andrew et al. 2013, "Deep canonical correlation analysis", section 3: linear CCA on the outputs
    """
    found, _ = embeddings(model, batches)
    cca = CCA((model.features, model.features), components, regularisation)
    return cca.fit(*(found[sense] for sense in model.senses))
