"""What does not fit is named in a sentence: what came, what fits, what to do."""

import pytest
import torch

from mmcourse.scratch import activations, initialization, layers, losses, normalization, optim, schedules

X, WHOLE = torch.ones(2, 3), torch.ones(2, 3, dtype=torch.long)
LEAF = torch.ones(2, requires_grad=True)
NUMBERS = torch.tensor([0, 2])
BAD = {
    "relu of a list": (lambda: activations.relu([1.0]), TypeError, "input must be a tensor, got list"),
    "relu of integers": (lambda: activations.relu(WHOLE), TypeError, "got torch.int64: use input.float()"),
    "gelu of another kind": (
        lambda: activations.gelu(X, "erf"),
        ValueError,
        "one of 'none', 'tanh', got 'erf'",
    ),
    "softmax over no axis": (lambda: activations.softmax(X, None), TypeError, "dim must be a whole number"),
    "softmax over axis 2": (
        lambda: activations.softmax(X, 2),
        ValueError,
        r"dim must lie in -2\.\.1 for input",
    ),
    "softmax of nothing": (lambda: activations.softmax(X[:, :0], 1), ValueError, "at least one number along"),
    "logsumexp over axis 5": (lambda: activations.logsumexp(X, (0, 5)), ValueError, "got 5"),
    "logits that are integers": (
        lambda: losses.cross_entropy(WHOLE, NUMBERS),
        TypeError,
        "use input.float()",
    ),
    "class numbers with a fraction": (
        lambda: losses.cross_entropy(X, torch.ones(2)),
        TypeError,
        "target must hold whole numbers, got torch.float32: use target.long()",
    ),
    "one class number too many": (
        lambda: losses.cross_entropy(X, torch.zeros(3).long()),
        ValueError,
        r"input \[2, 3\] takes class numbers \[2\], got target \[3\]",
    ),
    "classes last": (
        lambda: losses.cross_entropy(torch.ones(2, 5, 3), torch.zeros(2, 5).long()),
        ValueError,
        r"class numbers \[2, 3\], got target \[2, 5\]: classes are axis 1",
    ),
    "a class that is not there": (
        lambda: losses.cross_entropy(X, torch.tensor([0, 3])),
        ValueError,
        r"class numbers must lie in 0\.\.2, got 3",
    ),
    "a class below 0": (lambda: losses.nll_loss(X, torch.tensor([-1, 0])), ValueError, "got -1"),
    "weights of other classes": (
        lambda: losses.cross_entropy(X, NUMBERS, torch.ones(2)),
        ValueError,
        r"weight must be \[3\], one number a class, got \[2\]",
    ),
    "another reduction": (
        lambda: losses.mse_loss(X, X, "avg"),
        ValueError,
        "'none', 'mean', 'sum', got 'avg'",
    ),
    "smoothing of 2": (
        lambda: losses.cross_entropy(X, NUMBERS, label_smoothing=2),
        ValueError,
        r"label_smoothing must lie in 0\.\.1, got 2",
    ),
    "shares that are integers": (
        lambda: losses.cross_entropy(X, WHOLE),
        TypeError,
        "in the shape of the logits",
    ),
    "shares with ignored ones": (
        lambda: losses.cross_entropy(X, X, ignore_index=1),
        ValueError,
        "ignore_index fits a target of class numbers",
    ),
    "shapes that would broadcast": (
        lambda: losses.mse_loss(torch.ones(4, 1), torch.ones(4)),
        ValueError,
        r"got \[4, 1\] and \[4\]: add or drop an axis of size 1",
    ),
    "yes or no as integers": (
        lambda: losses.binary_cross_entropy_with_logits(X, WHOLE),
        TypeError,
        "use target.float()",
    ),
    "a weight for 4 features": (
        lambda: layers.linear(X, torch.ones(2, 4)),
        ValueError,
        r"input \[2, 3\] does not fit weight \[2, 4\]: a weight \[out, feature\]",
    ),
    "a bias for 3 sums": (
        lambda: layers.linear(X, torch.ones(5, 3), torch.ones(3)),
        ValueError,
        r"bias must be \[5\] for weight \[5, 3\], got \[3\]",
    ),
    "dropout in percent": (lambda: layers.dropout(X, 50), ValueError, r"p must lie in 0\.\.1, got 50"),
    "rows that are no integers": (lambda: layers.embedding(X, X), TypeError, "use input.long()"),
    "a row too many": (
        lambda: layers.embedding(NUMBERS, X),
        ValueError,
        r"row numbers must lie in 0\.\.1 for weight \[2, 3\], got 0\.\.2",
    ),
    "padding outside the table": (
        lambda: layers.embedding(NUMBERS, torch.ones(3, 2), padding_idx=3),
        ValueError,
        r"padding_idx must be a row of weight, -3\.\.2, got 3",
    ),
    "a table without columns": (
        lambda: layers.embedding(NUMBERS, LEAF),
        ValueError,
        r"must be \[row, feature\]",
    ),
    "batch norm without channels": (
        lambda: normalization.batch_norm(LEAF, None, None, training=True),
        ValueError,
        r"input must be \[batch, channel, \.\.\.\], got \[2\]",
    ),
    "batch norm of other channels": (
        lambda: normalization.batch_norm(X, torch.ones(2), torch.ones(3)),
        ValueError,
        r"running_mean must be \[3\], one number a channel of input \[2, 3\], got \[2\]",
    ),
    "batch norm of one example": (
        lambda: normalization.batch_norm(X[:1], None, None, training=True),
        ValueError,
        "one value a channel has no spread",
    ),
    "batch norm without memory": (
        lambda: normalization.batch_norm(X, None, None),
        ValueError,
        "out of training, batch_norm needs running_mean",
    ),
    "layer norm over other axes": (
        lambda: normalization.layer_norm(X, [2]),
        ValueError,
        r"input \[2, 3\] must end with normalized_shape \[2\]",
    ),
    "layer norm of other weights": (
        lambda: normalization.layer_norm(X, [3], torch.ones(2)),
        ValueError,
        r"weight must be \[3\] as normalized_shape is, got \[2\]",
    ),
    "fans of a bias": (
        lambda: initialization.xavier_normal([3]),
        ValueError,
        r"needs the axes \[out, in, \.\.\.\]",
    ),
    "gain of another function": (lambda: initialization.calculate_gain("gelu"), ValueError, "got 'gelu'"),
    "another fan": (
        lambda: initialization.kaiming_normal([3, 2], mode="in"),
        ValueError,
        "'fan_in', 'fan_out'",
    ),
    "a rotation of a vector": (lambda: initialization.orthogonal([3]), ValueError, "orthogonal weight needs"),
    "no parameters": (lambda: optim.SGD([], 0.1), ValueError, "was a generator used up"),
    "a number among the parameters": (lambda: optim.Adam([1.0]), TypeError, "must be tensors, got float"),
    "a constant to move": (lambda: optim.SGD([X], 0.1), ValueError, r"\[2, 3\] gets no gradient: use"),
    "a result to move": (lambda: optim.SGD([LEAF * 2], 0.1), ValueError, "was computed from others"),
    "a parameter twice": (lambda: optim.SGD([LEAF, LEAF], 0.1), ValueError, "among the parameters twice"),
    "steps uphill": (lambda: optim.SGD([LEAF], -0.1), ValueError, "lr must be 0 or more, got -0.1"),
    "growing weights": (
        lambda: optim.AdamW([LEAF], weight_decay=-1),
        ValueError,
        "weight_decay must be 0 or",
    ),
    "a memory that never fades": (
        lambda: optim.Adam([LEAF], betas=(0.9, 1.0)),
        ValueError,
        "betas must lie in",
    ),
    "nesterov without momentum": (
        lambda: optim.SGD([LEAF], 0.1, nesterov=True),
        ValueError,
        "needs momentum",
    ),
    "a length below 0": (lambda: optim.clip_grad_norm([LEAF], -1), ValueError, "max_norm must be 0 or more"),
    "another length": (lambda: optim.clip_grad_norm([LEAF], 1, 0), ValueError, "norm_type must be above 0"),
    "a size below 0": (lambda: optim.clip_grad_value([LEAF], -1), ValueError, "clip_value must be 0 or more"),
    "a step too far": (
        lambda: schedules.one_cycle(10, 10, 1.0),
        ValueError,
        r"step must lie in 0\.\.9 for 10",
    ),
    "a step before the first": (
        lambda: schedules.cosine(-1, 10, 1.0),
        ValueError,
        r"in 0\.\.10 for 10 steps",
    ),
    "a training of no steps": (
        lambda: schedules.cosine(0, 0, 1.0),
        ValueError,
        "total_steps must be at least 1",
    ),
    "warm-up to the end": (
        lambda: schedules.cosine(0, 5, 1.0, warmup=5),
        ValueError,
        r"in 0\.\.4 of 5 steps",
    ),
    "a rise longer than all": (
        lambda: schedules.one_cycle(0, 5, 1.0, 1.5),
        ValueError,
        "pct_start must lie in",
    ),
}


@pytest.mark.parametrize(("call", "error", "words"), BAD.values(), ids=BAD)
def test_what_does_not_fit_is_named(call, error, words):
    with pytest.raises(error, match=words):
        call()
