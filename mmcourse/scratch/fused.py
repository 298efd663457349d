"""Classifiers for several senses, some of which may be missing: encoders, a fusion, two linear layers."""

from collections.abc import Callable, Mapping

import torch
from jaxtyping import Float
from torch import Tensor

from ._senses import need_present
from .activations import relu
from .layers import linear
from .parameters import part

Fusion = Callable[..., Tensor]


def fused(
    parameters: Mapping[str, Tensor],
    batch: Mapping[str, Tensor],
    encoders: Mapping[str, Callable[..., Tensor]],
    fusion: Fusion,
    *,
    muted: str | None = None,
) -> Float[Tensor, "batch class"]:
    """Encode each sense, join the embeddings, classify: head(relu(fusion(encoder_1(x_1), …))).

    parameters  encoders.SENSE.…, fusion.…, head.1.… and head.3.…: those of modules.fused.Fused
    batch       a tensor for each sense, "lengths" beside "speech", and where senses are missing "present",
                [batch, sense]; no encoder sees what is missing
    encoders    sense -> function (parameters, picture) or (parameters, speech, lengths), in order
    fusion      (parameters, embeddings, present) -> [batch, feature], such as fusion.gated_fusion
    muted       a sense that is missing in the whole batch
    Raises      ValueError for parameters that lack a part, and a mask that does not fit
    Source      Baltrušaitis et al. 2019, "Multimodal machine learning: a survey and taxonomy", section 6.1
    """
    present = _there(batch, tuple(encoders), muted)
    embeddings = [
        _encoded(part(parameters, f"encoders.{sense}"), encoder, _given(batch, sense), present, place)
        for place, (sense, encoder) in enumerate(encoders.items())
    ]
    return _head(parameters, fusion(part(parameters, "fusion"), embeddings, present))


def token_fused(
    parameters: Mapping[str, Tensor],
    batch: Mapping[str, Tensor],
    encoders: Mapping[str, Callable[..., tuple[Tensor, Tensor]]],
    fusion: Fusion,
    *,
    muted: str | None = None,
) -> Float[Tensor, "batch class"]:
    """Do as fused does, with encoders that give tokens and how many are valid, and a fusion of tokens.

    parameters  as of fused: those of modules.fused.TokenFused
    batch       as of fused
    encoders    sense -> function that gives (tokens, lengths), such as tokens.patch_tokens
    fusion      (parameters, tokens, lengths, present) -> [batch, feature]: see token_fusion
    muted       a sense that is missing in the whole batch
    Raises      as fused
    Source      Xu et al. 2023, "Multimodal learning with transformers: a survey", section 4.1
    """
    present = _there(batch, tuple(encoders), muted)
    tokens, lengths = [], []
    for place, (sense, encoder) in enumerate(encoders.items()):
        found, steps = _encoded(
            part(parameters, f"encoders.{sense}"), encoder, _given(batch, sense), present, place
        )
        tokens.append(found)
        lengths.append(steps)
    return _head(parameters, fusion(part(parameters, "fusion"), tokens, lengths, present))


def _there(batch: Mapping[str, Tensor], senses: tuple[str, ...], muted: str | None) -> Tensor | None:
    """Say which senses each example has, or None where all have all."""
    present, count = batch.get("present"), len(batch[senses[0]])
    need_present(present, count, len(senses))
    if muted is None:
        return present
    if muted not in senses:
        raise ValueError(f"muted is one of {', '.join(senses)}; got {muted!r}.")
    heard = torch.tensor([sense != muted for sense in senses], device=batch[senses[0]].device)
    return heard.expand(count, -1) if present is None else present & heard


def _given(batch: Mapping[str, Tensor], sense: str) -> list[Tensor]:
    return [batch[sense], batch["lengths"]] if sense == "speech" else [batch[sense]]


def _encoded(
    parameters: Mapping[str, Tensor],
    encoder: Callable,
    inputs: list[Tensor],
    present: Tensor | None,
    place: int,
) -> Tensor | tuple[Tensor, ...]:
    """Encode the examples that have a sense; the others get zeros.

    Where none has it, one example of zeros is encoded for the width, and its answer is not used.
    """
    if present is None:
        return encoder(parameters, *inputs)
    rows = present[:, place].nonzero().squeeze(1)
    if len(rows):
        some = [x[rows] for x in inputs]
    else:
        some = [torch.ones_like(x[:1]) if x.ndim == 1 else torch.zeros_like(x[:1]) for x in inputs]
    found = encoder(parameters, *some)
    several = isinstance(found, tuple)
    placed = tuple(
        x.new_zeros(len(present), *x.shape[1:]).index_copy(0, rows, x[: len(rows)])
        for x in (found if several else (found,))
    )
    return placed if several else placed[0]


def _head(parameters: Mapping[str, Tensor], joined: Tensor) -> Tensor:
    x = linear(relu(joined), **part(parameters, "head.1"))
    return linear(relu(x), **part(parameters, "head.3"))
