"""A whole network: from a picture to ten logits."""

from functools import partial

from mmcourse.checks import Case, Exercise, Mistake, lazy
from mmcourse.checks.lesson_03 import network_slips as slips

torch, F = lazy("torch"), lazy("torch.nn.functional")


def _image_cnn(parameters, image):
    p = parameters
    x = F.max_pool2d(F.conv2d(image, p["conv1.weight"], p["conv1.bias"], padding=1).relu(), 2)
    x = F.conv2d(x, p["conv2.weight"], p["conv2.bias"], padding=1).relu()
    return F.linear(F.adaptive_max_pool2d(x, 4).flatten(1), p["linear.weight"], p["linear.bias"])


def _made(generator, batch, channels, height, width, kernels=3, classes=5):
    shapes = {
        "conv1.weight": (kernels, channels, 3, 3),
        "conv1.bias": (kernels,),
        "conv2.weight": (2 * kernels, kernels, 3, 3),
        "conv2.bias": (2 * kernels,),
        "linear.weight": (classes, 2 * kernels * 16),
        "linear.bias": (classes,),
    }
    parameters = {
        name: torch.randn(shape, generator=generator) * (0.3 if name.endswith("weight") else 0.5)
        for name, shape in shapes.items()
    }
    return parameters, torch.randn(batch, channels, height, width, generator=generator)


_RELU = "A relu is missing: after each of the two convolutions, what is below 0 becomes 0."
_ZERO = "Another function stands where relu belongs: what is below 0 becomes 0, what is above stays."
_PADDING = "Both convolutions have padding 1, so that they keep height and width."
_BIAS = "A bias is missing: conv1, conv2 and linear each have one."
_FLAT = (
    "You flattened in another order: the weights of the linear layer go with channel, row, column, as "
    "flatten(start_dim=1) lays them."
)
_LOGITS = "Logits are wanted: nothing comes after the linear layer, since the loss takes the softmax itself."
_BINS = (
    "The four windows along an axis of n start at ⌊i · n/4⌋ and end before ⌈(i + 1) · n/4⌉: they cover all "
    "of it "
    "and may overlap."
)

