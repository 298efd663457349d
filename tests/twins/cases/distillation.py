"""Twins of scratch.distillation in torch and mmcourse.modules."""

import warnings

import torch
from hypothesis import strategies as st
from torch.nn import functional as F

from mmcourse.modules.distillation import DistillationLoss
from mmcourse.scratch import distillation as ours
from tests.twins.harness import Call, Twin

SIZES = st.integers(1, 5)


def shares(draw, tensor):
    shape = draw(st.lists(SIZES, min_size=1, max_size=3))
    logs, target = torch.log_softmax(tensor(*shape), -1), torch.softmax(tensor(*shape), -1)
    log_target = draw(st.booleans())
    if log_target:
        target = target.log()
    elif draw(st.booleans()):
        target = torch.eye(shape[-1], dtype=torch.float64)[(logs.argmax(-1) + 1) % shape[-1]]  # zeros in it
    reduction = draw(st.sampled_from(["none", "sum", "batchmean"]))
    return Call(logs, target, reduction=reduction, log_target=log_target)


def means(draw, tensor):
    call = shares(draw, tensor)
    return Call(*call.args, log_target=call.kwargs["log_target"])


def constant_target(function):
    return lambda input, target, **kwargs: function(input, target.detach(), **kwargs)


def taught(draw, tensor):
    batch, classes = draw(SIZES), draw(st.integers(2, 5))
    logits = (tensor(batch, classes) * draw(st.sampled_from([1.0, 30.0])) for _ in range(2))
    target = (tensor(batch).abs() * 1e3).long() % classes
    return Call(
        *logits, target, draw(st.sampled_from([0.5, 1.0, 4.0])), draw(st.sampled_from([0.0, 0.3, 1.0]))
    )


def by_module(input, teacher, target, temperature, alpha):
    return DistillationLoss(temperature, alpha)(input, teacher, target)


def with_mean(input, target, **kwargs):
    """torch's mean, which warns that it is not the divergence of an example."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return KL[1](input, target, **kwargs)


KL = constant_target(ours.kl_div), constant_target(F.kl_div)
TWINS = [
    Twin("kl_div", *KL, shares),
    Twin("kl_div, mean over all numbers", KL[0], with_mean, means),
    Twin("distillation_loss", ours.distillation_loss, by_module, taught),
]
