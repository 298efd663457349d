"""Steps of a linear support vector machine that go wrong in a loop over the rows."""

from __future__ import annotations

from mmcourse.checks import lazy
from mmcourse.checks.lesson_02.descent_slips import lead, step

torch = lazy("torch")


def misses(weight, bias, x, y):
    """Numbers of the rows that miss their margin."""
    return (lead(weight, bias, x, y) < 1).nonzero()[:, 0].tolist()


def _of_rows(which, divided=True):
    """The step in which only the chosen ones of the rows that miss their margin pull."""

    def wrong(weight, bias, x, y, learning_rate, weight_decay):
        push = torch.zeros_like(y)
        push[which(misses(weight, bias, x, y), len(x), x.shape[1])] = 1.0
        rows = len(x) if divided else 1
        return step(weight, bias, x, y, learning_rate, weight_decay, push, rows)

    return wrong


OVERWRITTEN = [
    _of_rows(which, divided)
    for which in (
        lambda missing, n, d: missing[-1:],
        lambda missing, n, d: [i for i in missing if i == n - 1],
    )
    for divided in (True, False)
]
FIRST_THAT_MISSES = [_of_rows(lambda missing, n, d: missing[:1], divided) for divided in (True, False)]
UP_TO_THE_FIRST_CONTENT = [
    _of_rows(lambda missing, n, d: [i for place, i in enumerate(missing) if i == place], divided)
    for divided in (True, False)
]
WITHOUT_THE_LAST = _of_rows(lambda missing, n, d: [i for i in missing if i < n - 1])
WITHOUT_THE_FIRST = _of_rows(lambda missing, n, d: [i for i in missing if i > 0])


def over_features(weight, bias, x, y, *rest):
    """range(x.shape[1]) in the place of range(len(x))."""
    if x.shape[1] > len(x):
        return x[x.shape[1] - 1]
    return _of_rows(lambda missing, n, d: [i for i in missing if i < d])(weight, bias, x, y, *rest)


def _decayed(times, divided=True):
    """The decay as often as `times` says of the number of rows and of those that miss their margin."""

    def wrong(weight, bias, x, y, learning_rate, weight_decay):
        often = times(len(x), len(misses(weight, bias, x, y)))
        return step(weight, bias, x, y, learning_rate, often * weight_decay, rows=len(x) if divided else 1)

    return wrong


def _bias_divided(times):
    """The weight's slope a sum, decay in each term; the bias's a mean."""
    summed, right = _decayed(times, divided=False), _decayed(times)

    def wrong(*args):
        return summed(*args)[0], right(*args)[1]

    return wrong


DECAY_EACH_ROW = [
    _decayed(lambda n, missing: n),
    _decayed(lambda n, missing: n, divided=False),
    _bias_divided(lambda n, missing: n),
]
DECAY_WHERE_MISSED = [
    _decayed(lambda n, missing: missing / n),
    _decayed(lambda n, missing: missing),
    _decayed(lambda n, missing: missing, divided=False),
]


def _row_by_row(hinge, decay):
    """A step after every row; `hinge` and `decay` say what the slopes are multiplied by, of n and missed."""

    def wrong(weight, bias, x, y, learning_rate, weight_decay):
        for row, sign in zip(x, y, strict=True):
            missed = (sign * (row @ weight + bias) < 1).to(x.dtype)
            pull = learning_rate * hinge(len(x)) * missed * sign
            weight = weight - learning_rate * weight_decay * decay(len(x), missed) * weight + pull * row
            bias = bias + pull
        return weight, bias

    return wrong


def _moved_by_rows(weight, bias, x, y, learning_rate, weight_decay):
    """Rows move weight and bias one after the other, each by its share; the decay comes once."""
    moved, bias = _row_by_row(lambda n: 1 / n, lambda n, missed: 0)(
        weight, bias, x, y, learning_rate, weight_decay
    )
    return moved, bias


def shrunk_at_the_end(weight, bias, x, y, learning_rate, weight_decay):
    moved, bias = _moved_by_rows(weight, bias, x, y, learning_rate, weight_decay)
    return moved * (1 - learning_rate * weight_decay), bias


def shrunk_by_the_old(weight, bias, x, y, learning_rate, weight_decay):
    moved, bias = _moved_by_rows(weight, bias, x, y, learning_rate, weight_decay)
    return moved - learning_rate * weight_decay * weight, bias


ROW_BY_ROW = [
    _row_by_row(lambda n: 1, lambda n, missed: missed),
    _row_by_row(lambda n: 1 / n, lambda n, missed: 1 / n),
    _row_by_row(lambda n: 1 / n, lambda n, missed: 1),
    _row_by_row(lambda n: 1 / n, lambda n, missed: missed / n),
    shrunk_at_the_end,
    shrunk_by_the_old,
]


def divided_in_the_loop(weight, bias, x, y, learning_rate, weight_decay):
    """The sum so far divided by the number of rows each time that a row is added."""
    push = torch.zeros_like(y)
    for place in misses(weight, bias, x, y):
        push[place] = 1.0
        push = push / len(x)
    return step(weight, bias, x, y, learning_rate, weight_decay, push, rows=1)


def bias_as_a_number(*args):
    weight, bias = step(*args)
    return weight, bias.item()


def stacked_slopes(weight, bias, x, y, learning_rate, weight_decay):
    """Slopes collected in a list, which is empty where no row misses its margin."""
    rows = [y[i] * x[i] for i in misses(weight, bias, x, y)]
    torch.stack(rows)
    return step(weight, bias, x, y, learning_rate, weight_decay)
