"""Batch normalization as people get it wrong: what its check compares an answer with."""


def batch_norm(
    input,
    running_mean,
    running_var,
    weight,
    bias,
    training,
    momentum=0.1,
    eps=1e-5,
    *,
    axes=(0, 2, 3),
    correction=0,  # of the variance that the output is divided by
    running_correction=1,
    use=None,  # statistics of "batch" or "running", whatever training says
    update=None,  # the running statistics also in use, or never
    exchanged=False,  # momentum taken for the share of the old
    root=True,
    eps_inside=True,
    scaled=True,
    shifted=True,
    detached=False,
    running_std=False,
):
    """Batch normalization, with a switch for each slip."""
    mean = input.mean(dim=axes, keepdim=True)
    var = input.var(dim=axes, correction=correction, keepdim=True)
    if detached:
        mean, var = mean.detach(), var.detach()
    batch_mean, batch_var = input.mean(dim=(0, 2, 3)), input.var(dim=(0, 2, 3), correction=running_correction)
    if running_std:
        batch_var = batch_var.sqrt()
    if (use or ("batch" if training else "running")) == "running":
        mean, var = (x[:, None, None] for x in (running_mean, running_var))
    if training if update is None else update:
        share = 1 - momentum if exchanged else momentum
        running_mean = (1 - share) * running_mean + share * batch_mean.detach()
        running_var = (1 - share) * running_var + share * batch_var.detach()
    spread = (var + eps if eps_inside else var).sqrt() if root else var + eps
    output = (input - mean) / (spread if eps_inside else spread + eps)
    if scaled:
        output = output * weight[:, None, None]
    if shifted:
        output = output + bias[:, None, None]
    return output, running_mean, running_var


def in_place(input, running_mean, running_var, *rest, **more):
    output, mean, var = batch_norm(input, running_mean, running_var, *rest, **more)
    running_mean.data.copy_(mean.detach())
    running_var.data.copy_(var.detach())
    return output, running_mean, running_var


def along_width(input, running_mean, running_var, weight, bias, training, momentum=0.1, eps=1e-5):
    """weight and bias one for each column."""
    output, mean, var = batch_norm(
        input, running_mean, running_var, weight, bias, training, momentum, eps, scaled=False, shifted=False
    )
    return output * weight + bias, mean, var


def output_alone(*args, **kwargs):
    return batch_norm(*args, **kwargs)[0]


def batch_statistics(input, running_mean, running_var, weight, bias, training, momentum=0.1, eps=1e-5):
    """Returns the batch's own statistics instead of a mixture."""
    output = batch_norm(input, running_mean, running_var, weight, bias, training, momentum, eps)[0]
    if not training:
        return output, running_mean, running_var
    return output, input.mean(dim=(0, 2, 3)), input.var(dim=(0, 2, 3))


def order(*args, **kwargs):
    output, mean, var = batch_norm(*args, **kwargs)
    return mean, var, output


def mixed_in_output(input, running_mean, running_var, weight, bias, training, momentum=0.1, eps=1e-5):
    """The output scaled by the updated running statistics."""
    _, mean, var = batch_norm(input, running_mean, running_var, weight, bias, training, momentum, eps)
    return batch_norm(input, mean, var, weight, bias, False, momentum, eps)


def momentum_of_a_tenth(input, running_mean, running_var, weight, bias, training, momentum=0.1, eps=1e-5):
    return batch_norm(input, running_mean, running_var, weight, bias, training, 0.1, eps)


def added_up(input, running_mean, running_var, weight, bias, training, momentum=0.1, eps=1e-5):
    """A share of the batch's added to the whole of the record."""
    output, *_ = batch_norm(input, running_mean, running_var, weight, bias, training, momentum, eps)
    if training:
        running_mean = running_mean + momentum * input.mean(dim=(0, 2, 3))
        running_var = running_var + momentum * input.var(dim=(0, 2, 3))
    return output, running_mean, running_var


def bias_first(input, running_mean, running_var, weight, bias, training, momentum=0.1, eps=1e-5):
    bias = bias * weight
    return batch_norm(input, running_mean, running_var, weight, bias, training, momentum, eps)


def over_everything(input, running_mean, running_var, weight, bias, training, momentum=0.1, eps=1e-5):
    """One mean and variance for all channels, in the record too."""
    output, *record = batch_norm(
        input, running_mean, running_var, weight, bias, training, momentum, eps, axes=(0, 1, 2, 3)
    )
    if training:
        record = (
            (1 - momentum) * running_mean + momentum * input.mean(),
            (1 - momentum) * running_var + momentum * input.var(),
        )
    return output, *record


def pictures_counted(input, running_mean, running_var, weight, bias, training, momentum=0.1, eps=1e-5):
    """n / (n - 1) with the number of pictures instead of that of pixels."""
    output, mean, _ = batch_norm(input, running_mean, running_var, weight, bias, training, momentum, eps)
    if training:
        n = len(input)
        unbiased = input.var(dim=(0, 2, 3), correction=0) * n / max(n - 1, 1)
        running_var = (1 - momentum) * running_var + momentum * unbiased
    return output, mean, running_var


def own_axes(input, running_mean, running_var, weight, bias, training, momentum=0.1, eps=1e-5, *, axes):
    """Statistics over other axes, and a record of whatever shape they have."""
    if not training:
        return batch_norm(input, running_mean, running_var, weight, bias, training, momentum, eps)
    output, *_ = batch_norm(
        input, running_mean, running_var, weight, bias, training, momentum, eps, axes=axes
    )
    mean, var = input.mean(dim=axes), input.var(dim=axes, correction=1)
    mean, var = (
        (1 - momentum) * old + momentum * new for old, new in ((running_mean, mean), (running_var, var))
    )
    return output, mean, var


def everything_indexed(input, running_mean, running_var, weight, bias, training, momentum=0.1, eps=1e-5):
    """One mean for all, and then read as if there were one for each channel."""
    if training:
        return input.mean()[:, None, None]
    return batch_norm(input, running_mean, running_var, weight, bias, training, momentum, eps)


def momentum_of_nine_tenths(input, running_mean, running_var, weight, bias, training, momentum=0.9, eps=1e-5):
    return batch_norm(input, running_mean, running_var, weight, bias, training, momentum, eps)


def eps_fixed(input, running_mean, running_var, weight, bias, training, momentum=0.1, eps=1e-5):
    return batch_norm(input, running_mean, running_var, weight, bias, training, momentum, 1e-5)


def output_alone_in_use(input, running_mean, running_var, weight, bias, training, momentum=0.1, eps=1e-5):
    results = batch_norm(input, running_mean, running_var, weight, bias, training, momentum, eps)
    return results if training else results[0]
