"""recall@k: by hand, beside scikit-learn, with several right answers, in chunks and batches."""

import pytest
import torch
from sklearn.metrics import top_k_accuracy_score

from mmcourse.metrics import RecallAtK, recall_at_k

SCORES = torch.tensor([[0.9, 0.8, 0.7, 0.1], [0.1, 0.2, 0.3, 0.4]])
RELEVANT = torch.tensor([[False, True, True, False], [True, False, False, True]])


def value(metric, scores=SCORES, relevant=RELEVANT):
    metric.update(scores, relevant)
    return metric.value()


@pytest.mark.parametrize(
    ("k", "counted", "want"),
    [
        (1, "any", 0.5),  # only the second query's best key is right
        (2, "any", 1.0),
        (1, "share", 0.5),  # 0 of 1 and 1 of 1: no more than one can be found
        (2, "share", 0.5),  # 1 of 2 and 1 of 2
        (3, "share", 0.75),  # 2 of 2 and 1 of 2
        (4, "share", 1.0),
    ],
)
def test_by_hand(k, counted, want):
    assert value(RecallAtK(k, counted)) == want


@pytest.mark.parametrize("k", [1, 2, 3])
def test_with_one_right_key_it_is_top_k_accuracy(k):
    generator = torch.Generator().manual_seed(k)
    scores = torch.randn(50, 7, generator=generator)
    answer = torch.randint(7, (50,), generator=generator)
    relevant = torch.nn.functional.one_hot(answer, 7).bool()
    want = top_k_accuracy_score(answer.numpy(), scores.numpy(), k=k, labels=range(7))
    for counted in ("any", "share"):
        assert value(RecallAtK(k, counted), scores, relevant) == pytest.approx(want)


def test_of_equal_scores_the_earlier_key_counts_as_higher():
    equal = torch.zeros(2, 40)
    relevant = torch.zeros(2, 40, dtype=torch.bool)
    relevant[0, 0] = relevant[1, 1] = True
    assert value(RecallAtK(1), equal, relevant) == 0.5


def test_chunks_batches_and_processes_give_the_same():
    generator = torch.Generator().manual_seed(3)
    queries, keys = torch.randn(23, 5, generator=generator), torch.randn(31, 5, generator=generator)
    labels, others = torch.arange(23) % 4, torch.arange(31) % 4
    want = recall_at_k(queries, keys, labels, others, 3, counted="share")
    assert 0.1 < want < 0.9
    for chunk in (1, 7, 23):
        got = recall_at_k(queries, keys, labels, others, 3, counted="share", chunk=chunk)
        assert got == pytest.approx(want, abs=1e-12)
    scores = torch.nn.functional.normalize(queries, dim=1) @ torch.nn.functional.normalize(keys, dim=1).T
    parts = [RecallAtK(3, "share") for _ in range(2)]
    for part, rows in zip(parts, (slice(0, 4), slice(4, 23)), strict=True):
        part.update(scores[rows], labels[rows, None] == others)
    parts[0].load(parts[0].state() + parts[1].state())
    assert parts[0].value() == pytest.approx(want, abs=1e-12)


def test_angles_count_and_lengths_do_not():
    keys = torch.tensor([[1.0, 0.0], [50.0, 50.0]])
    assert recall_at_k(torch.tensor([[2.0, 0.1]]), keys, torch.tensor([0]), torch.tensor([0, 1])) == 1


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: RecallAtK(0), "k must be at least 1, got 0"),
        (lambda: RecallAtK(1, "all"), "one of 'any', 'share', got 'all'"),
        (lambda: RecallAtK(5).update(SCORES, RELEVANT), "at most the number of keys, 4, got 5"),
        (lambda: RecallAtK(1).update(SCORES, RELEVANT.long()), "dtype bool"),
        (lambda: RecallAtK(1).update(SCORES, RELEVANT[:, :2]), r"got \[2, 4\] and \[2, 2\]"),
        (lambda: RecallAtK(1).update(SCORES / 0 * 0, RELEVANT), "hold NaN"),
        (lambda: RecallAtK(1).update(SCORES, RELEVANT & False), "2 of 2 queries have no right answer"),
        (lambda: RecallAtK(1).value(), "has seen no examples"),
        (lambda: recall_at_k(SCORES, SCORES[:, :2], torch.arange(2), torch.arange(2)), "of one width"),
        (lambda: recall_at_k(SCORES, SCORES, torch.arange(3), torch.arange(2)), "a label a row"),
    ],
)
def test_what_does_not_fit_is_named(call, words):
    with pytest.raises(ValueError, match=words):
        call()
