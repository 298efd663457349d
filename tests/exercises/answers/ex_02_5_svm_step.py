"""Answers to 02.5 svm_step: wrong ones with words of their hint, right ones, crashing ones."""

import torch
import torch.nn.functional as F


def right_loop(*, weight, bias, x, y, learning_rate, weight_decay):
    slope, bias_slope = weight_decay * weight, torch.zeros_like(bias)
    for row, sign in zip(x, y, strict=True):
        if sign * (torch.dot(row, weight) + bias) < 1:
            slope = slope - sign * row / len(x)
            bias_slope = bias_slope - sign / len(x)
    return weight - learning_rate * slope, bias - learning_rate * bias_slope


def by_autograd(weight, bias, x, y, learning_rate, weight_decay, cut):
    weight, bias = weight.clone().requires_grad_(), bias.clone().requires_grad_()
    loss = cut(1 - y * (x @ weight + bias)).mean() + weight_decay / 2 * weight.square().sum()
    slopes = torch.autograd.grad(loss, [weight, bias])
    return weight.detach() - learning_rate * slopes[0], bias.detach() - learning_rate * slopes[1]


def right_autograd(weight, bias, x, y, learning_rate, weight_decay):
    return by_autograd(weight, bias, x, y, learning_rate, weight_decay, F.relu)


def right_optimiser(weight, bias, x, y, learning_rate, weight_decay):
    weight, bias = torch.nn.Parameter(weight.clone()), torch.nn.Parameter(bias.clone())
    groups = [{"params": [weight], "weight_decay": weight_decay}, {"params": [bias]}]
    optimiser = torch.optim.SGD(groups, lr=learning_rate)
    F.relu(1 - y * (x @ weight + bias)).mean().backward()
    optimiser.step()
    return weight.detach(), bias.detach()


def right_shrunk_then_chosen_rows(weight, bias, x, y, learning_rate, weight_decay):
    near = 1 - y * (x.mv(weight) + bias) > 0
    rate = learning_rate / len(x)
    shrunk = (1 - learning_rate * weight_decay) * weight
    return shrunk + rate * (y[near, None] * x[near]).sum(0), bias + rate * y[near].sum()


def missed(weight, bias, x, y):
    return (y * (x @ weight + bias) < 1).to(x.dtype)


def wrong_at_the_margin_too(weight, bias, x, y, learning_rate, weight_decay):
    """hint: misses nothing"""
    pull = y * (y * (x @ weight + bias) <= 1)
    slope = weight_decay * weight - (pull[:, None] * x).mean(0)
    return weight - learning_rate * slope, bias + learning_rate * pull.mean()


def wrong_autograd_through_maximum(weight, bias, x, y, learning_rate, weight_decay):
    """hint: maximum hands on half"""
    zero = torch.zeros_like(y)
    return by_autograd(weight, bias, x, y, learning_rate, weight_decay, lambda m: torch.maximum(m, zero))


def wrong_perceptron(weight, bias, x, y, learning_rate, weight_decay):
    """hint: compare with 1, not with 0"""
    pull = y * (y * (x @ weight + bias) < 0)
    slope = weight_decay * weight - pull @ x / len(x)
    return weight - learning_rate * slope, bias + learning_rate * pull.mean()


def wrong_all_rows_pull(weight, bias, x, y, learning_rate, weight_decay):
    """hint: all rows pull"""
    slope = weight_decay * weight - y @ x / len(x)
    return weight - learning_rate * slope, bias + learning_rate * y.mean()


def wrong_rows_beyond_pull(weight, bias, x, y, learning_rate, weight_decay):
    """hint: the wrong rows pull"""
    pull = y * (y * (x @ weight + bias) > 1)
    slope = weight_decay * weight - pull @ x / len(x)
    return weight - learning_rate * slope, bias + learning_rate * pull.mean()


