"""A joint model that also answers from each sense alone, and the loss that weighs these answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn
from torch.nn.functional import cross_entropy


class JointModel(nn.Module):
    """Name the class from all senses together, and in training also from each alone.

    In training it gives the logits of all heads side by side, [batch, head · class], the joint ones first and
    then one sense after the other; JointLoss takes them apart. In evaluation it gives the joint ones, so
    that loss, accuracy and predictions are those of the joint model. (training.sanity notes the difference.)

    encoders  sense -> network for it, with `features` as its width; "speech" also gets the clips' lengths
    classes   how many
    hidden    width of the layer between embeddings and joint logits; None for one linear layer
    fusion    embeddings, present -> [batch, fusion.features]; the embeddings side by side where None
    Raises    ValueError for fewer than two senses
    """

    def __init__(
        self,
        encoders: Mapping[str, nn.Module],
        classes: int,
        *,
        hidden: int | None = 64,
        fusion: nn.Module | None = None,
    ):
        super().__init__()
        if len(encoders) < 2:
            raise ValueError(f"a joint model needs at least two senses, got {', '.join(encoders) or 'none'}.")
        self.senses, self.classes = tuple(encoders), classes
        self.encoders = nn.ModuleDict(encoders)
        self.fusion = fusion
        widths = [encoder.features for encoder in encoders.values()]
        self.head = _head(sum(widths) if fusion is None else fusion.features, hidden, classes)
        self.heads = nn.ModuleDict(
            {sense: _head(width, hidden, classes) for sense, width in zip(encoders, widths, strict=True)}
        )

    def forward(self, batch: dict, muted: str | None = None) -> Float[Tensor, "batch logit"]:
        """Give [batch, head · class] in training and [batch, class] in evaluation.

        batch  a tensor for each sense, and where some are missing "present", Bool [batch, sense]
        muted  a sense that is missing in the whole batch
        What is not present may be NaN; it gives the embedding 0, and even logits in its own head, which teach
        that head nothing.
        """
        if self.training and muted is None:
            return self.all_logits(batch).flatten(start_dim=1)
        embeddings, present = self._embed(batch, muted)
        return self._joint(embeddings, present)

    def all_logits(self, batch: dict) -> Float[Tensor, "batch head class"]:
        """Give the logits of all heads: joint, then each sense."""
        embeddings, present = self._embed(batch, None)
        alone = [
            _silenced(self.heads[sense](embedding), present, place)
            for place, (sense, embedding) in enumerate(zip(self.senses, embeddings, strict=True))
        ]
        return torch.stack([self._joint(embeddings, present), *alone], dim=1)

    def each_alone(self, batch: dict) -> dict[str, Float[Tensor, "batch class"]]:
        """Give the joint head's logits with one sense at a time; each encoder runs once."""
        embeddings, present = self._embed(batch, None)
        first = embeddings[0]
        if present is None:
            present = torch.ones(len(first), len(self.senses), dtype=torch.bool, device=first.device)
        logits = {}
        for place, sense in enumerate(self.senses):
            only = present & (torch.arange(len(self.senses), device=first.device) == place)
            kept = [_silenced(embedding, only, k) for k, embedding in enumerate(embeddings)]
            logits[sense] = self._joint(kept, only)
        return logits

    def _joint(self, embeddings: Sequence[Tensor], present: Tensor | None) -> Tensor:
        if self.fusion is not None:
            return self.head(self.fusion(embeddings, present))
        return self.head(torch.cat(list(embeddings), dim=-1))

    def _embed(self, batch: dict, muted: str | None) -> tuple[list[Tensor], Tensor | None]:
        present = batch.get("present")
        if muted is not None:
            if muted not in self.senses:
                raise ValueError(f"muted is one of {', '.join(self.senses)}; got {muted!r}.")
            if present is None:
                rows = len(batch[self.senses[0]])
                present = torch.ones(
                    rows, len(self.senses), dtype=torch.bool, device=batch[self.senses[0]].device
                )
            present = present & torch.tensor([s != muted for s in self.senses], device=present.device)
        return [
            self._embed_one(sense, place, batch, present) for place, sense in enumerate(self.senses)
        ], present

    def _embed_one(self, sense: str, place: int, batch: dict, present: Tensor | None) -> Tensor:
        values = [_silenced(batch[sense], present, place)]
        if sense == "speech":
            lengths = batch["lengths"]  # of a missing clip it may be 0, which no encoder takes
            values.append(lengths if present is None else lengths.where(present[:, place], 1))
        return _silenced(self.encoders[sense](*values), present, place)


class JointLoss:
    """Weigh the cross-entropy of the joint logits and of each sense's own: Σ_k w_k · L_k, for `fit(loss=…)`.

    classes  of a head
    weights  of the joint head and of each sense, in the model's order; 1 each where None. Weights 0 but for
             the first train the plain joint model
    Raises   ValueError for weights below 0, and for logits of another number of heads
    Source   auxiliary losses: Lee et al. 2015, "Deeply-supervised nets"; weighted by sense: Wang et al. 2020,
             "What makes training multi-modal classification networks hard?", section 3
    """

    def __init__(self, classes: int, weights: Sequence[float] | None = None):
        if weights is not None and not (min(weights) >= 0 and sum(weights) > 0):
            raise ValueError(f"weights must be 0 or more, and not all 0; got {list(weights)}.")
        self.classes = classes
        self.weights = None if weights is None else tuple(float(weight) for weight in weights)

    def __call__(
        self, logits: Float[Tensor, "batch logit"], labels: Int[Tensor, " batch"]
    ) -> Float[Tensor, ""]:
        """Give the weighted loss of all heads, or that of the joint logits where these come alone."""
        if logits.shape[1] == self.classes:  # the model is evaluated
            return cross_entropy(logits, labels)
        heads = logits.reshape(len(logits), -1, self.classes)
        weights = self.weights or (1.0,) * heads.shape[1]
        if len(weights) != heads.shape[1]:
            raise ValueError(
                f"need a weight for each of {heads.shape[1]} heads, the joint one first, got {len(weights)}."
            )
        losses = [cross_entropy(head, labels) for head in heads.unbind(dim=1)]
        # a weight 0 still gives a gradient, of zeros: processes that share a model wait for every one
        return sum(weight * loss for weight, loss in zip(weights, losses, strict=True))


def _head(features: int, hidden: int | None, classes: int) -> nn.Module:
    if hidden is None:
        return nn.Linear(features, classes)
    return nn.Sequential(nn.ReLU(), nn.Linear(features, hidden), nn.ReLU(), nn.Linear(hidden, classes))


def _silenced(values: Tensor, present: Tensor | None, place: int) -> Tensor:
    """Set the rows in which a sense is missing to 0, whatever they held: NaN · 0 would be NaN."""
    if present is None:
        return values
    there = present[:, place].reshape(-1, *[1] * (values.ndim - 1))
    return values.masked_fill(~there, 0)
