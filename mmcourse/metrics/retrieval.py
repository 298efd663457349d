"""How well the other half of a pair is found: recall@k, where a query may have several right answers."""

from __future__ import annotations

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor

from mmcourse.metrics.base import Metric

COUNTED = ("any", "share")


class RecallAtK(Metric):
    """Share of queries that find what they look for among the k keys with the highest scores, 0..1.

    Of equal scores the one of the earlier key counts as higher. Batches of queries may come one by one, each
    with all keys.

    k        how many keys a query looks at, at least 1
    counted  "any": a query succeeds with one right key, as papers on images and sentences count;
             "share": the share of its right keys that are found, as information retrieval counts, out of k
             where there are more than that
    Raises   ValueError for k below 1 or another word, and in update for what does not fit
    Source   Karpathy & Fei-Fei 2015, "Deep visual-semantic alignments", section 4 ("any"); Manning et al.
             2008, "Introduction to information retrieval", section 8.4 ("share", there without the limit k)
    """

    def __init__(self, k: int, counted: str = "any"):
        if k < 1:
            raise ValueError(f"k must be at least 1, got {k}.")
        if counted not in COUNTED:
            raise ValueError(f"counted must be one of {', '.join(map(repr, COUNTED))}, got {counted!r}.")
        super().__init__(2)
        self.k = k
        self.counted = counted

    @torch.no_grad()
    def update(self, scores: Float[Tensor, "query key"], relevant: Bool[Tensor, "query key"]) -> None:
        """Add a batch of queries.

        scores    the higher the more alike, of each query with all keys
        relevant  True where a key is a right answer to a query; at least one a query
        Raises    ValueError for shapes that do not fit, too few keys, NaN, or a query without an answer
        """
        _need_answers(scores, relevant, self.k)
        order = scores.argsort(dim=1, descending=True, stable=True)[:, : self.k]
        found = relevant.gather(1, order).sum(dim=1)
        if self.counted == "any":
            value = (found > 0).double()
        else:
            value = found / relevant.sum(dim=1).clamp(max=self.k).double()
        self._sums += torch.stack([value.sum(), torch.ones_like(value).sum()]).cpu()

    def _value(self, sums: Tensor) -> float:
        return (sums[0] / sums[1]).item()


def recall_at_k(
    queries: Float[Tensor, "query feature"],
    keys: Float[Tensor, "key feature"],
    query_labels: Int[Tensor, " query"],
    key_labels: Int[Tensor, " key"],
    k: int = 1,
    *,
    counted: str = "any",
    chunk: int = 1024,
) -> float:
    """Look for each query's answers by the angle between embeddings; an answer has the query's label.

    query_labels, key_labels  classes, or numbers of the pairs where only the own half is right
    k, counted                as in RecallAtK
    chunk                     queries that are compared at once: memory stays below chunk × keys numbers
    Returns                   recall@k over all queries, 0..1
    Raises                    ValueError as in RecallAtK, and for embeddings and labels that do not fit
    """
    _need_embeddings(queries, keys, query_labels, key_labels)
    metric = RecallAtK(k, counted)
    queries, keys = (torch.nn.functional.normalize(x, dim=1) for x in (queries, keys))
    for rows, labels in zip(queries.split(chunk), query_labels.split(chunk), strict=True):
        metric.update(rows @ keys.T, labels[:, None] == key_labels)
    return metric.value()


def _need_answers(scores: Tensor, relevant: Tensor, k: int) -> None:
    if scores.ndim != 2 or scores.shape != relevant.shape or relevant.dtype != torch.bool:
        raise ValueError(
            f"need scores [query, key] and relevant of the same shape and dtype bool, got "
            f"{list(scores.shape)} and {list(relevant.shape)} {relevant.dtype}."
        )
    if k > scores.shape[1]:
        raise ValueError(f"k must be at most the number of keys, {scores.shape[1]}, got {k}.")
    if scores.isnan().any():
        raise ValueError(
            "the scores hold NaN, which has no place in an order: look for it in the embeddings."
        )
    without = int((~relevant.any(dim=1)).sum())
    if without:
        raise ValueError(
            f"{without} of {len(scores)} queries have no right answer among the keys: leave them out before."
        )


def _need_embeddings(queries: Tensor, keys: Tensor, query_labels: Tensor, key_labels: Tensor) -> None:
    if queries.ndim != 2 or keys.ndim != 2 or queries.shape[1] != keys.shape[1]:
        raise ValueError(
            f"queries and keys must be [row, feature] of one width, got {list(queries.shape)} and "
            f"{list(keys.shape)}."
        )
    if query_labels.shape != queries.shape[:1] or key_labels.shape != keys.shape[:1] or len(queries) == 0:
        raise ValueError(
            f"need at least one query and a label a row: got {len(queries)} queries with "
            f"{list(query_labels.shape)} labels, {len(keys)} keys with {list(key_labels.shape)}."
        )