def wrong_logistic(weight, bias, x, y, learning_rate, weight_decay):
    """hint: logistic regression"""
    return by_autograd(weight, bias, x, y, learning_rate, weight_decay, lambda m: F.softplus(m - 1))


def wrong_squared_hinge(weight, bias, x, y, learning_rate, weight_decay):
    """hint: equally hard"""
    return by_autograd(weight, bias, x, y, learning_rate, weight_decay, lambda m: F.relu(m) ** 2)


def wrong_pulls_by_what_is_missing(weight, bias, x, y, learning_rate, weight_decay):
    """hint: equally hard"""
    pull = y * (1 - y * (x @ weight + bias)).clamp(min=0)
    slope = weight_decay * weight - pull @ x / len(x)
    return weight - learning_rate * slope, bias + learning_rate * pull.mean()


def wrong_score_without_y(weight, bias, x, y, learning_rate, weight_decay):
    """hint: y times the score"""
    pull = y * (x @ weight + bias < 1)
    slope = weight_decay * weight - pull @ x / len(x)
    return weight - learning_rate * slope, bias + learning_rate * pull.mean()


def wrong_score_without_bias(weight, bias, x, y, learning_rate, weight_decay):
    """hint: bias belongs to the score"""
    pull = y * missed(weight, 0, x, y)
    slope = weight_decay * weight - pull @ x / len(x)
    return weight - learning_rate * slope, bias + learning_rate * pull.mean()


def wrong_slope_without_y(weight, bias, x, y, learning_rate, weight_decay):
    """hint: pull the other way"""
    pull = missed(weight, bias, x, y)
    slope = weight_decay * weight - pull @ x / len(x)
    return weight - learning_rate * slope, bias + learning_rate * pull.mean()


def wrong_signs_made_twice(weight, bias, x, y, learning_rate, weight_decay):
    """hint: makes −3 of −1"""
    return right_shrunk_then_chosen_rows(weight, bias, x, 2 * y - 1, learning_rate, weight_decay)


def wrong_uphill(weight, bias, x, y, learning_rate, weight_decay):
    """hint: up the slope"""
    pull = y * missed(weight, bias, x, y)
    slope = weight_decay * weight - pull @ x / len(x)
    return weight + learning_rate * slope, bias - learning_rate * pull.mean()


def wrong_hinge_uphill(weight, bias, x, y, learning_rate, weight_decay):
    """hint: wrong sign"""
    pull = y * missed(weight, bias, x, y)
    slope = weight_decay * weight + pull @ x / len(x)
    return weight - learning_rate * slope, bias - learning_rate * pull.mean()


def wrong_bias_uphill(weight, bias, x, y, learning_rate, weight_decay):
    """hint: the bias goes the wrong way"""
    pull = y * missed(weight, bias, x, y)
    slope = weight_decay * weight - pull @ x / len(x)
    return weight - learning_rate * slope, bias - learning_rate * pull.mean()


def wrong_decay_adds(weight, bias, x, y, learning_rate, weight_decay):
    """hint: makes the weight grow"""
    return right_shrunk_then_chosen_rows(weight, bias, x, y, learning_rate, -weight_decay)


def wrong_sum_of_the_rows(weight, bias, x, y, learning_rate, weight_decay):
    """hint: divided by their number"""
    pull = y * missed(weight, bias, x, y)
    slope = weight_decay * weight - pull @ x
    return weight - learning_rate * slope, bias + learning_rate * pull.sum()


def wrong_bias_by_the_sum(weight, bias, x, y, learning_rate, weight_decay):
    """hint: divided by their number"""
    pull = y * missed(weight, bias, x, y)
    slope = weight_decay * weight - pull @ x / len(x)
    return weight - learning_rate * slope, bias + learning_rate * pull.sum()


def wrong_mean_of_those_that_miss(weight, bias, x, y, learning_rate, weight_decay):
    """hint: number of all rows"""
    near = missed(weight, bias, x, y).bool()
    slope = weight_decay * weight - (y[near, None] * x[near]).mean(0)
    return weight - learning_rate * slope, bias + learning_rate * y[near].mean()


