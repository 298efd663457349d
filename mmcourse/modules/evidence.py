"""Dempster–Shafer fusion of decisions. Twin of mmcourse.scratch.evidence."""

from __future__ import annotations

import torch
from jaxtyping import Bool, Float
from torch import Tensor, nn
from torch.nn.functional import logsigmoid

from mmcourse.modules._decisions import LOWEST, LateFusion, heard


class DempsterShafer(LateFusion):
    """Believe senses as far as they are reliable. Twin of scratch.evidence.dempster_shafer.

    senses       how many
    reliability  where to begin, above 0 and below 1; it is learned as a logit
    """

    def __init__(self, senses: int, reliability: float = 0.9):
        super().__init__()
        if not 0 < reliability < 1:
            raise ValueError(f"reliability must lie between 0 and 1, got {reliability}.")
        self.logit = nn.Parameter(torch.full((senses,), reliability).logit())

    def join(self, log_probs: Tensor, present: Tensor) -> Tensor:
        """Give the log-probabilities alone."""
        return self._combine(log_probs, present)[0]

    def conflict(
        self,
        log_probs: Float[Tensor, "batch sense class"],
        present: Bool[Tensor, "batch sense"] | None = None,
    ) -> Float[Tensor, " batch"]:
        """Say how far the senses contradict one another, 0..1."""
        return self._combine(*heard(log_probs, present))[1]

    def _combine(self, log_probs: Tensor, present: Tensor) -> tuple[Tensor, Tensor]:
        """Take in one sense after another: the masses of the classes and of "any" so far, and what is left.

        Masses are shares of what is no conflict, as logarithms; `kept` is the logarithm of that share.
        """
        singles = torch.full_like(log_probs[:, 0], LOWEST)
        open_ = log_probs.new_zeros(len(log_probs), 1)
        kept = torch.zeros_like(open_)
        for sense in range(log_probs.shape[1]):
            belief = logsigmoid(self.logit[sense]) + log_probs[:, sense]
            doubt = logsigmoid(-self.logit[sense])
            both = torch.stack([singles + belief, singles + doubt, open_ + belief])
            new_singles, new_open = both.logsumexp(0), open_ + doubt
            whole = torch.cat([new_singles, new_open], 1).logsumexp(1, keepdim=True)
            there = present[:, sense : sense + 1]
            singles = torch.where(there, new_singles - whole, singles)
            open_ = torch.where(there, new_open - whole, open_)
            kept = torch.where(there, kept + whole, kept)
        evenly = torch.tensor(log_probs.shape[2], dtype=log_probs.dtype, device=log_probs.device).log()
        joined = torch.logaddexp(singles, open_ - evenly).log_softmax(1)
        return joined, -torch.expm1(kept.squeeze(1))
