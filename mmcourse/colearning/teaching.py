"""A student with one sense taught by a teacher with several: cross-modal distillation."""

from __future__ import annotations

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn
from torch.nn.functional import cross_entropy

from mmcourse.modules.distillation import DistillationLoss
from mmcourse.training import Batches, evaluating, move


class Taught(nn.Module):
    """A student with the teacher's logits beside its own in training, [batch, 2 · class]; see TaughtLoss.

    In evaluation it is the student alone, who needs no teacher and no sense but its own.

    student  takes a batch and returns logits, such as OneSense
    Raises   ValueError in training for a batch without "teacher"
    """

    def __init__(self, student: nn.Module):
        super().__init__()
        self.student = student

    def forward(self, batch: dict) -> Float[Tensor, "batch logit"]:
        """Give the student's logits, and in training the teacher's after them."""
        logits = self.student(batch)
        if not self.training:
            return logits
        if "teacher" not in batch:
            raise ValueError('a batch needs the logits of the teacher as "teacher": use with_teacher.')
        return torch.cat([logits, batch["teacher"].to(logits.dtype)], dim=1)


class TaughtLoss:
    """The distillation loss on the answer of Taught, for `fit(loss=…)`; in evaluation the cross-entropy.

    classes             of the student
    temperature, alpha  as in mmcourse.modules.distillation.DistillationLoss
    """

    def __init__(self, classes: int, temperature: float = 4.0, alpha: float = 0.5):
        self.classes = classes
        self.loss = DistillationLoss(temperature, alpha)

    def __call__(
        self, logits: Float[Tensor, "batch logit"], labels: Int[Tensor, " batch"]
    ) -> Float[Tensor, ""]:
        """Give the mean loss of a batch."""
        if logits.shape[1] == self.classes:
            return cross_entropy(logits, labels)
        if logits.shape[1] != 2 * self.classes:
            raise ValueError(
                f"need logits of {self.classes} classes from student and teacher, got {logits.shape[1]} "
                "numbers."
            )
        return self.loss(*logits.split(self.classes, dim=1), labels)


def with_teacher(table: dict[str, Tensor], teacher: nn.Module, *, batch_size: int = 512) -> dict[str, Tensor]:
    """Return a table for Batches with the teacher's logits as "teacher", one row an example.

    The teacher is asked once and not in each epoch, so this fits examples that stay as they are.
    """
    device = next(teacher.parameters()).device
    with evaluating(teacher):
        logits = [teacher(move(batch, device)).cpu() for batch in Batches(table, batch_size)]
    return {**table, "teacher": torch.cat(logits)}
