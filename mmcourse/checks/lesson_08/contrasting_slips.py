"""InfoNCE, right and as people get it wrong."""

from __future__ import annotations

from mmcourse.checks import lazy

torch = lazy("torch")


def rows_of_one(x):
    """Each row brought to the length 1; a row of zeros stays one."""
    return torch.nn.functional.normalize(x, dim=1)


def exact(x):
    """At least 32 bits."""
    return x if x.dtype == torch.float64 else x.float()


def scores_of(a, b, log_scale, normalise=rows_of_one, scale=lambda log_scale: log_scale.exp()):
    return scale(exact(log_scale)) * normalise(exact(a)) @ normalise(exact(b)).T


def ask(scores, dim=1):
    """Minus the log of the pair's own share, of each row."""
    return -scores.log_softmax(dim=dim).diagonal()


def both_ways(scores):
    return (ask(scores).mean() + ask(scores.T).mean()) / 2


def with_(loss=both_ways, **options):
    """A loss with other scores, or with something else made of them."""
    return lambda a, b, log_scale: loss(scores_of(a, b, log_scale, **options))


def info_nce(a, b, log_scale):
    return both_ways(scores_of(a, b, log_scale))


def one_way(scores):
    return ask(scores).mean()


def other_way(scores):
    return ask(scores.T).mean()


def added(scores):
    return 2 * both_ways(scores)


def summed(scores):
    return len(scores) * both_ways(scores)


def of_each(scores):
    return (ask(scores) + ask(scores.T)) / 2


def as_they_are(x):
    return x


def columns_of_one(x):
    return torch.nn.functional.normalize(x, dim=0)


def by_squares(x):
    """Divided by the squared length."""
    return x / x.square().sum(dim=1, keepdim=True).clamp(min=1e-12)


def by_sum(x):
    """Divided by the sum of sizes."""
    return torch.nn.functional.normalize(x, p=1, dim=1)


def of_softmax(x):
    return x.softmax(dim=1)


def standardised(x):
    return (x - x.mean(dim=1, keepdim=True)) / x.std(dim=1, keepdim=True)


def by_batch_length(x):
    """One length for the whole batch."""
    return x / x.norm().clamp(min=1e-12)


def divided_by_length(x):
    """0 / 0 for a row of zeros."""
    return x / x.norm(dim=1, keepdim=True)


def only_first(a, b, log_scale):
    return both_ways(exact(log_scale).exp() * rows_of_one(exact(a)) @ exact(b).T)


def scale_itself(log_scale):
    return log_scale


def divided(log_scale):
    return 1 / log_scale.exp()


def divided_by_itself(log_scale):
    return 1 / log_scale


def no_scale(log_scale):
    return torch.ones_like(log_scale)


def cut_off(log_scale):
    """The scale as a plain number."""
    return log_scale.detach().exp()


def first_class(scores):
    """The target is always the first."""
    return -(scores.log_softmax(1)[:, 0].mean() + scores.T.log_softmax(1)[:, 0].mean()) / 2


def whole_matrix(scores):
    return -(scores.log_softmax(1).mean() + scores.T.log_softmax(1).mean()) / 2


def same_twice(scores):
    """Softmax along both axes, but always the diagonal of the same; the other axis only in the second."""
    return (ask(scores).mean() + ask(scores).mean()) / 2


def whole_softmax(scores):
    """One softmax over all pairs."""
    return -scores.flatten().log_softmax(0).view_as(scores).diagonal().mean()


def positives_not_below(scores):
    """The pair itself is left out of the denominator."""
    own = torch.eye(len(scores), dtype=torch.bool, device=scores.device)
    others = scores.masked_fill(own, -torch.inf)
    right = scores.diagonal()
    return (others.logsumexp(1) + others.logsumexp(0) - 2 * right).mean() / 2


def other_sign(scores):
    return -both_ways(scores)


def no_log(scores):
    return -(scores.softmax(1).diagonal().mean() + scores.T.softmax(1).diagonal().mean()) / 2


def unlikely(scores):
    return 1 + no_log(scores)


def softmax_first(scores):
    """cross_entropy of probabilities."""
    return (ask(scores.softmax(1)).mean() + ask(scores.T.softmax(1)).mean()) / 2


