"""Operations: those of the formulas, also where torch would count nothing."""

import pytest
import torch
from torch import nn
from torch.nn.functional import scaled_dot_product_attention

from mmcourse.evaluation import flops, parameters
from tests.training.toys import Toy, make_table

B, T, D = 3, 7, 8


class Of(nn.Module):
    """A layer that takes a batch's "x"."""

    def __init__(self, layer):
        super().__init__()
        self.layer = layer

    def forward(self, batch):
        return self.layer(batch["x"])


class Attention(nn.Module):
    def forward(self, x):
        return scaled_dot_product_attention(x[:, None], x[:, None], x[:, None])


class Pair(nn.Module):
    def __init__(self):
        super().__init__()
        self.layer = nn.Bilinear(D, D, 5)

    def forward(self, x):
        return self.layer(x, x)


def lstm(gates):
    return 2 * T * gates * 5 * (D + 5)  # a step: gates · hidden rows, each over input and state


CASES = {
    "linear": (nn.Linear(D, 5), 2 * T * D * 5),
    "conv": (nn.Conv1d(T, 4, 3), 2 * 4 * T * 3 * (D - 2)),
    "rnn": (nn.RNN(D, 5, batch_first=True), lstm(1)),
    "gru": (nn.GRU(D, 5, batch_first=True), lstm(3)),
    "lstm": (nn.LSTM(D, 5, batch_first=True), lstm(4)),
    "attention": (Attention(), 2 * 2 * T * T * D),
    "bilinear": (Pair(), 2 * T * D * D * 5),
    "transformer": (
        nn.TransformerEncoderLayer(D, 2, 16, batch_first=True),
        2 * T * (4 * D * D + 2 * D * 16) + 2 * 2 * T * T * D,
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_operations_an_example(name):
    layer, wanted = CASES[name]
    assert flops(Of(layer), {"x": torch.randn(B, T, D)}) == wanted


def test_counting_leaves_model_and_settings_alone():
    model, table = Toy().train(), make_table(12)
    settings = lambda: (torch.backends.mha.get_fastpath_enabled(), torch.backends.mkldnn.enabled)  # noqa: E731
    kept = settings()
    before = {name: value.clone() for name, value in model.state_dict().items()}
    assert flops(model, table, negative=True) == 2 * (6 * 16 + 16 * 3)
    assert model.training
    assert settings() == kept
    assert all(torch.equal(value, before[name]) for name, value in model.state_dict().items())


def test_a_shared_parameter_counts_once_and_a_frozen_one_if_asked():
    layer = nn.Linear(4, 4)
    model = nn.Sequential(layer, layer)
    assert parameters(model) == 20
    layer.bias.requires_grad_(False)
    assert (parameters(model), parameters(model, trained=True)) == (20, 16)


def test_no_examples_get_a_sentence():
    with pytest.raises(ValueError, match="at least one example"):
        flops(Toy(), {"x": torch.zeros(0, 6)})
