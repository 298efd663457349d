"""Modality dropout: a sense is missing now and then in training, so that the model learns to do without."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

import torch
from jaxtyping import Bool
from torch import Tensor

from mmcourse.training.order import order_of, set_order


class ModalityDropout:
    """Batches in which some examples lack a sense: they get "present", Bool [batch, sense].

    An example loses each sense with its probability, independently; of one that would lose all, every sense
    stays. What a batch lacks already stays away. The tensors themselves are left as they are: a model that
    looks at "present", such as JointModel, does not see what is missing.

    batches  give dicts, and have a length
    p        probability of losing a sense, 0 to below 1: one number for all, or one a sense
    senses   how many
    seed     of what is dropped; `fit` keeps where it stands in its checkpoints
    Raises   ValueError for a p out of range or of another length
    Source   Neverova et al. 2016, "ModDrop: adaptive multi-modal gesture recognition"
    """

    def __init__(self, batches: Collection[dict], p: float | Sequence[float], *, seed: int, senses: int = 2):
        shares = [p] * senses if isinstance(p, int | float) else list(p)
        if len(shares) != senses or not all(0 <= share < 1 for share in shares):
            raise ValueError(f"p must hold {senses} probabilities from 0 to below 1, one a sense; got {p}.")
        self.batches = batches
        self.p = torch.tensor(shares, dtype=torch.float64)
        self._generator = torch.Generator().manual_seed(seed)

    def __len__(self) -> int:
        return len(self.batches)

    def __iter__(self) -> Iterator[dict]:
        for batch in self.batches:
            there = batch.get("present")
            yield {**batch, "present": drop_senses(len(batch["label"]), self.p, self._generator, there)}

    def state_dict(self) -> dict:
        """Say where the dropping and the batches' order stand."""

        return {"generator": self._generator.get_state(), "batches": order_of(self.batches)}

    def load_state_dict(self, state: dict) -> None:
        """Go back to where `state_dict` was taken."""

        self._generator.set_state(state["generator"].cpu())
        set_order(self.batches, state["batches"])


def drop_senses(
    rows: int,
    p: Sequence[float] | Tensor,
    generator: torch.Generator,
    present: Bool[Tensor, "batch sense"] | None = None,
) -> Bool[Tensor, "batch sense"]:
    """Draw which senses each of some examples keeps: at least one of those that are present.

    p        probability of losing each sense
    present  what there is to keep; all where None
    """
    p = torch.as_tensor(p, dtype=torch.float64)
    kept = torch.rand(rows, len(p), generator=generator, dtype=torch.float64) >= p
    if present is None:
        return kept | ~kept.any(dim=1, keepdim=True)
    kept = kept.to(present.device) & present
    return kept | (~kept.any(dim=1, keepdim=True) & present)
