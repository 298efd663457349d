"""Dempster–Shafer: a sense may leave a part of its belief open, and senses may contradict one another.

A mass function gives belief to single classes and, in its last entry, to "any class": what a sense does not
know. Dempster's rule multiplies the masses of the senses and drops what is given to nothing, the conflict.
"""

import torch
from jaxtyping import Bool, Float
from torch import Tensor

from ._arguments import need_floating, widen
from ._decisions import FLOOR, need_numbers, opinions
from ._senses import need_present
from .activations import log_softmax, logsumexp


def dempster_combine(
    masses: Float[Tensor, "batch sense class_and_any"], present: Bool[Tensor, "batch sense"] | None = None
) -> tuple[Float[Tensor, "batch class_and_any"], Float[Tensor, " batch"]]:
    """Combine mass functions by Dempster's rule: m(A) ∝ Σ over sets whose intersection is A of Π_s m_s.

    With single classes and "any" alone, Π_s (m_s(k) + m_s(any)) is what does not speak against k; less the
    product of all m_s(any) it is the mass of k.

    masses   [..., 0 .. class - 1] of each class, [..., class] of any; 0 or more, adding up to 1
    present  True where an example has a sense, all where None; what is missing may hold anything
    Returns  the combined masses, and the conflict 0..1, the share that went to the empty set. At a conflict
             of 1 the rule is 0/0, and all mass goes to "any". So it does without a sense, at a conflict of 0
    Raises   TypeError for integers, ValueError for masses that are below 0 or do not add up to 1
    Source   Shafer 1976, "A mathematical theory of evidence", chapter 3; total conflict as in Yager 1987,
             "On the Dempster-Shafer framework and new combination rules"
    """
    need_floating(masses, "masses")
    if masses.ndim != 3 or masses.shape[2] < 3:
        raise ValueError(
            "masses must be [batch, sense, class + 1] with two classes or more, and that of any class last; "
            f"got {list(masses.shape)}."
        )
    need_present(present, *masses.shape[:2])
    x = widen(masses)
    if present is not None:
        x = torch.where(present[..., None], x, _ignorance(x))
    seen = x.detach()
    if not ((seen >= 0).all() and ((seen.sum(2) - 1).abs() <= 0.05).all()):
        raise ValueError(
            f"masses must be 0 or more and add up to 1 in each sense, got {seen.min().item():.4g} as the "
            f"lowest and sums up to {seen.sum(2).max().item():.4g}."
        )
    not_against, open_, total = _combined(_log(x[..., :-1] + x[..., -1:]), _log(x[..., -1]))
    combined = torch.cat([(not_against - total).exp() - (open_ - total).exp(), (open_ - total).exp()], 1)
    contradiction = not_against.amax(1, keepdim=True) < FLOOR / 2
    combined = torch.where(contradiction, _ignorance(combined), combined)
    return combined.to(masses.dtype), _conflict(total).to(masses.dtype)


def dempster_shafer(
    log_probs: Float[Tensor, "batch sense class"],
    reliability: Float[Tensor, " sense"] | Float[Tensor, "batch sense"],
    present: Bool[Tensor, "batch sense"] | None = None,
) -> tuple[Float[Tensor, "batch class"], Float[Tensor, " batch"]]:
    """Believe each sense as far as it is reliable, leave the rest open, and combine by Dempster's rule.

    Sense s gives the mass r_s p_s(k) to class k and 1 - r_s to any. The combined mass of "any" is shared out
    evenly at the end, which makes probabilities of beliefs. A reliability of 1 for all is the product of
    experts; the lower it is, the less can one sense veto.

    reliability  0..1, one a sense; or one an example and sense, as Han's 1 - uncertainty
    others       as of decisions.average_decisions
    Returns      log-probabilities, and the conflict 0..1. At a conflict of 1 all classes are equally likely
    Raises       TypeError for integers, ValueError for a reliability out of range
    Source       Shafer 1976, "A mathematical theory of evidence", chapter 11, discounting; as late fusion:
                 Xu, Krzyżak & Suen 1992, "Methods of combining multiple classifiers"; probabilities: Smets &
                 Kennes 1994, "The transferable belief model"; an uncertainty an example: Han et al. 2021,
                 "Trusted multi-view classification"
    """
    x, present = opinions(log_probs, present)
    batch, senses, classes = x.shape
    need_numbers(reliability, "reliability", (senses,), (batch, senses))
    share = reliability.to(x.dtype).expand(batch, senses).masked_fill(~present, 0)
    if not ((share >= 0) & (share <= 1)).all():
        raise ValueError(f"reliability must lie in 0..1, got {reliability.detach().flatten().tolist()[:8]}.")
    known, unknown = _log(share)[..., None], _log(1 - share)
    for_class = logsumexp(torch.stack([known + x, unknown[..., None].expand_as(x)]), 0)
    not_against, open_, total = _combined(for_class, unknown)
    # e^q - (1 - 1/classes) e^Q with q ≥ Q: the mass of a class, and its part of "any"
    part = (open_ - not_against).exp()
    joined = not_against + torch.log1p(-(1 - 1 / classes) * part)
    contradiction = not_against.amax(1, keepdim=True) < FLOOR / 2
    joined = log_softmax(joined.masked_fill(contradiction, 0), 1)
    return joined.to(log_probs.dtype), _conflict(total).to(log_probs.dtype)


def _combined(for_class: Tensor, unknown: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Logarithms of: what does not speak against a class, what stays open, and all that is not conflict."""
    not_against, open_ = for_class.sum(1), unknown.sum(1, keepdim=True)
    classes = not_against.shape[1]
    largest = not_against.detach().amax(1, keepdim=True)
    sum_ = (not_against - largest).exp().sum(1, keepdim=True) - (classes - 1) * (open_ - largest).exp()
    return not_against, open_, largest + sum_.log()


def _conflict(total: Tensor) -> Tensor:
    """1 - total; where all contradicts, total is exp(-10,000) and this is 1."""
    return -torch.expm1(total.squeeze(1))


def _log(x: Tensor) -> Tensor:
    """The logarithm; FLOOR, without a gradient, of 0."""
    return x.where(x > 0, 1).log().masked_fill(x <= 0, FLOOR)


def _ignorance(x: Tensor) -> Tensor:
    """The mass function, as wide as x, that leaves all open."""
    return (torch.arange(x.shape[-1], device=x.device) == x.shape[-1] - 1).to(x.dtype)
