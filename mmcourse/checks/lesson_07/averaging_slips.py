"""The mean of senses' probabilities, right and as people get it wrong."""

from __future__ import annotations

from mmcourse.checks import lazy

torch = lazy("torch")


def clean(logits, present):
    """Log-probabilities, with -∞ and no NaN where a sense is missing: [sense, batch, class]."""
    return (
        logits.masked_fill(~present[..., None], 0)
        .log_softmax(-1)
        .masked_fill(~present[..., None], -torch.inf)
    )


def uniform(logits):
    return torch.full_like(logits[0], 1 / logits.shape[-1]).log()


def average(logits, present):
    some = present.any(0)[:, None]
    kept = clean(logits, present).masked_fill(~some[None], 0)  # a row without senses gives no NaN gradient
    mean = kept.logsumexp(0) - present.sum(0).clamp(min=1).to(logits)[:, None].log()
    return torch.where(some, mean, uniform(logits))


def of_logits(logits, present):
    """Mean of the logits, then one softmax."""
    kept = logits.masked_fill(~present[..., None], 0)
    mean = kept.sum(0) / present.sum(0).clamp(min=1)[:, None]
    return torch.where(present.any(0)[:, None], mean.log_softmax(-1), uniform(logits))


def of_log_probs(logits, present):
    """Mean of the log-probabilities: a product, not normalised."""
    kept = logits.masked_fill(~present[..., None], 0).log_softmax(-1).masked_fill(~present[..., None], 0)
    mean = kept.sum(0) / present.sum(0).clamp(min=1)[:, None]
    return torch.where(present.any(0)[:, None], mean, uniform(logits))


def product(logits, present):
    kept = logits.masked_fill(~present[..., None], 0).log_softmax(-1).masked_fill(~present[..., None], 0)
    return torch.where(present.any(0)[:, None], kept.sum(0).log_softmax(-1), uniform(logits))


def by_all(logits, present):
    """Divided by the number of senses, missing ones too."""
    some = present.any(0)[:, None]
    kept = clean(logits, present).masked_fill(~some[None], 0)
    total = kept.logsumexp(0) - torch.tensor(float(len(logits))).log().to(logits)
    return torch.where(some, total, uniform(logits))


def summed(logits, present):
    some = present.any(0)[:, None]
    kept = clean(logits, present).masked_fill(~some[None], 0)
    return torch.where(some, kept.logsumexp(0), uniform(logits))


def probabilities(logits, present):
    return average(logits, present).exp()


def in_probabilities(logits, present):
    """The log taken at the end: of 0 where a class is hopeless."""
    probs = logits.masked_fill(~present[..., None], 0).softmax(-1).masked_fill(~present[..., None], 0)
    mean = (probs.sum(0) / present.sum(0).clamp(min=1)[:, None]).log()
    return torch.where(present.any(0)[:, None], mean, uniform(logits))


def floored(logits, present, by=1e-8):
    """A tiny number added before the log."""
    probs = logits.masked_fill(~present[..., None], 0).softmax(-1).masked_fill(~present[..., None], 0)
    mean = (probs.sum(0) / present.sum(0).clamp(min=1)[:, None] + by).log()
    return torch.where(present.any(0)[:, None], mean, uniform(logits))


def floored_lower(logits, present):
    """A number so tiny that it shows only where a class is hopeless."""
    return floored(logits, present, by=1e-12)


def none_is_share(logits, present):
    """1 / classes where its logarithm belongs."""
    return torch.where(present.any(0)[:, None], average(logits, present), uniform(logits).exp())


def no_mask(logits, present):
    return average(logits, torch.ones_like(present))


def zeroed(logits, present):
    """A missing sense's logits set to 0: it votes for all classes alike."""
    return average(logits.masked_fill(~present[..., None], 0), torch.ones_like(present))


def multiplied(logits, present):
    """Mask by multiplication: NaN times 0 is NaN."""
    probs = logits.softmax(-1) * present[..., None]
    mean = (probs.sum(0) / present.sum(0).clamp(min=1)[:, None]).log()
    return torch.where(present.any(0)[:, None], mean, uniform(logits))


def none_is_nan(logits, present):
    kept = clean(logits, present)
    return kept.logsumexp(0) - present.sum(0).to(logits)[:, None].log()


def none_is_zero(logits, present):
    some = present.any(0)[:, None]
    return torch.where(some, average(logits, present), torch.zeros_like(logits[0]))


def over_batch(logits, present):
    """Softmax over the examples."""
    turned = logits.masked_fill(~present[..., None], 0).softmax(1).masked_fill(~present[..., None], 0)
    mean = (turned.sum(0) / present.sum(0).clamp(min=1)[:, None]).log()
    return torch.where(present.any(0)[:, None], mean, uniform(logits))


def over_senses(logits, present):
    turned = logits.masked_fill(~present[..., None], 0).softmax(0).masked_fill(~present[..., None], 0)
    mean = (turned.sum(0) / present.sum(0).clamp(min=1)[:, None]).log()
    return torch.where(present.any(0)[:, None], mean, uniform(logits))


def no_softmax(logits, present):
    """The logits taken for log-probabilities."""
    some = present.any(0)[:, None]
    kept = logits.masked_fill(~present[..., None], -torch.inf).masked_fill(~some[None], 0)
    mean = kept.logsumexp(0) - present.sum(0).clamp(min=1).to(logits)[:, None].log()
    return torch.where(some, mean, uniform(logits))


def softmax_again(logits, present):
    """A softmax over the mean: probabilities taken for logits."""
    return average(logits, present).exp().log_softmax(-1)


def maximum(logits, present):
    some = present.any(0)[:, None]
    kept = clean(logits, present).masked_fill(~some[None], 0)
    return torch.where(some, kept.amax(0).log_softmax(-1), uniform(logits))


def first_two(logits, present):
    return average(logits[:2], present[:2])


def present_turned(logits, present):
    return average(logits, ~present)


def present_turned_filled(logits, present):
    return average(logits.masked_fill(~present[..., None], 0), ~present)


def there(logits):
    """Who holds numbers, taken for who is there."""
    return ~logits.isnan().any(-1)


def told_by_nan(logits, present):
    return average(logits, there(logits))


def told_by_nan_but_counted(logits, present):
    mean = clean(logits, there(logits)).logsumexp(0) - present.sum(0)[:, None].log()
    return torch.where(present.any(0)[:, None], mean, uniform(logits))
