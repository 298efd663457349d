"""Every fusion of embeddings, both ways: a module, and a function of that module's parameters."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import torch
from torch import Tensor, nn

from mmcourse.modules import fusion as modules
from mmcourse.modules import interactions as product_modules
from mmcourse.scratch import fusion as scratch
from mmcourse.scratch import interactions as products

OUT = 6


@dataclass(frozen=True)
class Both:
    """One fusion both ways.

    module    (features, out_features) -> module
    function  (parameters, embeddings, present) -> joined
    senses    numbers of senses it is tried with
    """

    module: Callable[..., nn.Module]
    function: Callable[..., Tensor]
    senses: tuple[int, ...] = (2, 3)

    def made(self, features, dtype=torch.float64, seed: int = 0) -> nn.Module:
        torch.manual_seed(seed)
        return self.module(features, OUT).to(dtype)

    def answer(self, module: nn.Module, embeddings, present, way: str) -> Tensor:
        if way == "module":
            return module(embeddings, present)
        return self.function(dict(module.named_parameters()), embeddings, present)


FUSIONS = {
    "concat": Both(modules.ConcatFusion, scratch.concat_fusion),
    "sum": Both(modules.SumFusion, scratch.sum_fusion),
    "hadamard": Both(modules.HadamardFusion, scratch.hadamard_fusion),
    "gated": Both(modules.GatedFusion, scratch.gated_fusion),
    "film": Both(modules.FiLMFusion, scratch.film_fusion, (2,)),
    "film, the first modulates": Both(
        partial(modules.FiLMFusion, modulator=0), partial(scratch.film_fusion, modulator=0), (2,)
    ),
    "bilinear": Both(product_modules.BilinearFusion, products.bilinear_fusion, (2,)),
    "multiplicative": Both(product_modules.MultiplicativeFusion, products.multiplicative_fusion, (2,)),
    "tensor": Both(product_modules.TensorFusion, products.tensor_fusion),
    "low rank": Both(partial(product_modules.LowRankFusion, rank=3), products.low_rank_fusion),
}
CASES = [(name, senses) for name, both in FUSIONS.items() for senses in both.senses]


def embeddings_of(features, batch: int = 5, seed: int = 1, dtype=torch.float64) -> list[Tensor]:
    generator = torch.Generator().manual_seed(seed)
    return [torch.randn(batch, width, generator=generator, dtype=dtype) for width in features]
