"""Bring every channel to mean 0 and spread 1, in training and in use."""

from functools import partial

from mmcourse.checks import Args, Case, Exercise, Mistake, lazy
from mmcourse.checks.lesson_03 import batch_norm_slips as slips

torch = lazy("torch")


def _batch_norm(input, running_mean, running_var, weight, bias, training, momentum=0.1, eps=1e-5):
    mean, var = running_mean, running_var
    if training:
        mean, var = input.mean(dim=(0, 2, 3)), input.var(dim=(0, 2, 3), correction=0)
        unbiased = input.var(dim=(0, 2, 3), correction=1)
        running_mean = (1 - momentum) * running_mean + momentum * mean
        running_var = (1 - momentum) * running_var + momentum * unbiased
    mean, var, weight, bias = (x[:, None, None] for x in (mean, var, weight, bias))
    return (input - mean) / (var + eps).sqrt() * weight + bias, running_mean, running_var


def _use(answer, input, running_mean, running_var, *rest, **more):
    """The answer's results; the running statistics are a record, so their gradients do not matter."""
    results = answer(input, running_mean.detach(), running_var.detach(), *rest, **more)
    if not isinstance(results, (tuple, list)) or len(results) != 3:
        return results
    output, *records = results
    return output, *(x.detach() if isinstance(x, torch.Tensor) else x for x in records)


def _tiny(_generator):
    """Two pictures of one channel and two pixels: mean 4, variance 5."""
    pixels = torch.tensor([1.0, 3.0, 5.0, 7.0]).reshape(2, 1, 1, 2)
    return pixels, torch.tensor([0.0]), torch.tensor([1.0]), torch.tensor([1.0]), torch.tensor([0.0]), True


def _made(generator, shape, training, *more, size=1.0, **named):
    channels = shape[1]
    offsets = torch.arange(1.0, channels + 1)[:, None, None]
    input = size * (2 * torch.randn(*shape, generator=generator) + offsets)
    records = (torch.randn(channels, generator=generator), torch.rand(channels, generator=generator) + 0.5)
    learned = (torch.rand(channels, generator=generator) + 0.5, torch.randn(channels, generator=generator))
    return Args((input, *records, *learned, training, *more), named)


_AXES = "One mean and one variance a channel: over batch, height and width, dim=(0, 2, 3)."
_UNBIASED = (
    "The running variance takes the unbiased one, divided by n − 1 (correction=1), which estimates the "
    "variance "
    "of all pictures; n is the number of pixels of a channel in the batch."
)
_BIASED = (
    "The output is divided by the root of the biased variance, the one with n (correction=0); torch's var "
    "divides by n − 1 of itself."
)

