"""Classifiers for several senses, some of which may be missing: fused in the middle, or at the end."""

from collections.abc import Callable, Mapping

import torch
from jaxtyping import Float
from torch import Tensor

from ._senses import there
from .activations import log_softmax, relu
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
    present = there(batch, tuple(encoders), muted)
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
    present = there(batch, tuple(encoders), muted)
    tokens, lengths = [], []
    for place, (sense, encoder) in enumerate(encoders.items()):
        found, steps = _encoded(
            part(parameters, f"encoders.{sense}"), encoder, _given(batch, sense), present, place
        )
        tokens.append(found)
        lengths.append(steps)
    return _head(parameters, fusion(part(parameters, "fusion"), tokens, lengths, present))


def decided(
    parameters: Mapping[str, Tensor],
    batch: Mapping[str, Tensor],
    models: Mapping[str, Callable[..., Tensor]],
    decision: Callable[..., Tensor],
    *,
    muted: str | None = None,
) -> Float[Tensor, "batch class"]:
    """Classify by each sense alone, then join the decisions: decision(log softmax(model_s(x_s)), …).

    parameters  models.SENSE.…: those of modules.fused.Decisions, less what the decision learned
    batch       as of fused
    models      sense -> function (parameters, picture) or (parameters, speech, lengths) that gives logits
    decision    (log_probs [batch, sense, class], present) -> [batch, class]: see decisions
    muted       a sense that is missing in the whole batch
    Returns     log-probabilities, which cross-entropy takes as logits
    Raises      as fused
    Source      Kittler et al. 1998, "On combining classifiers"
    """
    present = there(batch, tuple(models), muted)
    log_probs = [
        log_softmax(
            _encoded(part(parameters, f"models.{sense}"), model, _given(batch, sense), present, place), -1
        )
        for place, (sense, model) in enumerate(models.items())
    ]
    return decision(torch.stack(log_probs, dim=1), present)


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
