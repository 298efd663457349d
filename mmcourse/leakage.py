"""Does a model know the words, or the voices? The same clips, split in two ways and judged alike."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor


@dataclass(frozen=True)
class LeakScores:
    """Accuracies of one model on one set of clips under two ways of splitting it.

    by_clip     [seed, fold] clips dealt out at random: a test clip's speaker is heard in training as well
    by_speaker  [seed, fold] whole speakers dealt out: a test clip's speaker has never been heard
    """

    by_clip: Float[np.ndarray, "seed fold"]
    by_speaker: Float[np.ndarray, "seed fold"]

    @property
    def gap(self) -> float:
        """How much of the accuracy was owed to knowing the speakers (difference of the means)."""
        return float(self.by_clip.mean() - self.by_speaker.mean())


def pool_in_parts(frames: Float[Tensor, "feature time"], parts: int = 3) -> Float[Tensor, " parts_feature"]:
    """Average a clip's frames over its beginning, middle and end: a fixed size for every length.

    parts    stretches of (nearly) the same length; 1 is the plain mean, which forgets the order of sounds
    Raises   ValueError for a clip with fewer frames than parts
    """
    time = frames.shape[-1]
    if not 1 <= parts <= time:
        raise ValueError(f"parts must lie in 1..{time}, the frames of this clip, got {parts}.")
    return torch.cat([part.mean(dim=-1) for part in frames.tensor_split(parts, dim=-1)])


def speaker_folds(speakers: Sequence[str], folds: int, seed: int) -> np.ndarray:
    """Deal whole speakers out to folds; as many folds as speakers means one speaker left out at a time.

    speakers  one name a clip
    Returns   [clip] the fold, 0..folds - 1, in which each clip is the test
    Raises    ValueError for fewer than 2 folds or fewer speakers than folds
    """
    from sklearn.model_selection import GroupKFold  # a second to import, and only this experiment needs it

    speakers = np.asarray(speakers)
    known = len(np.unique(speakers))
    if not 2 <= folds <= known:
        raise ValueError(f"folds must lie in 2..{known}, the number of speakers, got {folds}.")
    fold = np.empty(len(speakers), dtype=int)
    splits = GroupKFold(folds, shuffle=True, random_state=seed).split(speakers, groups=speakers)
    for number, (_, test) in enumerate(splits):
        fold[test] = number
    return fold


def compare_splits(
    vectors: Float[Tensor, "clip feature"],
    labels: Sequence[int],
    speakers: Sequence[str],
    *,
    folds: int = 5,
    seeds: Iterable[int] = range(5),
    model=None,
) -> LeakScores:
    """Cross-validate one model twice a seed: with clips dealt out at random, and with whole speakers.

    vectors  one row a clip, for example `pool_in_parts` of its MFCC
    model    a scikit-learn classifier; the one nearest neighbour by default, which tunes nothing
    Both ways have folds of the same sizes: the random one is the other with its fold numbers shuffled. So
    they differ in nothing but who is heard in training.
    """
    vectors, labels, speakers = (np.asarray(each) for each in (vectors, labels, speakers))
    if not len(vectors) == len(labels) == len(speakers):
        raise ValueError(
            f"need a label and a speaker for each clip, got {len(vectors)} clips, {len(labels)} labels "
            f"and {len(speakers)} speakers."
        )
    by_clip, by_speaker = [], []
    for seed in seeds:
        fold = speaker_folds(speakers, folds, seed)
        shuffled = np.random.default_rng(seed).permutation(fold)
        by_speaker.append(_fold_accuracies(model, vectors, labels, fold))
        by_clip.append(_fold_accuracies(model, vectors, labels, shuffled))
    return LeakScores(np.array(by_clip), np.array(by_speaker))


def _fold_accuracies(model, vectors: np.ndarray, labels: np.ndarray, fold: np.ndarray) -> list[float]:
    """Train on all folds but one and test on that one, for each in turn; accuracies in order of the folds."""
    from sklearn.base import clone
    from sklearn.neighbors import KNeighborsClassifier

    scores = []
    for number in range(fold.max() + 1):
        test = fold == number
        fresh = KNeighborsClassifier(n_neighbors=1) if model is None else clone(model)
        scores.append(fresh.fit(vectors[~test], labels[~test]).score(vectors[test], labels[test]))
    return scores
