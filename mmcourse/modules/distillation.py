"""Learning from a teacher's probabilities. Twin of mmcourse.scratch.distillation."""

from __future__ import annotations

from jaxtyping import Float, Int
from torch import Tensor, nn
from torch.nn.functional import cross_entropy, softmax


class DistillationLoss(nn.Module):
    """Follow a teacher and the labels. Twin of scratch.distillation.distillation_loss.

    temperature  T, above 0: the higher, the more of the teacher's ranking of wrong classes counts
    alpha        share of the teacher, 0 to 1
    Raises       ValueError for a temperature or share out of range
    """

    def __init__(self, temperature: float = 4.0, alpha: float = 0.5):
        super().__init__()
        if not temperature > 0 or not 0 <= alpha <= 1:
            raise ValueError(
                f"temperature must be above 0 and alpha lie in 0..1, got {temperature} and {alpha}."
            )
        self.temperature = temperature
        self.alpha = alpha

    def forward(
        self,
        input: Float[Tensor, "batch class"],
        teacher: Float[Tensor, "batch class"],
        target: Int[Tensor, " batch"],
    ) -> Float[Tensor, ""]:
        """Give the mean loss for the student's and the teacher's logits; none of it moves the teacher."""
        wanted = softmax(teacher.detach() / self.temperature, dim=1)
        # the divergence: cross-entropy with the teacher's shares, less that of the teacher with itself
        open_ = cross_entropy(teacher.detach() / self.temperature, wanted)
        soft = cross_entropy(input / self.temperature, wanted) - open_
        hard = cross_entropy(input, target)
        return self.alpha * self.temperature**2 * soft + (1 - self.alpha) * hard
