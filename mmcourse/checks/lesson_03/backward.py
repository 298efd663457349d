"""The gradient of a convolution, by hand."""

from functools import partial

from mmcourse.checks import Case, Exercise, Mistake, lazy
from mmcourse.checks.lesson_03 import backward_slips as slips

torch, F = lazy("torch"), lazy("torch.nn.functional")


def _made(generator, batch, channels, out, height, width, h, w):
    return (
        torch.randn(batch, out, height - h + 1, width - w + 1, generator=generator),
        torch.randn(batch, channels, height, width, generator=generator),
        torch.randn(out, channels, h, w, generator=generator),
    )


def _tiny(_generator):
    """A row of three pixels, a kernel of two, so two outputs."""
    return (
        torch.tensor([[[[1.0, 10.0]]]]),
        torch.tensor([[[[3.0, 4.0, 5.0]]]]),
        torch.tensor([[[[2.0, 7.0]]]]),
    )


_ORDER = "The order of the results: for input, weight, bias, as the arguments of conv2d have it."
_SHARES = "Each pixel had a part in several outputs: their shares add up, `+=` and not `=`."
_BATCH = "Every picture of the batch used the same weights: their gradients add up over the batch."
_TURNED = (
    "The kernel is not turned round: pixel p gave weight[j] to output p − j, so output q gives it back to "
    "pixel "
    "q + j. As a convolution that is one with the kernel flipped along both axes."
)

