"""When to stop: as soon as validation has not got better for a while, with the best weights put back."""

from __future__ import annotations

import math

from torch import Tensor, nn


class EarlyStopping:
    """Remember the best epoch and its weights; done after `patience` epochs without a better one.

    patience  epochs to wait for a better one; None never stops, and keeps no weights
    highest   the higher the better, as an accuracy; else the lower, as a loss
    Source    Prechelt 1998, "Early stopping: but when?"
    """

    def __init__(self, patience: int | None, *, highest: bool = False):
        if patience is not None and patience < 1:
            raise ValueError(f"patience must be at least 1 epoch, got {patience}; None never stops.")
        self.patience = patience
        self.highest = highest
        self.best: float | None = None
        self.waited = 0
        self.weights: dict[str, Tensor] = {}

    @property
    def done(self) -> bool:
        """Whether it has waited long enough."""
        return self.patience is not None and self.waited >= self.patience

    def update(self, value: float, weights: dict[str, Tensor]) -> None:
        """Take in an epoch's value and weights (a state_dict); NaN is never better.

        Raises  TypeError for a value that is several numbers, such as a table of confusions
        """
        if self.patience is None:
            return
        if isinstance(value, Tensor) and value.numel() != 1:
            raise TypeError(
                f"early stopping needs one number an epoch to monitor, got {list(value.shape)}; F1 without "
                "average=None gives one."
            )
        better = self.best is None or (value > self.best if self.highest else value < self.best)
        if better and not math.isnan(value):
            self.best, self.waited = value, 0
            # copies: the tensors of a state_dict are the model's own, which the next step changes
            self.weights = {name: tensor.detach().to("cpu", copy=True) for name, tensor in weights.items()}
        else:
            self.waited += 1

    def restore(self, model: nn.Module) -> None:
        """Put the best weights into the model, where there are any."""
        if self.weights:
            model.load_state_dict(self.weights)

    def state_dict(self) -> dict:
        """Return what a checkpoint keeps."""
        return {"best": self.best, "waited": self.waited, "weights": self.weights}

    def load_state_dict(self, state: dict) -> None:
        """Take up what `state_dict` returned."""
        self.best, self.waited, self.weights = state["best"], state["waited"], state["weights"]
