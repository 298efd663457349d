"""Steps of AdamW as people get them wrong: what the check of 03.11 compares an answer with."""


def adamw(
    parameter,
    grad,
    state,
    lr,
    betas,
    eps,
    weight_decay,
    *,
    decay="apart",
    corrected=(True, True),
    correction="power",
    late=False,  # the step counted after its use
    root=True,
    eps_inside=False,
    squared=True,
    weighted=True,
    old=False,  # the moments of the step before
    keep="moments",  # what the new state holds
    sign=-1,
):
    """A step of AdamW, with a switch for each slip."""
    first, second, step = state
    if decay == "in the gradient":
        grad = grad + weight_decay * parameter
    used = step if late else step + 1
    shares = [1 - beta if weighted else 1.0 for beta in betas]
    new_first = betas[0] * first + shares[0] * grad
    squares = {True: grad**2, False: grad.abs(), None: grad}[squared]
    new_second = betas[1] * second + shares[1] * squares
    m, v = (first, second) if old else (new_first, new_second)
    m, v = (
        _corrected(moment, beta, used, correction) if wanted else moment
        for moment, beta, wanted in zip((m, v), betas, corrected, strict=True)
    )
    divisor = (v + eps).sqrt() if eps_inside else (v.sqrt() if root else v) + eps
    move = lr * m / divisor
    shrink = {"apart": lr * weight_decay, "without lr": weight_decay, "after": 0, "last": lr * weight_decay}
    if decay == "last":
        result = (parameter + sign * move) * (1 - shrink[decay])
    else:
        result = parameter * (1 - shrink.get(decay, 0)) + sign * move
    if keep == "corrected":
        return result, (m, v, step + 1)
    if keep == "old":
        return result, state
    return result, (new_first, new_second, step if keep == "step" else step + 1)


def grown(*args):
    """The decay with the wrong sign."""
    *rest, weight_decay = args
    return adamw(*rest, -weight_decay)


def sgd(parameter, grad, state, lr, betas, eps, weight_decay):
    first, second, step = state
    return parameter - lr * (grad + weight_decay * parameter), (first, second, step + 1)


def betas_exchanged(parameter, grad, state, lr, betas, eps, weight_decay):
    return adamw(parameter, grad, state, lr, betas[::-1], eps, weight_decay)


def shares_exchanged(parameter, grad, state, lr, betas, eps, weight_decay):
    """beta for the new and 1 - beta for the old."""
    first, second, step = state
    first = (1 - betas[0]) * first + betas[0] * grad
    second = (1 - betas[1]) * second + betas[1] * grad**2
    m = first / (1 - betas[0] ** (step + 1))
    v = second / (1 - betas[1] ** (step + 1))
    move = lr * m / (v.sqrt() + eps)
    return parameter * (1 - lr * weight_decay) - move, (first, second, step + 1)


def in_place(parameter, grad, state, *rest):
    result, (first, second, step) = adamw(parameter, grad, state, *rest)
    state[0].data.copy_(first)
    state[1].data.copy_(second)
    return result, (first, second, step)


def square_of_mean(parameter, grad, state, lr, betas, eps, weight_decay):
    """The second moment from the smoothed gradient instead of from the gradient."""
    first, second, step = state
    first = betas[0] * first + (1 - betas[0]) * grad
    second = betas[1] * second + (1 - betas[1]) * first**2
    m, v = first / (1 - betas[0] ** (step + 1)), second / (1 - betas[1] ** (step + 1))
    return parameter * (1 - lr * weight_decay) - lr * m / (v.sqrt() + eps), (first, second, step + 1)


def divided_by_zero(parameter, grad, state, lr, betas, eps, weight_decay):
    """The step counted late, and the correction computed from numbers, not tensors."""
    return 1 / (1 - betas[0] ** state[2])


def _corrected(moment, beta, step, correction):
    if correction == "times":
        return moment * (1 - beta**step)
    return moment / (1 - {"power": beta**step, "product": beta * step, "once": beta}[correction])


def gradient_for_the_moment(parameter, grad, state, lr, betas, eps, weight_decay):
    _, (first, second, step) = adamw(parameter, grad, state, lr, betas, eps, weight_decay)
    v = second / (1 - betas[1] ** step)
    return parameter * (1 - lr * weight_decay) - lr * grad / (v.sqrt() + eps), (first, second, step)


def flat_results(*args):
    result, state = adamw(*args)
    return result, *state


def parameter_alone(*args):
    return adamw(*args)[0]


def parameter_in_place(parameter, *rest):
    result, state = adamw(parameter, *rest)
    parameter.data.copy_(result)
    return parameter, state


def _other_move(args, move):
    """A step with another way to the move: move(first, second, t, lr, betas, eps)."""
    parameter, _, _, lr, betas, eps, weight_decay = args
    _, (first, second, step) = adamw(*args)
    kept = parameter * (1 - lr * weight_decay)
    return kept - move(first, second, step, lr, betas, eps), (first, second, step)


def corrections_exchanged(*args):
    return _other_move(
        args,
        lambda m, v, t, lr, b, eps: lr * m / (1 - b[1] ** t) / ((v / (1 - b[0] ** t)).sqrt() + eps),
    )


def root_first(*args):
    return _other_move(
        args, lambda m, v, t, lr, b, eps: lr * m / (1 - b[0] ** t) / (v.sqrt() / (1 - b[1] ** t) + eps)
    )


def no_rate(*args):
    return _other_move(
        args, lambda m, v, t, lr, b, eps: m / (1 - b[0] ** t) / ((v / (1 - b[1] ** t)).sqrt() + eps)
    )


def constant_decay(parameter, grad, state, lr, betas, eps, weight_decay):
    result, state = adamw(parameter, grad, state, lr, betas, eps, 0.0)
    return result - lr * weight_decay, state
