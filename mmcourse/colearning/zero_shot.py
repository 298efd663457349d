"""Naming what one sense shows by examples of the other alone: a prototype a class in the shared space."""

from __future__ import annotations

import torch
from jaxtyping import Float, Int
from torch import Tensor
from torch.nn.functional import normalize


def prototypes(
    embeddings: Float[Tensor, "example feature"], labels: Int[Tensor, " example"], classes: int
) -> Float[Tensor, "class feature"]:
    """Give the mean direction of each class: the mean of its embeddings at length 1, at length 1 again.

    embeddings  of one sense, of examples whose class is known, such as recordings of each digit's name
    Raises      ValueError for a class without examples, or labels beyond the classes
    Source      Snell et al. 2017, "Prototypical networks for few-shot learning", equation 1, with directions
                for points; Radford et al. 2021, section 3.1.4, which averages several sentences a class
    """
    counts = torch.bincount(labels, minlength=classes)
    if len(counts) > classes or not counts.all():
        missing = (counts[:classes] == 0).nonzero().flatten().tolist()
        raise ValueError(
            f"each of the {classes} classes needs an example; none is of {missing}, and the highest label is "
            f"{int(labels.max()) if len(labels) else None}."
        )
    sums = embeddings.new_zeros(classes, embeddings.shape[1])
    return normalize(sums.index_add_(0, labels, normalize(embeddings, dim=1)), dim=1)


def zero_shot_logits(
    embeddings: Float[Tensor, "example feature"],
    prototypes: Float[Tensor, "class feature"],
    log_scale: Float[Tensor, ""] | float = 0.0,
) -> Float[Tensor, "example class"]:
    """Compare embeddings of the one sense with prototypes of the other: exp(log_scale) · cos, as logits.

    log_scale  the model's own, for probabilities that mean something; it changes no decision
    Source     Radford et al. 2021, "Learning transferable visual models from natural language supervision",
               figure 1 (3)
    """
    if embeddings.shape[1] != prototypes.shape[1]:
        raise ValueError(
            f"embeddings have {embeddings.shape[1]} features and prototypes {prototypes.shape[1]}: both must "
            "come from one space."
        )
    scale = torch.as_tensor(log_scale, dtype=embeddings.dtype, device=embeddings.device).exp()
    return scale * normalize(embeddings, dim=1) @ prototypes.T
