"""The speaker-leak experiment: it finds a leak that is there, and none where there is none."""

import numpy as np
import pytest
import torch

from mmcourse import data
from mmcourse.errors import CourseError
from mmcourse.leakage import LeakScores, compare_splits, pool_in_parts, speaker_folds

CLASSES, SPEAKERS, REPEATS = 4, 6, 8


def clips(speaker_strength: float, class_strength: float, seed: int = 0):
    """Vectors made of what the class says, what this speaker makes of it, and a little noise."""
    g = torch.Generator().manual_seed(seed)
    word = class_strength * torch.randn(CLASSES, 1, 1, 20, generator=g)
    voice = speaker_strength * torch.randn(CLASSES, SPEAKERS, 1, 20, generator=g)
    vectors = word + voice + 0.1 * torch.randn(CLASSES, SPEAKERS, REPEATS, 20, generator=g)
    label, speaker, _ = np.indices((CLASSES, SPEAKERS, REPEATS)).reshape(3, -1)
    return vectors.reshape(-1, 20), label, [f"voice {number}" for number in speaker]


def test_a_voice_that_is_all_there_is_leaks_everything():
    scores = compare_splits(*clips(speaker_strength=1, class_strength=0), folds=SPEAKERS)
    assert scores.by_clip.min() > 0.99
    assert scores.by_speaker.mean() < 0.5  # chance is 1 in 4
    assert scores.gap == pytest.approx(scores.by_clip.mean() - scores.by_speaker.mean())


def test_a_voice_that_does_not_matter_leaks_nothing():
    scores = compare_splits(*clips(speaker_strength=0, class_strength=1), folds=3)
    assert scores.by_speaker.min() > 0.99
    assert abs(scores.gap) < 0.01


def test_no_speaker_lies_in_two_folds():
    _, _, speakers = clips(1, 0)
    fold = speaker_folds(speakers, folds=3, seed=0)
    homes = {name: set(fold[np.array(speakers) == name]) for name in speakers}
    assert all(len(home) == 1 for home in homes.values())
    assert set(fold) == {0, 1, 2}


def test_both_ways_train_on_equally_many_clips():
    """The random folds have the sizes of the speaker folds: seen through a model that counts."""
    from sklearn.base import BaseEstimator

    sizes = []

    class Counter(BaseEstimator):
        def fit(self, vectors, labels):
            sizes.append(len(vectors))
            return self

        def score(self, vectors, labels):
            return 0.0

    speakers = ["a"] * 3 + ["b"] * 5 + ["c"] * 9
    compare_splits(torch.zeros(17, 1), [0] * 17, speakers, folds=3, seeds=[4], model=Counter())
    assert sizes[:3] == sizes[3:]
    assert sorted(sizes[:3]) == [8, 12, 14]


def test_seeds_change_the_folds_and_repeat_them():
    data = clips(1, 0.3)
    first, again = (compare_splits(*data, folds=3, seeds=range(5)) for _ in range(2))
    np.testing.assert_array_equal(first.by_clip, again.by_clip)
    assert isinstance(first, LeakScores)
    assert first.by_clip.shape == first.by_speaker.shape == (5, 3)
    assert len({tuple(row) for row in first.by_speaker}) > 1


def test_pool_in_parts_keeps_the_order_of_sounds():
    frames = torch.tensor([[1.0, 1.0, 5.0, 5.0, 9.0, 9.0], [0.0, 2.0, 0.0, 2.0, 0.0, 2.0]])
    assert pool_in_parts(frames).tolist() == [1, 1, 5, 1, 9, 1]
    assert pool_in_parts(frames, parts=1).tolist() == [5, 1]
    assert not torch.equal(pool_in_parts(frames), pool_in_parts(frames.flip(-1)))


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: pool_in_parts(torch.zeros(2, 2), parts=3), "parts must lie in 1..2"),
        (lambda: speaker_folds(["a", "b"], folds=3, seed=0), "folds must lie in 2..2"),
        (lambda: speaker_folds(["a", "b"], folds=1, seed=0), "got 1"),
        (lambda: compare_splits(torch.zeros(3, 1), [0, 1], ["a"] * 3), "3 clips, 2 labels and 3 speakers"),
    ],
)
def test_what_cannot_be_done_is_said(call, words):
    with pytest.raises(ValueError, match=words.replace("..", r"\.\.")):
        call()


def test_human_speech_that_is_not_here_is_not_downloaded_unasked(tmp_path, monkeypatch):
    monkeypatch.setenv("MMCOURSE_CACHE_DIR", str(tmp_path))
    monkeypatch.delenv("MMCOURSE_DATA_DIR", raising=False)
    with pytest.raises(CourseError, match=r"mmcourse data build mnist-fsdd.*MMCOURSE_DATA_DIR"):
        data.recordings("mnist-fsdd", download=False)
    assert not list(tmp_path.iterdir())
