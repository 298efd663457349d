"""How much of the picture does one number of a layer see?"""

import math

from mmcourse.checks import Case, Exercise, Mistake, lazy

torch = lazy("torch")


def _receptive_field(layers):
    size, jump = 1, 1
    for kernel_size, stride, dilation in layers:
        size += (kernel_size - 1) * dilation * jump
        jump *= stride
    return size


def _own_stride(layers):
    size, jump = 1, 1
    for kernel_size, stride, dilation in layers:
        jump *= stride
        size += (kernel_size - 1) * dilation * jump
    return size


def _summed_strides(layers):
    size, jump = 1, 1
    for kernel_size, stride, dilation in layers:
        size += (kernel_size - 1) * dilation * jump
        jump += stride
    return size


def _stride_before_only(layers):
    size, before = 1, 1
    for kernel_size, stride, dilation in layers:
        size += (kernel_size - 1) * dilation * before
        before = stride
    return size


def _dilation_goes_on(layers):
    size, jump = 1, 1
    for kernel_size, stride, dilation in layers:
        size += (kernel_size - 1) * dilation * jump
        jump *= stride * dilation
    return size


def _from_nothing(layers):
    return _receptive_field(layers) - 1


def _whole_kernels(layers):
    size, jump = 1, 1
    for kernel_size, stride, dilation in layers:
        size += kernel_size * dilation * jump
        jump *= stride
    return size


def _sum_of_kernels(layers):
    return sum(kernel_size for kernel_size, _, _ in layers)


def _jump(layers):
    return math.prod(stride for _, stride, _ in layers)


def _reversed_twice(layers):
    """Backwards from one output, the first layer taken for the last."""
    size = 1
    for kernel_size, stride, dilation in layers:
        size = (size - 1) * stride + dilation * (kernel_size - 1) + 1
    return size


def _no_minus_one(layers):
    size = 1
    for kernel_size, stride, dilation in reversed(layers):
        size = size * stride + dilation * (kernel_size - 1)
    return size


def _stretched(layers):
    """What is seen so far multiplied by the stride, from the picture up."""
    size = 1
    for kernel_size, stride, dilation in layers:
        size = size * stride + (kernel_size - 1) * dilation
    return size


def _all_strides(layers):
    """Every kernel spread by all the strides, those after it too."""
    return 1 + sum((k - 1) * d for k, _, d in layers) * _jump(layers)


