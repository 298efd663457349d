"""On-the-fly gradient modulation: the branch that is ahead learns more slowly while it is ahead."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

import torch
from jaxtyping import Float
from torch import Tensor, nn
from torch.utils.hooks import RemovableHandle

from mmcourse.training import Callback, evaluating
from mmcourse.training.devices import Compiled


def alone(model: nn.Module, batch: dict, senses: tuple[str, ...]) -> dict[str, Float[Tensor, "batch class"]]:
    """Give the joint model's logits with one sense at a time, the others muted.

    By model.each_alone(batch) where the model has it, which runs each encoder once. Elsewhere of two senses
    one is muted by model(batch, muted=…); of more, all but one by batch["present"].
    """
    with evaluating(model):
        if hasattr(model, "each_alone"):
            logits = model.each_alone(batch)
            return {sense: logits[sense] for sense in senses}
        if len(senses) == 2:
            return {sense: model(batch, muted=senses[1 - place]) for place, sense in enumerate(senses)}
        rows = len(batch["label"])
        only = torch.eye(len(senses), dtype=torch.bool, device=batch["label"].device)
        present = batch.get("present", torch.ones_like(only[:1]).expand(rows, -1))
        return {sense: model({**batch, "present": present & only[k]}) for k, sense in enumerate(senses)}


class GradientModulation(Callback):
    """Scale the gradients of each branch by how far ahead it is: OGM, with noise OGM-GE.

    s_u = Σ softmax(logits of sense u alone)[right class] over the batch; ρ_u = s_u / mean of the other s;
    the branch's gradients are multiplied by 1 - tanh(α ρ_u) where ρ_u > 1, and left as they are elsewhere.
    Noise with the spread of each gradient is then added, as a step on fewer examples would have it.

    fit(model, …, callbacks=[GradientModulation({"image": model.image, "speech": model.speech})])

    Adam divides a gradient by its own usual size, and so takes back a factor that stays: with it the method
    does little but add noise. It was made for SGD; per_branch works with both.

    branches  sense -> the part of the model that is its encoder
    alpha     how strongly a leading branch is held back, 0 or more
    noise     whether to add it (generalisation enhancement); it is drawn from torch's own random numbers,
              which `fit` seeds and keeps in its checkpoints
    epochs    modulate in so many epochs from the start; in all where None
    answers   (model, batch, senses) -> logits of each sense alone; where None, by muting, in evaluation mode
    factors   afterwards: sense -> what its gradients were multiplied by at each batch of this process, since
              it started or went on; `ratios` the ρ. In several processes each judges by its own examples.
    Raises    ValueError for fewer than two branches, alpha below 0, branches that are not of the model or
              overlap, and with compile=True
    Source    Peng et al. 2022, "Balanced multimodal learning via on-the-fly gradient modulation", sections
              3.2 and 3.3, with the spread of a gradient's numbers for its noise, as in the authors' code.
              There a sense alone keeps half of the last bias; for more than two senses ρ is this file's own
    """

    def __init__(
        self,
        branches: Mapping[str, nn.Module],
        alpha: float = 0.5,
        *,
        noise: bool = True,
        epochs: int | None = None,
        answers: Callable = alone,
    ):
        if len(branches) < 2:
            raise ValueError(f"modulation compares at least two branches, got {len(branches)}.")
        if not alpha >= 0:
            raise ValueError(f"alpha must be 0 or more, got {alpha}.")
        self.branches, self.alpha, self.noise, self.epochs = dict(branches), alpha, noise, epochs
        self.answers = answers
        self.factors: dict[str, list[float]] = {sense: [] for sense in branches}
        self.ratios: dict[str, list[float]] = {sense: [] for sense in branches}
        self._now = dict.fromkeys(branches, 1.0)
        self._hooks: list[RemovableHandle] = []
        self._on = True

    def on_start(self, run) -> None:
        """Look on at the model's answers and its branches' gradients, until the end."""
        if isinstance(run.network, Compiled):
            raise ValueError("gradient modulation looks into the model at each step: take compile=False.")
        known = {id(parameter) for parameter in run.model.parameters()}
        seen: set[int] = set()
        for sense, branch in self.branches.items():
            own = {id(parameter) for parameter in branch.parameters()}
            if not own or own - known or own & seen:
                raise ValueError(
                    f"the branch of {sense!r} must be a part of the model that is trained, with parameters "
                    "that no other branch has."
                )
            seen |= own
        self._let_go()
        self._on = self._wanted(run)
        self._hooks = [run.model.register_forward_hook(self._judge)]
        for sense, branch in self.branches.items():
            for parameter in branch.parameters():
                if parameter.requires_grad:
                    hook = parameter.register_hook(lambda grad, sense=sense: self._modulated(grad, sense))
                    self._hooks.append(hook)

    def on_epoch(self, run) -> None:
        """Stop modulating when its epochs are over."""
        self._on = self._wanted(run)

    def on_end(self, run) -> None:
        """Leave the model as it was."""
        self._let_go()

    def _wanted(self, run) -> bool:
        return self.epochs is None or run.epoch < self.epochs

    def _let_go(self) -> None:
        for hook in self._hooks:
            hook.remove()
        self._hooks = []

    def _judge(self, model: nn.Module, args: tuple, output: Tensor) -> None:
        """After the forward pass of a training step: who is ahead?"""
        if not (model.training and self._on):
            return
        batch = args[0]
        logits = self.answers(model, batch, tuple(self.branches))
        ratios = lead({sense: _right(scores, batch["label"]) for sense, scores in logits.items()})
        self._now = {sense: factor(ratio, self.alpha) for sense, ratio in ratios.items()}
        for sense, ratio in ratios.items():
            self.ratios[sense].append(ratio)
            self.factors[sense].append(self._now[sense])

    def _modulated(self, grad: Tensor, sense: str) -> Tensor | None:
        if not self._on:
            return None
        changed = grad * self._now[sense]
        if self.noise and grad.numel() > 1:
            changed = changed + torch.randn_like(grad) * grad.std()
        return changed


def lead(scores: Mapping[str, float]) -> dict[str, float]:
    """Say how far each sense is ahead: its score over the mean of the others' scores."""
    others = {sense: (sum(scores.values()) - score) / (len(scores) - 1) for sense, score in scores.items()}
    return {sense: score / max(others[sense], 1e-12) for sense, score in scores.items()}


def factor(ratio: float, alpha: float) -> float:
    """Give what a branch's gradients are multiplied by: 1 - tanh(α ρ) where it is ahead, ρ > 1, else 1."""
    return 1 - math.tanh(alpha * ratio) if ratio > 1 else 1.0


def _right(logits: Tensor, labels: Tensor) -> float:
    """Sum over the batch of the probability of the right class."""
    return logits.double().softmax(dim=1).gather(1, labels[:, None]).sum().item()
