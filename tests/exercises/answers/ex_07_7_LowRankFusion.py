"""Answers to 07.7 LowRankFusion: wrong ones with words of their hint, right ones, crashing ones."""

import torch
from torch import nn


class Base(nn.Module):
    """As it should be."""

    def __init__(self, senses, out, rank):
        super().__init__()
        self.factors = nn.ParameterList([nn.Parameter(torch.randn(rank, d + 1, out)) for d in senses])
        self.weights = nn.Parameter(torch.randn(rank))
        self.bias = nn.Parameter(torch.zeros(out))

    def made(self, embeddings):
        out = 1.0
        for x, factor in zip(embeddings, self.factors, strict=True):
            out = out * (torch.cat([x, torch.ones(len(x), 1)], 1) @ factor)
        return out

    def forward(self, embeddings):
        return torch.tensordot(self.weights, self.made(embeddings), dims=1) + self.bias


class right_tensordot(Base):
    """As it should be."""


class right_registered_by_name(nn.Module):
    """Each factor under a name of its own."""

    def __init__(self, senses, out, rank):
        super().__init__()
        for i, d in enumerate(senses):
            self.register_parameter(f"factor{i}", nn.Parameter(torch.rand(rank, d + 1, out)))
        self.weights, self.bias = nn.Parameter(torch.ones(rank)), nn.Parameter(torch.zeros(out))
        self.senses = len(senses)

    @property
    def factors(self):
        return [getattr(self, f"factor{i}") for i in range(self.senses)]

    def forward(self, embeddings):
        made = []
        for x, f in zip(embeddings, self.factors, strict=True):
            made.append(torch.einsum("bd,rdo->bro", torch.nn.functional.pad(x, (0, 1), value=1.0), f))
        return torch.einsum("bro,r->bo", torch.stack(made).prod(0), self.weights) + self.bias


class right_loop_over_ranks(Base):
    def forward(self, embeddings):
        total = self.bias
        for r, w in enumerate(self.weights):
            made = torch.ones(())
            for x, f in zip(embeddings, self.factors, strict=True):
                made = made * (x @ f[r, :-1] + f[r, -1])
            total = total + w * made
        return total


class wrong_python_list(Base):
    """hint: in a Python list or dict"""

    def __init__(self, senses, out, rank):
        super().__init__(senses, out, rank)
        held = list(self.factors)
        del self.factors
        self.factors = held


class wrong_plain_tensors(Base):
    """hint: is no parameter yet"""

    def __init__(self, senses, out, rank):
        super().__init__(senses, out, rank)
        del self.factors
        self.factors = [torch.randn(rank, d + 1, out, requires_grad=True) for d in senses]


class wrong_weights_not_learned(Base):
    """hint: the weights of the ranks are learned too"""

    def __init__(self, senses, out, rank):
        super().__init__(senses, out, rank)
        del self.weights
        self.register_buffer("weights", torch.randn(rank))


class wrong_no_weights(Base):
    """hint: each rank has a weight"""

    def __init__(self, senses, out, rank):
        super().__init__(senses, out, rank)
        del self.weights

    def forward(self, embeddings):
        return self.made(embeddings).sum(0) + self.bias


class wrong_no_bias(Base):
    """hint: a bias [out] is added"""

    def __init__(self, senses, out, rank):
        super().__init__(senses, out, rank)
        del self.bias

    def forward(self, embeddings):
        return torch.tensordot(self.weights, self.made(embeddings), dims=1)


class wrong_one_factor_for_all(Base):
    """hint: a factor of its own"""

    def __init__(self, senses, out, rank):
        super().__init__(senses, out, rank)
        self.factors = nn.ParameterList([self.factors[0] for _ in senses])


class wrong_no_one_appended(nn.Module):
    """hint: append a 1 to each embedding"""

    def __init__(self, senses, out, rank):
        super().__init__()
        self.factors = nn.ParameterList([torch.randn(rank, d, out) for d in senses])
        self.weights, self.bias = nn.Parameter(torch.randn(rank)), nn.Parameter(torch.zeros(out))

    def forward(self, embeddings):
        made = 1.0
        for x, f in zip(embeddings, self.factors, strict=True):
            made = made * (x @ f)
        return torch.tensordot(self.weights, made, dims=1) + self.bias


class wrong_squeezed(Base):
    """hint: that of a batch of one too"""

    def forward(self, embeddings):
        return super().forward(embeddings).squeeze()


class wrong_senses_added(Base):
    """hint: you add the senses"""

    def made(self, embeddings):
        return sum(
            torch.cat([x, torch.ones(len(x), 1)], 1) @ f
            for x, f in zip(embeddings, self.factors, strict=True)
        )


class wrong_plain_sum_of_ranks(Base):
    """hint: a plain sum or mean over ranks"""

    def forward(self, embeddings):
        return self.made(embeddings).sum(0) + self.bias