def wrong_mean_of_those_that_miss_if_any(weight, bias, x, y, learning_rate, weight_decay):
    """hint: number of all rows"""
    near = missed(weight, bias, x, y).bool()
    if not near.any():
        return weight * (1 - learning_rate * weight_decay), bias
    return wrong_mean_of_those_that_miss(weight, bias, x, y, learning_rate, weight_decay)


def wrong_no_decay(weight, bias, x, y, learning_rate, weight_decay):
    """hint: left out weight_decay"""
    return right_shrunk_then_chosen_rows(weight, bias, x, y, learning_rate, 0)


def wrong_decay_without_the_rate(weight, bias, x, y, learning_rate, weight_decay):
    """hint: part of the slope"""
    moved, bias = right_shrunk_then_chosen_rows(weight, bias, x, y, learning_rate, 0)
    return moved - weight_decay * weight, bias


def wrong_decay_twice(weight, bias, x, y, learning_rate, weight_decay):
    """hint: with the factor 1"""
    return right_shrunk_then_chosen_rows(weight, bias, x, y, learning_rate, 2 * weight_decay)


def wrong_decay_half(weight, bias, x, y, learning_rate, weight_decay):
    """hint: with the factor 1"""
    return right_shrunk_then_chosen_rows(weight, bias, x, y, learning_rate, weight_decay / 2)


def wrong_decay_in_the_mean(weight, bias, x, y, learning_rate, weight_decay):
    """hint: not once a row"""
    pull = y * missed(weight, bias, x, y)
    slope = (weight_decay * weight - pull @ x) / len(x)
    return weight - learning_rate * slope, bias + learning_rate * pull.mean()


def wrong_decay_after_the_move(weight, bias, x, y, learning_rate, weight_decay):
    """hint: after it had moved"""
    weight, bias = right_shrunk_then_chosen_rows(weight, bias, x, y, learning_rate, 0)
    return weight - learning_rate * weight_decay * weight, bias


def wrong_decay_constant(weight, bias, x, y, learning_rate, weight_decay):
    """hint: same amount"""
    weight, bias = right_shrunk_then_chosen_rows(weight, bias, x, y, learning_rate, 0)
    return weight - learning_rate * weight_decay, bias


def wrong_decay_of_absolute_values(weight, bias, x, y, learning_rate, weight_decay):
    """hint: slope of |w|"""
    moved, bias = right_shrunk_then_chosen_rows(weight, bias, x, y, learning_rate, 0)
    return moved - learning_rate * weight_decay * torch.sign(weight), bias


def wrong_bias_shrunk(weight, bias, x, y, learning_rate, weight_decay):
    """hint: not in ‖w‖²"""
    shrink = 1 - learning_rate * weight_decay
    pull = learning_rate * y * missed(weight, bias, x, y)
    return shrink * weight + pull @ x / len(x), shrink * bias + pull.mean()


def wrong_bias_stays(weight, bias, x, y, learning_rate, weight_decay):
    """hint: bias did not move"""
    return right_shrunk_then_chosen_rows(weight, bias, x, y, learning_rate, weight_decay)[0], bias


def wrong_bias_without_the_rate(weight, bias, x, y, learning_rate, weight_decay):
    """hint: missing in the bias"""
    new, _ = right_shrunk_then_chosen_rows(weight, bias, x, y, learning_rate, weight_decay)
    return new, bias + (y * missed(weight, bias, x, y)).mean()


def wrong_without_the_rate(weight, bias, x, y, learning_rate, weight_decay):
    """hint: left out the learning rate"""
    return right_shrunk_then_chosen_rows(weight, bias, x, y, 1, weight_decay)


