"""How strongly each branch of a model is pulled while it trains: the length of its gradient, step by step."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import torch
from torch import nn

from mmcourse.training import Callback

if TYPE_CHECKING:
    from mmcourse.training.run import Run

_NAME = "gradient norm: {}"


class BranchGradients(Callback):
    """Note after each step how long the gradient of each branch was; give it to `fit(callbacks=[…])`.

    The lengths are of the gradient that the step followed: after it was shortened to `max_norm`, which leaves
    the branches' ratio as it is. Give max_norm=None to see them as they came.

    They stand in the history too, so that a run that goes on from a checkpoint has them all:
    history.metrics["gradient norm: image"] is a list of lists, the steps of each epoch. With weights that are
    split between processes (parallel = "fsdp") a process sees its own part only.

    branches  attributes of the model, or name -> attribute with dots, such as {"image": "encoders.image"}
    norms     branch -> one length a step
    ratio     branch -> its length divided by that of the longest, a step at a time
    Source    Wang, Tran & Feiszli 2020, "What makes training multi-modal classification networks hard?", and
              Peng et al. 2022, "Balanced multimodal learning via on-the-fly gradient modulation", section 3
    """

    def __init__(self, branches: Sequence[str] | Mapping[str, str] = ("image", "speech")):
        if isinstance(branches, str) or len(branches) == 0:
            raise ValueError(f"branches are one or more names of a model's parts, got {branches!r}.")
        named = branches if isinstance(branches, Mapping) else {name: name for name in branches}
        self.branches: dict[str, str] = dict(named)
        self.norms: dict[str, list[float]] = {name: [] for name in named}

    @property
    def ratio(self) -> dict[str, list[float]]:
        """Each branch's length beside the longest one's, 0..1, at every step; 0 where all are 0."""
        longest = [max(step) for step in zip(*self.norms.values(), strict=True)]
        return {
            name: [one / most if most > 0 else 0.0 for one, most in zip(norms, longest, strict=True)]
            for name, norms in self.norms.items()
        }

    def on_start(self, run: Run) -> None:
        """Find the branches, and take up what was noted before a checkpoint.

        Raises  ValueError for a branch that the model lacks, or one without parameters that learn
        """
        self._parts = {name: _part(run.model, path) for name, path in self.branches.items()}
        for name in self.branches:
            epochs = run.history.metrics.setdefault(_NAME.format(name), [])
            self.norms[name] = [norm for epoch in epochs for norm in epoch]

    def on_step(self, run: Run) -> None:
        """Note the length of each branch's gradient."""
        for name, parameters in self._parts.items():
            norm = _norm(parameters)
            self.norms[name].append(norm)
            epochs = run.history.metrics[_NAME.format(name)]
            while len(epochs) <= run.epoch:
                epochs.append([])
            epochs[run.epoch].append(norm)


def _part(model: nn.Module, path: str) -> list[nn.Parameter]:
    """Return the parameters of a branch that learn."""
    try:
        part = model.get_submodule(path)
    except AttributeError:
        there = ", ".join(name for name, _ in model.named_children()) or "no parts"
        raise ValueError(f"the model has no branch {path!r}; it has {there}.") from None
    parameters = [parameter for parameter in part.parameters() if parameter.requires_grad]
    if not parameters:
        raise ValueError(f"the branch {path!r} has no parameter that learns, so it has no gradient.")
    return parameters


def _norm(parameters: list[nn.Parameter]) -> float:
    """Euclidean length of all gradients together; what no loss reached has none, which counts as 0."""
    gradients = [parameter.grad for parameter in parameters if parameter.grad is not None]
    if not gradients:
        return 0.0
    return torch.nn.utils.get_total_norm(gradients).item()
