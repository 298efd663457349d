"""Contrastive alignment: which sound belongs to which picture, asked in both directions."""

import math

from mmcourse.checks import Case, Exercise, lazy
from mmcourse.checks.lesson_08 import contrasting_slips as slips
from mmcourse.checks.lesson_08.contrasting_mistakes import MISTAKES

torch = lazy("torch")


def pairs(generator, batch, features, shared=1.0, size=1.0):
    """Two embeddings of the same things, alike by `shared`: each [batch, feature]."""
    common, one, other = size * torch.randn(3, batch, features, generator=generator)
    return shared * common + one, shared * common + 0.5 * other


def _case(batch, features, scale, **options):
    return lambda g: (*pairs(g, batch, features, **options), torch.tensor(math.log(scale)))


def _tiny(_generator):
    """Lengths 5, 2 and 1, 10; cosines 0.6, 0.8 and 0, 1; a scale of 2."""
    a = torch.tensor([[3.0, 4.0], [0.0, 2.0]])
    return a, torch.tensor([[1.0, 0.0], [0.0, 10.0]]), torch.tensor(2.0).log()


def _sharp(generator):
    """A scale of 100; in two pairs the halves point opposite ways, in one the same way."""
    a, b = pairs(generator, 5, 6)
    return a, torch.cat([-a[:2], a[2:3], b[3:]]), torch.tensor(math.log(100.0))


def _zeros(generator):
    a, b = pairs(generator, 4, 3)
    a[1] = 0
    return a, b, torch.tensor(1.0)


def _nothing(generator):
    """A single pair, whose loss is 0 whatever it is: all gradients are 0, of the half of zeros too."""
    a, b = pairs(generator, 1, 4)
    return torch.zeros_like(a), b, torch.tensor(1.0)


def _half(generator):
    """Half precision: the squares, and the digits of the loss, are more than it holds."""
    a, b = pairs(generator, 6, 8, shared=0.2, size=150.0)
    return a.half(), b.half(), torch.tensor(3.0)


info_nce = Exercise(
    id="08.7",
    name="info_nce",
    title="Which sound belongs to this picture?",
    difficulty=2,
    minutes=15,
    stub="return the mean loss of finding b's row for each of a's, and a's for each of b's",
    parameters=("a", "b", "log_scale"),
    reference=slips.info_nce,
    exact_dtype=False,
    gradient=True,
    hints=(
        "There are as many sounds as pictures. If “which sound belongs to picture 3?” is a classification, "
        "what are its classes, its logits and its label?",
        "All questions at once are a matrix: row i holds how much picture i resembles each sound. Where in "
        "it "
        "are the right answers? And what is the transposed matrix?",
        "scores = log_scale.exp() * (a @ b.T), of rows of length 1; the label of row i is i. One "
        "cross-entropy for scores, one for scores.T, and their mean.",
        "a, b = F.normalize(a.float(), dim=1), F.normalize(b.float(), dim=1); scores = "
        "log_scale.float().exp() * a @ b.T; own = torch.arange(len(a), device=a.device); "
        "(F.cross_entropy(scores, own) + F.cross_entropy(scores.T, own)) / 2. Float64 stays float64: "
        ".float() only where it came in 16 bits.",
    ),
    cases=(
        Case("two pairs of two features", _tiny),
        Case("five pairs of three features", _case(5, 3, 4.0)),
        Case("more features than pairs", _case(4, 9, 1.5)),
        Case("as many features as pairs", _case(6, 6, 10.0, shared=0.5)),
        Case("long and short embeddings", _case(7, 4, 5.0, size=30.0)),
        Case("a scale below 1", _case(5, 4, 0.2)),
        Case("a single pair", _case(1, 5, 3.0)),
        Case("a scale of 100, some halves opposite", _sharp),
        Case("an embedding of zeros", _zeros, gradient=False),
        Case("a single pair, one half of it zeros", _nothing),
        Case("half precision", _half, gradient=False),
    ),
    mistakes=MISTAKES,
    noticing="With n pairs a guess costs log n: the same loss means more in a larger batch. And each other "
    "pair counts as wrong, be it the same digit.",
)
