"""Rules that join decisions: what they mean, and what must not disturb them."""

import pytest
import torch

from mmcourse.modules import decisions as modules
from mmcourse.scratch import decisions

PRIOR = torch.tensor([0.5, 0.3, 0.2], dtype=torch.float64).log()
RULES = {
    "average": decisions.average_decisions,
    "weighted": lambda x, present=None: decisions.weighted_decisions(
        x, torch.arange(x.shape[1]).to(x.dtype), present
    ),
    "weighted by class": lambda x, present=None: decisions.weighted_decisions(
        x, torch.linspace(-1, 1, x[0].numel(), dtype=x.dtype).view(x.shape[1:]), present
    ),
    "product": decisions.product_of_experts,
    "product with a prior": lambda x, present=None: decisions.product_of_experts(
        x, present, PRIOR.to(x.dtype)
    ),
    "maximum": decisions.max_decisions,
    "majority": decisions.majority_vote,
    "Borda": decisions.borda_count,
    **{
        f"{type(module).__name__} module": module
        for module in (
            *(modules.AverageDecisions(), modules.WeightedDecisions(3), modules.ProductOfExperts()),
            *(modules.MaxDecisions(), modules.MajorityVote(), modules.BordaCount()),
        )
    },
}
every_rule = pytest.mark.parametrize("rule", RULES.values(), ids=RULES)


def opinions(batch=5, senses=3, seed=0):
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(batch, senses, 3, generator=generator, dtype=torch.float64).log_softmax(-1)


def logs(*senses):
    return torch.tensor([senses], dtype=torch.float64).log()


@every_rule
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_the_answer_adds_up_to_one_with_a_missing_sense_of_nan_and_a_veto(rule, dtype):
    x, present = opinions().to(dtype), torch.ones(5, 3, dtype=torch.bool)
    x[0, 0], present[0, 0] = torch.nan, False
    x[1, 2] = torch.tensor([0.0, -torch.inf, -torch.inf])
    x[2], present[2] = torch.nan, False  # nobody there
    x[3, 0], x[3, 1] = (torch.eye(3, dtype=dtype)[row].log() for row in (0, 1))  # all classes ruled out
    x[3, 2] = torch.eye(3, dtype=dtype)[2].log()
    x.requires_grad_()
    joined = rule(x, present)
    assert joined.shape == (5, 3)
    assert joined.isfinite().all()
    torch.testing.assert_close(joined.exp().sum(1), torch.ones(5, dtype=joined.dtype))
    (gradient,) = torch.autograd.grad((joined.exp() ** 2).sum(), x)
    assert gradient.isfinite().all()
    assert not gradient[~present].any()
    if rule is not RULES["product with a prior"]:
        torch.testing.assert_close(joined[2].exp(), torch.full((3,), 1 / 3, dtype=joined.dtype))


@every_rule
def test_what_is_missing_is_as_if_it_had_never_been(rule):
    x, present = opinions(), torch.tensor([[True, True, False]]).repeat(5, 1)
    damaged = x.clone()
    damaged[:, 2] = torch.nan
    torch.testing.assert_close(rule(x, present), rule(damaged, present), rtol=0, atol=0)


@every_rule
def test_one_example_is_joined_as_among_others(rule):
    x = opinions()
    torch.testing.assert_close(rule(x[1:2]), rule(x)[1:2])


@every_rule
def test_senses_that_agree_are_followed(rule):
    x = logs([0.1, 0.2, 0.7], [0.2, 0.1, 0.7], [0.3, 0.1, 0.6])
    assert rule(x).argmax(1).item() == 2


def test_the_average_and_the_maximum_by_hand():
    x = logs([0.8, 0.1, 0.1], [0.2, 0.5, 0.3])
    torch.testing.assert_close(decisions.average_decisions(x).exp(), logs([0.5, 0.3, 0.2])[0].exp())
    highest = torch.tensor([[0.8, 0.5, 0.3]], dtype=torch.float64) / 1.6
    torch.testing.assert_close(decisions.max_decisions(x).exp(), highest)


def test_weights_by_class_let_each_sense_speak_of_what_it_knows():
    x = logs([0.8, 0.1, 0.1], [0.2, 0.5, 0.3])
    weight = torch.tensor([[50.0, -50, 0], [-50, 50, 0]], dtype=torch.float64)
    wanted = torch.tensor([[0.8, 0.5, 0.2]], dtype=torch.float64) / 1.5
    torch.testing.assert_close(decisions.weighted_decisions(x, weight).exp(), wanted)