def by_hand(scores):
    """exp, sum, log: too large for 32 bits where the scale is."""
    top = scores.exp()
    own = top.diagonal()
    return -((own / top.sum(1)).log().mean() + (own / top.sum(0)).log().mean()) / 2


def log_of_softmax(scores):
    """The log of a share that may be 0."""
    one, other = scores.softmax(1).diagonal(), scores.softmax(0).diagonal()
    return -(one.log().mean() + other.log().mean()) / 2


def log_of_softmax_floored(scores):
    one, other = scores.softmax(1).diagonal(), scores.softmax(0).diagonal()
    return -((one + 1e-8).log().mean() + (other + 1e-8).log().mean()) / 2


def hinge(scores):
    """A triplet's margin."""
    gap = 0.2 + scores - scores.diagonal()[:, None]
    return gap.clamp(min=0).fill_diagonal_(0).mean()


def sigmoid_pairs(scores):
    """Each pair by itself, yes or no."""
    wanted = torch.eye(len(scores), dtype=scores.dtype, device=scores.device)
    return torch.nn.functional.binary_cross_entropy_with_logits(scores, wanted)


def with_itself(a, b, log_scale):
    """Each row compared with its own sense."""
    return (both_ways(scores_of(a, a, log_scale)) + both_ways(scores_of(b, b, log_scale))) / 2


def all_in_one(a, b, log_scale):
    """NT-Xent: rows of the own sense count as wrong answers too."""
    joined = torch.cat([exact(a), exact(b)])
    own = torch.eye(len(joined), dtype=torch.bool, device=a.device)
    scores = scores_of(joined, joined, log_scale).masked_fill(own, -torch.inf)
    partner = torch.arange(len(joined), device=a.device).roll(len(a))
    return torch.nn.functional.cross_entropy(scores, partner)


def distances(a, b, log_scale):
    apart = torch.cdist(rows_of_one(exact(a)), rows_of_one(exact(b)))
    return both_ways(exact(log_scale).exp() * apart)


def minus_distances(a, b, log_scale):
    apart = torch.cdist(rows_of_one(exact(a)), rows_of_one(exact(b)))
    return both_ways(-exact(log_scale).exp() * apart)


def root_of_width(a, b, log_scale):
    return both_ways(scores_of(a, b, log_scale) / a.shape[1] ** 0.5)


def in_half(a, b, log_scale):
    """All in the precision that came."""
    lengths = [x.square().sum(dim=1, keepdim=True).sqrt().clamp(min=1e-6) for x in (a, b)]
    return both_ways(log_scale.exp() * (a / lengths[0]) @ (b / lengths[1]).T)


def in_half_by_torch(a, b, log_scale):
    return both_ways(log_scale.exp() * rows_of_one(a) @ rows_of_one(b).T)


def in_half_by_cross_entropy(a, b, log_scale):
    own = torch.arange(len(a), device=a.device)
    scores = log_scale.exp() * rows_of_one(a) @ rows_of_one(b).T
    entropy = torch.nn.functional.cross_entropy
    return (entropy(scores, own) + entropy(scores.T, own)) / 2


def scaled_twice(a, b, log_scale):
    """Both embeddings times the scale."""
    scale = exact(log_scale).exp()
    return both_ways((scale * rows_of_one(exact(a))) @ (scale * rows_of_one(exact(b))).T)


def features_compared(a, b, log_scale):
    """a.T @ b: features with features."""
    return both_ways(exact(log_scale).exp() * rows_of_one(exact(a)).T @ rows_of_one(exact(b)))


def not_turned(a, b, log_scale):
    """a @ b, which fits where there are as many rows as features."""
    return exact(log_scale).exp() * rows_of_one(exact(a)) @ rows_of_one(exact(b))


def in_place(a, b, log_scale):
    """The embeddings themselves brought to length 1."""
    for x in (a, b):
        x /= x.norm(dim=1, keepdim=True).clamp(min=1e-12)
    return info_nce(a, b, log_scale)


def told_in_half(a, b, log_scale):
    """Counted in 32 bits, and returned in the type that came."""
    return info_nce(a, b, log_scale).to(a.dtype)
