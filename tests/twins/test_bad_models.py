"""What does not fit a model is named in a sentence."""

import pytest
import torch

from mmcourse.modules.speech_models import SpeechCNN, SpeechRNN
from mmcourse.scratch import image_models, speech_models, speech_parameters

CNN, RESNET = image_models.image_cnn_parameters(2), image_models.image_resnet_parameters(2)
SPEECH_CNN = speech_parameters.speech_cnn_parameters(2, n_mels=4)
RNN = speech_parameters.speech_rnn_parameters(2, n_mels=4, hidden=3, stack=2)
TRANSFORMER = speech_parameters.speech_transformer_parameters(2, n_mels=4, width=6, stack=2)
SPEECH, LENGTHS = torch.zeros(2, 4, 5), torch.tensor([5, 3])
BAD = {
    "a picture without its batch": (
        lambda: image_models.image_cnn(CNN, torch.zeros(1, 8, 8)),
        ValueError,
        r"image must be \[batch, channel, height, width\], got \[1, 8, 8\]: give one picture its batch axis",
    ),
    "pictures of 0 .. 255": (
        lambda: image_models.image_resnet(RESNET, torch.zeros(1, 1, 8, 8, dtype=torch.uint8)),
        TypeError,
        "image must hold floating-point numbers, got torch.uint8",
    ),
    "colour for a grey network": (
        lambda: image_models.image_cnn(CNN, torch.zeros(1, 3, 8, 8)),
        ValueError,
        "3",
    ),
    "parameters of another network": (
        lambda: image_models.image_cnn(RESNET, torch.zeros(1, 1, 8, 8)),
        ValueError,
        r"begins with 'conv1\.': the parts here are \['blocks', 'conv', 'linear', 'norm'\]",
    ),
    "other mel bands": (
        lambda: speech_models.speech_cnn(SPEECH_CNN, torch.zeros(2, 3, 5), LENGTHS),
        ValueError,
        r"with 4 mel bands and lengths \[batch\], got \[2, 3, 5\] and \[2\]",
    ),
    "a clip without frames": (
        lambda: speech_models.speech_cnn(SPEECH_CNN, SPEECH, torch.tensor([5, 0])),
        ValueError,
        r"lengths must lie in 1\.\.5 frames, got \[5, 0\]",
    ),
    "a clip longer than its batch": (
        lambda: speech_models.speech_rnn(RNN, SPEECH, torch.tensor([6, 1])),
        ValueError,
        r"lengths must lie in 1\.\.5 frames, got \[6, 1\]",
    ),
    "lengths with a fraction": (
        lambda: speech_models.speech_rnn(RNN, SPEECH, LENGTHS / 2),
        TypeError,
        "lengths must hold whole numbers, got torch.float32",
    ),
    "lengths of other clips": (
        lambda: speech_models.speech_transformer(TRANSFORMER, SPEECH, LENGTHS[:1], num_heads=2),
        ValueError,
        r"got \[2, 4, 5\] and \[1\]",
    ),
    "time before mel": (
        lambda: speech_models.speech_rnn(RNN, SPEECH.transpose(1, 2), LENGTHS),
        ValueError,
        r"takes 8 numbers a step, no whole number of frames with 5 mel bands: speech is \[2, 5, 4\]",
    ),
    "another cell": (
        lambda: speech_models.speech_rnn(RNN, SPEECH, LENGTHS, cell="GRU"),
        ValueError,
        "cell must be one of 'rnn', 'gru', 'lstm', got 'GRU'",
    ),
    "another cell to draw": (
        lambda: speech_parameters.speech_rnn_parameters(cell="elman"),
        ValueError,
        "cell must be one of 'rnn', 'gru', 'lstm', got 'elman'",
    ),
    "another cell's weights": (
        lambda: speech_models.speech_rnn(RNN, SPEECH, LENGTHS, cell="lstm"),
        ValueError,
        "the weights do not fit",
    ),
    "heads that do not divide": (
        lambda: speech_models.speech_transformer(TRANSFORMER, SPEECH, LENGTHS, num_heads=4),
        ValueError,
        "4",
    ),
    "a stack of no frames": (
        lambda: speech_models.stack_frames(SPEECH, LENGTHS, 0),
        ValueError,
        "at least 1 frame",
    ),
    "another cell of a module": (lambda: SpeechRNN(cell="GRU"), ValueError, "one of 'rnn', 'gru', 'lstm'"),
    "a module's clip without frames": (
        lambda: SpeechCNN(n_mels=4)(SPEECH, torch.tensor([0, 5])),
        ValueError,
        r"lengths must lie in 1\.\.5 frames, got \[0, 5\]",
    ),
}


@pytest.mark.parametrize(("call", "error", "words"), BAD.values(), ids=BAD)
def test_what_does_not_fit_is_named(call, error, words):
    with pytest.raises(error, match=words):
        call()
