"""Holding back the branch that is ahead: on-the-fly gradient modulation."""

from mmcourse.checks import Case, Exercise, lazy
from mmcourse.checks.lesson_08 import modulating_slips as slips
from mmcourse.checks.lesson_08.modulating_mistakes import MISTAKES

torch = lazy("torch")


def _case(batch, classes, image_lean, speech_lean, alpha, frozen=False, seed=5):
    """Logits of each sense that lean to the right class more or less, and how encoders are made."""

    def make(generator):
        labels = torch.randint(classes, (batch,), generator=generator)
        right = torch.nn.functional.one_hot(labels, classes)
        logits = [
            lean * right + torch.randn(batch, classes, generator=generator)
            for lean in (image_lean, speech_lean)
        ]
        return *logits, labels, alpha, seed, frozen

    return make


def _tiny(_generator):
    """The picture gives the right class 0.8, speech 0.4: ratios 2 and ½."""
    image, speech = torch.tensor([[0.8, 0.2]]).log(), torch.tensor([[0.4, 0.6]]).log()
    return image, speech, torch.tensor([0]), 0.5, 3, False


def _tie(_generator):
    """Both senses give the same: nobody is ahead."""
    logits = torch.tensor([[1.0, 0.5, -1.0], [0.0, 2.0, 0.5]])
    return logits, logits.clone(), torch.tensor([0, 2]), 0.5, 4, False


def _used(answer, image_logits, speech_logits, labels, alpha, seed, frozen):
    """Two encoders and a head with gradients; what the answer makes of these, and what else it changed."""
    generator = torch.Generator().manual_seed(seed)
    parts = [
        torch.nn.Linear(3, 2),
        torch.nn.Sequential(torch.nn.Linear(2, 2), torch.nn.Linear(2, 1)),
        torch.nn.Linear(3, 4),
    ]
    for part in parts:
        for parameter in part.parameters():
            with torch.no_grad():
                parameter.copy_(torch.randn(parameter.shape, generator=generator))
            parameter.grad = torch.randn(parameter.shape, generator=generator)
    if frozen:
        parts[0].bias.grad = None
        parts[0].bias.requires_grad_(False)
    weights = [parameter.detach().clone() for part in parts for parameter in part.parameters()]
    image_logits, speech_logits = (x.clone().requires_grad_() for x in (image_logits, speech_logits))
    told = answer(*parts, image_logits, speech_logits, labels, alpha)
    moved = any(
        not torch.equal(old, new)
        for old, new in zip(weights, (p for part in parts for p in part.parameters()), strict=True)
    )
    return told, [[p.grad for p in part.parameters()] for part in parts], moved


def _near(a, b):
    if a is None or b is None:
        return a is b
    return torch.allclose(a, b, atol=1e-6, rtol=1e-5)


def _judge(got, wanted, args):
    told, gradients, moved = got
    right, others, _ = wanted
    if moved:
        return "weights have changed; only their gradients may"
    if not isinstance(told, (tuple, list)) or len(told) != 2:
        return "two factors are returned, the picture's first"
    if any(isinstance(x, torch.Tensor) and x.requires_grad for x in told):
        return "a factor hangs on the graph of the logits"
    told = [float(x) for x in told]
    unlike = _unlike_gradient(gradients, others)
    if unlike is None and not all(map(_same, told, right)) and all(map(_same, told[::-1], right)):
        return "the gradients are right, and the two factors come in the other order"
    for name, mine, other in zip(("picture", "speech"), told, right, strict=True):
        if not _same(mine, other):
            return f"the factor of the {name} is {mine:.4f}, wanted {other:.4f}"
    return unlike


def _same(mine, other):
    return abs(mine - other) <= 1e-5


def _unlike_gradient(gradients, wanted):
    """What is wrong with the first gradient that is not as wanted, or None."""
    names = ("picture's encoder", "speech encoder", "head")
    for name, mine, other in zip(names, gradients, wanted, strict=True):
        if any(a is not None and a.requires_grad for a in mine):
            return f"the gradients of the {name} hang on the graph of the logits"
        for a, b in zip(mine, other, strict=True):
            if not _near(a, b):
                return f"a gradient of the {name} is {_told(a)}, wanted {_told(b)}"
    return None


def _told(gradient):
    return "None" if gradient is None else f"({', '.join(f'{x:.4f}' for x in gradient.flatten()[:3])} …)"


modulate = Exercise(
    id="08.3",
    name="modulate",
    title="Holding back the one ahead",
    difficulty=3,
    minutes=20,
    stub="scale the gradients of the encoder that is ahead by 1 − tanh(alpha · ratio); return both factors",
    reference=slips.modulate,
    call=_used,
    judge=_judge,
    variants=(),
    hints=(
        "Which of the two branches needs more time, and which should wait? What says who is ahead in this "
        "batch?",
        "s of a branch: the probability that it gives the right class, added up over the batch. ρ of the "
        "picture is s_image / s_speech; and that of speech?",
        "A factor is 1 − tanh(alpha · ρ) where ρ > 1 and 1 elsewhere. After backward the gradients stand in "
        "parameter.grad; which parameters are meant, and what if there is no gradient?",
        "s = logits.detach().softmax(−1).gather(1, labels[:, None]).sum(); for p in encoder.parameters(): if "
        "p.grad is not None: p.grad *= factor. The head's stay.",
    ),
    cases=(
        Case("0.8 against 0.4, one example", _tiny),
        Case("the picture is ahead", _case(6, 4, 3.0, 0.5, 0.5)),
        Case("speech is ahead", _case(8, 5, 0.2, 2.5, 0.3)),
        Case("nearly alike", _case(30, 3, 1.0, 1.0, 0.5)),
        Case("a strong hand", _case(5, 5, 4.0, -1.0, 2.0)),
        Case("alpha of 0", _case(4, 3, 2.0, 0.0, 0.0)),
        Case("a tie", _tie),
        Case("a frozen weight", _case(6, 4, 3.0, 0.5, 0.5, frozen=True)),
    ),
    mistakes=MISTAKES,
    noticing="With plain SGD a smaller gradient is a smaller step. Adam divides by the gradient's own size "
    "and takes most of a lasting factor back.",
)