def wrong_bias_of_the_new_weight(weight, bias, x, y, learning_rate, weight_decay):
    """hint: before either moves"""
    pull = y * missed(weight, bias, x, y)
    weight = weight - learning_rate * (weight_decay * weight - pull @ x / len(x))
    bias = bias + learning_rate * (y * missed(weight, bias, x, y)).mean()
    return weight, bias


def wrong_a_step_for_each_row(weight, bias, x, y, learning_rate, weight_decay):
    """hint: after every row"""
    for row, sign in zip(x, y, strict=True):
        near = (sign * (row @ weight + bias) < 1).to(x.dtype)
        weight = weight - learning_rate * (weight_decay * weight - near * sign * row)
        bias = bias + learning_rate * near * sign
    return weight, bias


def wrong_returns_in_the_loop(weight, bias, x, y, learning_rate, weight_decay):
    """hint: only the first row"""
    for row, sign in zip(x, y, strict=True):
        near = (sign * (row @ weight + bias) < 1).to(x.dtype)
        slope = weight_decay * weight - near * sign * row
        return weight - learning_rate * slope, bias + learning_rate * near * sign


def wrong_as_c(weight, bias, x, y, learning_rate, weight_decay):
    """hint: C multiplies the hinge"""
    pull = weight_decay * y * missed(weight, bias, x, y)
    return weight - learning_rate * (weight - pull @ x / len(x)), bias + learning_rate * pull.mean()


def wrong_slopes(weight, bias, x, y, learning_rate, weight_decay):
    """hint: after the step"""
    pull = y * missed(weight, bias, x, y)
    return weight_decay * weight - pull @ x / len(x), -pull.mean()


def wrong_order(weight, bias, x, y, learning_rate, weight_decay):
    """hint: weight comes first"""
    weight, bias = right_shrunk_then_chosen_rows(weight, bias, x, y, learning_rate, weight_decay)
    return bias, weight


def wrong_weight_alone(weight, bias, x, y, learning_rate, weight_decay):
    """hint: two things are wanted"""
    return right_shrunk_then_chosen_rows(weight, bias, x, y, learning_rate, weight_decay)[0]


def wrong_in_place(weight, bias, x, y, learning_rate, weight_decay):
    """hint: return new ones"""
    pull = y * missed(weight, bias, x, y)
    weight -= learning_rate * (weight_decay * weight - pull @ x / len(x))
    bias += learning_rate * pull.mean()
    return weight, bias


def wrong_each_row_overwrites(weight, bias, x, y, learning_rate, weight_decay):
    """hint: each slope overwrites"""
    slope, bias_slope = torch.zeros_like(weight), torch.zeros_like(bias)
    for row, sign in zip(x, y, strict=True):
        if sign * (row @ weight + bias) < 1:
            slope, bias_slope = -sign * row, -sign
    slope = slope / len(x) + weight_decay * weight
    return weight - learning_rate * slope, bias - learning_rate * bias_slope / len(x)


def wrong_last_row_alone(weight, bias, x, y, learning_rate, weight_decay):
    """hint: each slope overwrites"""
    for i in range(len(x)):
        near = (y[i] * (x[i] @ weight + bias) < 1).to(x.dtype)
        slope = weight_decay * weight - near * y[i] * x[i]
        bias_slope = -near * y[i]
    return weight - learning_rate * slope, bias - learning_rate * bias_slope


def wrong_returns_at_the_first_that_misses(weight, bias, x, y, learning_rate, weight_decay):
    """hint: only the first row that misses"""
    for row, sign in zip(x, y, strict=True):
        if sign * (row @ weight + bias) < 1:
            slope = weight_decay * weight - sign * row / len(x)
            return weight - learning_rate * slope, bias + learning_rate * sign / len(x)
    return weight - learning_rate * weight_decay * weight, bias


def wrong_breaks_at_the_first_content(weight, bias, x, y, learning_rate, weight_decay):
    """hint: with `continue`"""
    slope, bias_slope = weight_decay * weight, torch.zeros_like(bias)
    for row, sign in zip(x, y, strict=True):
        if sign * (row @ weight + bias) >= 1:
            break
        slope, bias_slope = slope - sign * row / len(x), bias_slope - sign / len(x)
    return weight - learning_rate * slope, bias - learning_rate * bias_slope


