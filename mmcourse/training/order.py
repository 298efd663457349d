"""Where the order of a loader's batches stands, so that an epoch can be gone through again."""

from __future__ import annotations

from collections.abc import Iterator

import torch


def order_of(batches: object) -> list:
    """Return the state of what decides the order: whatever has a state_dict, and generators of samplers."""
    return [
        part.get_state() if isinstance(part, torch.Generator) else part.state_dict()
        for part in _parts(batches)
    ]


def set_order(batches: object, states: list) -> None:
    """Put back what `order_of` returned."""
    for part, state in zip(_parts(batches), states, strict=True):
        if isinstance(part, torch.Generator):
            part.set_state(state.cpu())
        else:
            part.load_state_dict(state)


def _parts(batches: object) -> Iterator[object]:
    if hasattr(batches, "state_dict") and hasattr(batches, "load_state_dict"):
        yield batches
        return
    seen = []
    for name in ("", "sampler", "batch_sampler", "batch_sampler.sampler"):
        part = batches
        for step in filter(None, name.split(".")):
            part = getattr(part, step, None)
        for attribute in ("generator", "_generator"):
            generator = getattr(part, attribute, None)
            if isinstance(generator, torch.Generator) and all(generator is not other for other in seen):
                seen.append(generator)
                yield generator
