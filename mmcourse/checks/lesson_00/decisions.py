"""Let two senses decide together."""

from mmcourse.checks import Case, Exercise, Mistake, lazy

torch = lazy("torch")


def _average(image_logits, speech_logits):
    return (image_logits.softmax(dim=-1) + speech_logits.softmax(dim=-1)) / 2


def _product(image_logits, speech_logits):
    return (image_logits.log_softmax(dim=-1) + speech_logits.log_softmax(dim=-1)).softmax(dim=-1)


def _overflowing(image_logits, speech_logits):
    parts = [x.exp() / x.exp().sum(dim=-1, keepdim=True) for x in (image_logits, speech_logits)]
    return (parts[0] + parts[1]) / 2


average_senses = Exercise(
    id="00.3",
    name="average_senses",
    title="Let two senses decide together",
    difficulty=1,
    minutes=10,
    stub="return the average of the two senses' probabilities",
    parameters=("image_logits", "speech_logits"),
    reference=_average,
    hints=(
        "Logits may be any numbers. What makes each row positive with a sum of 1?",
        "The axes are batch and class. Along which of the two must the probabilities add up to 1?",
        "`logits.softmax(dim=-1)` for each sense; then the mean of the two tensors, entry by entry.",
    ),
    cases=(
        Case(
            "one picture and one sound, two classes",
            lambda g: (torch.tensor([[0.0, 2.0]]), torch.tensor([[1.0, 0.0]])),
        ),
        Case("two examples, two classes", lambda g: tuple((torch.randn(2, 2, 2, generator=g) * 2).round())),
        Case("a batch", lambda g: tuple(torch.randn(2, 7, 10, generator=g) * 3)),
        Case("very sure of itself: logits of ±200", lambda g: tuple(torch.randn(2, 3, 4, generator=g) * 200)),
    ),
    mistakes=(
        Mistake(
            "over the batch",
            lambda a, b: (a.softmax(dim=0) + b.softmax(dim=0)) / 2,
            "Your softmax runs over the batch (dim=0), so examples compete with each other; the classes "
            "have to.",
        ),
        Mistake(
            "logits first",
            lambda a, b: ((a + b) / 2).softmax(dim=-1),
            "You averaged the logits and took one softmax of that; first two softmaxes, then the average.",
        ),
        Mistake(
            "not halved",
            lambda a, b: a.softmax(dim=-1) + b.softmax(dim=-1),
            "Your rows add up to 2: divide the sum by the number of senses.",
        ),
        Mistake(
            "one halved",
            lambda a, b: a.softmax(dim=-1) + b.softmax(dim=-1) / 2,
            "Only the second sense is halved: division comes before addition. Where do brackets belong?",
        ),
        Mistake(
            "batch of one sum",
            lambda a, b: _average(a, b) / len(a),
            "All your rows together add up to 1; each row by itself should.",
        ),
        Mistake(
            "larger",
            lambda a, b: torch.maximum(a.softmax(dim=-1), b.softmax(dim=-1)),
            "You took the larger of the two probabilities; their average is wanted.",
        ),
        Mistake(
            "shares of logits",
            lambda a, b: (a / a.sum(dim=-1, keepdim=True) + b / b.sum(dim=-1, keepdim=True)) / 2,
            "You divided the logits by their sum: they may be negative, or add up to 0. Softmax takes exp "
            "first.",
        ),
        Mistake(
            "no softmax",
            lambda a, b: (a + b) / 2,
            "These are averaged logits, not probabilities: where is the softmax?",
        ),
        Mistake(
            "sigmoid",
            lambda a, b: (a.sigmoid() + b.sigmoid()) / 2,
            "sigmoid judges each class alone and a row does not add up to 1; softmax makes classes compete.",
        ),
        Mistake(
            "product",
            _product,
            "You added the logits before the softmax, or multiplied the probabilities, which is the same (a "
            "product of experts, lesson 7); here two softmaxes are averaged.",
        ),
        Mistake(
            "overflow",
            _overflowing,
            "exp of a large logit is infinite and ∞/∞ is NaN: subtract the largest logit of each row first, "
            "or use torch.softmax, which does.",
        ),
        Mistake(
            "image only",
            lambda a, b: a.softmax(dim=-1),
            "The result does not depend on the speech: did you use the image's logits twice?",
        ),
        Mistake(
            "speech only",
            lambda a, b: b.softmax(dim=-1),
            "The result does not depend on the image: did you use the speech's logits twice?",
        ),
        Mistake(
            "class",
            lambda a, b: _average(a, b).argmax(dim=-1),
            "You return the winning class; return the probability of every class.",
        ),
        Mistake(
            "twice",
            lambda a, b: _average(a, b).softmax(dim=-1),
            "softmax is taken twice: the average of two rows of probabilities already adds up to 1.",
        ),
        Mistake(
            "log",
            lambda a, b: (a.log_softmax(dim=-1) + b.log_softmax(dim=-1)) / 2,
            "These are averages of the logarithm; take softmax instead of log_softmax.",
        ),
    ),
    noticing="A sense that is unsure spreads its probability and so moves the average little; the surer "
    "sense decides. This is late fusion (lesson 7); lesson 0 measures it beside other ways.",
    gradient=True,
)