class wrong_mean_over_ranks(Base):
    """hint: a plain sum or mean over ranks"""

    def forward(self, embeddings):
        return self.made(embeddings).mean(0) + self.bias


class wrong_bias_not_added(Base):
    """hint: forward does not add it"""

    def forward(self, embeddings):
        return torch.tensordot(self.weights, self.made(embeddings), dims=1)


class wrong_first_two_senses(Base):
    """hint: go over all of them"""

    def made(self, embeddings):
        a, b = (torch.cat([x, torch.ones(len(x), 1)], 1) for x in embeddings[:2])
        return (a @ self.factors[0]) * (b @ self.factors[1])


class wrong_ranks_added_first(Base):
    """hint: you add up the ranks first"""

    def forward(self, embeddings):
        out = 1.0
        for x, f in zip(embeddings, self.factors, strict=True):
            made = torch.cat([x, torch.ones(len(x), 1)], 1) @ f
            out = out * torch.tensordot(self.weights, made, dims=1)
        return out + self.bias


class wrong_ranks_added_first_without_weights(Base):
    """hint: no sum of products"""

    def forward(self, embeddings):
        out = 1.0
        for x, f in zip(embeddings, self.factors, strict=True):
            out = out * (torch.cat([x, torch.ones(len(x), 1)], 1) @ f).sum(0)
        return (self.weights[:, None, None] * out).sum(0) + self.bias


class wrong_factors_added_first(Base):
    """hint: no sum of products"""

    def forward(self, embeddings):
        out = self.weights.sum()
        for x, f in zip(embeddings, self.factors, strict=True):
            out = out * (torch.cat([x, torch.ones(len(x), 1)], 1) @ f.sum(dim=0))
        return out + self.bias


class wrong_ranks_averaged_first(Base):
    """hint: no sum of products"""

    def forward(self, embeddings):
        made = [
            torch.einsum("bd,rdo->rbo", torch.cat([x, torch.ones(len(x), 1)], 1), f).mean(0)
            for x, f in zip(embeddings, self.factors, strict=True)
        ]
        return self.weights.sum() * torch.stack(made).prod(0) + self.bias


class wrong_ranks_added_first_weights_in_one_sense(Base):
    """hint: no sum of products"""

    def forward(self, embeddings):
        out = None
        for x, f in zip(embeddings, self.factors, strict=True):
            made = torch.cat([x, torch.ones(len(x), 1)], 1) @ f
            out = torch.einsum("r,rbo->bo", self.weights, made) if out is None else out * made.sum(0)
        return out + self.bias


class wrong_ranks_added_first_weights_in_the_last_sense(Base):
    """hint: no sum of products"""

    def forward(self, embeddings):
        made = [
            torch.cat([x, torch.ones(len(x), 1)], 1) @ f
            for x, f in zip(embeddings, self.factors, strict=True)
        ]
        out = torch.tensordot(self.weights, made[-1], dims=1)
        for one in made[:-1]:
            out = out * one.sum(0)
        return out + self.bias


class wrong_dict_of_factors(Base):
    """hint: in a Python list or dict"""

    def __init__(self, senses, out, rank):
        super().__init__(senses, out, rank)
        kept = dict(enumerate(self.factors))
        del self.factors
        self.factors = kept


class wrong_ranks_averaged(Base):
    """hint: not averaged"""

    def forward(self, embeddings):
        return (self.weights[:, None, None] * self.made(embeddings)).mean(0) + self.bias


class wrong_softmax_over_ranks(Base):
    """hint: no softmax over the ranks"""

    def forward(self, embeddings):
        return torch.einsum("r,rbo->bo", self.weights.softmax(0), self.made(embeddings)) + self.bias


class wrong_weights_in_every_sense(Base):
    """hint: counts once"""

    def forward(self, embeddings):
        weights = self.weights[:, None, None]
        return (weights ** len(embeddings) * self.made(embeddings)).sum(0) + self.bias


class wrong_bias_in_every_rank(Base):
    """hint: added once"""

    def forward(self, embeddings):
        return (self.weights[:, None, None] * (self.made(embeddings) + self.bias)).sum(0)


class wrong_list_changed(Base):
    """hint: changes the list"""

    def forward(self, embeddings):
        for place, x in enumerate(embeddings):
            embeddings[place] = x * 1.0
        return super().forward(embeddings)


class crash_super_forgotten(nn.Module):
    """line: self.bias = nn.Parameter(torch.zeros(out))"""

    def __init__(self, senses, out, rank):
        self.bias = nn.Parameter(torch.zeros(out))


class crash_shapes(Base):
    """line: embeddings[0] @ self.factors[0]"""

    def forward(self, embeddings):
        return embeddings[0] @ self.factors[0]
