"""Twins of scratch.fused, scratch.recalibrated, scratch.tokens and scratch.early in mmcourse.modules."""

import torch
from hypothesis import strategies as st
from torch.func import functional_call

from mmcourse.modules import early as early_modules
from mmcourse.modules import tokens as token_modules
from mmcourse.modules.decisions import ProductOfExperts
from mmcourse.modules.fused import Decisions, Fused, TokenFused
from mmcourse.modules.fusion import GatedFusion
from mmcourse.modules.image_models import ImageCNN
from mmcourse.modules.multimodal import OneSense
from mmcourse.modules.recalibrated import RecalibratedCNNs
from mmcourse.modules.speech_models import SpeechCNN
from mmcourse.modules.token_fusion import TokenTransformer
from mmcourse.scratch import decisions, early, fused, fusion, recalibrated, token_fusion, tokens
from mmcourse.scratch.activations import relu
from mmcourse.scratch.image_models import image_cnn
from mmcourse.scratch.layers import linear
from mmcourse.scratch.parameters import part
from mmcourse.scratch.speech_models import speech_cnn
from tests.twins.cases.transformer import weights_of
from tests.twins.harness import Call, Twin

MELS = 3
SIZES = st.integers(1, 3)


def both():
    encoders = {"image": ImageCNN(3, channels=2), "speech": SpeechCNN(2, n_mels=MELS, channels=2)}
    return Fused(encoders, GatedFusion((3, 2), 4), 3, hidden=5)


def of_tokens():
    encoders = {"image": token_modules.PatchTokens(3), "speech": token_modules.FrameTokens(5, n_mels=MELS)}
    fusion = TokenTransformer((3, 5), 4, width=8, num_heads=2, num_layers=1)
    return TokenFused(encoders, fusion, 3, hidden=5)


def recalibrating():
    image, speech = ImageCNN(3, channels=2), SpeechCNN(2, n_mels=MELS, channels=2)
    return RecalibratedCNNs(image, speech, 3, hidden=5)


def apart():
    encoders = {"image": ImageCNN(3, channels=2), "speech": SpeechCNN(2, n_mels=MELS, channels=2)}
    models = {sense: OneSense(sense, encoder, 3, hidden=4) for sense, encoder in encoders.items()}
    return Decisions(models, ProductOfExperts())


def concatenated():
    return early_modules.EarlyConcat(64, MELS, 3, segments=3, hidden=4)


def batch_of(draw, tensor):
    count, time = draw(SIZES), draw(st.integers(1, 9))
    lengths = torch.tensor([draw(st.integers(1, time)) for _ in range(count)])
    batch = {"image": tensor(count, 1, 8, 8), "speech": tensor(count, MELS, time), "lengths": lengths}
    return batch | draw(st.sampled_from([{}, {"present": tensor(count, 2) > -0.7}]))


def whole(module):
    def example(draw, tensor):
        muted = draw(st.sampled_from([None, "image", "speech"])) if module is not concatenated else None
        return Call(weights_of(module(), tensor), batch_of(draw, tensor), muted=muted)

    return example


def somebody_there(module):
    """As whole, with one sense at least for each example: without any there is no decision to join."""

    def example(draw, tensor):
        call = whole(module)(draw, tensor)
        parameters, batch = call.args
        if "present" in batch:
            batch["present"] = torch.ones_like(batch["present"])
            if call.kwargs["muted"] is None:
                batch["present"][:: draw(SIZES), draw(st.integers(0, 1))] = False
        return Call(parameters, batch, **call.kwargs)

    return example


def by_module(module):
    return lambda parameters, batch, muted: functional_call(module(), parameters, (batch, muted))


def ours_fused(parameters, batch, muted):
    encoders = {"image": image_cnn, "speech": speech_cnn}
    return fused.fused(parameters, batch, encoders, fusion.gated_fusion, muted=muted)


def ours_decided(parameters, batch, muted):
    def classified(encoder):
        def logits(parameters, *given):
            x = relu(encoder(part(parameters, "encoder"), *given))
            return linear(relu(linear(x, **part(parameters, "head.1"))), **part(parameters, "head.3"))

        return logits

    models = {"image": classified(image_cnn), "speech": classified(speech_cnn)}
    return fused.decided(parameters, batch, models, decisions.product_of_experts, muted=muted)


def ours_of_tokens(parameters, batch, muted):
    def joined(*given):
        return token_fusion.token_transformer(*given, num_heads=2)

    encoders = {"image": tokens.patch_tokens, "speech": tokens.frame_tokens}
    return fused.token_fused(parameters, batch, encoders, joined, muted=muted)


def ours_early(parameters, batch, muted):
    return early.early_concat(parameters, batch, segments=3)


def picture(draw, tensor):
    side = draw(st.integers(1, 3))
    sizes = {"features": draw(SIZES), "in_channels": draw(SIZES), "patch": side}
    image = tensor(draw(SIZES), sizes["in_channels"], side * draw(SIZES), side * draw(SIZES))
    return Call(weights_of(token_modules.PatchTokens(**sizes), tensor), image, sizes=sizes)


def clip(draw, tensor):
    sizes = {"features": draw(SIZES), "n_mels": draw(SIZES), "stack": draw(SIZES)}
    speech = tensor(draw(SIZES), sizes["n_mels"], draw(st.integers(1, 7)))
    lengths = torch.tensor([draw(st.integers(1, speech.shape[-1])) for _ in range(len(speech))])
    return Call(weights_of(token_modules.FrameTokens(**sizes), tensor), speech, lengths, sizes=sizes)


def sized(module):
    return lambda parameters, *inputs, sizes: functional_call(module(**sizes), parameters, inputs)


def without_sizes(function):
    return lambda *given, sizes: function(*given)


def segments(draw, tensor):
    speech = tensor(draw(SIZES), draw(SIZES), draw(st.integers(1, 7)))
    lengths = torch.tensor([draw(st.integers(0, speech.shape[-1])) for _ in range(len(speech))])
    return Call(speech, lengths, draw(st.integers(1, 5)))


TWINS = [
    Twin("fused", ours_fused, by_module(both), whole(both)),
    Twin("token_fused", ours_of_tokens, by_module(of_tokens), whole(of_tokens)),
    Twin("decided", ours_decided, by_module(apart), somebody_there(apart)),
    Twin("recalibrated_cnns", recalibrated.recalibrated_cnns, by_module(recalibrating), whole(recalibrating)),
    Twin("early_concat", ours_early, by_module(concatenated), whole(concatenated)),
    Twin("patch_tokens", without_sizes(tokens.patch_tokens), sized(token_modules.PatchTokens), picture),
    Twin("frame_tokens", without_sizes(tokens.frame_tokens), sized(token_modules.FrameTokens), clip),
    Twin("segment_means", early.segment_means, early_modules.segment_means, segments),
]
