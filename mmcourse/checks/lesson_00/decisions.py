"""Measure accuracy and let two senses decide together."""

from mmcourse.checks import Case, Exercise, Mistake, lazy

torch = lazy("torch")


def _share_correct(logits, labels):
    predicted = torch.cat(list(logits)).argmax(dim=1)
    return (predicted == torch.cat(list(labels))).double().mean().item()


def _batch_scores(logits, labels):
    return [_share_correct([x], [y]) for x, y in zip(logits, labels, strict=True)]


def _mean_of_batches(logits, labels):
    scores = _batch_scores(logits, labels)
    return sum(scores) / len(scores)


def _smallest_logit(logits, labels):
    return _share_correct([-x for x in logits], labels)


def _own_logit_positive(logits, labels):
    x, y = torch.cat(logits), torch.cat(labels)
    return (x.gather(1, y[:, None]) > 0).double().mean().item()


def _examples(logits):
    return sum(len(x) for x in logits)


def _three_right_of_four(_generator):
    logits = [torch.tensor([[2.0, -1.0], [0.5, 1.0], [-2.0, -1.0]]), torch.tensor([[1.0, 3.0]])]
    return logits, [torch.tensor([0, 0, 1]), torch.tensor([1])]


def _batches(generator, sizes, classes):
    logits = [torch.randn(size, classes, generator=generator) for size in sizes]
    labels = [torch.randint(classes, (size,), generator=generator) for size in sizes]
    labels[0] = logits[0].argmax(dim=1)  # one batch is all correct, so the batches differ in accuracy
    return logits, labels


accuracy = Exercise(
    id="00.2",
    name="accuracy",
    title="What share of the answers is right?",
    difficulty=2,
    minutes=10,
    stub="return the share of all examples whose largest logit stands at the true label",
    parameters=("logits", "labels"),
    reference=_share_correct,
    hints=(
        "A model gives one number (a logit) for each class. Which class is then its answer?",
        "The last batch is often smaller than the others. Should one example in it count for more?",
        "Count the correct answers of all batches, count the examples of all batches, divide once at the "
        "end.",
    ),
    cases=(
        Case("a batch of three and a batch of one", _three_right_of_four),
        Case("a small last batch", lambda g: _batches(g, (8, 8, 3), 5)),
        Case("a single batch with as many examples as classes", lambda g: _batches(g, (4, 4), 4)),
        Case("batches of one", lambda g: _batches(g, (1, 1, 1), 3)),
    ),
    mistakes=(
        Mistake(
            "mean of batches",
            _mean_of_batches,
            "You averaged the accuracies of the batches, so an example in a smaller batch counts for more. "
            "Count over all examples and divide once.",
        ),
        Mistake(
            "per cent",
            lambda logits, labels: 100 * _share_correct(logits, labels),
            "These are per cent; the task asks for a share between 0 and 1.",
        ),
        Mistake(
            "count",
            lambda logits, labels: float(_share_correct(logits, labels) * _examples(logits)),
            "This is how many answers are correct; divide by the number of examples.",
        ),
        Mistake(
            "errors",
            lambda logits, labels: 1 - _share_correct(logits, labels),
            "This is the share of wrong ones; compare with == and not with !=.",
        ),
        Mistake(
            "last batch",
            lambda logits, labels: _batch_scores(logits, labels)[-1],
            "Only the last batch is counted: does your loop overwrite its result?",
        ),
        Mistake(
            "first batch",
            lambda logits, labels: _batch_scores(logits, labels)[0],
            "Only the first batch is counted: is there a `return` inside your loop, or an index [0]?",
        ),
        Mistake(
            "argmin",
            _smallest_logit,
            "You took the class with the smallest logit; a model's answer is the largest.",
        ),
        Mistake(
            "divided by batches",
            lambda logits, labels: _share_correct(logits, labels) * _examples(logits) / len(logits),
            "You divided by the number of batches; divide by the number of examples.",
        ),
        Mistake(
            "positive logit",
            _own_logit_positive,
            "A logit of the true class above 0 is not enough, and not needed: it has to be the largest of "
            "its row.",
        ),
        Mistake(
            "argmax over the batch",
            lambda logits, labels: (
                sum(
                    float((x.argmax(dim=0)[: len(y)] == y[: x.shape[1]]).sum())
                    for x, y in zip(logits, labels, strict=True)
                )
                / _examples(logits)
            ),
            "Argmax went down the batch (dim=0); ask each row for its largest class (dim=1).",
        ),
    ),
    noticing="Softmax keeps the order of the logits, so accuracy needs no softmax. And 10 classes give 10 "
    "% by guessing: an accuracy means something only beside that line.",
    variants=(),
    exact_dtype=False,
)


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
    stub="turn each sense's logits into probabilities over the classes and return their average",
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
        Case("as many examples as classes", lambda g: tuple(torch.randn(2, 4, 4, generator=g) * 2)),
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
            "You multiplied the probabilities (a product of experts, lesson 7); here they are averaged.",
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
    "sense decides. This is late fusion, and it is hard to beat (lesson 7).",
    gradient=True,
)
