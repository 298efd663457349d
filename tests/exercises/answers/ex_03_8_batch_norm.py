"""Answers to 03.8 as learners write them: wrong ones with words of their hint, right ones, crashing ones."""

import torch
from torch.nn import functional as F


def scaled(x, mean, var, weight, bias, eps):
    """(x − mean) / sqrt(var + eps) · weight + bias, each of one number a channel."""
    mean, var, weight, bias = (v.reshape(1, -1, 1, 1) for v in (mean, var, weight, bias))
    return (x - mean) / torch.sqrt(var + eps) * weight + bias


def of_batch(x, correction=0):
    return x.mean(dim=(0, 2, 3)), x.var(dim=(0, 2, 3), correction=correction)


def moved(old, new, momentum):
    return (1 - momentum) * old + momentum * new


def wrong_torchs_own_var_for_both(
    input, running_mean, running_var, weight, bias, training, momentum=0.1, eps=1e-5
):
    """hint: biased variance"""
    if not training:
        return scaled(input, running_mean, running_var, weight, bias, eps), running_mean, running_var
    mean, var = input.mean((0, 2, 3)), input.var((0, 2, 3))
    records = moved(running_mean, mean, momentum), moved(running_var, var, momentum)
    return scaled(input, mean, var, weight, bias, eps), *records


def wrong_biased_for_both(input, running_mean, running_var, weight, bias, training, momentum=0.1, eps=1e-5):
    """hint: takes the unbiased one"""
    if not training:
        return scaled(input, running_mean, running_var, weight, bias, eps), running_mean, running_var
    mean, var = of_batch(input)
    records = moved(running_mean, mean, momentum), moved(running_var, var, momentum)
    return scaled(input, mean, var, weight, bias, eps), *records


def wrong_variances_swapped(input, running_mean, running_var, weight, bias, training, momentum=0.1, eps=1e-5):
    """hint: two variances are exchanged"""
    if not training:
        return scaled(input, running_mean, running_var, weight, bias, eps), running_mean, running_var
    mean, var = of_batch(input, correction=1)
    new_var = moved(running_var, of_batch(input)[1], momentum)
    return scaled(input, mean, var, weight, bias, eps), moved(running_mean, mean, momentum), new_var


def wrong_momentum_swapped(input, running_mean, running_var, weight, bias, training, momentum=0.1, eps=1e-5):
    """hint: share of the new"""
    if not training:
        return scaled(input, running_mean, running_var, weight, bias, eps), running_mean, running_var
    mean, var = of_batch(input)
    _, unbiased = of_batch(input, 1)
    new = momentum * running_mean + (1 - momentum) * mean, momentum * running_var + (1 - momentum) * unbiased
    return scaled(input, mean, var, weight, bias, eps), *new


def wrong_updated_in_use(input, running_mean, running_var, weight, bias, training, momentum=0.1, eps=1e-5):
    """hint: change the model"""
    mean, var = of_batch(input) if training else (running_mean, running_var)
    out = scaled(input, mean, var, weight, bias, eps)
    new_mean = moved(running_mean, input.mean((0, 2, 3)), momentum)
    return out, new_mean, moved(running_var, of_batch(input, 1)[1], momentum)


def wrong_batch_statistics_in_use(
    input, running_mean, running_var, weight, bias, training, momentum=0.1, eps=1e-5
):
    """hint: neighbours in the batch"""
    mean, var = of_batch(input)
    out = scaled(input, mean, var, weight, bias, eps)
    if training:
        running_mean = moved(running_mean, mean, momentum)
        running_var = moved(running_var, of_batch(input, 1)[1], momentum)
    return out, running_mean, running_var


def wrong_training_ignored(input, running_mean, running_var, weight, bias, training, momentum=0.1, eps=1e-5):
    """hint: never look at training"""
    mean, var = of_batch(input)
    new_mean = moved(running_mean, mean, momentum)
    new_var = moved(running_var, of_batch(input, 1)[1], momentum)
    return scaled(input, mean, var, weight, bias, eps), new_mean, new_var


def wrong_running_statistics_in_training(
    input, running_mean, running_var, weight, bias, training, momentum=0.1, eps=1e-5
):
    """hint: in training you took the running"""
    out = scaled(input, running_mean, running_var, weight, bias, eps)
    if training:
        running_mean = moved(running_mean, input.mean((0, 2, 3)), momentum)
        running_var = moved(running_var, of_batch(input, 1)[1], momentum)
    return out, running_mean, running_var


