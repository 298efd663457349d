"""Dropout as people get it wrong: what its check compares an answer with."""

from mmcourse.checks import lazy

torch = lazy("torch")


def dropout(x, p, training, generator):
    if not training:
        return x
    kept = torch.rand(x.shape, generator=generator) >= p
    return x * kept.to(x) / (1 - p) if p < 1 else torch.zeros_like(x)


def survivors(x, p, generator):
    return (torch.rand(x.shape, generator=generator) >= p).to(x)


def not_scaled(x, p, training, generator):
    return x * survivors(x, p, generator) if training else x


def scaled_in_use(x, p, training, generator):
    """As the first article on dropout has it: the numbers shrink in use."""
    return x * survivors(x, p, generator) if training else x * (1 - p)


def always(x, p, training, generator):
    return dropout(x, p, True, generator)


def divided_by_p(x, p, training, generator):
    return x * survivors(x, p, generator) / p if training and p > 0 else x


def times(x, p, training, generator):
    return x * survivors(x, p, generator) * (1 - p) if training else x


def p_kept(x, p, training, generator):
    """p as the share that is kept."""
    if not training:
        return x
    return x * survivors(x, 1 - p, generator) / p if p > 0 else torch.zeros_like(x)


def p_kept_scaled_as_asked(x, p, training, generator):
    if not training:
        return x
    return x * survivors(x, 1 - p, generator) / (1 - p) if p < 1 else x


def rows(x, p, training, generator):
    if not training or p == 1:
        return x * (p < 1 or not training)
    kept = survivors(x[..., :1], p, generator)
    return x * kept / (1 - p)


def columns(x, p, training, generator):
    if not training or p == 1:
        return x * (p < 1 or not training)
    kept = survivors(x[:1] if x.dim() > 1 else x, p, generator)
    return x * kept / (1 - p)


def one_draw(x, p, training, generator):
    """One number decides for all."""
    if not training:
        return x
    kept = torch.rand((), generator=generator) >= p
    return x / (1 - p) if kept and p < 1 else torch.zeros_like(x)


def exact_share(x, p, training, generator):
    """Always the same number of entries, at random places."""
    if not training or p == 1:
        return dropout(x, p, training, generator)
    order = torch.randperm(x.numel(), generator=generator).reshape(x.shape)
    return x * (order >= round(p * x.numel())).to(x) / (1 - p)


def all_before_training(x, p, training, generator):
    return torch.zeros_like(x) if p == 1 else dropout(x, p, training, generator)


def normal(x, p, training, generator):
    """Drawn from the bell curve instead of evenly."""
    if not training:
        return x
    kept = (torch.randn(x.shape, generator=generator) >= p).to(x)
    return x * kept / (1 - p) if p < 1 else torch.zeros_like(x)


def global_generator(x, p, training, generator):
    return dropout(x, p, training, None)


def fixed_seed(x, p, training, generator):
    return dropout(x, p, training, torch.Generator().manual_seed(0))


def mask(x, p, training, generator):
    """The mask itself, not the entries that it keeps."""
    if not training or p == 1:
        return dropout(x, p, training, generator)
    return survivors(x, p, generator) / (1 - p)


def mask_not_scaled(x, p, training, generator):
    return survivors(x, p, generator) if training else x


def zero_over_zero(x, p, training, generator):
    return x * survivors(x, p, generator) / torch.tensor(1 - p).to(x) if training else x


def division_by_zero(x, p, training, generator):
    return x * survivors(x, p, generator) * (1 / (1 - p)) if training else x


def always_not_scaled(x, p, training, generator):
    return x * survivors(x, p, generator)


def never(x, p, training, generator):
    return x


def in_use_only(x, p, training, generator):
    return dropout(x, p, not training, generator)