def wrong_without_the_last_row(weight, bias, x, y, learning_rate, weight_decay):
    """hint: the last row has no say"""
    slope, bias_slope = weight_decay * weight, torch.zeros_like(bias)
    for i in range(len(x) - 1):
        if y[i] * (x[i] @ weight + bias) < 1:
            slope, bias_slope = slope - y[i] * x[i] / len(x), bias_slope - y[i] / len(x)
    return weight - learning_rate * slope, bias - learning_rate * bias_slope


def wrong_without_the_first_row(weight, bias, x, y, learning_rate, weight_decay):
    """hint: the first row has no say"""
    slope, bias_slope = weight_decay * weight, torch.zeros_like(bias)
    for i in range(1, len(x)):
        if y[i] * (x[i] @ weight + bias) < 1:
            slope, bias_slope = slope - y[i] * x[i] / len(x), bias_slope - y[i] / len(x)
    return weight - learning_rate * slope, bias - learning_rate * bias_slope


def wrong_as_many_rows_as_features(weight, bias, x, y, learning_rate, weight_decay):
    """hint: counts features"""
    slope, bias_slope = weight_decay * weight, torch.zeros_like(bias)
    for i in range(x.shape[1]):
        if y[i] * (x[i] @ weight + bias) < 1:
            slope, bias_slope = slope - y[i] * x[i] / len(x), bias_slope - y[i] / len(x)
    return weight - learning_rate * slope, bias - learning_rate * bias_slope


def wrong_decay_in_the_loop(weight, bias, x, y, learning_rate, weight_decay):
    """hint: once for each row"""
    slope, bias_slope = torch.zeros_like(weight), torch.zeros_like(bias)
    for row, sign in zip(x, y, strict=True):
        slope = slope + weight_decay * weight
        if sign * (row @ weight + bias) < 1:
            slope, bias_slope = slope - sign * row / len(x), bias_slope - sign / len(x)
    return weight - learning_rate * slope, bias - learning_rate * bias_slope


def wrong_decay_in_the_loop_of_sums(weight, bias, x, y, learning_rate, weight_decay):
    """hint: once for each row"""
    slope, bias_slope = torch.zeros_like(weight), torch.zeros_like(bias)
    for row, sign in zip(x, y, strict=True):
        near = (sign * (row @ weight + bias) < 1).to(x.dtype)
        slope = slope + weight_decay * weight - near * sign * row
        bias_slope = bias_slope - near * sign
    return weight - learning_rate * slope, bias - learning_rate * bias_slope


def wrong_decay_where_a_row_misses(weight, bias, x, y, learning_rate, weight_decay):
    """hint: only for rows that miss"""
    slope, bias_slope = torch.zeros_like(weight), torch.zeros_like(bias)
    for row, sign in zip(x, y, strict=True):
        if sign * (row @ weight + bias) < 1:
            slope, bias_slope = slope + weight_decay * weight - sign * row, bias_slope - sign
    return weight - learning_rate * slope / len(x), bias - learning_rate * bias_slope / len(x)


def wrong_steps_of_a_share(weight, bias, x, y, learning_rate, weight_decay):
    """hint: after every row"""
    n = len(x)
    for row, sign in zip(x, y, strict=True):
        near = (sign * (row @ weight + bias) < 1).to(x.dtype)
        weight = weight - learning_rate * (weight_decay * weight - near * sign * row) / n
        bias = bias + learning_rate * near * sign / n
    return weight, bias


def wrong_weight_moved_in_the_loop(weight, bias, x, y, learning_rate, weight_decay):
    """hint: after every row"""
    old = weight
    for row, sign in zip(x, y, strict=True):
        if sign * (row @ weight + bias) < 1:
            weight = weight + learning_rate * sign * row / len(x)
            bias = bias + learning_rate * sign / len(x)
    return weight - learning_rate * weight_decay * old, bias


