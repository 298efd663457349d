"""Every model of the course, both ways: a module, and a function of that module's parameters."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

import torch
from torch import Tensor, nn

from mmcourse.modules import image_models as image_modules
from mmcourse.modules import speech_models as speech_modules
from mmcourse.scratch import image_models, speech_models, speech_parameters

CLASSES, MELS = 4, 6


@dataclass(frozen=True)
class Model:
    """How to make one model, small, both ways.

    module    classes -> module
    function  (parameters, *inputs, training=...) -> logits
    fresh     (classes, generator=...) -> parameters
    speech    its inputs are speech and lengths, not a picture
    """

    module: Callable[[int], nn.Module]
    function: Callable[..., Tensor]
    fresh: Callable[..., dict[str, Tensor]]
    speech: bool = False
    options: dict = field(default_factory=dict)


def _image(module: type, function: Callable, fresh: Callable) -> Model:
    return Model(partial(module, channels=4), function, partial(fresh, channels=4))


def _recurrent(cell: str, **shape: object) -> Model:
    shape = {"n_mels": MELS, "hidden": 5, "cell": cell, **shape}
    return Model(
        partial(speech_modules.SpeechRNN, **shape),
        partial(speech_models.speech_rnn, cell=cell),
        partial(speech_parameters.speech_rnn_parameters, **shape),
        speech=True,
    )


_CNN = {"n_mels": MELS, "channels": 5}
_TRANSFORMER = {"n_mels": MELS, "width": 8, "stack": 2}
MODELS = {
    "ImageCNN": _image(image_modules.ImageCNN, image_models.image_cnn, image_models.image_cnn_parameters),
    "ImageResNet": _image(
        image_modules.ImageResNet, image_models.image_resnet, image_models.image_resnet_parameters
    ),
    "SpeechCNN": Model(
        partial(speech_modules.SpeechCNN, **_CNN),
        speech_models.speech_cnn,
        partial(speech_parameters.speech_cnn_parameters, **_CNN),
        speech=True,
    ),
    "SpeechRNN, Elman": _recurrent("rnn", stack=1),
    "SpeechRNN, GRU": _recurrent("gru"),
    "SpeechRNN, LSTM": _recurrent("lstm"),
    "SpeechRNN, GRU, two layers, one direction": _recurrent(
        "gru", num_layers=2, bidirectional=False, stack=3
    ),
    "SpeechRNN, LSTM, two layers": _recurrent("lstm", num_layers=2, stack=2),
    "SpeechTransformer": Model(
        partial(speech_modules.SpeechTransformer, num_heads=2, dropout=0.0, **_TRANSFORMER),
        partial(speech_models.speech_transformer, num_heads=2, dropout=0.0),
        partial(speech_parameters.speech_transformer_parameters, **_TRANSFORMER),
        speech=True,
    ),
}


def inputs(model: Model, lengths: list[int], seed: int = 0) -> tuple[Tensor, ...]:
    """A batch in float64: pictures, or speech and lengths; as many examples as lengths."""
    generator = torch.Generator().manual_seed(seed)
    if not model.speech:
        return (torch.randn(len(lengths), 1, 7, 9, generator=generator, dtype=torch.float64),)
    speech = torch.randn(len(lengths), MELS, max(lengths), generator=generator, dtype=torch.float64)
    return speech, torch.tensor(lengths)


def parameters(model: Model, seed: int = 0) -> dict[str, Tensor]:
    """Fresh parameters in float64; statistics of batch norm that are not the first ones."""
    generator = torch.Generator().manual_seed(seed)
    drawn = model.fresh(CLASSES, generator=generator, dtype=torch.float64)
    for name, value in drawn.items():
        if name.endswith("running_mean"):
            value.normal_(generator=generator)
        elif name.endswith("running_var"):
            value.uniform_(0.5, 2, generator=generator)
    return drawn


def module_with(model: Model, state: dict[str, Tensor]) -> nn.Module:
    """A module that holds copies of these parameters."""
    module = model.module(CLASSES).double()
    module.load_state_dict(state)
    return module
