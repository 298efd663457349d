"""Steps of a linear support vector machine, right and as people get them wrong."""

from __future__ import annotations

from mmcourse.checks import lazy

torch = lazy("torch")


def lead(weight, bias, x, y):
    """By how much each row lies on its right side of the line."""
    return y * (x @ weight + bias)


def step(weight, bias, x, y, learning_rate, weight_decay, push=None, rows=None):
    """A step; `push` [row] says how hard each row pulls to its side, `rows` what their sum is divided by."""
    if push is None:
        push = (lead(weight, bias, x, y) < 1).to(x.dtype)
    rows = len(x) if rows is None else rows
    slope = weight_decay * weight - (push * y) @ x / rows
    return weight - learning_rate * slope, bias + learning_rate * (push * y).sum() / rows


def _pushed(how):
    """The step in which a row with the given lead pulls as hard as `how` says."""

    def wrong(weight, bias, x, y, learning_rate, weight_decay):
        push = how(lead(weight, bias, x, y)).to(x.dtype)
        return step(weight, bias, x, y, learning_rate, weight_decay, push)

    return wrong


at_the_margin_too = _pushed(lambda m: m <= 1)
half_at_the_margin = _pushed(lambda m: (m < 1) + 0.5 * (m == 1))  # as maximum() shares a slope
only_wrong_rows = _pushed(lambda m: m < 0)
wrong_or_on_the_line = _pushed(lambda m: m <= 0)
every_row = _pushed(lambda m: m > -torch.inf)
those_beyond = _pushed(lambda m: m > 1)
logistic = _pushed(lambda m: (-m).sigmoid())
by_what_is_missing = _pushed(lambda m: (1 - m).relu())
squared_hinge = _pushed(lambda m: 2 * (1 - m).relu())


def score_without_y(weight, bias, x, y, learning_rate, weight_decay):
    push = (x @ weight + bias < 1).to(x.dtype)
    return step(weight, bias, x, y, learning_rate, weight_decay, push)


def score_without_bias(weight, bias, x, y, learning_rate, weight_decay):
    push = (y * (x @ weight) < 1).to(x.dtype)
    return step(weight, bias, x, y, learning_rate, weight_decay, push)


def slope_without_y(weight, bias, x, y, learning_rate, weight_decay):
    """Every row that misses its margin pulls towards +1."""
    push = y * (lead(weight, bias, x, y) < 1).to(x.dtype)
    return step(weight, bias, x, y, learning_rate, weight_decay, push)


def of_0_and_1(weight, bias, x, y, learning_rate, weight_decay):
    """y taken for 0 and 1 and turned into signs once more."""
    return step(weight, bias, x, 2 * y - 1, learning_rate, weight_decay)


def upwards(weight, bias, x, y, learning_rate, weight_decay):
    return step(weight, bias, x, y, -learning_rate, weight_decay)


def hinge_upwards(weight, bias, x, y, learning_rate, weight_decay):
    push = -(lead(weight, bias, x, y) < 1).to(x.dtype)
    return step(weight, bias, x, y, learning_rate, weight_decay, push)


def bias_upwards(weight, bias, *rest):
    new_weight, new_bias = step(weight, bias, *rest)
    return new_weight, 2 * bias - new_bias


def grown(weight, bias, x, y, learning_rate, weight_decay):
    return step(weight, bias, x, y, learning_rate, -weight_decay)


def summed(weight, bias, x, y, learning_rate, weight_decay):
    return step(weight, bias, x, y, learning_rate, weight_decay, rows=1)


def bias_summed(weight, bias, x, y, learning_rate, weight_decay):
    new_weight, _ = step(weight, bias, x, y, learning_rate, weight_decay)
    return new_weight, summed(weight, bias, x, y, learning_rate, weight_decay)[1]


def by_those_that_miss(weight, bias, x, y, learning_rate, weight_decay):
    """0 / 0 where no row misses its margin."""
    rows = (lead(weight, bias, x, y) < 1).sum().to(x.dtype)
    return step(weight, bias, x, y, learning_rate, weight_decay, rows=rows)


def by_those_that_miss_or_1(weight, bias, x, y, learning_rate, weight_decay):
    rows = (lead(weight, bias, x, y) < 1).sum().clamp(min=1).to(x.dtype)
    return step(weight, bias, x, y, learning_rate, weight_decay, rows=rows)


def no_decay(weight, bias, x, y, learning_rate, weight_decay):
    return step(weight, bias, x, y, learning_rate, 0.0)


