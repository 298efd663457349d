"""How large is the output of a convolution?"""

import math

from mmcourse.checks import Case, Exercise, Mistake, lazy

torch = lazy("torch")


def _output_size(size, kernel_size, stride=1, padding=0, dilation=1):
    return (size + 2 * padding - dilation * (kernel_size - 1) - 1) // stride + 1


def _room(size, kernel_size, padding, dilation):
    """How far the kernel can move from its first place."""
    return size + 2 * padding - dilation * (kernel_size - 1) - 1


def _any_sizes(generator):
    """A size, kernel, stride, padding and dilation at which the kernel fits."""
    kernel, stride, padding, dilation = (
        int(torch.randint(1, most, (), generator=generator)) for most in (6, 5, 4, 4)
    )
    size = dilation * (kernel - 1) + 1 + int(torch.randint(0, 40, (), generator=generator))
    return size, kernel, stride, padding, dilation


_SPAN = (
    "With dilation, the kernel's k pixels stand d apart: from the first to the last it covers "
    "d · (k − 1) + 1."
)

output_size = Exercise(
    id="03.1",
    name="output_size",
    title="How large is the output?",
    difficulty=1,
    minutes=8,
    stub="count the places at which the kernel can stand",
    parameters=("size", "kernel_size", "stride", "padding", "dilation"),
    reference=_output_size,
    hints=(
        "Five pixels in a row and a kernel of three: at which pixels can its left end stand?",
        "Padding makes the row longer at both ends. How many pixels does a kernel of three with dilation 2 "
        "reach over?",
        "room = size + 2 · padding − dilation · (kernel_size − 1) − 1 is how far the kernel can move; it "
        "makes room // stride steps, and it also stands where it starts.",
    ),
    cases=(
        Case("five pixels, a kernel of three", lambda g: (5, 3)),
        Case("a stride that leaves pixels over", lambda g: (8, 3, 2)),
        Case("a kernel as large as the picture", lambda g: (5, 5, 4)),
        Case("padding", lambda g: (28, 5, 1, 2)),
        Case("dilation", lambda g: (10, 3, 1, 0, 2)),
        Case("28 pixels, stride 2, padding 1", lambda g: (28, 3, 2, 1)),
        Case("all at once", lambda g: (17, 4, 3, 2, 2)),
        Case("any sizes", _any_sizes),
        Case("other sizes", _any_sizes),
    ),
    mistakes=(
        Mistake(
            "first place",
            lambda n, k, s=1, p=0, d=1: _room(n, k, p, d) // s,
            "You counted the steps; the kernel also stands at the place where it starts: one more.",
        ),
        Mistake(
            "size minus kernel",
            lambda n, k, s=1, p=0, d=1: (n + 2 * p - d * k) // s + 1,
            _SPAN,
        ),
        Mistake(
            "dilation left out",
            lambda n, k, s=1, p=0, d=1: _output_size(n, k, s, p),
            "You left out dilation. " + _SPAN,
        ),
        Mistake(
            "gaps of dilation",
            lambda n, k, s=1, p=0, d=1: (n + 2 * p - (k + d * (k - 1))) // s + 1,
            "A dilation of 1 means no gap: neighbours stand d apart, so there are d − 1 pixels between them.",
        ),
        Mistake(
            "padding once",
            lambda n, k, s=1, p=0, d=1: (n + p - d * (k - 1) - 1) // s + 1,
            "You added the padding once; it comes at both ends.",
        ),
        Mistake(
            "padding left out",
            lambda n, k, s=1, p=0, d=1: _output_size(n, k, s, 0, d),
            "You left out the padding: it makes the row longer at both ends.",
        ),
        Mistake(
            "stride left out",
            lambda n, k, s=1, p=0, d=1: _room(n, k, p, d) + 1,
            "You left out the stride: the kernel moves on by that many pixels at a time.",
        ),
        Mistake(
            "true division",
            lambda n, k, s=1, p=0, d=1: _room(n, k, p, d) / s + 1,
            "A kernel cannot make half a step: `//` rounds down, `/` does not.",
        ),
        Mistake(
            "rounded up",
            lambda n, k, s=1, p=0, d=1: math.ceil(_room(n, k, p, d) / s) + 1,
            "A step that would put the kernel over the edge is not made: round down (//), neither up nor "
            "to the nearest.",
        ),
        Mistake(
            "one inside the division",
            lambda n, k, s=1, p=0, d=1: (_room(n, k, p, d) + 1) // s,
            "The place where the kernel starts does not depend on the stride: divide first, then add 1.",
        ),
        Mistake(
            "a place too many",
            lambda n, k, s=1, p=0, d=1: (_room(n, k, p, d) + 1) // s + 1,
            "You have a place too many: among 5 pixels a kernel of 3 can move by 2, not by 3. Its span, "
            "d · (k − 1) + 1, is what you take from the size.",
        ),
        Mistake(
            "as if padded to the same size",
            lambda n, k, s=1, p=0, d=1: n // s,
            "That is so only when the padding makes up for the kernel; here the padding is given.",
        ),
        Mistake(
            "padding taken away",
            lambda n, k, s=1, p=0, d=1: (n - 2 * p - d * (k - 1) - 1) // s + 1,
            "You took the padding away; it adds pixels.",
        ),
        Mistake(
            "brackets",
            lambda n, k, s=1, p=0, d=1: n + 2 * p - d * (k - 1) - 1 // s + 1,
            "Division comes before subtraction: the whole room for moving is divided by the stride.",
        ),
    ),
    noticing="A kernel of 3 with padding 1 keeps the size, one of 5 needs padding 2: with stride 1, an odd "
    "kernel and half of it (rounded down) as padding, a network can be as deep as you like.",
)
