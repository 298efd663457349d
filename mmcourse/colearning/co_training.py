"""Co-training: two senses with few labels teach each other what each is sure of; self-training: one alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn

from mmcourse.colearning.pseudo_labels import confident
from mmcourse.training import Batches, evaluating, fit

Predictor = Callable[[dict], Tensor]  # a table without labels -> log-probabilities [row, class]
Learner = Callable[[dict, int], Predictor]  # (a table with labels, a seed) -> what it learned


@dataclass
class CoTrained:
    """What co-training or self-training came to.

    predictors  sense -> its last model, a function of a table that gives log-probabilities
    rows        that have a label at the end: first those that had one, then those that got one
    labels      theirs, given or named by a model
    rounds      of each row: 0 for a given label, else the round that added it
    """

    predictors: dict[str, Predictor] = field(default_factory=dict)
    rows: Tensor = field(default_factory=lambda: torch.empty(0, dtype=torch.long))
    labels: Tensor = field(default_factory=lambda: torch.empty(0, dtype=torch.long))
    rounds: Tensor = field(default_factory=lambda: torch.empty(0, dtype=torch.long))

    def predict(self, table: dict) -> Float[Tensor, "row class"]:
        """Give the log-probabilities of all senses together: the product of theirs, made to add up to 1.

        Source  Blum & Mitchell 1998, in their experiments
        """
        return torch.stack([p(table) for p in self.predictors.values()]).sum(0).log_softmax(dim=1)


def co_training(
    learners: Mapping[str, Learner],
    table: dict[str, Tensor],
    labelled: Int[Tensor, " labelled"],
    unlabelled: Int[Tensor, " unlabelled"],
    *,
    rounds: int,
    per_class: int,
    seed: int,
    threshold: float = 0.0,
    pool: int | None = None,
) -> CoTrained:
    """Train a model a sense on what has labels, let each label what it is surest of for all, and so on.

    It helps where each sense alone is enough to name the class, and where, given the class, one sense says
    nothing about the mistakes of the other. With a single learner it is self-training.

    learners    sense -> how it learns; each sees only what it looks at in the table. See `network`
    table       name -> tensor, a row an example; labels of unlabelled rows are never read
    labelled    rows whose "label" is known
    unlabelled  rows to label
    rounds      of labelling; one more training follows, on all that has a label then
    per_class   examples that each sense labels in a round, of each class, at most; give self-training
                twice as many as each of two senses, and both label alike fast
    seed        of the pools and of the trainings
    threshold   the least probability at which a label is given
    pool        draw so many unlabelled rows a round and choose among them; all where None
    Raises      ValueError for no learner, no round, or rows that are in both lists
    Source      Blum & Mitchell 1998, "Combining labeled and unlabeled data with co-training", table 1; a row
                that two senses name differently waits. Self-training: Yarowsky 1995, "Unsupervised word
                sense disambiguation rivaling supervised methods"
    """
    if not learners or rounds < 1:
        raise ValueError(f"need a learner and a round at least, got {len(learners)} and {rounds}.")
    if torch.isin(labelled, unlabelled).any():
        raise ValueError("some rows are both labelled and unlabelled: take few_labels to part them.")
    result = CoTrained(rows=labelled, labels=table["label"][labelled], rounds=torch.zeros_like(labelled))
    generator = torch.Generator().manual_seed(seed)
    left = unlabelled
    for number in range(1, rounds + 1):
        result.predictors = _trained(learners, table, result, seed * 1000 + number)
        if len(left) == 0:
            break
        offered = left
        if pool is not None:
            offered = left[torch.randperm(len(left), generator=generator)[:pool]]
        chosen, named = _labelled(result.predictors, _rows(table, offered), per_class, threshold)
        result.rows = torch.cat([result.rows, offered[chosen]])
        result.labels = torch.cat([result.labels, named])
        result.rounds = torch.cat([result.rounds, torch.full_like(named, number)])
        left = left[~torch.isin(left, offered[chosen])]
    result.predictors = _trained(learners, table, result, seed * 1000 + rounds + 1)
    return result


def self_training(learner: Learner, table: dict[str, Tensor], *args, **options) -> CoTrained:
    """Train one model on its own surest labels: co_training with a single learner, and its arguments."""
    return co_training({"self": learner}, table, *args, **options)


def network(
    make: Callable[[], nn.Module], *, epochs: int, batch_size: int = 32, steps: int | None = None, **options
) -> Learner:
    """Return a learner for co_training that trains a new network each time.

    make        () -> a model for `fit`, such as a OneSense
    epochs      of each training
    batch_size  rows of a batch
    steps       the least number of steps of a training: few examples are seen in more epochs, up to this many
    options     for `fit`
    """

    def learn(table: dict[str, Tensor], seed: int) -> Predictor:
        with torch.random.fork_rng():
            torch.manual_seed(seed)
            model = make()
        batches = Batches(table, batch_size, seed=seed)
        enough = epochs if steps is None else max(epochs, -(-steps // len(batches)))
        fit(model, batches, Batches(table, 512), epochs=enough, seed=seed, **options)

        def predict(rows: dict[str, Tensor]) -> Tensor:
            with evaluating(model):
                return torch.cat([model(batch).log_softmax(dim=1) for batch in Batches(rows, 512)])

        return predict

    return learn


def _trained(
    learners: Mapping[str, Learner], table: dict, so_far: CoTrained, seed: int
) -> dict[str, Predictor]:
    lesson = {**_rows(table, so_far.rows), "label": so_far.labels}
    return {sense: learn(lesson, seed) for sense, learn in learners.items()}


def _rows(table: dict[str, Tensor], rows: Tensor) -> dict[str, Tensor]:
    """Rows of a table, without their labels."""
    return {name: values[rows] for name, values in table.items() if name != "label"}


def _labelled(
    predictors: Mapping[str, Predictor], offered: dict, per_class: int, threshold: float
) -> tuple[Tensor, Tensor]:
    """Let each sense label what it is surest of; give (rows, labels), without those named differently."""
    given: dict[int, int] = {}
    disputed = set()
    for predict in predictors.values():
        chosen = confident(predict(offered), per_class, threshold)
        for row, label in zip(*(part.tolist() for part in chosen), strict=True):
            if given.setdefault(row, label) != label:
                disputed.add(row)
    agreed = {row: label for row, label in given.items() if row not in disputed}
    return torch.tensor(list(agreed), dtype=torch.long), torch.tensor(list(agreed.values()), dtype=torch.long)
