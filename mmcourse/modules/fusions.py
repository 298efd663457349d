"""All fusions by name, and a classifier of each: `FUSIONS`, `build("gated", classes=10)`.

*Early*: inputs or low features are joined. *Intermediate*: embeddings, or maps inside the networks. *Late*:
decisions.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from torch import nn

from mmcourse.modules import decisions, evidence, fusion, interactions, reliability, token_fusion
from mmcourse.modules.early import EarlyConcat
from mmcourse.modules.fused import Decisions, Fused, TokenFused
from mmcourse.modules.image_models import ImageCNN
from mmcourse.modules.multimodal import OneSense
from mmcourse.modules.recalibrated import RecalibratedCNNs
from mmcourse.modules.speech_models import SpeechCNN
from mmcourse.modules.tokens import FrameTokens, PatchTokens

LEVELS = ("early", "intermediate", "late")
JOINS = ("inputs", "tokens", "embeddings", "maps", "decisions")


@dataclass(frozen=True)
class Fusion:
    """What is to be known of a fusion before it is made.

    title   as it stands in a table
    level   "early", "intermediate" or "late"
    joins   "inputs", "tokens", "embeddings", "maps" or "decisions"
    make    of embeddings and tokens (features, out_features, **options); of decisions (senses, classes,
            **options); else the whole classifier, as its class says
    source  who described it
    senses  exactly so many, or any number from two where None
    """

    title: str
    level: str
    joins: str
    make: Callable[..., nn.Module]
    source: str
    senses: int | None = None


def _late(made: Callable[..., nn.Module]) -> Callable[..., nn.Module]:
    """A rule that has no sizes."""
    return lambda senses, classes, **options: made(**options)


def _middle(title: str, made: Callable, source: str, senses: int | None = None) -> Fusion:
    return Fusion(title, "intermediate", "embeddings", made, source, senses)


def _rule(title: str, made: Callable, source: str) -> Fusion:
    return Fusion(title, "late", "decisions", made, source)


FUSIONS: dict[str, Fusion] = {
    "early_concat": Fusion("Features side by side", "early", "inputs", EarlyConcat, "Baltrušaitis 2019", 2),
    "one_transformer": Fusion(
        "One transformer of all tokens", "early", "tokens", token_fusion.TokenTransformer, "Xu 2023"
    ),
    "concat": _middle("Concatenation", fusion.ConcatFusion, "Ngiam 2011"),
    "sum": _middle("Sum", fusion.SumFusion, "Baltrušaitis 2019"),
    "hadamard": _middle("Hadamard product", fusion.HadamardFusion, "Kim 2017"),
    "gated": _middle("Gated (GMU)", fusion.GatedFusion, "Arevalo 2017"),
    "film": _middle("FiLM", fusion.FiLMFusion, "Perez 2018", 2),
    "bilinear": _middle("Bilinear", interactions.BilinearFusion, "Tenenbaum & Freeman 2000", 2),
    "multiplicative": _middle(
        "Multiplicative interactions", interactions.MultiplicativeFusion, "Jayakumar 2020", 2
    ),
    "tensor": _middle("Tensor fusion", interactions.TensorFusion, "Zadeh 2017"),
    "low_rank": _middle("Low-rank tensor fusion", interactions.LowRankFusion, "Liu 2018"),
    "cross_modal": Fusion(
        "Cross-modal attention", "intermediate", "tokens", token_fusion.CrossModalFusion, "Tsai 2019"
    ),
    "bottleneck": Fusion(
        "Bottleneck tokens", "intermediate", "tokens", token_fusion.BottleneckFusion, "Nagrani 2021"
    ),
    "mmtm": Fusion("MMTM", "intermediate", "maps", RecalibratedCNNs, "Joze 2020", 2),
    "average": _rule("Average", _late(decisions.AverageDecisions), "Kittler 1998"),
    "weighted": _rule(
        "Weighted average", lambda senses, classes: decisions.WeightedDecisions(senses), "Kittler 1998"
    ),
    "weighted_by_class": _rule("Weighted average by class", decisions.WeightedDecisions, "Kittler 1998"),
    "product": _rule("Product of experts", _late(decisions.ProductOfExperts), "Hinton 2002"),
    "maximum": _rule("Maximum", _late(decisions.MaxDecisions), "Kittler 1998"),
    "majority": _rule("Majority vote", _late(decisions.MajorityVote), "Kittler 1998"),
    "borda": _rule("Borda count", _late(decisions.BordaCount), "Ho 1994"),
    "dempster_shafer": _rule(
        "Dempster–Shafer",
        lambda senses, classes, **options: evidence.DempsterShafer(senses, **options),
        "Xu 1992",
    ),
    "reliability": _rule(
        "Mixture by reliability",
        lambda senses, classes: reliability.ReliabilityMixture(senses),
        "Jacobs 1991",
    ),
}


def build(
    name: str,
    classes: int,
    *,
    encoders: Mapping[str, nn.Module] | None = None,
    features: int = 64,
    n_mels: int = 40,
    pixels: int = 64,
    hidden: int = 64,
    **options: object,
) -> nn.Module:
    """Make a whole classifier of pictures and speech with a fusion, of the course's sizes.

    name      a key of FUSIONS
    classes   logits
    encoders  sense -> network: by default ImageCNN and SpeechCNN, or patches and frames for tokens
    features  width of the encoders that are made, and of the joined embedding
    n_mels    mel bands of the speech
    pixels    numbers in a picture, for early_concat
    hidden    width between the two last linear layers
    options   go to the fusion, such as rank of low_rank
    Raises    ValueError for another name, and for encoders where there are none
    """
    if name not in FUSIONS:
        raise ValueError(f"a fusion is one of {', '.join(FUSIONS)}; got {name!r}.")
    chosen = FUSIONS[name]
    if chosen.joins == "inputs":
        if encoders is not None:
            raise ValueError(f"{name} joins what others encode: leave out encoders.")
        return chosen.make(pixels, n_mels, classes, hidden=hidden, **options)
    encoders = _encoders(chosen, features, n_mels) if encoders is None else encoders
    if chosen.joins == "maps":
        return chosen.make(*encoders.values(), classes, hidden=hidden, **options)
    if chosen.joins == "decisions":
        models = {sense: OneSense(sense, net, classes, hidden=hidden) for sense, net in encoders.items()}
        return Decisions(models, chosen.make(len(models), classes, **options))
    joined = chosen.make([net.features for net in encoders.values()], features, **options)
    return (TokenFused if chosen.joins == "tokens" else Fused)(encoders, joined, classes, hidden=hidden)


def _encoders(chosen: Fusion, features: int, n_mels: int) -> dict[str, nn.Module]:
    if chosen.joins == "tokens":
        return {"image": PatchTokens(features), "speech": FrameTokens(features, n_mels=n_mels)}
    return {"image": ImageCNN(features), "speech": SpeechCNN(features, n_mels=n_mels)}
