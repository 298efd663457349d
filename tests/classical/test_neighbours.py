"""k nearest neighbours: those of scikit-learn, ties by index, memory in blocks, refusals."""

import pytest
import torch
from sklearn.neighbors import KNeighborsClassifier, NearestNeighbors
from torch.utils._python_dispatch import TorchDispatchMode

from mmcourse.scratch.neighbours import k_nearest, knn_classify, knn_scores, squared_distances


def drawn(*shape: int, seed: int = 0, **options) -> torch.Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed), **options)


class Largest(TorchDispatchMode):
    """The most numbers that any tensor made meanwhile has."""

    numbers = 0

    def __torch_dispatch__(self, func, types, args=(), kwargs=None):
        result = func(*args, **(kwargs or {}))
        for made in result if isinstance(result, tuple | list) else [result]:
            if isinstance(made, torch.Tensor):
                self.numbers = max(self.numbers, made.numel())
        return result


@pytest.mark.parametrize("k", [1, 5, 17])
@pytest.mark.parametrize("chunk", [64, 1024])
def test_neighbours_are_those_of_scikit_learn(k, chunk):
    reference, x = drawn(900, 40), drawn(200, 40, seed=1)
    known = NearestNeighbors(n_neighbors=k, algorithm="brute").fit(reference.numpy())
    wanted, indices = map(torch.from_numpy, known.kneighbors(x.numpy()))
    distances, found = k_nearest(x, reference, k, chunk=chunk)
    assert torch.equal(found, indices)
    torch.testing.assert_close(distances.double(), wanted, rtol=1e-6, atol=0)


@pytest.mark.parametrize("weights", ["uniform", "distance"])
def test_classes_are_exactly_those_of_scikit_learn(weights):
    reference, labels = drawn(600, 8), torch.arange(600) % 10
    x = torch.cat([drawn(500, 8, seed=1), reference[:50]])
    known = KNeighborsClassifier(4, weights=weights, algorithm="brute").fit(reference.numpy(), labels.numpy())
    found = knn_classify(x, reference, labels, 4, classes=10, weights=weights)
    assert found.tolist() == known.predict(x.numpy()).tolist()


@pytest.mark.parametrize("chunk", [1, 3, 4, 100])
def test_of_rows_equally_far_away_the_first_ones_count(chunk):
    reference = torch.tensor([1.0, -1.0, 1.0, 3.0, -1.0, 1.0, 0.0])[:, None]
    distances, indices = k_nearest(torch.zeros(1, 1), reference, 4, chunk=chunk)
    assert indices.tolist() == [[6, 0, 1, 2]]
    assert distances.tolist() == [[0, 1, 1, 1]]


def test_many_ties_among_whole_numbers():
    generator = torch.Generator().manual_seed(0)
    reference = torch.randint(0, 3, (200, 3), generator=generator).float()
    x = torch.randint(0, 3, (50, 3), generator=generator).float()
    wanted = (x[:, None] - reference).square().sum(-1).argsort(dim=1, stable=True)[:, :9]
    assert torch.equal(k_nearest(x, reference, 9, chunk=32)[1], wanted)


def test_the_same_place_is_exactly_0_away_however_far_from_the_origin():
    reference = drawn(300, 30) + 1e4
    distances, indices = k_nearest(reference, reference, 2)
    assert indices[:, 0].tolist() == list(range(300))
    assert (distances[:, 0] == 0).all()
    assert (distances[:, 1] > 1).all()
    assert squared_distances(reference, reference).diag().max() < 1e-4


def test_memory_does_not_grow_with_the_number_of_pairs():
    with Largest() as largest:
        k_nearest(drawn(2000, 5), drawn(3000, 5), 3, chunk=100)
    assert largest.numbers <= 3000 * 5  # the data themselves; all pairs would be 6,000,000


def test_a_chunk_of_any_size_gives_the_same():
    x, reference = drawn(50, 6), drawn(130, 6, seed=1)
    whole = k_nearest(x, reference, 7)
    for chunk in (1, 6, 7, 8, 129, 130):
        for got, wanted in zip(k_nearest(x, reference, 7, chunk=chunk), whole, strict=True):
            torch.testing.assert_close(got, wanted, rtol=0, atol=0)


def test_scores_are_shares():
    scores = knn_scores(drawn(9, 2), drawn(30, 2, seed=1), torch.arange(30) % 3, 5, classes=4)
    torch.testing.assert_close(scores.sum(1), torch.ones(9))
    assert (scores[:, 3] == 0).all()


@pytest.mark.parametrize(
    ("change", "error", "words"),
    [
        ({"k": 0}, ValueError, "k must lie in 1..30"),
        ({"k": 31}, ValueError, "k must lie in 1..30"),
        ({"chunk": 0}, ValueError, "chunk must be 1 or more"),
        ({"x": torch.zeros(3, 5)}, ValueError, "same features"),
        ({"x": torch.zeros(4)}, ValueError, "row, feature"),
        ({"x": torch.zeros(3, 4, dtype=torch.long)}, TypeError, "x.float()"),
        ({"labels": torch.zeros(30)}, TypeError, "whole numbers"),
        ({"labels": torch.zeros(29, dtype=torch.long)}, ValueError, "one a row"),
        ({"labels": torch.full((30,), 4)}, ValueError, "0..3"),
        ({"weights": "even"}, ValueError, "'uniform', 'distance'"),
    ],
)
def test_what_does_not_fit_is_refused(change, error, words):
    given = {"x": drawn(3, 4), "reference": drawn(30, 4), "labels": torch.arange(30) % 4, "k": 3}
    with pytest.raises(error, match=words.replace("(", r"\(").replace(")", r"\)")):
        knn_scores(**{**given, "classes": 4, **change})
