"""Twins of scratch.decisions in mmcourse.modules."""

import torch
from hypothesis import strategies as st
from torch.func import functional_call

from mmcourse.modules import decisions as theirs
from mmcourse.scratch import decisions as ours
from tests.twins.harness import Call, Twin


def log_probs(draw, tensor, senses=None):
    """Decisions of 1 to 4 senses, sharp ones, vetoes and missing ones among them; and which are there."""
    batch, classes = draw(st.integers(1, 4)), draw(st.integers(2, 5))
    senses = senses or draw(st.integers(1, 4))
    x = torch.log_softmax(tensor(batch, senses, classes) * draw(st.sampled_from([1.0, 8.0])), -1)
    if draw(st.booleans()):  # the first sense rules the last class out
        x[:, 0, -1] = -torch.inf
        x[:, 0] = x[:, 0].log_softmax(-1)
    if draw(st.booleans()):
        return x, None
    present = tensor(batch, senses) > -0.5
    return x.masked_fill(~present[..., None], 999.0), present  # NaN: tests/fusion


def plain(draw, tensor):
    return Call(*log_probs(draw, tensor))


def weighted(draw, tensor):
    x, present = log_probs(draw, tensor)
    shape = draw(st.sampled_from([x.shape[1:2], x.shape[1:]]))
    return Call(x, 2 * tensor(*shape), present)


def with_prior(draw, tensor):
    x, present = log_probs(draw, tensor)
    prior = tensor(x.shape[2]).log_softmax(0) if draw(st.booleans()) else None
    return Call(x, present, prior)


def by_weight(x, weight, present=None):
    module = theirs.WeightedDecisions(x.shape[1], x.shape[2])
    return functional_call(module, {"weight": weight}, (x, present))


def by_prior(x, present=None, prior=None):
    if prior is None:
        return theirs.ProductOfExperts()(x, present)
    return functional_call(theirs.ProductOfExperts(prior.detach()), {"prior": prior}, (x, present))


TWINS = [
    Twin("average_decisions", ours.average_decisions, theirs.AverageDecisions(), plain),
    Twin("weighted_decisions", ours.weighted_decisions, by_weight, weighted),
    Twin("product_of_experts", ours.product_of_experts, by_prior, with_prior),
    Twin("max_decisions", ours.max_decisions, theirs.MaxDecisions(), plain),
    Twin("majority_vote", ours.majority_vote, theirs.MajorityVote(), plain),
    Twin("borda_count", ours.borda_count, theirs.BordaCount(), plain),
]