def _half_kernels(layers):
    """k // 2 pixels more at each of the two sides."""
    return _receptive_field([(2 * (k // 2) + 1, s, d) for k, s, d in layers])


def _wide_kernels(layers):
    """A dilated kernel taken to be k · d wide."""
    return _receptive_field([(k * d, s, 1) for k, s, d in layers])


def _stretched_after(layers):
    size = 1
    for kernel_size, stride, dilation in layers:
        size = (size + (kernel_size - 1) * dilation) * stride
    return size


def _first_layer(layers):
    """`return` inside the loop."""
    return layers[0][0] + (layers[0][0] - 1) * (layers[0][2] - 1) if layers else 1


def _size_and_jump(layers):
    return _receptive_field(layers), _jump(layers)


def _unpacked_otherwise(layers):
    """Dilation before stride."""
    return _receptive_field([(kernel_size, second, first) for kernel_size, first, second in layers])


_STEP = (
    "You multiplied what is seen by the stride; on the way up it is the step between neighbours that "
    "grows: size += (kernel_size − 1) · dilation · jump."
)

receptive_field = Exercise(
    id="03.12",
    name="receptive_field",
    title="How much of the picture does one number see?",
    difficulty=2,
    minutes=12,
    stub="count the pixels, along one axis, that one output depends on",
    parameters=("layers",),
    reference=_receptive_field,
    hints=(
        "One layer with a kernel of 3 sees 3 pixels. Two of them, one on the other: which pixels does the "
        "middle number of the second layer depend on?",
        "After a layer of stride 2, neighbours stand 2 pixels of the picture apart, and after two such "
        "layers? So by how many pixels does a kernel of 3 there widen the view?",
        "Start with size 1 and jump 1. For each layer: size += (kernel_size − 1) · dilation · jump, and "
        "only then jump *= stride.",
    ),
    cases=(
        Case("two kernels of 3", lambda g: ([(3, 1, 1), (3, 1, 1)],)),
        Case("one kernel of 5", lambda g: ([(5, 1, 1)],)),
        Case("stride 2 below", lambda g: ([(3, 2, 1), (3, 1, 1)],)),
        Case("stride 2 on top", lambda g: ([(3, 1, 1), (5, 2, 1)],)),
        Case("dilations 1, 2, 4", lambda g: ([(3, 1, 1), (3, 1, 2), (3, 1, 4)],)),
        Case("convolution, pooling, convolution, pooling", lambda g: ([(3, 1, 1), (2, 2, 1)] * 2,)),
        Case("no layer", lambda g: ([],)),
        Case("strides 2, 3, 2", lambda g: ([(5, 2, 1), (3, 3, 2), (4, 2, 1), (2, 1, 3)],)),
        Case(
            "any layers",
            lambda g: ([tuple(int(torch.randint(1, 5, (), generator=g)) for _ in "ksd") for _ in range(4)],),
        ),
    ),
    mistakes=(
        Mistake(
            "dilation before stride",
            _unpacked_otherwise,
            "You read dilation before stride: a layer is (kernel_size, stride, dilation), in this order.",
        ),
        Mistake(
            "first layer alone",
            _first_layer,
            "Only the first layer counts: is `return` inside your loop?",
        ),
        Mistake(
            "size and jump",
            _size_and_jump,
            "You returned two numbers; the size alone is wanted.",
        ),
        Mistake(
            "stride left out",
            lambda layers: 1 + sum((k - 1) * d for k, _, d in layers),
            "You left out the strides: after one, neighbours stand further apart in the picture, and every "
            "later kernel spans more of it.",
        ),
        Mistake(
            "own stride",
            _own_stride,
            "A stride spreads what comes after it: widen the view by this layer's kernel first, then "
            "multiply the jump by its stride.",
        ),
        Mistake(
            "strides added",
            _summed_strides,
            "Strides multiply: two layers of stride 2 put neighbours 4 pixels apart.",
        ),
        Mistake(
            "stride of one layer",
            _stride_before_only,
            "You used the stride of the layer just before; all the strides before it multiply.",
        ),
        Mistake(
            "dilation left out",
            lambda layers: _receptive_field([(k, s, 1) for k, s, _ in layers]),
            "You left out the dilation: it puts a kernel's pixels d apart.",
        ),
        Mistake(
            "dilation goes on",
            _dilation_goes_on,
            "A dilation spreads its own kernel only; it does not move the outputs apart, as a stride does.",
        ),
        Mistake(
            "from nothing",
            _from_nothing,
            "Start with 1: before any layer, a pixel sees itself.",
        ),
        Mistake(
            "whole kernels",
            _whole_kernels,
            "A kernel of k adds k − 1 pixels: one of them is the pixel that was seen already.",
        ),
        Mistake(
            "sum of kernels",
            _sum_of_kernels,
            "Kernels overlap: two of 3 see 5 pixels, not 6. Each adds k − 1 (stride and dilation count).",
        ),
        Mistake(
            "product of kernels",
            lambda layers: math.prod(k for k, _, _ in layers),
            "You multiplied the kernels; each adds k − 1 pixels, times the strides before it.",
        ),
        Mistake(
            "jump",
            _jump,
            "This is how far apart neighbours of the last layer stand, not how many pixels each sees.",
        ),
        Mistake(
            "order reversed",
            _reversed_twice,
            "You took the layers in the wrong order: the first in the list is the one next to the picture.",
        ),
        Mistake(
            "stretched",
            _stretched,
            _STEP,
        ),
        Mistake("stretched after", _stretched_after, _STEP),
        Mistake(
            "half kernels",
            _half_kernels,
            "A kernel of k adds k − 1 pixels, also an even one; k // 2 at both sides is right for odd ones "
            "only.",
        ),
        Mistake(
            "wide kernels",
            _wide_kernels,
            "A kernel of k with dilation d reaches over d · (k − 1) + 1 pixels, not over k · d.",
        ),
        Mistake(
            "all strides for all",
            _all_strides,
            "You spread every kernel by all the strides; only those of the layers before it count.",
        ),
        Mistake(
            "outputs that do not overlap",
            _no_minus_one,
            "From the top down, `size` numbers lie size − 1 strides apart: (size − 1) · stride, then the "
            "span of the kernel.",
        ),
        Mistake(
            "area",
            lambda layers: _receptive_field(layers) ** 2,
            "You counted the pixels of the square; asked for is its width, along one axis.",
        ),
    ),
    noticing="Each layer of stride 1 adds a fixed number of pixels; strides and growing dilations multiply. "
    "That is why networks pool, and why a dilated one hears a whole word with few layers.",
)
