"""Twins of scratch.token_fusion in mmcourse.modules."""

import torch
from hypothesis import strategies as st
from torch.func import functional_call

from mmcourse.modules import token_fusion as theirs
from mmcourse.scratch import token_fusion as ours
from tests.twins.cases.transformer import weights_of
from tests.twins.harness import Call, Twin

SIZES = st.integers(1, 3)


def twin(name, function, module, **more):
    def example(draw, tensor):
        senses, batch, heads = draw(st.integers(2, 3)), draw(SIZES), draw(st.integers(1, 2))
        options = {"width": heads * draw(st.integers(2, 3)) * 2, "num_heads": heads}
        options |= {key: draw(value) for key, value in more.items()}
        sizes = [draw(SIZES) for _ in range(senses)], draw(SIZES)
        tokens = [tensor(batch, draw(SIZES), width) for width in sizes[0]]
        lengths = [torch.tensor([draw(st.integers(0, x.shape[1])) for _ in range(batch)]) for x in tokens]
        lengths = draw(st.sampled_from([None, lengths, [lengths[0], *[None] * (senses - 1)]]))
        present = draw(st.sampled_from([None, tensor(batch, senses) > -0.7]))
        parameters = weights_of(module(*sizes, **options), tensor)
        return Call(parameters, tokens, lengths, present, sizes=sizes, options=options)

    def of_function(parameters, tokens, lengths, present, sizes, options):
        return function(parameters, tokens, lengths, present, num_heads=options["num_heads"])

    def of_module(parameters, tokens, lengths, present, sizes, options):
        return functional_call(module(*sizes, **options), parameters, (tokens, lengths, present))

    return Twin(name, of_function, of_module, example)


LAYERS = st.integers(1, 2)
TWINS = [
    twin("token_transformer", ours.token_transformer, theirs.TokenTransformer, num_layers=LAYERS),
    twin("bottleneck_fusion", ours.bottleneck_fusion, theirs.BottleneckFusion, bottlenecks=LAYERS),
    twin("cross_modal_fusion", ours.cross_modal_fusion, theirs.CrossModalFusion),
]
