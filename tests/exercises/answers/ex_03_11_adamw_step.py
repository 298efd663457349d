"""Answers to 03.11 as learners write them: wrong ones with words of their hint, right ones, crashing ones."""

import torch


def moments(grad, state, betas):
    m, v, step = state
    return betas[0] * m + (1 - betas[0]) * grad, betas[1] * v + (1 - betas[1]) * grad**2, step + 1


def moved(parameter, m, v, t, lr, betas, eps):
    m_hat, v_hat = m / (1 - betas[0] ** t), v / (1 - betas[1] ** t)
    return parameter - lr * m_hat / (v_hat.sqrt() + eps)


def wrong_no_bias_correction(parameter, grad, state, lr, betas, eps, weight_decay):
    """hint: bias correction is missing"""
    m, v, t = moments(grad, state, betas)
    parameter = parameter * (1 - lr * weight_decay)
    return parameter - lr * m / (torch.sqrt(v) + eps), (m, v, t)


def wrong_one_correction(parameter, grad, state, lr, betas, eps, weight_decay):
    """hint: only one of the two"""
    m, v, t = moments(grad, state, betas)
    parameter = parameter - lr * weight_decay * parameter
    return parameter - lr * (m / (1 - betas[0] ** t)) / (torch.sqrt(v) + eps), (m, v, t)


def wrong_step_counted_late(parameter, grad, state, lr, betas, eps, weight_decay):
    """hint: count before"""
    m, v, t = moments(grad, state, betas)
    return moved(parameter * (1 - lr * weight_decay), m, v, t - 1, lr, betas, eps), (m, v, t)


def wrong_decay_in_the_gradient(parameter, grad, state, lr, betas, eps, weight_decay):
    """hint: apart"""
    grad = grad + weight_decay * parameter
    m, v, t = moments(grad, state, betas)
    return moved(parameter, m, v, t, lr, betas, eps), (m, v, t)


def wrong_decay_without_the_rate(parameter, grad, state, lr, betas, eps, weight_decay):
    """hint: learning rate"""
    m, v, t = moments(grad, state, betas)
    return moved(parameter, m, v, t, lr, betas, eps) - weight_decay * parameter, (m, v, t)


def wrong_no_decay(parameter, grad, state, lr, betas, eps, weight_decay):
    """hint: left out weight_decay"""
    m, v, t = moments(grad, state, betas)
    return moved(parameter, m, v, t, lr, betas, eps), (m, v, t)


def wrong_decays_last(parameter, grad, state, lr, betas, eps, weight_decay):
    """hint: what came in"""
    m, v, t = moments(grad, state, betas)
    parameter = moved(parameter, m, v, t, lr, betas, eps)
    return parameter - lr * weight_decay * parameter, (m, v, t)


def wrong_eps_inside_the_root(parameter, grad, state, lr, betas, eps, weight_decay):
    """hint: after the root"""
    m, v, t = moments(grad, state, betas)
    m_hat, v_hat = m / (1 - betas[0] ** t), v / (1 - betas[1] ** t)
    return parameter * (1 - lr * weight_decay) - lr * m_hat * (v_hat + eps).rsqrt(), (m, v, t)


def wrong_no_root(parameter, grad, state, lr, betas, eps, weight_decay):
    """hint: root is missing"""
    m, v, t = moments(grad, state, betas)
    m_hat, v_hat = m / (1 - betas[0] ** t), v / (1 - betas[1] ** t)
    return parameter * (1 - lr * weight_decay) - lr * m_hat / (v_hat + eps), (m, v, t)


def wrong_betas_exchanged(parameter, grad, state, lr, betas, eps, weight_decay):
    """hint: exchanged"""
    beta2, beta1 = betas
    m, v, t = moments(grad, state, (beta1, beta2))
    return moved(parameter * (1 - lr * weight_decay), m, v, t, lr, (beta1, beta2), eps), (m, v, t)


def wrong_state_corrected(parameter, grad, state, lr, betas, eps, weight_decay):
    """hint: uncorrected"""
    m, v, t = moments(grad, state, betas)
    m, v = m / (1 - betas[0] ** t), v / (1 - betas[1] ** t)
    return parameter * (1 - lr * weight_decay) - lr * m / (v.sqrt() + eps), (m, v, t)


