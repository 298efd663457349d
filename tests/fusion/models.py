"""Every classifier of several senses, small, and batches for it."""

import torch

from mmcourse.modules.decisions import AverageDecisions
from mmcourse.modules.early import EarlyConcat
from mmcourse.modules.fused import Decisions, Fused, TokenFused
from mmcourse.modules.fusion import GatedFusion
from mmcourse.modules.image_models import ImageCNN, ImageResNet
from mmcourse.modules.multimodal import OneSense
from mmcourse.modules.recalibrated import RecalibratedCNNs
from mmcourse.modules.speech_models import SpeechCNN
from mmcourse.modules.token_fusion import TokenTransformer
from mmcourse.modules.tokens import FrameTokens, PatchTokens

CLASSES, MELS = 4, 6


def _encoders(image=ImageCNN):
    return {"image": image(3, channels=2), "speech": SpeechCNN(5, n_mels=MELS, channels=4)}


MODELS = {
    "Fused": lambda: Fused(_encoders(), GatedFusion((3, 5), 7), CLASSES, hidden=6),
    "Fused, batch norm": lambda: Fused(_encoders(ImageResNet), GatedFusion((3, 5), 7), CLASSES, hidden=6),
    "TokenFused": lambda: TokenFused(
        {"image": PatchTokens(4), "speech": FrameTokens(6, n_mels=MELS)},
        TokenTransformer((4, 6), 7, width=8, num_heads=2),
        CLASSES,
        hidden=6,
    ),
    "EarlyConcat": lambda: EarlyConcat(64, MELS, CLASSES, segments=3, hidden=8),
    "Decisions": lambda: Decisions(
        {sense: OneSense(sense, encoder, CLASSES, hidden=6) for sense, encoder in _encoders().items()},
        AverageDecisions(),
    ),
    "RecalibratedCNNs": lambda: RecalibratedCNNs(*_encoders().values(), CLASSES, hidden=6),
}


def made(name, seed=0):
    torch.manual_seed(seed)
    return MODELS[name]().double()


def batch_of(count=6, seed=1):
    generator = torch.Generator().manual_seed(seed)
    return {
        "image": torch.randn(count, 1, 8, 8, generator=generator, dtype=torch.float64),
        "speech": torch.randn(count, MELS, 17, generator=generator, dtype=torch.float64),
        "lengths": torch.randint(1, 18, (count,), generator=generator),
        "label": torch.arange(count) % CLASSES,
    }
