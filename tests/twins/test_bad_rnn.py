"""What recurrent networks and summaries say to input that does not fit."""

import re

import pytest
import torch
from torch import nn

from mmcourse.modules import summaries as modules
from mmcourse.scratch import rnn, rnn_backward, rnn_cells, summaries

P = dict(nn.RNN(4, 3).state_dict())
GRU = dict(nn.GRU(4, 3).state_dict())
LSTM = dict(nn.LSTM(4, 3, 2, bidirectional=True).state_dict())
X = torch.zeros(7, 5, 4)  # time batch feature
H = torch.zeros(1, 5, 3)
CELL = (torch.zeros(3, 4), torch.zeros(3, 3))
PADDED = torch.zeros(5, 7, 4)
LENGTHS = torch.tensor([1, 2, 7, 3, 3])

CASES = {
    "features": (lambda: rnn.rnn(P, X[..., :2]), "with the 4 features of weight_ih_l0 [3, 4], got [7, 5, 2]"),
    "axes": (lambda: rnn.gru(GRU, X[None]), "input must be [time, batch, feature], or one clip's"),
    "batch first": (
        lambda: rnn.gru(GRU, X[None], batch_first=True),
        "input must be [batch, time, feature], or one clip's",
    ),
    "no frame": (lambda: rnn.rnn(P, X[:0]), "at least one frame, got [0, 5, 4] as [time, batch, feature]"),
    "integers": (lambda: rnn.lstm(LSTM, X.long()), "input must hold floating-point numbers, got torch.int64"),
    "precision": (lambda: rnn.rnn(P, X.double()), "input is torch.float64, the parameters are torch.float32"),
    "first state batch first": (
        lambda: rnn.rnn(P, PADDED, torch.zeros(5, 1, 3), batch_first=True),
        "h_0 must be [1, 5, 3], which is [layers · directions, batch, hidden] also where batch_first; "
        "got [5, 1, 3]",
    ),
    "first state of one clip": (
        lambda: rnn.rnn(P, X[:, 0], H),
        "h_0 must be [1, 3], which is [layers · directions, hidden]",
    ),
    "one state of an LSTM": (lambda: rnn.lstm(LSTM, X, H), "hx must be the pair (h_0, c_0)"),
    "two states of a GRU": (lambda: rnn.gru(GRU, X, (H, H)), "h_0 must be a tensor, got tuple"),
    "memory": (
        lambda: rnn.lstm(LSTM, X, (torch.zeros(4, 5, 3), torch.zeros(2, 5, 3))),
        "c_0 must be [4, 5, 3]",
    ),
    "lengths too long": (
        lambda: rnn.rnn(P, X, lengths=LENGTHS + 1),
        "lengths must lie in 1..7, got [2, 3, 8",
    ),
    "an empty clip": (lambda: rnn.rnn(P, X, lengths=LENGTHS - 1), "leave empty clips out"),
    "lengths of frames": (
        lambda: rnn.rnn(P, X, lengths=torch.ones(7, dtype=torch.long)),
        "lengths must be [5], one number for each clip, got [7]",
    ),
    "lengths as shares": (lambda: rnn.rnn(P, X, lengths=LENGTHS / 7), "lengths must hold whole numbers"),
    "another network's weights": (lambda: rnn.gru(P | {}, X), "w_ih is [3 · hidden, feature]"),
    "a GRU's as an LSTM's": (lambda: rnn.lstm(GRU, X), "w_ih is [4 · hidden, feature]"),
    "names of a larger network": (
        lambda: rnn.rnn({f"rnn.{name}": value for name, value in P.items()}, X),
        "Take a part of a larger network with parameters.part",
    ),
    "a name too much": (lambda: rnn.rnn(P | {"scale": H}, X), "'scale'"),
    "a weight too few": (lambda: rnn.rnn({"weight_ih_l0": P["weight_ih_l0"]}, X), "weight_hh_l0"),
    "nonlinearity": (
        lambda: rnn.rnn(P, X, nonlinearity="sigmoid"),
        "nonlinearity must be one of 'tanh', 'relu', got 'sigmoid'",
    ),
    "dropout": (lambda: rnn.gru(GRU, X, dropout=1.5), "dropout must lie in 0..1, got 1.5"),
    "cell input": (
        lambda: rnn_cells.rnn_cell(torch.zeros(2, 5), None, *CELL),
        "input [2, 5] does not fit w_ih [3, 4]: a frame is [batch, feature] with 4 features",
    ),
    "cell state": (
        lambda: rnn_cells.rnn_cell(torch.zeros(2, 4), torch.zeros(3, 3), *CELL),
        "the state must be [2, 3] for input [2, 4], got [3, 3]",
    ),
    "cell weights": (
        lambda: rnn_cells.gru_cell(torch.zeros(2, 4), None, torch.zeros(9, 4), torch.zeros(9, 4)),
        "w_ih is [3 · hidden, feature], w_hh [3 · hidden, hidden] and a bias [3 · hidden]",
    ),
    "LSTM cell's state": (
        lambda: rnn_cells.lstm_cell(torch.zeros(4), torch.zeros(3), torch.zeros(12, 4), torch.zeros(12, 3)),
        "state must be the pair (h, c), got Tensor: an LSTM has two states",
    ),
    "cell integers": (
        lambda: rnn_cells.rnn_cell(torch.zeros(2, 4).long(), None, *CELL),
        "input must hold floating-point numbers",
    ),
    "rnn_backward": (
        lambda: rnn_backward.rnn_backward(torch.zeros(5, 7, 3), PADDED, torch.zeros(7, 5, 3), *CELL),
        "these do not fit each other: grad_output [5, 7, 3], input [5, 7, 4], output [7, 5, 3]",
    ),
    "last_valid too long": (
        lambda: summaries.last_valid(PADDED, LENGTHS + 1),
        "lengths must lie in 1..7, got [2, 3, 8, 4, 4]: leave empty clips out",
    ),
    "last_valid axes": (
        lambda: summaries.last_valid(PADDED[0], LENGTHS),
        "x must be [batch, time, feature], got [7, 4]",
    ),
    "masked_mean of integers": (
        lambda: summaries.masked_mean(PADDED.long(), LENGTHS),
        "x must hold floating",
    ),
    "masked_max lengths": (
        lambda: summaries.masked_max(PADDED, LENGTHS[:3]),
        "lengths must be [5], one number for each clip, got [3]",
    ),
    "reverse_padded an empty clip": (lambda: summaries.reverse_padded(PADDED, LENGTHS - 1), "1..7"),
    "module too long": (lambda: modules.MaskedMean()(PADDED, LENGTHS + 1), "lengths must lie in 1..7"),
    "module axes": (lambda: modules.LastValid()(PADDED[0], LENGTHS), "x must be [batch, time, feature]"),
}


@pytest.mark.parametrize(("call", "words"), CASES.values(), ids=CASES)
def test_bad_input_gets_a_sentence(call, words):
    with pytest.raises((TypeError, ValueError), match=re.escape(words)) as caught:
        call()
    assert len(str(caught.value)) < 400
