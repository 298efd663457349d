"""What a model is fed: sound and pictures as tensors, from bare tensors, one idea a file.

    arguments    what a function asks of its input, in sentences
    padding      what stands beyond the edge
    framing      frame, windows, pre-emphasis
    spectrum     short-time Fourier transform, power
    decibel      loudness as a logarithm
    mel          mel scale, filters, mel and log-mel spectrograms
    resizing     pictures in another size

Names, argument order and defaults are those of torchaudio.functional, torchaudio.transforms and
torchvision.transforms.v2.functional; every function equals theirs (tests/features), takes any number of
leading batch axes, runs on any device, can be differentiated, and leaves its input as it was.
"""

from .decibel import amplitude_to_DB
from .framing import frame, hamming_window, hann_window, preemphasis
from .mel import hz_to_mel, log_mel, mel_spectrogram, mel_to_hz, melscale_fbanks
from .resizing import resize, resize_weights
from .spectrum import spectrogram, stft

__all__ = [
    "amplitude_to_DB",
    "frame",
    "hamming_window",
    "hann_window",
    "hz_to_mel",
    "log_mel",
    "mel_spectrogram",
    "mel_to_hz",
    "melscale_fbanks",
    "preemphasis",
    "resize",
    "resize_weights",
    "spectrogram",
    "stft",
]
