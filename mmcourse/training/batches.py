"""Batches of tensors that lie in memory, in an order that can be taken up again where it was left."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice

import torch
from torch import Tensor


class Batches:
    """Deal out tensors that lie in memory, batch by batch; shuffled anew each epoch when there is a seed.

    table       name -> tensor, all with the same first axis: one row an example
    batch_size  rows of a batch; the last one may be smaller
    seed        of the shuffling, or None for the order of the table
    Why         a DataLoader collates example by example, which takes longer than these small models do
    """

    def __init__(self, table: dict[str, Tensor], batch_size: int = 64, *, seed: int | None = None):
        sizes = {name: len(values) for name, values in table.items()}
        if len(set(sizes.values())) != 1:
            raise ValueError(f"every tensor needs the same number of rows, got {sizes}.")
        if 0 in sizes.values():
            raise ValueError(f"every tensor needs at least one row, got {sizes}.")
        if batch_size < 1:
            raise ValueError(f"batch_size must be at least 1, got {batch_size}.")
        self.table = table
        self.batch_size = batch_size
        self.rows = next(iter(sizes.values()))
        self._generator = None if seed is None else torch.Generator().manual_seed(seed)

    def __len__(self) -> int:
        return -(-self.rows // self.batch_size)

    def __iter__(self) -> Iterator[dict[str, Tensor]]:
        order = torch.arange(self.rows)
        if self._generator is not None:
            order = torch.randperm(self.rows, generator=self._generator)
        for rows in order.split(self.batch_size):
            yield {name: values[rows] for name, values in self.table.items()}

    def state_dict(self) -> dict:
        """Say where the shuffling stands: taken before an epoch, it brings that epoch's order back."""
        return {} if self._generator is None else {"generator": self._generator.get_state()}

    def load_state_dict(self, state: dict) -> None:
        """Go back to where `state_dict` was taken."""
        if self._generator is not None:
            self._generator.set_state(state["generator"])


def in_groups(batches: Iterable[dict], size: int) -> Iterator[list[dict]]:
    """Give `size` batches at a time, as a list; the last list may be shorter."""
    batches = iter(batches)
    while group := list(islice(batches, size)):
        yield group