def wrong_every_pixel_for_itself(
    input, running_mean, running_var, weight, bias, training, momentum=0.1, eps=1e-5
):
    """hint: dim=(0, 2, 3)"""
    if not training:
        return scaled(input, running_mean, running_var, weight, bias, eps), running_mean, running_var
    mean, var = input.mean(dim=0), input.var(dim=0, correction=0)
    out = (input - mean) / (var + eps).sqrt() * weight[:, None, None] + bias[:, None, None]
    new_mean = moved(running_mean, input.mean((0, 2, 3)), momentum)
    return out, new_mean, moved(running_var, of_batch(input, 1)[1], momentum)


def wrong_root_forgotten(input, running_mean, running_var, weight, bias, training, momentum=0.1, eps=1e-5):
    """hint: divided by the variance"""
    mean, var = of_batch(input) if training else (running_mean, running_var)
    mean, var, w, b = (v[:, None, None] for v in (mean, var, weight, bias))
    out = (input - mean) / (var + eps) * w + b
    if training:
        running_mean = moved(running_mean, input.mean((0, 2, 3)), momentum)
        running_var = moved(running_var, of_batch(input, 1)[1], momentum)
    return out, running_mean, running_var


def wrong_eps_outside(input, running_mean, running_var, weight, bias, training, momentum=0.1, eps=1e-5):
    """hint: inside the root"""
    mean, var = of_batch(input) if training else (running_mean, running_var)
    mean, var, w, b = (v[:, None, None] for v in (mean, var, weight, bias))
    out = (input - mean) / (var.sqrt() + eps) * w + b
    if training:
        running_mean = moved(running_mean, input.mean((0, 2, 3)), momentum)
        running_var = moved(running_var, of_batch(input, 1)[1], momentum)
    return out, running_mean, running_var


def wrong_forgets_weight_and_bias(
    input, running_mean, running_var, weight, bias, training, momentum=0.1, eps=1e-5
):
    """hint: left out weight and bias"""
    mean, var = of_batch(input) if training else (running_mean, running_var)
    out = (input - mean[:, None, None]) / (var[:, None, None] + eps).sqrt()
    if training:
        running_mean = moved(running_mean, input.mean((0, 2, 3)), momentum)
        running_var = moved(running_var, of_batch(input, 1)[1], momentum)
    return out, running_mean, running_var


def wrong_in_place(input, running_mean, running_var, weight, bias, training, momentum=0.1, eps=1e-5):
    """hint: return new ones"""
    if training:
        mean, var = of_batch(input)
        running_mean *= 1 - momentum
        running_mean += momentum * mean
        running_var *= 1 - momentum
        running_var += momentum * of_batch(input, 1)[1]
    else:
        mean, var = running_mean, running_var
    return scaled(input, mean, var, weight, bias, eps), running_mean, running_var


def wrong_output_alone(input, running_mean, running_var, weight, bias, training, momentum=0.1, eps=1e-5):
    """hint: three things"""
    mean, var = of_batch(input) if training else (running_mean, running_var)
    return scaled(input, mean, var, weight, bias, eps)


def wrong_detached(input, running_mean, running_var, weight, bias, training, momentum=0.1, eps=1e-5):
    """hint: flow through them"""
    with torch.no_grad():
        mean, var = of_batch(input) if training else (running_mean, running_var)
        if training:
            running_mean = moved(running_mean, mean, momentum)
            running_var = moved(running_var, of_batch(input, 1)[1], momentum)
    return scaled(input, mean, var, weight, bias, eps), running_mean, running_var


def right_by_hand(input, running_mean, running_var, weight, bias, training, momentum=0.1, eps=1e-5):
    mean, var = running_mean, running_var
    if training:
        n = input.numel() / input.shape[1]
        mean = input.sum(dim=(0, 2, 3)) / n
        var = ((input - mean[:, None, None]) ** 2).sum(dim=(0, 2, 3)) / n
        running_mean = running_mean + momentum * (mean - running_mean)
        running_var = running_var + momentum * (var * n / (n - 1) - running_var)
    return scaled(input, mean, var, weight, bias, eps), running_mean, running_var


