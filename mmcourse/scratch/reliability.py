"""How far a sense can be trusted: its temperature, and a gate that looks at how sure each sense is now."""

import math
from collections.abc import Mapping

import torch
from jaxtyping import Bool, Float
from torch import Tensor

from ._decisions import need_numbers, opinions
from .activations import log_softmax, logsumexp
from .attention import masked_softmax


def temperature_scaling(
    log_probs: Float[Tensor, "batch sense class"],
    log_temperature: Float[Tensor, " sense"],
    present: Bool[Tensor, "batch sense"] | None = None,
) -> Float[Tensor, "batch sense class"]:
    """Make each sense less sure (T above 1) or surer, without another ranking: log_softmax(log p / T).

    log_probs        log-probabilities; of logits it is the same, since what they differ by cancels
    log_temperature  log T of each sense, 0 for no change: T stays above 0 whatever is learned
    present          True where an example has a sense, all where None; what is missing becomes uniform
    Raises           TypeError for integers, ValueError for shapes that do not fit
    Source           Guo et al. 2017, "On calibration of modern neural networks", section 4.2
    """
    x, _ = opinions(log_probs, present)
    need_numbers(log_temperature, "log_temperature", (x.shape[1],))
    return log_softmax(x * torch.exp(-log_temperature.to(x.dtype))[:, None], 2).to(log_probs.dtype)


def confidence_features(
    log_probs: Float[Tensor, "batch sense class"], present: Bool[Tensor, "batch sense"] | None = None
) -> Float[Tensor, "batch sense 3"]:
    """Say how sure a sense is: its highest probability, entropy / log(class), and the lead over the second.

    present  True where an example has a sense, all where None; what is missing is as sure as a uniform answer
    Raises   TypeError for integers, ValueError for shapes that do not fit
    Source   Atrey et al. 2010, "Multimodal fusion for multimedia analysis", section 4.3, names such measures
    """
    x, _ = opinions(log_probs, present)
    x = log_softmax(x, 2)  # of what is missing, 0 for every class, this is uniform
    shares = x.exp()
    first, second = shares.sort(2, descending=True).values[..., :2].unbind(2)
    entropy = -(shares * x).sum(2) / math.log(x.shape[2])
    return torch.stack([first, entropy, first - second], 2).to(log_probs.dtype)


def reliability_mixture(
    parameters: Mapping[str, Tensor],
    log_probs: Float[Tensor, "batch sense class"],
    present: Bool[Tensor, "batch sense"] | None = None,
) -> Float[Tensor, "batch class"]:
    """Average with a say that depends on the example: softmax over senses of w_s · confidence_s + b_s.

    Temperatures come first, so that senses are equally honest about how sure they are. The gate sees numbers
    about a decision, not the input: three weights and a bias a sense.

    parameters  log_temperature [sense], weight [sense, 3], bias [sense]: of modules.reliability's twin
    others      as of decisions.average_decisions
    Source      Jacobs et al. 1991, "Adaptive mixtures of local experts", equation 1, with this gate
    """
    x, present = opinions(log_probs, present)
    need_numbers(parameters["weight"], "weight", (x.shape[1], 3))
    need_numbers(parameters["bias"], "bias", (x.shape[1],))
    x = temperature_scaling(x, parameters["log_temperature"], present)
    weight, bias = (parameters[name].to(x.dtype) for name in ("weight", "bias"))
    scores = (confidence_features(x, present) * weight).sum(2) + bias
    say = masked_softmax(scores, present)[..., None]
    heard = say > 0
    spoken = (x + say.where(heard, 1).log()).masked_fill(~heard, -2e4)
    return log_softmax(logsumexp(spoken, 1), 1).to(log_probs.dtype)
