"""What a model is fed: sound and pictures as tensors, from bare tensors, one idea a file.

    framing      frames, windows, pre-emphasis          resampling   another sample rate
    spectrum     short-time Fourier transform, power    mel          mel scale, filters, log-mel
    decibel      loudness as a logarithm                cepstrum     cosine transform, MFCC, deltas
    masking      which frames are speech                statistics   per-clip and training-set normalisation
    image        normalise, crop, pad                   resizing     another size
    flipping     mirror images, where lawful            affine       turn, move, scale, slant
    hog          edges of a picture, as numbers         pooled       MFCC of a whole clip, as numbers
    padding      what stands beyond the edge            arguments    what a function asks of its input

Names, argument order and defaults are those of torchaudio.functional, torchaudio.transforms and
torchvision.transforms.v2.functional; every function that they have equals theirs (tests/features), takes any
number of leading batch axes, runs on any device, can be differentiated, and leaves its input as it was.
"""

from .affine import affine, inverse_affine_matrix
from .cepstrum import compute_deltas, create_dct, mfcc
from .decibel import amplitude_to_DB
from .flipping import hflip, need_lawful_flip, vflip
from .framing import frame, hamming_window, hann_window, preemphasis
from .hog import hog
from .image import center_crop, crop, normalize, pad
from .masking import n_frames, padding_mask
from .mel import hz_to_mel, log_mel, mel_spectrogram, mel_to_hz, melscale_fbanks
from .padding import pad_axis
from .pooled import pool, pooled_mfcc
from .resampling import resample, sinc_kernels
from .resizing import resize, resize_weights
from .spectrum import spectrogram, stft
from .statistics import Standardizer, normalize_clip

__all__ = [
    "Standardizer",
    "affine",
    "amplitude_to_DB",
    "center_crop",
    "compute_deltas",
    "create_dct",
    "crop",
    "frame",
    "hamming_window",
    "hann_window",
    "hflip",
    "hog",
    "hz_to_mel",
    "inverse_affine_matrix",
    "log_mel",
    "mel_spectrogram",
    "mel_to_hz",
    "melscale_fbanks",
    "mfcc",
    "n_frames",
    "need_lawful_flip",
    "normalize",
    "normalize_clip",
    "pad",
    "pad_axis",
    "padding_mask",
    "pool",
    "pooled_mfcc",
    "preemphasis",
    "resample",
    "resize",
    "resize_weights",
    "sinc_kernels",
    "spectrogram",
    "stft",
    "vflip",
]
