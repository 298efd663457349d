"""What every fusion asks of its senses, and how a sense that is missing keeps silent."""

from collections.abc import Mapping, Sequence

import torch
from torch import Tensor

from ._arguments import need_floating


def need_senses(
    senses: Sequence[Tensor], present: Tensor | None, axes: str = "batch, feature", exactly: int | None = None
) -> None:
    """Raise unless there are two senses or more (or exactly so many), of one batch, and a mask that fits."""
    if isinstance(senses, Tensor) or len(senses) < 2 or (exactly and len(senses) != exactly):
        count = "a single tensor" if isinstance(senses, Tensor) else len(senses)
        wanted = f"exactly {exactly}" if exactly else "two or more"
        raise ValueError(f"this fusion joins {wanted} senses, got {count}: give a list of tensors.")
    for number, x in enumerate(senses):
        need_floating(x, f"sense {number}")
    shapes = [list(x.shape) for x in senses]
    if any(x.ndim != len(axes.split(",")) or len(x) != len(senses[0]) for x in senses):
        raise ValueError(f"each sense must be [{axes}], with one batch for all of them, got {shapes}.")
    need_present(present, len(senses[0]), len(senses))


def need_present(present: Tensor | None, batch: int, senses: int) -> None:
    """Raise unless the mask is None, or True and False for each example and sense."""
    if present is None:
        return
    if not isinstance(present, Tensor) or present.dtype != torch.bool:
        got = present.dtype if isinstance(present, Tensor) else type(present).__name__
        raise TypeError(f"present must be a tensor of True and False, got {got}: use present.bool().")
    if present.shape != (batch, senses):
        raise ValueError(f"present must be [batch, sense] = [{batch}, {senses}], got {list(present.shape)}.")


def silenced(senses: Sequence[Tensor], present: Tensor | None) -> list[Tensor]:
    """Set a sense to 0 where it is missing; its NaN then reaches no value and no gradient."""
    if present is None:
        return list(senses)
    return [
        x.masked_fill(~there.view(-1, *[1] * (x.ndim - 1)), 0)
        for x, there in zip(senses, present.unbind(1), strict=True)
    ]


def none_gives_zeros(output: Tensor, present: Tensor | None) -> Tensor:
    """Give zeros for an example of which no sense is there."""
    return output if present is None else output.masked_fill(~present.any(dim=1)[:, None], 0)


def there(batch: Mapping[str, Tensor], senses: tuple[str, ...], muted: str | None) -> Tensor | None:
    """Say which senses each example has, or None where all have all."""
    present, count = batch.get("present"), len(batch[senses[0]])
    need_present(present, count, len(senses))
    if muted is None:
        return present
    if muted not in senses:
        raise ValueError(f"muted is one of {', '.join(senses)}; got {muted!r}.")
    heard = torch.tensor([sense != muted for sense in senses], device=batch[senses[0]].device)
    return heard.expand(count, -1) if present is None else present & heard
