"""Late fusion by a rule: each sense has decided alone, and the decisions are joined.

All take log-probabilities [batch, sense, class] and give those of the whole, [batch, class]. A sense that is
missing may hold anything, NaN too. Where no sense is left all classes are equally likely. A log-probability
of -∞ counts as -10,000: where every class is ruled out by some sense, that ruled out by the fewest is left.
"""

import torch
from jaxtyping import Bool, Float
from torch import Tensor

from ._decisions import FLOOR, need_numbers, opinions
from .activations import log_softmax, logsumexp
from .attention import masked_softmax


def average_decisions(
    log_probs: Float[Tensor, "batch sense class"], present: Bool[Tensor, "batch sense"] | None = None
) -> Float[Tensor, "batch class"]:
    """Average the probabilities of the senses that are there: log(Σ_s p_s / n).

    log_probs  log-probabilities of each sense, not logits
    present    True where an example has a sense; all have all where None
    Raises     TypeError for integers, ValueError for probabilities that do not add up to 1
    Source     Kittler et al. 1998, "On combining classifiers", the sum rule
    """
    x, present = opinions(log_probs, present)
    return _pooled(x, masked_softmax(torch.zeros_like(x), present[..., None], 1)).to(log_probs.dtype)


def weighted_decisions(
    log_probs: Float[Tensor, "batch sense class"],
    weight: Float[Tensor, " sense"] | Float[Tensor, "sense class"],
    present: Bool[Tensor, "batch sense"] | None = None,
) -> Float[Tensor, "batch class"]:
    """Average with a say for each sense, or each sense and class: Σ_s a_sk p_sk, a = softmax over the senses.

    weight  [sense], or [sense, class] where senses are reliable for different classes; any numbers. The
            softmax runs over the senses that are there; a say by class is then scaled to add up to 1
    others  as of average_decisions
    Source  Kuncheva 2014, "Combining pattern classifiers", section 5.2.2, weighted average
    """
    x, present = opinions(log_probs, present)
    need_numbers(weight, "weight", tuple(x.shape[1:2]), tuple(x.shape[1:]))
    scores = (weight if weight.ndim == 2 else weight[:, None]).to(x.dtype).expand_as(x)
    return _pooled(x, masked_softmax(scores, present[..., None], 1)).to(log_probs.dtype)


def product_of_experts(
    log_probs: Float[Tensor, "batch sense class"],
    present: Bool[Tensor, "batch sense"] | None = None,
    prior: Float[Tensor, " class"] | None = None,
) -> Float[Tensor, "batch class"]:
    """Multiply the probabilities, and divide by the prior that all but one have counted again: Bayes' rule.

    With senses that are independent given the class, p(k | all) ∝ p(k)^(1-n) Π_s p(k | s). Senses that
    err together are counted as if each were news, and the result is too sure.

    prior   log-probabilities of the classes in training; equally likely where None. An example without a
            sense gets the prior
    others  as of average_decisions
    Source  Kittler et al. 1998, "On combining classifiers", the product rule; Hinton 2002, "Training products
            of experts by minimizing contrastive divergence", equation 1
    """
    x, present = opinions(log_probs, present)
    total = x.sum(1)
    if prior is not None:
        need_numbers(prior, "prior", (x.shape[2],))
        total = total + (1 - present.sum(1, keepdim=True)) * prior.to(x.dtype)
    return log_softmax(total, 1).to(log_probs.dtype)


def max_decisions(
    log_probs: Float[Tensor, "batch sense class"], present: Bool[Tensor, "batch sense"] | None = None
) -> Float[Tensor, "batch class"]:
    """Take for each class the highest probability that a sense gives it, shared out to add up to 1.

    others  as of average_decisions
    Source  Kittler et al. 1998, "On combining classifiers", the max rule
    """
    x, present = opinions(log_probs, present)
    highest = x.masked_fill(~present[..., None], -torch.inf).amax(1)
    highest = highest.masked_fill(~present.any(1, keepdim=True), 0)
    return log_softmax(highest, 1).to(log_probs.dtype)


def majority_vote(
    log_probs: Float[Tensor, "batch sense class"], present: Bool[Tensor, "batch sense"] | None = None
) -> Float[Tensor, "batch class"]:
    """Count the senses that put a class first; a tie goes to the class of the higher mean probability.

    Each sense has one vote, and one more is shared out as the mean probability p̄: (votes + p̄) / (n + 1). It
    decides between equal counts and never turns one vote more around. With two senses that disagree it always
    decides. A sense that puts two classes first votes for the one of the lower number.

    others  as of average_decisions
    Source  Kittler et al. 1998, "On combining classifiers", majority vote rule; the tie rule is ours
    """
    x, present = opinions(log_probs, present)
    votes = torch.zeros_like(x).scatter(2, x.argmax(2, keepdim=True), 1)
    return _counted(x, present, votes, each=1.0, tie=1.0).to(log_probs.dtype)


def borda_count(
    log_probs: Float[Tensor, "batch sense class"], present: Bool[Tensor, "batch sense"] | None = None
) -> Float[Tensor, "batch class"]:
    """Let each sense give a class one point for every class that it ranks lower, half for an equal one.

    A half point more is shared out as the mean probability, which decides between equal sums.

    others  as of average_decisions
    Source  Ho, Hull & Srihari 1994, "Decision combination in multiple classifier systems", section on the
            Borda count; the tie rule is ours
    """
    x, present = opinions(log_probs, present)
    own, other = x.detach()[..., :, None], x.detach()[..., None, :]
    points = (own > other).sum(-1) + ((own == other).sum(-1) - 1) / 2
    classes = x.shape[2]
    return _counted(x, present, points, each=classes * (classes - 1) / 2, tie=0.5).to(log_probs.dtype)


def _pooled(x: Tensor, say: Tensor) -> Tensor:
    """log Σ_s say_s p_s, to add up to 1; a say of 0 leaves a sense out and has no gradient."""
    heard = say > 0
    spoken = (x + say.where(heard, 1).log()).masked_fill(~heard, 2 * FLOOR)
    return log_softmax(logsumexp(spoken, 1), 1)


def _counted(x: Tensor, present: Tensor, points: Tensor, each: float, tie: float) -> Tensor:
    """log of (points + tie · mean probability), over all that was given out."""
    there = present[..., None].to(x.dtype)
    count = there.sum(1)
    mean = (x.exp() * there).sum(1) / count.clamp(min=1)
    mean = mean.masked_fill(count == 0, 1 / x.shape[2])
    share = ((points * there).sum(1) + tie * mean) / (each * count + tie)
    possible = share > 0
    return share.where(possible, 1).log().masked_fill(~possible, FLOOR)
