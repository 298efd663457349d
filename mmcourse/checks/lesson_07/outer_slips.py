"""Tensor fusion, right and as people get it wrong."""

from __future__ import annotations

from functools import reduce

from mmcourse.checks import lazy

torch = lazy("torch")


def extended(x, value=1.0, first=False):
    one = torch.full_like(x[:, :1], value)
    return torch.cat([one, x] if first else [x, one], dim=1)


def outer(a, b):
    """All products of two rows, the second's changing fastest."""
    return (a[:, :, None] * b[:, None, :]).flatten(1)


def tensor(embeddings):
    return reduce(outer, [extended(x) for x in embeddings])


def no_one(embeddings):
    return reduce(outer, list(embeddings))


def one_first(embeddings):
    return reduce(outer, [extended(x, first=True) for x in embeddings])


def zero(embeddings):
    return reduce(outer, [extended(x, 0.0) for x in embeddings])


def one_at_the_end(embeddings):
    """A single 1 behind all products."""
    return extended(no_one(embeddings))


def one_on_the_last(embeddings):
    return reduce(outer, [*embeddings[:-1], extended(embeddings[-1])])


def one_on_the_first(embeddings):
    return reduce(outer, [extended(embeddings[0]), *embeddings[1:]])


def turned(embeddings):
    """The first sense's numbers change fastest."""
    return reduce(outer, [extended(x) for x in reversed(embeddings)])


def two_only(embeddings):
    return outer(extended(embeddings[0]), extended(embeddings[1]))


def side_by_side(embeddings):
    return torch.cat([extended(x) for x in embeddings], dim=1)


def over_batch(embeddings):
    """Each example of one with each of the other."""
    made = [extended(x) for x in embeddings]
    return reduce(lambda a, b: torch.einsum("ia,jb->ijab", a, b).flatten(0, 1).flatten(1), made)


def squeezed(embeddings):
    """The batch axis lost where it is 1."""
    return tensor(embeddings).squeeze()


def flat(embeddings):
    """One long row."""
    return tensor(embeddings).flatten()


def unflattened(embeddings):
    made = extended(embeddings[0])
    for x in embeddings[1:]:
        made = made[..., None] * extended(x).reshape(len(x), *[1] * (made.ndim - 1), -1)
    return made


def summed(embeddings):
    """Sums in the place of products."""

    def add(a, b):
        return (a[:, :, None] + b[:, None, :]).flatten(1)

    return reduce(add, [extended(x) for x in embeddings])


def one_every_time(embeddings):
    """A 1 for the product so far as well."""
    made = extended(embeddings[0])
    for x in embeddings[1:]:
        made = outer(extended(made), extended(x)) if x is not embeddings[1] else outer(made, extended(x))
    return made


def batch_sum(embeddings):
    """The batch added up on the way."""
    made = [extended(x) for x in embeddings]
    return reduce(lambda a, b: torch.einsum("na,nb->ab", a, b).flatten()[None], made)


def pairs(embeddings):
    """Each two senses multiplied, never three."""
    made = [extended(x) for x in embeddings]
    return torch.cat([outer(made[i], made[j]) for i in range(len(made)) for j in range(i + 1, len(made))], 1)


def hadamard(embeddings):
    return reduce(lambda a, b: a * b, [extended(x) for x in embeddings])


def detached(embeddings):
    return torch.tensor(tensor(embeddings).tolist(), dtype=embeddings[0].dtype)


def float32_one(embeddings):
    """Ones of the default kind beside whatever came."""
    made = [torch.cat([x, torch.ones(len(x), 1)], 1).float() for x in embeddings]
    return reduce(outer, made)


def one_every_step(embeddings):
    """A 1 for the product so far, the first sense's too."""
    return reduce(lambda made, x: outer(extended(made), extended(x)), embeddings[1:], extended(embeddings[0]))


def as_many_ones(embeddings):
    return reduce(outer, [torch.cat([x, torch.ones_like(x)], 1) for x in embeddings])


def one_as_an_example(embeddings):
    return reduce(outer, [torch.cat([x, torch.ones_like(x[:1])], 0) for x in embeddings])


def outer_of_all(embeddings):
    """Every number of the batch with every other, laid out by examples."""
    made = extended(embeddings[0])
    for x in embeddings[1:]:
        made = torch.outer(made.flatten(), extended(x).flatten()).view(len(x), -1)
    return made


def other_letters(embeddings):
    """The second one added up over the batch."""
    return reduce(lambda a, b: torch.einsum("bi,cj->bij", a, b).flatten(1), [extended(x) for x in embeddings])


def two_names(embeddings):
    first, second = embeddings
    return outer(extended(first), extended(second))
