"""A learning rate of its own for each branch of a model."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

import torch
from torch import nn

from mmcourse.training.steps import adamw


def per_branch(
    branches: Mapping[nn.Module, float],
    optimiser: Callable = adamw,
    **options,
) -> Callable[..., torch.optim.Optimizer]:
    """Return what `fit(optimiser=…)` takes: an optimiser with a learning rate for each branch.

    fit(model, …, learning_rate=8e-3, optimiser=per_branch({model.image: 0.3, model.speech: 3.0}))

    Schedules keep the ratio of the rates. With Adam a factor on the learning rate works where one on the
    gradient does nothing: Adam divides each gradient by its own usual size.

    branches   part of the model -> factor of the learning rate; all that is in none of them has the factor 1
    optimiser  class of torch.optim; by default AdamW as `fit` has it
    options    for it; `fit` hands on no weight_decay to an optimiser that is chosen
    Raises     ValueError for a factor below 0, and when called for parts that share parameters, are not of
               the model, or are the whole of it with nothing left and no branch
    """
    for part, factor in branches.items():
        if not 0 <= factor < float("inf"):
            raise ValueError(
                f"the factor of a learning rate must be 0 or more, got {factor} for {type(part).__name__}."
            )

    def make(parameters: Iterable[nn.Parameter], lr: float) -> torch.optim.Optimizer:
        rest = {id(parameter): parameter for parameter in parameters}
        groups = []
        for part, factor in branches.items():
            own = list(part.parameters())
            if any(id(parameter) not in rest for parameter in own):
                raise ValueError(
                    f"a {type(part).__name__} has parameters that are not the model's, or that another "
                    "branch has too: name parts of the model that is trained, each once."
                )
            groups.append({"params": [rest.pop(id(parameter)) for parameter in own], "lr": lr * factor})
        if rest:  # first: its rate is what the history keeps
            groups.insert(0, {"params": list(rest.values()), "lr": lr})
        return optimiser(groups, lr=lr, **options)

    return make
