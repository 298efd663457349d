"""The product of experts, right and as people get it wrong."""

from __future__ import annotations

from mmcourse.checks import lazy

torch = lazy("torch")


def opinions(logits, present):
    """Log-probabilities, 0 where a sense is missing: [sense, batch, class]."""
    missing = ~present[..., None]
    return logits.masked_fill(missing, 0).log_softmax(-1).masked_fill(missing, 0)


def counts(logits, present):
    return present.sum(0).to(logits)[:, None]


def product(logits, prior, present):
    total = opinions(logits, present).sum(0) - (counts(logits, present) - 1) * prior
    return total.log_softmax(-1)


def no_prior(logits, prior, present):
    return opinions(logits, present).sum(0).log_softmax(-1)


def prior_each(logits, prior, present):
    return (opinions(logits, present).sum(0) - counts(logits, present) * prior).log_softmax(-1)


def prior_once(logits, prior, present):
    return (opinions(logits, present).sum(0) - prior).log_softmax(-1)


def prior_added(logits, prior, present):
    return (opinions(logits, present).sum(0) + prior).log_softmax(-1)


def prior_turned(logits, prior, present):
    return (opinions(logits, present).sum(0) + (counts(logits, present) - 1) * prior).log_softmax(-1)


def prior_by_all(logits, prior, present):
    return (opinions(logits, present).sum(0) - (len(logits) - 1) * prior).log_softmax(-1)


def prior_not_log(logits, prior, present):
    return (opinions(logits, present).sum(0) - (counts(logits, present) - 1) * prior.exp()).log_softmax(-1)


def unnormalised(logits, prior, present):
    return opinions(logits, present).sum(0) - (counts(logits, present) - 1) * prior


def probabilities(logits, prior, present):
    return product(logits, prior, present).exp()


def summed(logits, prior, present):
    """Probabilities added, not multiplied."""
    missing = ~present[..., None]
    probs = logits.masked_fill(missing, 0).softmax(-1).masked_fill(missing, 0)
    total = probs.sum(0).clamp(min=1e-30).log() - (counts(logits, present) - 1) * prior
    return total.log_softmax(-1)


def multiplied(logits, prior, present):
    """Products of probabilities, which become 0 together."""
    missing = ~present[..., None]
    probs = logits.masked_fill(missing, 0).softmax(-1).masked_fill(missing, 1)
    total = probs.prod(0) / prior.exp() ** (counts(logits, present) - 1)
    return (total / total.sum(-1, keepdim=True)).log()


def no_mask(logits, prior, present):
    return product(logits, prior, torch.ones_like(present))


def zeroed(logits, prior, present):
    """A missing sense as one that says: all alike."""
    return product(logits.masked_fill(~present[..., None], 0), prior, torch.ones_like(present))


def nan_multiplied(logits, prior, present):
    total = (logits.log_softmax(-1) * present[..., None]).sum(0)
    return (total - (counts(logits, present) - 1) * prior).log_softmax(-1)


def nobody_uniform(logits, prior, present):
    found = product(logits, prior, present)
    flat = torch.full_like(found, 1 / found.shape[-1]).log()
    return torch.where(present.any(0)[:, None], found, flat)


def nobody_clamped(logits, prior, present):
    """At least one sense counted, also where there is none."""
    total = opinions(logits, present).sum(0) - (counts(logits, present).clamp(min=1) - 1) * prior
    return total.log_softmax(-1)


def mean_of_logs(logits, prior, present):
    """The geometric mean."""
    total = opinions(logits, present).sum(0) / counts(logits, present).clamp(min=1)
    return total.log_softmax(-1)


def over_batch(logits, prior, present):
    total = opinions(logits, present).sum(0) - (counts(logits, present) - 1) * prior
    return total.log_softmax(0)


def no_softmax_before(logits, prior, present):
    """Logits for log-probabilities: their constants cancel only after normalising."""
    missing = ~present[..., None]
    total = logits.masked_fill(missing, 0).sum(0) - (counts(logits, present) - 1) * prior
    return total


def two_only(logits, prior, present):
    return product(logits[:2], prior, present[:2])


def squared(logits, prior, present):
    """The prior divided out of every sense, then multiplied in as often."""
    total = opinions(logits, present).sum(0) - (counts(logits, present) - 2) * prior
    return total.log_softmax(-1)


def told_by_nan(logits, prior, present):
    """Whoever holds NaN is left out, and nobody else; n comes from present."""
    total = opinions(logits, ~logits.isnan().any(-1)).sum(0) - (counts(logits, present) - 1) * prior
    return total.log_softmax(-1)


def told_and_counted_by_nan(logits, prior, present):
    return product(logits, prior, ~logits.isnan().any(-1))


def present_turned(logits, prior, present):
    return product(logits, prior, ~present)


def present_turned_filled(logits, prior, present):
    return product(logits.masked_fill(~present[..., None], 0), prior, ~present)


def mean_and_prior(logits, prior, present):
    n = counts(logits, present)
    return (opinions(logits, present).sum(0) / n.clamp(min=1) - (n - 1) * prior).log_softmax(-1)


def prior_logged(logits, prior, present):
    return product(logits, prior.log(), present)


def prior_as_a_probability(logits, prior, present):
    """Log-probabilities raised to a power, as if they were probabilities."""
    missing = ~present[..., None]
    probs = logits.masked_fill(missing, 0).softmax(-1).masked_fill(missing, 1)
    total = probs.prod(0) * prior ** (1 - counts(logits, present))
    return (total / total.sum(-1, keepdim=True)).log()


def counted_without_axis(logits, prior, present):
    return (opinions(logits, present).sum(0) + (1 - present.sum(0)) * prior).log_softmax(-1)


def counted_over_all(logits, prior, present):
    return (opinions(logits, present).sum(0) + (1 - present.sum()) * prior).log_softmax(-1)


def chosen_rows(logits, prior, present):
    """logits[present] is one long list of opinions, of all examples."""
    total = logits[present].log_softmax(-1).sum(0) - (counts(logits, present) - 1) * prior
    return total.log_softmax(-1)


def probabilities_for_logs(logits, prior, present):
    missing = ~present[..., None]
    probs = logits.masked_fill(missing, 0).softmax(-1).masked_fill(missing, 0)
    return (probs.sum(0) - (counts(logits, present) - 1) * prior).log_softmax(-1)


def divided_by_their_sum(logits, prior, present):
    total = unnormalised(logits, prior, present)
    return total / total.sum(-1, keepdim=True)