image_cnn = Exercise(
    id="03.13",
    name="image_cnn",
    title="Build it whole: a network for pictures",
    difficulty=2,
    minutes=20,
    stub="convolve, relu, pool, convolve, relu, pool to 4 × 4, flatten, linear",
    parameters=("parameters", "image"),
    reference=_image_cnn,
    hints=(
        "Which shape has the picture after each line? Write them down for one of 8 × 8: what does a "
        "convolution "
        "with padding 1 do to it, and what does pooling?",
        "Whatever its size, the picture must be 4 × 4 before the linear layer: which pooling sees to that? "
        "And "
        "which axis may flatten not touch?",
        "x = max_pool2d(relu(conv2d(image, w1, b1, padding=1)), 2), the same with conv2 and "
        "adaptive_max_pool2d(…, 4), then x.flatten(start_dim=1) @ parameters['linear.weight'].T + "
        "parameters['linear.bias'].",
    ),
    cases=(
        Case("one digit of 8 × 8", lambda g: _made(g, 1, 1, 8, 8)),
        Case("a batch of colour pictures", lambda g: _made(g, 3, 3, 8, 8)),
        Case("28 × 28: windows that overlap", lambda g: _made(g, 2, 1, 28, 28)),
        Case("odd sizes", lambda g: _made(g, 2, 2, 11, 21)),
        Case("pictures smaller than the last pooling", lambda g: _made(g, 2, 1, 6, 4)),
        Case("ten classes", lambda g: _made(g, 4, 1, 16, 16, 4, 10)),
    ),
    mistakes=(
        Mistake("no relu", partial(slips.image_cnn, relu=(False, False)), _RELU),
        Mistake("relu after the first", partial(slips.image_cnn, relu=(True, False)), _RELU),
        Mistake("relu after the second", partial(slips.image_cnn, relu=(False, True)), _RELU),
        Mistake("no padding", partial(slips.image_cnn, padding=(0, 0)), _PADDING),
        Mistake("padding in the first", partial(slips.image_cnn, padding=(1, 0)), _PADDING),
        Mistake("padding in the second", partial(slips.image_cnn, padding=(0, 1)), _PADDING),
        Mistake("no biases", partial(slips.image_cnn, bias=(False, False, False)), _BIAS),
        Mistake("no bias in conv1", partial(slips.image_cnn, bias=(False, True, True)), _BIAS),
        Mistake("no bias in conv2", partial(slips.image_cnn, bias=(True, False, True)), _BIAS),
        Mistake("no bias in linear", partial(slips.image_cnn, bias=(True, True, False)), _BIAS),
        Mistake("no bias in the convolutions", partial(slips.image_cnn, bias=(False, False, True)), _BIAS),
        Mistake("leaky relu", partial(slips.image_cnn, shape="leaky_relu"), _ZERO),
        Mistake("sigmoid", partial(slips.image_cnn, shape="sigmoid"), _ZERO),
        Mistake("tanh", partial(slips.image_cnn, shape="tanh"), _ZERO),
        Mistake("gelu", partial(slips.image_cnn, shape="gelu"), _ZERO),
        Mistake("relu in front", slips.relu_in_front, "relu comes after a convolution, not before it."),
        Mistake(
            "adaptive twice",
            partial(slips.image_cnn, pools=("adaptive", "max")),
            "The first pooling halves the picture, windows of 2 × 2; only the last one is adaptive.",
        ),
        Mistake(
            "first pooling of 3",
            partial(slips.image_cnn, pools=("three", "max")),
            "The windows of the first pooling are 2 × 2.",
        ),
        Mistake("edges repeated", slips.edges_repeated, "The padding is of zeros."),
        Mistake(
            "first pooling of stride 1",
            partial(slips.image_cnn, pools=("dense", "max")),
            "The windows of your first pooling overlap: with stride 2 they lie side by side.",
        ),
        Mistake(
            "best class",
            lambda parameters, image: slips.image_cnn(parameters, image).argmax(dim=1),
            "You return the best class; all the logits are wanted.",
        ),
        Mistake(
            "no first pooling",
            partial(slips.image_cnn, pools=("none", "max")),
            "The first pooling is missing: a maximum over 2 × 2 after the first relu.",
        ),
        Mistake(
            "first pooling by mean",
            partial(slips.image_cnn, pools=("mean", "max")),
            "The first pooling takes the mean; the largest is wanted.",
        ),
        Mistake(
            "second pooling by mean",
            partial(slips.image_cnn, pools=("max", "mean")),
            "The last pooling takes the mean; the largest is wanted.",
        ),
        Mistake(
            "both by mean",
            partial(slips.image_cnn, pools=("mean", "mean")),
            "Your poolings take the mean; the largest is wanted.",
        ),
        Mistake("windows side by side", partial(slips.image_cnn, pools=("max", "cut")), _BINS),
        Mistake(
            "resized",
            partial(slips.image_cnn, pools=("max", "resized")),
            "You resized the picture to 4 × 4, which takes single pixels; pooling takes the largest of each "
            "window.",
        ),
        Mistake("rows first", partial(slips.image_cnn, order="row column channel"), _FLAT),
        Mistake("columns first", partial(slips.image_cnn, order="channel column row"), _FLAT),
        Mistake("softmax", partial(slips.image_cnn, ending="softmax"), _LOGITS),
        Mistake("log-softmax", partial(slips.image_cnn, ending="log"), _LOGITS),
        Mistake("relu at the end", partial(slips.image_cnn, ending="relu"), _LOGITS),
        Mistake(
            "squeezed",
            slips.one_picture,
            "The batch axis is lost with a batch of one: keep [batch, class], without squeeze() or "
            "flatten() of "
            "everything.",
        ),
        Mistake(
            "flattened",
            slips.flattened,
            "You flattened the batch too: flatten(start_dim=1) leaves the first axis alone.",
        ),
        Mistake(
            "not transposed",
            slips.not_transposed,
            "linear.weight is [class, feature]: it has to be transposed for x @ weight.T.",
        ),
        Mistake(
            "halved again",
            slips.halved_again,
            "The linear layer expects 4 × 4 numbers a channel, whatever the size of the picture: the last "
            "pooling is the adaptive one.",
        ),
        Mistake(
            "picture changed",
            slips.picture_changed,
            "You change the picture that came in: relu_ writes into it. relu comes after a convolution, and "
            "makes a new tensor, x.relu().",
        ),
        Mistake(
            "96 in the code",
            slips.features_in_the_code,
            "How many numbers a picture has depends on the number of kernels: write none into the code, "
            "flatten(start_dim=1) counts by itself.",
        ),
        Mistake("first picture", slips.first_picture, "Only the first picture of the batch is there."),
        Mistake("conv1 twice", slips.same_conv, "The second convolution has weights of its own, conv2."),
        Mistake("no linear layer", slips.features, "The linear layer at the end is missing."),
        Mistake(
            "kernels turned", slips.turned, "You turned the kernels by 180°; networks leave them as they are."
        ),
    ),
    noticing="That is the whole network of lesson 0's pictures, and you have built every part of it. "
    "Whatever "
    "is trained here can be loaded into the module, and the other way round: the names are the same.",
    gradient=True,
    tolerance=1e-4,
    scaled=True,
)