def test_the_product_is_bayes_rule_where_senses_are_independent_given_the_class():
    generator = torch.Generator().manual_seed(1)
    prior = torch.tensor([0.5, 0.3, 0.2], dtype=torch.float64)
    likelihood = [torch.rand(3, 4, generator=generator, dtype=torch.float64) for _ in range(3)]
    likelihood = [table / table.sum(1, keepdim=True) for table in likelihood]
    seen = (2, 0, 3)
    alone = [prior * table[:, value] for table, value in zip(likelihood, seen, strict=True)]
    x = torch.stack([joint / joint.sum() for joint in alone]).log()[None]
    joint = prior.clone()
    for table, value in zip(likelihood, seen, strict=True):
        joint = joint * table[:, value]
    got = decisions.product_of_experts(x, None, prior.log()).exp()[0]
    torch.testing.assert_close(got, joint / joint.sum())
    present = torch.tensor([[True, False, True]])
    pair = prior * likelihood[0][:, 2] * likelihood[2][:, 3]
    torch.testing.assert_close(
        decisions.product_of_experts(x, present, prior.log()).exp()[0], pair / pair.sum()
    )
    none = torch.zeros(1, 3, dtype=torch.bool)
    torch.testing.assert_close(decisions.product_of_experts(x, none, prior.log()).exp()[0], prior)


def test_a_vote_more_wins_against_any_certainty_and_a_tie_goes_to_the_surer():
    sure, torn = [0.999, 0.0005, 0.0005], [0.1, 0.46, 0.44]
    assert decisions.majority_vote(logs(sure, torn, torn)).argmax(1).item() == 1
    assert decisions.majority_vote(logs(sure, torn)).argmax(1).item() == 0
    share = decisions.majority_vote(logs(sure, torn, torn)).exp()[0, 1]
    assert share.item() == pytest.approx((2 + (0.0005 + 2 * 0.46) / 3) / 4)


def test_borda_hears_second_choices():
    # first choices: 0, 0, 2, 1, 1; class 1 is never last
    ranks = [[3, 2, 1], [3, 2, 1], [1, 2, 3], [1, 3, 2], [2, 3, 1]]
    x = torch.tensor([ranks], dtype=torch.float64).log_softmax(-1)
    joined = decisions.borda_count(x).exp()[0]
    points = torch.tensor([2 + 2 + 0 + 0 + 1, 1 + 1 + 1 + 2 + 2, 0 + 0 + 2 + 1 + 0], dtype=torch.float64)
    torch.testing.assert_close(joined, (points + x.exp().mean(1)[0] / 2) / 15.5)
    equal = decisions.borda_count(logs([0.5, 0.25, 0.25])).exp()[0]
    torch.testing.assert_close(equal, torch.tensor([2.25, 0.625, 0.625], dtype=torch.float64) / 3.5)


def test_the_weights_are_learned_in_a_step():
    for module in (modules.WeightedDecisions(3), modules.WeightedDecisions(3, 3)):
        before = module.weight.detach().clone()
        optimiser = torch.optim.SGD(module.parameters(), 0.1)
        torch.nn.functional.nll_loss(module(opinions().float()), torch.tensor([0, 1, 2, 0, 1])).backward()
        optimiser.step()
        assert (module.weight != before).all()


BAD = {
    "logits": (
        lambda: decisions.average_decisions(torch.zeros(2, 2, 3)),
        ValueError,
        "add up to 1, got 3: give",
    ),
    "NaN in a sense that is there": (
        lambda: decisions.majority_vote(torch.full((1, 2, 3), torch.nan)),
        ValueError,
        "got nan: give log_softmax",
    ),
    "no axis of senses": (
        lambda: decisions.max_decisions(torch.zeros(2, 3)),
        ValueError,
        r"got \[2, 3\]: use",
    ),
    "integers": (
        lambda: decisions.max_decisions(torch.zeros(2, 2, 3).long()),
        TypeError,
        "log_probs must hold",
    ),
    "a mask of numbers": (
        lambda: decisions.borda_count(opinions(), torch.ones(5, 3)),
        TypeError,
        "use present.bool",
    ),
    "a mask of two senses": (
        lambda: decisions.borda_count(opinions(), torch.ones(5, 2).bool()),
        ValueError,
        r"\[5, 3\], got \[5, 2\]",
    ),
    "weights of other senses": (
        lambda: decisions.weighted_decisions(opinions(), torch.zeros(2)),
        ValueError,
        r"weight must be \[3\] or \[3, 3\] for these log_probs, got \[2\]",
    ),
    "module without senses": (lambda: modules.MajorityVote()(torch.zeros(2, 3)), ValueError, r"got \[2, 3\]"),
}


@pytest.mark.parametrize(("call", "error", "words"), BAD.values(), ids=BAD)
def test_what_does_not_fit_is_named(call, error, words):
    with pytest.raises(error, match=words):
        call()
