"""Low-rank tensor fusion as a module, right and as people get it wrong.

`make(forward=…, keep=…)` gives a class whose constructor draws the same numbers in the same order each time.
"""

from __future__ import annotations

from mmcourse.checks import lazy

torch = lazy("torch")
nn = lazy("torch.nn")


def extended(x):
    return torch.cat([x, torch.ones_like(x[:, :1])], dim=1)


def joined(module, embeddings, extend=extended):
    """Products over the senses of what each factor makes: [rank, batch, out]."""
    product = None
    for x, factor in zip(embeddings, module.factors, strict=True):
        made = extend(x) @ factor
        product = made if product is None else product * made
    return product


def forward(module, embeddings):
    return torch.einsum("r,rbo->bo", module.weights, joined(module, embeddings)) + module.bias


def drawn(senses, out, rank, one=1):
    """The numbers of every version, from torch's generator: factors, weights, bias."""
    factors = [torch.randn(rank, width + one, out) / (width + one) ** 0.5 for width in senses]
    return factors, torch.randn(rank) / rank**0.5, torch.zeros(out)


def registered(module, factors, weights, bias):
    module.factors = nn.ParameterList([nn.Parameter(x) for x in factors])
    module.weights, module.bias = nn.Parameter(weights), nn.Parameter(bias)


def in_a_list(module, factors, weights, bias):
    """A Python list, which torch.nn does not look into."""
    module.factors = [nn.Parameter(x) for x in factors]
    module.weights, module.bias = nn.Parameter(weights), nn.Parameter(bias)


def as_tensors(module, factors, weights, bias):
    """Tensors that ask for gradients, and are no parameters."""
    module.factors = [x.requires_grad_() for x in factors]
    module.weights, module.bias = weights.requires_grad_(), bias.requires_grad_()


def as_buffers(module, factors, weights, bias):
    module.count = len(factors)
    for place, x in enumerate(factors):
        module.register_buffer(f"factor{place}", x)
    module.factors = [getattr(module, f"factor{place}") for place in range(len(factors))]
    module.weights, module.bias = nn.Parameter(weights), nn.Parameter(bias)


def weights_fixed(module, factors, weights, bias):
    module.factors = nn.ParameterList([nn.Parameter(x) for x in factors])
    module.register_buffer("weights", weights)
    module.bias = nn.Parameter(bias)


def no_weights(module, factors, weights, bias):
    module.factors = nn.ParameterList([nn.Parameter(x) for x in factors])
    module.bias = nn.Parameter(bias)


def no_bias(module, factors, weights, bias):
    module.factors = nn.ParameterList([nn.Parameter(x) for x in factors])
    module.weights = nn.Parameter(weights)


def shared(module, factors, weights, bias):
    """One factor for all senses."""
    module.factors = nn.ParameterList([nn.Parameter(factors[0])] * len(factors))
    module.weights, module.bias = nn.Parameter(weights), nn.Parameter(bias)


def make(forward=forward, keep=registered, one=1):
    """A class LowRankFusion(senses, out, rank)."""

    class LowRankFusion(nn.Module):
        def __init__(self, senses, out, rank):
            super().__init__()
            keep(self, *drawn(senses, out, rank, one))

        def forward(self, embeddings):
            return forward(self, embeddings)

    return LowRankFusion


def lazily(forward=forward, keep=registered, one=1):
    """The class made at first call, since nn must not be loaded when exercises are declared."""
    return lambda senses, out, rank: make(forward, keep, one)(senses, out, rank)


def squeezed(module, embeddings):
    return forward(module, embeddings).squeeze()


def not_extended(module, embeddings):
    product = joined(module, embeddings, extend=lambda x: x)
    return torch.einsum("r,rbo->bo", module.weights, product) + module.bias


def one_first(module, embeddings):
    product = joined(module, embeddings, lambda x: torch.cat([torch.ones_like(x[:, :1]), x], dim=1))
    return torch.einsum("r,rbo->bo", module.weights, product) + module.bias


def added(module, embeddings):
    total = sum(extended(x) @ factor for x, factor in zip(embeddings, module.factors, strict=True))
    return torch.einsum("r,rbo->bo", module.weights, total) + module.bias


def weights_ignored(module, embeddings):
    return joined(module, embeddings).sum(0) + module.bias


def mean_of_ranks(module, embeddings):
    return joined(module, embeddings).mean(0) + module.bias


def bias_ignored(module, embeddings):
    return torch.einsum("r,rbo->bo", module.weights, joined(module, embeddings))


def two_senses(module, embeddings):
    first, second = (extended(x) @ factor for x, factor in zip(embeddings[:2], module.factors, strict=False))
    return torch.einsum("r,rbo->bo", module.weights, first * second) + module.bias


def rank_first(module, embeddings):
    """Summed over the rank before the senses are multiplied."""
    product = 1
    for x, factor in zip(embeddings, module.factors, strict=True):
        product = product * torch.einsum("r,rbo->bo", module.weights, extended(x) @ factor)
    return product + module.bias


def detached(module, embeddings):
    return torch.einsum("r,rbo->bo", module.weights.detach(), joined(module, embeddings)) + module.bias


def bias_each(module, embeddings):
    return torch.einsum("r,rbo->bo", module.weights, joined(module, embeddings) + module.bias)


def plain_weights(module, embeddings):
    return joined(module, embeddings).sum(0) + module.bias


def plain_bias(module, embeddings):
    return torch.einsum("r,rbo->bo", module.weights, joined(module, embeddings))


def weighted_mean(module, embeddings):
    return (module.weights[:, None, None] * joined(module, embeddings)).mean(0) + module.bias


def softmax_of_weights(module, embeddings):
    return torch.einsum("r,rbo->bo", module.weights.softmax(0), joined(module, embeddings)) + module.bias


def weights_each_sense(module, embeddings):
    """Each sense's vector times the weights, so that they count as often as there are senses."""
    times = module.weights[:, None, None] ** len(embeddings)
    return (times * joined(module, embeddings)).sum(0) + module.bias


def _ranks_early(*wanted, mean=False):
    """Each sense's ranks added up before the senses are multiplied.

    wanted  the places of the senses that the ranks' weights are used in; without any, their sum comes last
    """

    def forward(module, embeddings):
        product = 1
        for place, (x, factor) in enumerate(zip(embeddings, module.factors, strict=True)):
            made = extended(x) @ factor
            if place in [at % len(embeddings) for at in wanted]:
                made = module.weights[:, None, None] * made
            product = product * (made.mean(0) if mean else made.sum(0))
        return (product if wanted else module.weights.sum() * product) + module.bias

    return forward


RANKS_EARLY = {
    "ranks first": rank_first,
    "ranks first, weights last": _ranks_early(),
    "ranks first, averaged": _ranks_early(mean=True),
    "ranks first, weights in the first sense": _ranks_early(0),
    "ranks first, weights in the last sense": _ranks_early(-1),
}
