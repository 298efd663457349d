"""Classifiers for several senses, some of which may be missing: fused in the middle, or at the end.

All take a batch {"image": …, "speech": …, "lengths": …}, and where senses are missing "present", Bool
[batch, sense], in the order of the model's senses. What is missing may hold anything, NaN too: no encoder
sees it, so that it is in no statistics of batch norm either.
"""

from __future__ import annotations

from collections.abc import Mapping

import torch
from jaxtyping import Float
from torch import Tensor, nn

from mmcourse.modules.multimodal import OneSense


class Fused(nn.Module):
    """Encode each sense, join the embeddings, classify: intermediate fusion. Twin of scratch.fused.fused.

    encoders  sense -> network with `.features`, in the order of the fusion's senses
    fusion    (embeddings, present) -> [batch, fusion.features], such as those of modules.fusion
    classes   logits
    hidden    width between the two last linear layers
    Raises    ValueError where the fusion takes other widths than the encoders give
    """

    def __init__(
        self, encoders: Mapping[str, nn.Module], fusion: nn.Module, classes: int, *, hidden: int = 64
    ):
        super().__init__()
        widths = tuple(encoder.features for encoder in encoders.values())
        wanted = tuple(getattr(fusion, "in_features", widths))
        if widths != wanted:
            raise ValueError(f"the fusion takes the widths {list(wanted)}, the encoders give {list(widths)}.")
        self.senses = tuple(encoders)
        self.encoders = nn.ModuleDict(encoders)
        self.fusion = fusion
        self.head = nn.Sequential(
            nn.ReLU(), nn.Linear(fusion.features, hidden), nn.ReLU(), nn.Linear(hidden, classes)
        )

    def forward(self, batch: dict, muted: str | None = None) -> Float[Tensor, "batch class"]:
        """Give logits.

        batch  see the head of this file
        muted  a sense that is missing in the whole batch
        """
        present = there(batch, self.senses, muted)
        embeddings = [self._encode(sense, batch, present) for sense in self.senses]
        return self.head(self.fusion(embeddings, present))

    def _encode(self, sense: str, batch: dict, present: Tensor | None) -> Tensor:
        encoder = self.encoders[sense]
        rows = None if present is None else present[:, self.senses.index(sense)]
        if rows is None or rows.all():
            return encoder(*given(sense, batch))
        return scattered(encoder(*given(sense, batch, rows)), rows) if rows.any() else _nothing(encoder, rows)


class TokenFused(Fused):
    """As Fused, of encoders that give tokens and a fusion of tokens. Twin of scratch.fused.token_fused.

    encoders  sense -> network with `.features` that gives (tokens, lengths), as those of modules.tokens
    fusion    (tokens, lengths, present) -> [batch, fusion.features]: see modules.token_fusion
    classes   logits
    hidden    width between the two last linear layers
    """

    def forward(self, batch: dict, muted: str | None = None) -> Float[Tensor, "batch class"]:
        """Give logits; arguments as Fused's."""
        present = there(batch, self.senses, muted)
        tokens, lengths = zip(*(self._tokens(sense, batch, present) for sense in self.senses), strict=True)
        return self.head(self.fusion(tokens, lengths, present))

    def _tokens(self, sense: str, batch: dict, present: Tensor | None) -> tuple[Tensor, Tensor]:
        encoder = self.encoders[sense]
        rows = None if present is None else present[:, self.senses.index(sense)]
        if rows is None or rows.all():
            return encoder(*given(sense, batch))
        if not rows.any():
            return _nothing(encoder, rows).unsqueeze(1), torch.zeros_like(rows, dtype=torch.long)
        return tuple(scattered(part, rows) for part in encoder(*given(sense, batch, rows)))


class Decisions(nn.Module):
    """Classify by each sense alone, then join the decisions: late fusion. Twin of scratch.fused.decided.

    The models are trained before, each alone: through votes and ranks no gradient reaches them.

    models    sense -> OneSense, or another model of the batch that gives logits
    decision  (log_probs [batch, sense, class], present) -> log-probabilities: see modules.decisions
    """

    def __init__(self, models: Mapping[str, nn.Module], decision: nn.Module):
        super().__init__()
        if len(models) < 2:
            raise ValueError(f"a late fusion joins two senses or more, got {', '.join(models) or 'none'}.")
        for sense, model in models.items():
            if isinstance(model, OneSense) and model.sense != sense:
                raise ValueError(f"the model given for {sense} looks at {model.sense}.")
        self.senses = tuple(models)
        self.models = nn.ModuleDict(models)
        self.decision = decision

    def forward(self, batch: dict, muted: str | None = None) -> Float[Tensor, "batch class"]:
        """Give log-probabilities, which cross-entropy takes as logits; arguments as Fused's."""
        present = there(batch, self.senses, muted)
        return self.decision(self.log_probs(batch, present), present)

    def log_probs(self, batch: dict, present: Tensor | None = None) -> Float[Tensor, "batch sense class"]:
        """Give each sense's own log-probabilities, 0 where it is missing.

        batch    see the head of this file
        present  True where an example has a sense; all have all where None
        """
        found: list[Tensor | None] = []
        for place, sense in enumerate(self.senses):
            rows = None if present is None else present[:, place]
            if rows is not None and not rows.any():
                found.append(None)
                continue
            part = batch if rows is None or rows.all() else _rows(batch, rows)
            own = self.models[sense](part).log_softmax(dim=-1)
            found.append(own if part is batch else scattered(own, rows))
        some = next((x for x in found if x is not None), None)
        if some is None:
            raise ValueError("no example of this batch has any sense.")
        return torch.stack([torch.zeros_like(some) if x is None else x for x in found], dim=1)


def there(batch: dict, senses: tuple[str, ...], muted: str | None) -> Tensor | None:
    """Say which senses each example has, [batch, sense], or None where all have all."""
    present = batch.get("present")
    if muted is None:
        return present
    if muted not in senses:
        raise ValueError(f"muted is one of {', '.join(senses)}; got {muted!r}.")
    first = batch[senses[0]]
    if present is None:
        present = torch.ones(len(first), len(senses), dtype=torch.bool, device=first.device)
    return present & torch.tensor([sense != muted for sense in senses], device=present.device)


def given(sense: str, batch: dict, rows: Tensor | None = None) -> tuple[Tensor, ...]:
    """Pick what an encoder is given: speech comes with the lengths of its clips."""
    parts = (batch[sense], batch["lengths"]) if sense == "speech" else (batch[sense],)
    return parts if rows is None else tuple(part[rows] for part in parts)


def scattered(found: Tensor, rows: Tensor) -> Tensor:
    """Put the answers for some examples in their places, and zeros in the others."""
    return found.new_zeros(len(rows), *found.shape[1:]).masked_scatter(
        rows.view(-1, *[1] * (found.ndim - 1)), found
    )


def _nothing(encoder: nn.Module, rows: Tensor) -> Tensor:
    weight = next(encoder.parameters(), torch.empty(0, device=rows.device))
    return torch.zeros(len(rows), encoder.features, dtype=weight.dtype, device=rows.device)


def _rows(batch: dict, rows: Tensor) -> dict:
    """Pick some examples of what the senses are told."""
    return {
        name: value[rows] if isinstance(value, Tensor) and value.shape[:1] == rows.shape else value
        for name, value in batch.items()
        if name != "present"
    }
