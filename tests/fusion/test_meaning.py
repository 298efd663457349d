"""What a missing sense means to each fusion, and formulas by hand."""

import pytest
import torch

from tests.fusion.fusions import FUSIONS, embeddings_of

WAYS = pytest.mark.parametrize("way", ["scratch", "module"])
SECOND_GONE = torch.tensor([[True, False]]).expand(5, 2)


def answers(name, way, present=None, features=(3, 4)):
    module, embeddings = FUSIONS[name].made(features), embeddings_of(features)
    return module, embeddings, FUSIONS[name].answer(module, embeddings, present, way)


@WAYS
def test_concat_without_a_sense_is_a_linear_layer_of_the_other(way):
    module, (image, _), got = answers("concat", way, SECOND_GONE)
    want = image @ module.linear.weight[:, :3].t() + module.linear.bias
    torch.testing.assert_close(got, want)


@WAYS
def test_sum_keeps_its_size(way):
    module, (image, _), got = answers("sum", way, SECOND_GONE)
    torch.testing.assert_close(got, 2 * module.projections[0](image))


@WAYS
def test_a_missing_factor_is_one(way):
    module, (image, _), got = answers("hadamard", way, SECOND_GONE)
    torch.testing.assert_close(got, module.projections[0](image).tanh())


@WAYS
@pytest.mark.parametrize("senses", [2, 3])
def test_gates_of_those_that_are_there_add_up_to_one(way, senses):
    """All that are there say tanh(1), so does any mean of them; those missing would say tanh(-1)."""
    features = (3, 4, 2)[:senses]
    present = torch.tensor([[True, True, True], [True, False, True], [False, True, False]])[:, :senses]
    for row, there in enumerate(present):
        module = FUSIONS["gated"].made(features)
        for layer, says in zip(module.projections, there, strict=True):
            torch.nn.init.zeros_(layer.weight)
            torch.nn.init.constant_(layer.bias, 1.0 if says else -1.0)
        got = FUSIONS["gated"].answer(module, embeddings_of(features, 3), present, way)[row]
        torch.testing.assert_close(got, torch.ones_like(got).tanh())


@WAYS
def test_the_gate_of_two_senses_is_arevalos(way):
    module, (image, speech), got = answers("gated", way)
    gate = torch.sigmoid(module.gate(torch.cat([image, speech], dim=1)))
    image, speech = (layer(x).tanh() for layer, x in zip(module.projections, (image, speech), strict=True))
    torch.testing.assert_close(got, gate * image + (1 - gate) * speech)


@WAYS
def test_film_without_its_modulator_leaves_the_content_as_it_is(way):
    module, (image, speech), got = answers("film", way, SECOND_GONE)
    torch.testing.assert_close(got, module.linear(image))
    _, _, got = answers("film", way, ~SECOND_GONE)
    torch.testing.assert_close(got, module.modulation(speech)[:, 6:])
    _, _, got = answers("film", way)
    gamma, beta = module.modulation(speech).chunk(2, dim=1)
    torch.testing.assert_close(got, (1 + gamma) * module.linear(image) + beta)