def decay_without_the_rate(weight, bias, x, y, learning_rate, weight_decay):
    return step(weight, bias, x, y, learning_rate, weight_decay / learning_rate)


def decay_twice(weight, bias, x, y, learning_rate, weight_decay):
    return step(weight, bias, x, y, learning_rate, 2 * weight_decay)


def decay_half(weight, bias, x, y, learning_rate, weight_decay):
    return step(weight, bias, x, y, learning_rate, weight_decay / 2)


def decay_over_rows(weight, bias, x, y, learning_rate, weight_decay):
    return step(weight, bias, x, y, learning_rate, weight_decay / len(x))


def decay_last(weight, bias, x, y, learning_rate, weight_decay):
    """The weight shrunk after it has moved."""
    new_weight, new_bias = step(weight, bias, x, y, learning_rate, 0.0)
    return new_weight * (1 - learning_rate * weight_decay), new_bias


def decay_by_a_constant(weight, bias, x, y, learning_rate, weight_decay):
    new_weight, new_bias = step(weight, bias, x, y, learning_rate, 0.0)
    return new_weight - learning_rate * weight_decay, new_bias


def decay_by_the_sign(weight, bias, x, y, learning_rate, weight_decay):
    """The slope of the absolute values."""
    new_weight, new_bias = step(weight, bias, x, y, learning_rate, 0.0)
    return new_weight - learning_rate * weight_decay * weight.sign(), new_bias


def bias_shrunk(weight, bias, x, y, learning_rate, weight_decay):
    new_weight, new_bias = step(weight, bias, x, y, learning_rate, weight_decay)
    return new_weight, new_bias - learning_rate * weight_decay * bias


def bias_stays(weight, bias, *rest):
    return step(weight, bias, *rest)[0], bias.clone()


def bias_without_the_rate(weight, bias, x, y, learning_rate, weight_decay):
    new_weight, new_bias = step(weight, bias, x, y, learning_rate, weight_decay)
    return new_weight, bias + (new_bias - bias) / learning_rate


def without_the_rate(weight, bias, x, y, learning_rate, weight_decay):
    return step(weight, bias, x, y, 1.0, weight_decay)


def bias_after_the_weight(weight, bias, *rest):
    """The bias from leads of the weight that has moved already."""
    new_weight, _ = step(weight, bias, *rest)
    return new_weight, step(new_weight, bias, *rest)[1]


def row_by_row(weight, bias, x, y, learning_rate, weight_decay):
    """A step for each row instead of one for all."""
    for i in range(len(x)):
        weight, bias = step(weight, bias, x[i : i + 1], y[i : i + 1], learning_rate, weight_decay)
    return weight, bias


def first_row(weight, bias, x, y, learning_rate, weight_decay):
    return step(weight, bias, x[:1], y[:1], learning_rate, weight_decay)


def scaled_by_c(weight, bias, x, y, learning_rate, weight_decay):
    """The other form of the objective: 1/2 |w|² + C · mean hinge."""
    push = weight_decay * (lead(weight, bias, x, y) < 1).to(x.dtype)
    return step(weight, bias, x, y, learning_rate, 1.0, push)


def slopes(weight, bias, *rest):
    """What the slopes are, no step."""
    new_weight, new_bias = step(weight, bias, *rest)
    return (weight - new_weight) / rest[2], (bias - new_bias) / rest[2]


def moves(weight, bias, *rest):
    new_weight, new_bias = step(weight, bias, *rest)
    return new_weight - weight, new_bias - bias


def exchanged(*args):
    return step(*args)[::-1]


def weight_alone(*args):
    return step(*args)[0]


def in_place(weight, bias, *rest):
    new_weight, new_bias = step(weight, bias, *rest)
    weight.data.copy_(new_weight)
    bias.data.copy_(new_bias)
    return weight, bias


def weight_in_place(weight, bias, *rest):
    new_weight, new_bias = step(weight, bias, *rest)
    weight.data.copy_(new_weight)
    return weight, new_bias


def if_on_all_rows(weight, bias, x, y, learning_rate, weight_decay):
    if lead(weight, bias, x, y) < 1:
        return weight, bias
    return weight, bias


def rows_by_features(weight, bias, x, y, learning_rate, weight_decay):
    return y * x


def booleans_times_a_matrix(weight, bias, x, y, learning_rate, weight_decay):
    return (lead(weight, bias, x, y) < 1) @ x