conv2d_backward = Exercise(
    id="03.10",
    name="conv2d_backward",
    title="The gradient of a convolution, by hand",
    difficulty=3,
    minutes=25,
    stub="return the gradients of input, weight and bias from that of the output",
    parameters=("grad_output", "input", "weight"),
    reference=slips.conv2d_backward,
    hints=(
        "output = … + weight[o, c, i, j] · input[b, c, y + i, x + j] + …: by how much does output[b, o, y, "
        "x] "
        "grow when weight[o, c, i, j] grows by 1? And in how many outputs does that weight have a part?",
        "In the loop over the kernel of 03.5 a piece of the input was multiplied with weight[:, :, i, j]. "
        "Which two of the three, piece, weight and grad_output, give the gradient of the third? Over which "
        "axes does the sum run?",
        "piece = input[:, :, i : i + rows, j : j + columns]. grad_weight[:, :, i, j] = "
        "einsum('boyx,bcyx->oc', grad_output, piece); to the same piece of grad_input, += "
        "einsum('boyx,oc->bcyx', grad_output, weight[:, :, i, j]); grad_bias = grad_output.sum((0, 2, 3)).",
    ),
    cases=(
        Case("a row of three pixels", _tiny),
        Case("channels", lambda g: _made(g, 1, 2, 3, 4, 5, 2, 3)),
        Case("a batch", lambda g: _made(g, 3, 2, 4, 5, 4, 3, 2)),
        Case("as many channels in as out", lambda g: _made(g, 2, 3, 3, 5, 6, 2, 2)),
        Case("a kernel of one pixel", lambda g: _made(g, 2, 3, 2, 3, 4, 1, 1)),
        Case("a kernel as large as the picture", lambda g: _made(g, 2, 2, 3, 3, 4, 3, 4)),
    ),
    mistakes=(
        Mistake("not turned", slips.not_turned, _TURNED),
        Mistake(
            "weight turned",
            slips.weight_turned,
            "The gradient of the weights came out turned by 180°: entry [i, j] belongs to the piece of the "
            "input "
            "that starts at row i, column j.",
        ),
        Mistake("mean over the batch", slips.weight_mean, _BATCH + " The mean is already in grad_output."),
        Mistake("first picture", slips.weight_of_first, _BATCH),
        Mistake("everything averaged", slips.all_mean, _BATCH + " The mean is already in grad_output."),
        Mistake("weight for each picture", slips.weight_each, _BATCH + " Leave b out of einsum's result."),
        Mistake(
            "padding exchanged",
            slips.padding_exchanged,
            "F.pad counts from the last axis: its first two numbers are left and right, which get w − 1, the "
            "next two above and below, which get h − 1.",
        ),
        Mistake(
            "bias mean",
            slips.bias_mean,
            "You took the mean for the bias; it has a part in every output of its channel, so the "
            "gradients add up.",
        ),
        Mistake(
            "bias over the batch alone",
            slips.bias_over_batch,
            "grad_bias still has the axes height and width: a bias is added everywhere, so sum over them "
            "too.",
        ),
        Mistake(
            "bias for each picture",
            slips.bias_each,
            "grad_bias still has the batch axis: sum over batch, height and width, dim=(0, 2, 3).",
        ),
        Mistake(
            "one bias",
            slips.bias_one,
            "grad_bias is one number for all; each output channel has a bias of its own: dim=(0, 2, 3).",
        ),
        Mistake(
            "bias of ones",
            slips.bias_ones,
            "The slope of an output for its bias is 1, but what came from above has to be multiplied with it "
            "and summed: grad_output.sum(dim=(0, 2, 3)).",
        ),
        Mistake(
            "bias over the channels",
            slips.bias_over_channels,
            "grad_bias has a number for each picture; it needs one for each output channel: dim=(0, 2, 3).",
        ),
        Mistake(
            "last picture",
            slips.weight_of_last,
            "Only the last picture of the batch counts for the weights: their gradients add up, `+=` and "
            "not `=`.",
        ),
        Mistake("pixels overwritten, place by place", slips.input_last_place, _SHARES),
        Mistake(
            "outputs counted",
            slips.bias_counted,
            "You counted the outputs of a channel; each brings its grad_output: grad_output.sum(dim=(0, 2, "
            "3)).",
        ),
        Mistake("turned along rows", partial(slips.not_turned, axes=(2,)), _TURNED),
        Mistake("turned along columns", partial(slips.not_turned, axes=(3,)), _TURNED),
        Mistake(
            "mean over places",
            slips.weight_mean_of_places,
            "You averaged over the places; a weight worked at each of them, and their gradients add up.",
        ),
        Mistake(
            "gradient of the sum",
            slips.of_the_sum,
            "These are the gradients of the sum of the output: weight each output with its grad_output.",
        ),
        Mistake("order", slips.weight_first, _ORDER),
        Mistake("bias first", slips.reversed_order, _ORDER),
        Mistake(
            "channels exchanged",
            slips.channels_exchanged,
            "grad_weight has its first two axes exchanged: weight is [out, channel, h, w].",
        ),
        Mistake(
            "input overwritten",
            slips.input_last_tap,
            _SHARES,
        ),
        Mistake(
            "weight overwritten",
            slips.weight_of_last_row,
            "A weight worked at every place of the picture: sum over height and width, too.",
        ),
        Mistake(
            "no input",
            slips.weight_without_input,
            "The slope of an output for a weight is the pixel that was multiplied with it: grad_output times "
            "the piece of the input.",
        ),
        Mistake(
            "padding too small",
            slips.no_padding,
            "grad_input is smaller than the input: border pixels had a part in few outputs, but in some.",
        ),
        Mistake(
            "channels not exchanged",
            slips.not_exchanged,
            "On the way back a kernel leads from the out channels to those of the input: exchange the "
            "first two "
            "axes of weight, transpose(0, 1).",
        ),
        Mistake("without the bias", slips.two, "Three gradients are wanted: input, weight and bias."),
        Mistake(
            "plain convolution",
            slips.plain,
            "grad_input came from the input instead of from grad_output: what flows back is grad_output, "
            "weighted with the kernel.",
        ),
    ),
    noticing="The way back is two more convolutions, each as much work as the way there. So a training "
    "step costs "
    "about three times as much as a look at the result.",
    tolerance=1e-4,
    scaled=True,
)