batch_norm = Exercise(
    id="03.8",
    name="batch_norm",
    title="Batch normalization",
    difficulty=3,
    minutes=20,
    stub="scale each channel, and return the new running statistics beside it",
    parameters=("input", "running_mean", "running_var", "weight", "bias", "training", "momentum", "eps"),
    reference=_batch_norm,
    call=_use,
    hints=(
        "A batch has the axes batch, channel, height, width, and each channel has one mean. Over which three "
        "axes does it run?",
        "Which statistics does a picture meet in training, and which one alone in use? What happens to the "
        "running ones in each of the two?",
        "training: mean and var(correction=0) over (0, 2, 3) for the output; new running = (1 − momentum) · "
        "running + momentum · batch's, with var(correction=1). Else: the running ones, unchanged. Output: "
        "(input − mean) / sqrt(var + eps) · weight + bias, each as [:, None, None].",
    ),
    cases=(
        Case("four pixels of one channel", _tiny),
        Case("training", lambda g: _made(g, (4, 3, 2, 5), True)),
        Case("in use", lambda g: _made(g, (3, 2, 4, 3), False)),
        Case("as many columns as channels", lambda g: _made(g, (2, 4, 3, 4), True)),
        Case("another momentum", lambda g: _made(g, (3, 2, 3, 4), True, 0.3)),
        Case("numbers so small that eps counts", lambda g: _made(g, (3, 2, 4, 3), True, size=1e-3)),
        Case("another eps", lambda g: _made(g, (3, 2, 4, 5), True, momentum=0.2, eps=0.5)),
        Case("one picture in use", lambda g: _made(g, (1, 3, 1, 1), False)),
        Case("as many pictures as channels, in use", lambda g: _made(g, (3, 3, 3, 3), False)),
    ),
    mistakes=(
        Mistake("unbiased in the output", partial(slips.batch_norm, correction=1), _BIASED),
        Mistake("biased in the record", partial(slips.batch_norm, running_correction=0), _UNBIASED),
        Mistake(
            "variances exchanged",
            partial(slips.batch_norm, correction=1, running_correction=0),
            "The two variances are exchanged: the output is divided with the biased one (n), the running "
            "variance takes the unbiased one (n − 1).",
        ),
        Mistake(
            "momentum exchanged",
            partial(slips.batch_norm, exchanged=True),
            "Here momentum is the share of the new: (1 − momentum) · running + momentum · batch's.",
        ),
        Mistake(
            "updated in use",
            partial(slips.batch_norm, update=True),
            "You update the running statistics in use, too: then test pictures change the model. Leave "
            "them as "
            "they are unless training is True.",
        ),
        Mistake(
            "never updated",
            partial(slips.batch_norm, update=False),
            "The running statistics come back as they were: in training they move towards those of the "
            "batch.",
        ),
        Mistake(
            "batch's own in use",
            partial(slips.batch_norm, use="batch"),
            "In use you took the batch's own statistics: then a picture's output depends on its neighbours "
            "in "
            "the batch. Take the running ones.",
        ),
        Mistake(
            "always as in training",
            partial(slips.batch_norm, use="batch", update=True),
            "You never look at training: in use the running statistics count, and stay as they are.",
        ),
        Mistake(
            "running in training",
            partial(slips.batch_norm, use="running"),
            "In training you took the running statistics; the batch's own are wanted there.",
        ),
        Mistake(
            "updated first",
            slips.mixed_in_output,
            "In training you scaled with the updated running statistics; the batch's own are wanted there.",
        ),
        Mistake("over the batch alone", partial(slips.batch_norm, axes=(0,)), _AXES),
        Mistake("over pixels alone", partial(slips.batch_norm, axes=(2, 3)), _AXES),
        Mistake("each picture by itself", partial(slips.own_axes, axes=(2, 3)), _AXES),
        Mistake("each pixel by itself", partial(slips.own_axes, axes=(0,)), _AXES),
        Mistake("one for all channels", slips.everything_indexed, _AXES),
        Mistake("over all but the batch", partial(slips.batch_norm, axes=(1, 2, 3)), _AXES),
        Mistake("over everything", partial(slips.batch_norm, axes=(0, 1, 2, 3)), _AXES),
        Mistake("over everything, in the record too", slips.over_everything, _AXES),
        Mistake(
            "the wrong way round",
            lambda input, mean, var, weight, bias, training, *rest, **more: slips.batch_norm(
                input, mean, var, weight, bias, not training, *rest, **more
            ),
            "Training and use are the wrong way round.",
        ),
        Mistake("pictures counted", slips.pictures_counted, _UNBIASED),
        Mistake(
            "momentum fixed",
            slips.momentum_of_a_tenth,
            "Your momentum is a fixed number: use the one that is given.",
        ),
        Mistake(
            "momentum of 0.9",
            slips.momentum_of_nine_tenths,
            "Your default of momentum is another one: where it is left out it is 0.1.",
        ),
        Mistake(
            "eps fixed", slips.eps_fixed, "Your eps is a fixed number inside: use the argument that is given."
        ),
        Mistake(
            "output alone in use",
            slips.output_alone_in_use,
            "Three things are wanted in use too: the output, and the running statistics as they came in.",
        ),
        Mistake(
            "added up",
            slips.added_up,
            "The record grows with each batch: the old one keeps only its share, (1 − momentum) · running.",
        ),
        Mistake(
            "bias first",
            slips.bias_first,
            "You added bias before you multiplied by weight; weight comes first.",
        ),
        Mistake(
            "variance for the root",
            partial(slips.batch_norm, root=False),
            "You divided by the variance; its root, the standard deviation, is wanted.",
        ),
        Mistake(
            "eps outside",
            partial(slips.batch_norm, eps_inside=False),
            "eps belongs inside the root: sqrt(var + eps).",
        ),
        Mistake(
            "eps left out",
            lambda *args, **more: slips.batch_norm(*args[:7], **{**more, "eps": 0.0}),
            "You left out eps: where a channel hardly changes it keeps the division in bounds.",
        ),
        Mistake(
            "weight left out",
            partial(slips.batch_norm, scaled=False),
            "You left out weight, by which each channel is multiplied at the end.",
        ),
        Mistake(
            "bias left out",
            partial(slips.batch_norm, shifted=False),
            "You left out bias, which is added to each channel at the end.",
        ),
        Mistake(
            "both left out",
            partial(slips.batch_norm, scaled=False, shifted=False),
            "You left out weight and bias: multiply each channel by its weight and add its bias.",
        ),
        Mistake(
            "along the width",
            slips.along_width,
            "weight and bias belong to channels: as [:, None, None], or they are laid along the width.",
        ),
        Mistake(
            "spread in the record",
            partial(slips.batch_norm, running_std=True),
            "running_var holds variances; you mixed a standard deviation into it.",
        ),
        Mistake(
            "batch's own as the record",
            slips.batch_statistics,
            "You returned the batch's own statistics; mix them with the running ones: (1 − momentum) · "
            "running "
            "+ momentum · batch's.",
        ),
        Mistake(
            "cut out of the graph",
            partial(slips.batch_norm, detached=True),
            "You cut the mean and variance out of the graph: they depend on the input, so the gradient has "
            "to "
            "flow through them too. Only the running statistics may be detached.",
        ),
        Mistake(
            "in place",
            slips.in_place,
            "You changed the running statistics you were given; return new ones: `=` with an expression "
            "instead of `+=`, `*=` or copy_.",
        ),
        Mistake(
            "output alone",
            slips.output_alone,
            "Three things are wanted: the output, the new running mean and the new running variance.",
        ),
        Mistake(
            "another order", slips.order, "The order of the results: output, running mean, running variance."
        ),
    ),
    noticing="In training, a picture's output depends on its neighbours in the batch; in use it must not. "
    "That is why model.eval() exists, and why forgetting it makes a model's answers change from batch to "
    "batch.",
    gradient=True,
    tolerance=1e-4,
)
