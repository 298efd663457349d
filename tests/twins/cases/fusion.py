"""Twins of scratch.fusion and scratch.interactions in mmcourse.modules."""

import torch
from hypothesis import strategies as st
from torch.func import functional_call

from mmcourse.modules import fusion as theirs
from mmcourse.modules import interactions as products
from mmcourse.scratch import fusion as ours
from mmcourse.scratch import interactions
from tests.twins.cases.multihead import parameters_of
from tests.twins.harness import Call, Twin

SIZES = st.integers(1, 4)


def twin(name, function, module, *, exactly=None, **options):
    """A twin of a function (parameters, embeddings, present) in a module of the sizes drawn."""

    def example(draw, tensor):
        senses, batch = exactly or draw(st.integers(2, 4)), draw(SIZES)
        sizes = [draw(SIZES) for _ in range(senses)], draw(SIZES)
        chosen = {key: draw(value) for key, value in options.items()}
        parameters = {k: 0.5 * v for k, v in parameters_of(module(*sizes, **chosen), tensor).items()}
        present = draw(st.sampled_from([None, tensor(batch, senses) > -0.7]))
        embeddings = [tensor(batch, width) for width in sizes[0]]
        return Call(parameters, embeddings, present, sizes=sizes, options=chosen)

    def of_function(parameters, embeddings, present, sizes, options):
        return function(parameters, embeddings, present, **{k: options[k] for k in options if k != "rank"})

    def of_module(parameters, embeddings, present, sizes, options):
        made = module(*sizes, **options).to(torch.float64)
        return functional_call(made, parameters, (embeddings, present))

    return Twin(name, of_function, of_module, example)


TWINS = [
    twin("concat_fusion", ours.concat_fusion, theirs.ConcatFusion),
    twin("sum_fusion", ours.sum_fusion, theirs.SumFusion),
    twin("hadamard_fusion", ours.hadamard_fusion, theirs.HadamardFusion),
    twin("gated_fusion", ours.gated_fusion, theirs.GatedFusion),
    twin("film_fusion", ours.film_fusion, theirs.FiLMFusion, exactly=2, modulator=st.sampled_from([0, 1])),
    twin("bilinear_fusion", interactions.bilinear_fusion, products.BilinearFusion, exactly=2),
    twin(
        "multiplicative_fusion", interactions.multiplicative_fusion, products.MultiplicativeFusion, exactly=2
    ),
    twin("tensor_fusion", interactions.tensor_fusion, products.TensorFusion),
    twin("low_rank_fusion", interactions.low_rank_fusion, products.LowRankFusion, rank=st.integers(1, 3)),
]
