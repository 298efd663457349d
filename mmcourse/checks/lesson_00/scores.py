"""Measure accuracy over all examples."""

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


def _place_in_batch(logits, labels):
    """Give each batch the place of its largest logit among all, as argmax without dim does."""
    right = sum(int((x.argmax() == y).sum()) for x, y in zip(logits, labels, strict=True))
    return right / _examples(logits)


def _down_the_batch(logits, labels):
    right = sum(int((x.argmax(dim=0) == y).sum()) for x, y in zip(logits, labels, strict=True))
    return right / _examples(logits)


def _largest_with_places(logits, labels):
    """Compare what `max(dim=1)` returns, values and places, with labels: always False, and not a tensor."""
    right = [(x.max(dim=1) == y).sum() for x, y in zip(logits, labels, strict=True)]
    return sum(right) / _examples(logits)


def _as_float(logits, labels):
    pairs = zip(logits, labels, strict=True)
    return [(x.max(dim=1) == y).float() for x, y in pairs]


def _largest_is_label(logits, labels):
    pairs = zip(torch.cat(logits).amax(dim=1), torch.cat(labels), strict=True)
    return sum(float(largest == label) for largest, label in pairs) / _examples(logits)


def _three_right_of_four(_generator):
    logits = [torch.tensor([[2.0, -1.0], [0.5, 1.0], [-2.0, -1.0]]), torch.tensor([[1.0, 3.0]])]
    return logits, [torch.tensor([0, 0, 1]), torch.tensor([1])]


def _batches(generator, sizes, classes):
    logits = [torch.randn(size, classes, generator=generator) for size in sizes]
    labels = [torch.randint(classes, (size,), generator=generator) for size in sizes]
    labels[0] = logits[0].argmax(dim=1)  # one batch is all correct, so the batches differ in accuracy
    return logits, labels


_PAIR = "max(dim=1) returns the largest values and their places together; argmax(dim=1) only the places."
_DOWN = "Your argmax went down the batch (dim=0); ask each row for its largest class (dim=1)."
_PLACE = "You compared the largest value itself with the label; argmax gives the place where it stands."

accuracy = Exercise(
    id="00.2",
    name="accuracy",
    title="What share of the answers is right?",
    difficulty=2,
    minutes=10,
    stub="return the share of all examples that are right",
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
        Case("a single batch, all of it right", lambda g: _batches(g, (4,), 4)),
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
            "sum of batches",
            lambda logits, labels: sum(_batch_scores(logits, labels)),
            "You added up the accuracies of the batches; count over all examples and divide once.",
        ),
        Mistake(
            "whole batches",
            lambda logits, labels: sum(s == 1 for s in _batch_scores(logits, labels)) / len(logits),
            "A batch counts only if all of it is right (`all`); count the examples that are right.",
        ),
        Mistake(
            "divided by logits",
            lambda logits, labels: (
                _share_correct(logits, labels) * _examples(logits) / torch.cat(logits).numel()
            ),
            "You divided by the number of logits; an example has one for each class.",
        ),
        Mistake(
            "value for place",
            _largest_is_label,
            _PLACE,
        ),
        Mistake(
            "probability for place",
            lambda logits, labels: _largest_is_label([x.softmax(dim=1) for x in logits], labels),
            _PLACE,
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
            _DOWN,
        ),
        Mistake("down the batch", _down_the_batch, _DOWN),
        Mistake(
            "softmax over the batch",
            lambda logits, labels: _share_correct([x.softmax(dim=0) for x in logits], labels),
            "Your softmax runs down the batch (dim=0) and changes which class is the largest of a row. No "
            "softmax is needed at all.",
        ),
        Mistake(
            "argmax of everything",
            _place_in_batch,
            "`argmax()` without dim looks for one place in the whole batch; ask each row: argmax(dim=1).",
        ),
        Mistake(
            "whole division",
            lambda logits, labels: float(
                round(_share_correct(logits, labels) * _examples(logits)) // _examples(logits)
            ),
            "`//` drops what comes after the point: 3 // 4 is 0. Divide with `/`.",
        ),
        Mistake(
            "all batches as large as the first",
            lambda logits, labels: (
                _share_correct(logits, labels) * _examples(logits) / (len(labels) * len(labels[0]))
            ),
            "You divided by batches times the size of the first batch; the last batch may be smaller. Add up "
            "the sizes.",
        ),
        Mistake("largest, with places", _largest_with_places, _PAIR),
        Mistake("largest, as float", _as_float, _PAIR),
    ),
    noticing="Softmax keeps the order of the logits, so accuracy needs no softmax. And 10 classes give 10 "
    "% by guessing: an accuracy means something only beside that line.",
    variants=(),
    exact_dtype=False,
)