def right_torch_on_copies(input, running_mean, running_var, weight, bias, training, momentum=0.1, eps=1e-5):
    running_mean, running_var = running_mean.detach().clone(), running_var.detach().clone()
    out = F.batch_norm(input, running_mean, running_var, weight, bias, training, momentum, eps)
    return out, running_mean, running_var


def right_channel_last(*, input, running_mean, running_var, weight, bias, training, momentum=0.1, eps=1e-5):
    x = input.permute(0, 2, 3, 1)
    mean, var = running_mean, running_var
    if training:
        flat = x.flatten(0, 2)
        mean, var = flat.mean(0), flat.var(0, unbiased=False)
        with torch.no_grad():
            running_mean = torch.lerp(running_mean, mean, momentum)
            running_var = torch.lerp(running_var, flat.var(0), momentum)
    out = (x - mean) * torch.rsqrt(var + eps) * weight + bias
    return [out.permute(0, 3, 1, 2), running_mean, running_var]


def crash_one_channel_axis(input, running_mean, running_var, weight, bias, training, momentum=0.1, eps=1e-5):
    """line: input - mean
    hint: [:, None, None]"""
    mean, var = of_batch(input) if training else (running_mean, running_var)
    out = (input - mean) / (var + eps).sqrt() * weight + bias
    if training:
        running_mean = moved(running_mean, mean, momentum)
        running_var = moved(running_var, of_batch(input, 1)[1], momentum)
    return out, running_mean, running_var


def finished(input, mean, var, weight, bias, eps):
    return (input - mean) / torch.sqrt(var + eps) * weight[:, None, None] + bias[:, None, None]


def of_channels(input, correction=0):
    return input.mean((0, 2, 3)), input.var((0, 2, 3), correction=correction)


def mixed(old, new, momentum):
    return (1 - momentum) * old + momentum * new


def wrong_eps_of_its_own(input, running_mean, running_var, weight, bias, training, momentum=0.1, eps=1e-5):
    """hint: eps is a fixed number"""
    mean, var = of_channels(input) if training else (running_mean, running_var)
    out = finished(input, mean[:, None, None], var[:, None, None], weight, bias, 1e-5)
    if training:
        running_mean = mixed(running_mean, mean, momentum)
        running_var = mixed(running_var, of_channels(input, 1)[1], momentum)
    return out, running_mean, running_var


def wrong_default_of_momentum(
    input, running_mean, running_var, weight, bias, training, momentum=0.9, eps=1e-5
):
    """hint: default of momentum"""
    mean, var = of_channels(input) if training else (running_mean, running_var)
    out = finished(input, mean[:, None, None], var[:, None, None], weight, bias, eps)
    if training:
        running_mean = mixed(running_mean, mean, momentum)
        running_var = mixed(running_var, of_channels(input, 1)[1], momentum)
    return out, running_mean, running_var


def wrong_output_alone_in_use(
    input, running_mean, running_var, weight, bias, training, momentum=0.1, eps=1e-5
):
    """hint: Three things are wanted in use too"""
    if not training:
        return finished(input, running_mean[:, None, None], running_var[:, None, None], weight, bias, eps)
    mean, var = of_channels(input)
    out = finished(input, mean[:, None, None], var[:, None, None], weight, bias, eps)
    new = mixed(running_var, of_channels(input, 1)[1], momentum)
    return out, mixed(running_mean, mean, momentum), new


def wrong_each_picture_by_itself(
    input, running_mean, running_var, weight, bias, training, momentum=0.1, eps=1e-5
):
    """hint: over batch, height and width"""
    if not training:
        out = finished(input, running_mean[:, None, None], running_var[:, None, None], weight, bias, eps)
        return out, running_mean, running_var
    mean, var = input.mean((2, 3)), input.var((2, 3), correction=0)
    out = finished(input, mean[:, :, None, None], var[:, :, None, None], weight, bias, eps)
    new = mixed(running_var, input.var((2, 3)), momentum)
    return out, mixed(running_mean, mean, momentum), new


def crash_one_mean_for_all(input, running_mean, running_var, weight, bias, training, momentum=0.1, eps=1e-5):
    """line: mean[:, None, None]
    hint: One mean and one variance a channel"""
    mean, var = (input.mean(), input.var(correction=0)) if training else (running_mean, running_var)
    return finished(input, mean[:, None, None], var[:, None, None], weight, bias, eps), mean, var
