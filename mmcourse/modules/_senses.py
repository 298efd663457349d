"""What the fusions have in common: they check their senses, and a missing one keeps silent."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from jaxtyping import Bool, Float
from torch import Tensor, nn


class EmbeddingFusion(nn.Module):
    """Make one embedding out of several; a subclass says how in `join`.

    features      width of each sense's embedding, in the order in which they come
    out_features  width of the result
    """

    exactly: int | None = None  # senses it can join, any number from two where None

    def __init__(self, features: Sequence[int], out_features: int):
        super().__init__()
        need_count(len(features), self.exactly, type(self).__name__)
        self.in_features = tuple(features)
        self.features = out_features

    def forward(
        self,
        embeddings: Sequence[Float[Tensor, "batch _"]],
        present: Bool[Tensor, "batch sense"] | None = None,
    ) -> Float[Tensor, "batch feature"]:
        """Give [batch, out_features], zeros for an example without any sense.

        embeddings  [batch, features[i]] of each sense; what is missing may hold anything, NaN too
        present     True where an example has a sense; all have all where None
        Raises      ValueError for another number of senses, other widths, and a mask that does not fit
        """
        need_widths(embeddings, self.in_features, present)
        if present is None:
            return self.join(embeddings, None)
        joined = self.join(silenced(embeddings, present), present)
        return torch.where(present.any(dim=1, keepdim=True), joined, 0)

    def join(self, embeddings: Sequence[Tensor], present: Tensor | None) -> Tensor:
        """Join embeddings that are 0 where they are missing."""
        raise NotImplementedError

    def extra_repr(self) -> str:
        """Say the widths where the module is printed."""
        return f"{list(self.in_features)} -> {self.features}"


def need_count(senses: int, exactly: int | None, name: str) -> None:
    """Raise ValueError unless a fusion can join so many senses."""
    if senses < 2 or (exactly is not None and senses != exactly):
        wanted = "two or more" if exactly is None else f"exactly {exactly}"
        raise ValueError(f"{name} joins {wanted} senses, got {senses}.")


def need_widths(senses: Sequence[Tensor], features: Sequence[int], present: Tensor | None) -> None:
    """Raise ValueError unless the senses have one batch and these widths (last axes), and the mask fits."""
    shapes = [list(x.shape) for x in senses]
    if [shape[-1] for shape in shapes] != list(features) or len({shape[0] for shape in shapes}) != 1:
        raise ValueError(f"wanted senses of one batch with the widths {list(features)}, got {shapes}.")
    need_present(present, shapes[0][0], len(shapes))


def need_present(present: Tensor | None, batch: int, senses: int) -> None:
    """Raise unless the mask is None, or True and False for each example and sense."""
    if present is None:
        return
    if present.dtype != torch.bool:
        raise TypeError(f"present must hold True and False, got {present.dtype}: use present.bool().")
    if tuple(present.shape) != (batch, senses):
        raise ValueError(f"present must be [batch, sense] = [{batch}, {senses}], got {list(present.shape)}.")


def silenced(senses: Sequence[Tensor], present: Tensor) -> list[Tensor]:
    """Set a sense to 0 where it is missing: 0 · NaN would be NaN."""
    return [
        torch.where(present[:, sense].reshape(-1, *[1] * (x.ndim - 1)), x, 0)
        for sense, x in enumerate(senses)
    ]