def wrong_weight_moved_then_shrunk(weight, bias, x, y, learning_rate, weight_decay):
    """hint: after every row"""
    for row, sign in zip(x, y, strict=True):
        if sign * (row @ weight + bias) < 1:
            weight = weight + learning_rate * sign * row / len(x)
            bias = bias + learning_rate * sign / len(x)
    return (1 - learning_rate * weight_decay) * weight, bias


def wrong_steps_where_a_row_misses(weight, bias, x, y, learning_rate, weight_decay):
    """hint: after every row"""
    for row, sign in zip(x, y, strict=True):
        if sign * (row @ weight + bias) < 1:
            weight = weight - learning_rate * (weight_decay * weight - sign * row)
            bias = bias + learning_rate * sign
    return weight, bias


def wrong_divided_in_the_loop(weight, bias, x, y, learning_rate, weight_decay):
    """hint: divide once"""
    slope, bias_slope = torch.zeros_like(weight), torch.zeros_like(bias)
    for row, sign in zip(x, y, strict=True):
        if sign * (row @ weight + bias) < 1:
            slope, bias_slope = (slope - sign * row) / len(x), (bias_slope - sign) / len(x)
    slope = slope + weight_decay * weight
    return weight - learning_rate * slope, bias - learning_rate * bias_slope


def wrong_bias_as_a_number(weight, bias, x, y, learning_rate, weight_decay):
    """hint: leave out .item()"""
    pull = y * missed(weight, bias, x, y)
    slope = weight_decay * weight - pull @ x / len(x)
    return weight - learning_rate * slope, (bias + learning_rate * pull.mean()).item()


def crash_nothing_to_stack(weight, bias, x, y, learning_rate, weight_decay):
    """line: torch.stack(slopes).sum(0)
    hint: your list is empty"""
    slopes, pulls = [], []
    for row, sign in zip(x, y, strict=True):
        if sign * (row @ weight + bias) < 1:
            slopes.append(-sign * row)
            pulls.append(-sign)
    slope = weight_decay * weight + torch.stack(slopes).sum(0) / len(x)
    return weight - learning_rate * slope, bias - learning_rate * sum(pulls) / len(x)


def crash_if_on_all_rows(weight, bias, x, y, learning_rate, weight_decay):
    """line: if y * (x @ weight + bias) < 1:
    hint: each row has its own"""
    slope, pull = weight_decay * weight, 0
    if y * (x @ weight + bias) < 1:
        slope, pull = slope - y @ x / len(x), y.mean()
    return weight - learning_rate * slope, bias + learning_rate * pull


def crash_y_without_an_axis(weight, bias, x, y, learning_rate, weight_decay):
    """line: (near * y * x).mean(0)
    hint: y[:, None] * x"""
    near = missed(weight, bias, x, y)
    slope = weight_decay * weight - (near * y * x).mean(0)
    return weight - learning_rate * slope, bias + learning_rate * (near * y).mean()


def crash_booleans_in_a_product(weight, bias, x, y, learning_rate, weight_decay):
    """line: near @ (y[:, None] * x)
    hint: makes 1 and 0 of the answers"""
    near = y * (x @ weight + bias) < 1
    slope = weight_decay * weight - near @ (y[:, None] * x) / len(x)
    return weight - learning_rate * slope, bias + learning_rate * (near * y).mean()


def crash_graph_kept(weight, bias, x, y, learning_rate, weight_decay):
    """line: learning_rate * w.grad"""
    w, b = weight.clone().requires_grad_(), bias.clone().requires_grad_()
    loss = (1 - y * (x @ w + b)).relu().mean() + weight_decay / 2 * (w**2).sum()
    loss.backward()
    return w - learning_rate * w.grad, b - learning_rate * b.grad