def wrong_uphill(parameter, grad, state, lr, betas, eps, weight_decay):
    """hint: up the slope"""
    m, v, t = moments(grad, state, betas)
    return moved(parameter * (1 - lr * weight_decay), -m, v, t, lr, betas, eps), (m, v, t)


def wrong_state_not_returned_new(parameter, grad, state, lr, betas, eps, weight_decay):
    """hint: came back as it was"""
    m, v, t = moments(grad, state, betas)
    return moved(parameter * (1 - lr * weight_decay), m, v, t, lr, betas, eps), state


def wrong_in_place(parameter, grad, state, lr, betas, eps, weight_decay):
    """hint: return new ones"""
    m, v, step = state
    m.mul_(betas[0]).add_((1 - betas[0]) * grad)
    v.mul_(betas[1]).addcmul_(grad, grad, value=1 - betas[1])
    return moved(parameter * (1 - lr * weight_decay), m, v, step + 1, lr, betas, eps), (m, v, step + 1)


def wrong_plain_sgd(parameter, grad, state, lr, betas, eps, weight_decay):
    """hint: plain gradient descent"""
    m, v, step = state
    return parameter - lr * (grad + weight_decay * parameter), (m, v, step + 1)


def right_decay_in_the_move(parameter, grad, state, lr, betas, eps, weight_decay):
    m, v, t = moments(grad, state, betas)
    m_hat, v_hat = m / (1 - betas[0] ** t), v / (1 - betas[1] ** t)
    return parameter - lr * (m_hat / (v_hat.sqrt() + eps) + weight_decay * parameter), [m, v, t]


def right_torch(*, parameter, grad, state, lr, betas, eps, weight_decay):
    weight = torch.nn.Parameter(parameter.clone())
    weight.grad = grad.clone()
    optimiser = torch.optim.AdamW([weight], lr=lr, betas=betas, eps=eps, weight_decay=weight_decay)
    m, v, step = state
    optimiser.state[weight] = {
        "step": torch.tensor(float(step)),
        "exp_avg": m.clone(),
        "exp_avg_sq": v.clone(),
    }
    optimiser.step()
    new = optimiser.state[weight]
    return weight.detach(), (new["exp_avg"], new["exp_avg_sq"], new["step"])


def right_rate_corrected(parameter, grad, state, lr, betas, eps, weight_decay):
    m = torch.lerp(grad, state[0], betas[0])
    v = torch.lerp(grad * grad, state[1], betas[1])
    t = state[2] + 1
    correction = (1 - betas[1] ** t) ** 0.5
    rate = lr * correction / (1 - betas[0] ** t)
    return (1 - lr * weight_decay) * parameter - rate * m / (v.sqrt() + eps * correction), (m, v, t)


def crash_first_step_is_zero(parameter, grad, state, lr, betas, eps, weight_decay):
    """line: scale = lr / (1 - betas[0] ** step)
    hint: count before"""
    m, v, step = state
    scale = lr / (1 - betas[0] ** step)
    m, v, _ = moments(grad, state, betas)
    v_hat = v / (1 - betas[1] ** step)
    return parameter * (1 - lr * weight_decay) - scale * m / (v_hat.sqrt() + eps), (m, v, step + 1)


def wrong_step_never_counted(parameter, grad, state, lr, betas, eps, weight_decay):
    """hint: first step is step 1"""
    m, v, t = state
    m, v = betas[0] * m + (1 - betas[0]) * grad, betas[1] * v + (1 - betas[1]) * grad**2
    m_hat, v_hat = m / (1 - betas[0] ** t), v / (1 - betas[1] ** t)
    return parameter * (1 - lr * weight_decay) - lr * m_hat / (v_hat.sqrt() + eps), (m, v, t)


def wrong_v_of_the_gradient_itself(parameter, grad, state, lr, betas, eps, weight_decay):
    """hint: v averages g²"""
    m, v, t = state
    t += 1
    m, v = betas[0] * m + (1 - betas[0]) * grad, betas[1] * v + (1 - betas[1]) * grad
    m_hat, v_hat = m / (1 - betas[0] ** t), v / (1 - betas[1] ** t)
    return parameter * (1 - lr * weight_decay) - lr * m_hat / (v_hat.sqrt() + eps), (m, v, t)
