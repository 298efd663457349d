"""Twins of scratch.transformer: torch.nn.TransformerEncoderLayer, and the block that joins two senses."""

import torch
from hypothesis import strategies as st
from torch import nn
from torch.func import functional_call

from mmcourse.modules.transformer import CrossModalBlock
from mmcourse.scratch import transformer as ours
from tests.twins.cases.multihead import parameters_of
from tests.twins.harness import Call, Twin

SIZES = st.integers(1, 4)
WIDTHS = st.integers(4, 5)  # layer norm of two features is ±1, whatever they are


def weights_of(module, tensor):
    """Of a trained network's size: larger ones give a softmax of one 1, and rounding decides where."""
    return {name: 0.3 * value for name, value in parameters_of(module, tensor).items()}


def example(draw, tensor):
    """Dropout acts out of training only: what is random is tried in test_transformer.py."""
    heads, batch, time = draw(st.integers(1, 2)), draw(st.integers(0, 3)), draw(SIZES)
    width, hidden = heads * draw(WIDTHS), draw(SIZES)
    options = {"norm_first": draw(st.booleans()), "batch_first": draw(st.booleans())}
    options |= {"activation": draw(st.sampled_from(["relu", "gelu"])), "layer_norm_eps": 1e-2}
    training = draw(st.booleans())
    options["dropout"] = 0.0 if training else 0.3
    bias = draw(st.booleans())
    module = nn.TransformerEncoderLayer(width, heads, hidden, bias=bias)
    src = tensor(max(batch, 1), time, width)
    src = src[0] if batch == 0 else src if options["batch_first"] else src.transpose(0, 1)
    masks = {}
    if draw(st.booleans()):
        hidden_frames = tensor(*((batch,) if batch else ()), time) > 0
        hidden_frames[..., 0] = False
        masks["src_key_padding_mask"] = hidden_frames
    if draw(st.booleans()):
        three = draw(st.booleans())
        mask = tensor(*((max(batch, 1) * heads,) if three else ()), time, time) > 0
        mask[..., 0] = False
        masks["src_mask"] = mask
    return Call(weights_of(module, tensor), src, heads, training=training, masks=masks, options=options)


def layer(parameters, src, heads, training, masks, options):
    return ours.transformer_encoder_layer(parameters, src, heads, training=training, **masks, **options)


def layer_module(parameters, src, heads, training, masks, options):
    hidden = len(parameters["linear1.weight"])
    bias = "linear1.bias" in parameters
    module = nn.TransformerEncoderLayer(src.shape[-1], heads, hidden, bias=bias, **options).to(src)
    before = torch.backends.mha.get_fastpath_enabled()
    # Out of training, another implementation is used, which writes zeros where a frame is padding.
    torch.backends.mha.set_fastpath_enabled(False)
    try:
        return functional_call(module.train(training), parameters, (src,), masks)
    finally:
        torch.backends.mha.set_fastpath_enabled(before)


def causal(draw, tensor):
    call = example(draw, tensor)
    call.kwargs["masks"] = {"is_causal": True}
    return call


def causal_module(parameters, src, heads, training, masks, options):
    axis = 0 if src.ndim == 2 or not options["batch_first"] else 1
    mask = torch.ones(src.shape[axis], src.shape[axis], dtype=torch.bool, device=src.device).triu(1)
    return layer_module(parameters, src, heads, training, {"src_mask": mask}, options)


def cross(draw, tensor):
    heads, batch = draw(st.integers(1, 2)), draw(st.integers(1, 3))
    width, context_width, hidden = heads * draw(WIDTHS), draw(WIDTHS), draw(SIZES)
    parameters = weights_of(CrossModalBlock(width, context_width, heads, hidden=hidden), tensor)
    x, context = tensor(batch, draw(SIZES), width), tensor(batch, draw(SIZES), context_width)
    lengths = torch.tensor([draw(st.integers(0, context.shape[1])) for _ in range(batch)])
    lengths = draw(st.sampled_from([None, lengths]))
    return Call(
        parameters, x, context, heads, lengths, training=draw(st.booleans()), more=draw(st.booleans())
    )


def block(parameters, x, context, heads, lengths, training, more):
    return ours.cross_modal_block(
        parameters, x, context, heads, context_lengths=lengths, training=training, need_weights=more
    )


def block_module(parameters, x, context, heads, lengths, training, more):
    hidden = len(parameters["linear1.weight"])
    module = CrossModalBlock(x.shape[-1], context.shape[-1], heads, hidden=hidden).to(x).train(training)
    return functional_call(module, parameters, (x, context, lengths), {"need_weights": more})


TWINS = [
    Twin("transformer_encoder_layer", layer, layer_module, example),
    Twin("transformer_encoder_layer, causal", layer, causal_module, causal),
    Twin("cross_modal_block", block, block_module, cross),
]
