"""What came, what fits, what to do: the sentence for each kind of bad input."""
# ruff: noqa: E501 (a table: one row, one line)

import pytest
import torch

from mmcourse import features

SOUND, IMAGE = torch.zeros(2, 400), torch.zeros(2, 3, 8, 6)
WINDOW = torch.ones(100)


def spectrogram(
    waveform=SOUND, pad=0, window=WINDOW, n_fft=100, hop=50, win_length=100, power=2.0, **options
):
    return features.spectrogram(waveform, pad, window, n_fft, hop, win_length, power, False, **options)


SOUND_IN = {
    "frame": lambda x: features.frame(x, 2, 1),
    "preemphasis": features.preemphasis,
    "resample": lambda x: features.resample(x, 2, 1),
    "stft": lambda x: features.stft(x, 2, 1, torch.ones(2)),
    "spectrogram": lambda x: spectrogram(x),
    "mel_spectrogram": features.mel_spectrogram,
    "log_mel": lambda x: features.log_mel(x, 8000),
    "mfcc": lambda x: features.mfcc(x, top_db=None),
    "pooled_mfcc": lambda x: features.pooled_mfcc(x, 8000),
}
IMAGE_IN = {
    "normalize": lambda x: features.normalize(x, 0.0, 1.0),
    "crop": lambda x: features.crop(x, 0, 0, 1, 1),
    "center_crop": lambda x: features.center_crop(x, 1),
    "pad": lambda x: features.pad(x, 1),
    "resize": lambda x: features.resize(x, 1),
    "hflip": features.hflip,
    "vflip": features.vflip,
    "affine": lambda x: features.affine(x, 0, (0, 0), 1, 0),
    "hog": lambda x: features.hog(x, cell=1),
}


@pytest.mark.parametrize("function", SOUND_IN.values(), ids=SOUND_IN)
def test_a_sound_that_is_none(function):
    with pytest.raises(
        TypeError, match=r"got int16: use waveform.float\(\), and divide 16-bit integers by 32768"
    ):
        function(torch.zeros(400, dtype=torch.int16))
    with pytest.raises(TypeError, match="float32 or float64, got float16"):
        function(torch.zeros(400, dtype=torch.float16))
    with pytest.raises(TypeError, match="must be a tensor, got list"):
        function([0.0] * 400)
    for empty in (torch.zeros(0), torch.zeros(3, 0), torch.zeros(0, 400), torch.tensor(0.0)):
        with pytest.raises(ValueError, match=r"at least one sample, got shape \[.*leave empty clips out"):
            function(empty)


@pytest.mark.parametrize("function", IMAGE_IN.values(), ids=IMAGE_IN)
def test_a_picture_that_is_none(function):
    with pytest.raises(TypeError, match=r"got a tensor of uint8: use image.float\(\) / 255"):
        function(torch.zeros(3, 8, 8, dtype=torch.uint8))
    with pytest.raises(TypeError, match="floating-point tensor, got list"):
        function([[[0.0]]])
    with pytest.raises(ValueError, match=r"got shape \[8, 8\]: give a grey picture its channel"):
        function(torch.zeros(8, 8))
    with pytest.raises(ValueError, match=r"at least one pixel, got shape \[3, 0, 8\]"):
        function(torch.zeros(3, 0, 8))


REFUSED = {
    "clip shorter than a frame": (lambda: features.frame(SOUND, 500, 1), "400 samples is shorter than one frame of 500"),
    "clip shorter than the window": (lambda: spectrogram(n_fft=512, center=False), "400 samples is shorter than one frame"),
    "hop of 0": (lambda: features.frame(SOUND, 5, 0), "hop_length must be at least 1, got 0. A hop of 0"),
    "hop of 0 in log_mel": (lambda: features.log_mel(SOUND, 8000, hop_length=0), "hop_length must be at least 1, got 0"),
    "hop that is no whole number": (lambda: features.frame(SOUND, 5, 2.5), "hop_length must be a whole number .int., got 2.5"),
    "clip too short to be reflected": (lambda: features.mel_spectrogram(SOUND[:, :200]), "200 samples is too short to be reflected by n_fft // 2 = 200.*constant"),
    "unknown pad_mode": (lambda: spectrogram(pad_mode="mirror"), "pad_mode must be one of 'reflect', 'constant', 'replicate', got 'mirror'"),
    "window longer than n_fft": (lambda: spectrogram(n_fft=64), "window of 100 samples does not fit n_fft = 64"),
    "window of another length": (lambda: spectrogram(win_length=80), r"window must hold win_length = 80 values, got .*\[100\]"),
    "power 0": (lambda: spectrogram(power=0.0), "power must be above 0, or None"),
    "negative padding": (lambda: features.pad_axis(SOUND, -1, -1, 0), "padding must be 0 or more.*crop instead"),
    "sample rate with a fraction": (lambda: features.log_mel(SOUND, 8000.5), "sample_rate must be a whole number .int., got 8000.5. It is in Hz"),
    "sample rate 0": (lambda: features.log_mel(SOUND, 0), "sample_rate must be at least 1, got 0"),
    "too many filters": (lambda: features.log_mel(SOUND, 8000, n_mels=128), r"of 128 mel filters are empty: filter 0 spans 0 to 21 Hz, but bins are 40.0 Hz apart.*n_mels below 128.*n_fft .above 200"),
    "f_max above Nyquist": (lambda: features.log_mel(SOUND, 8000, f_max=8000.0), "f_max <= sample_rate / 2 = 4000 Hz, got f_min = 0 and f_max = 8000"),
    "band upside down": (lambda: features.log_mel(SOUND, 8000, f_min=900.0, f_max=300.0), "f_min < f_max"),
    "unknown mel scale": (lambda: features.hz_to_mel(1.0, "bark"), "mel_scale must be one of 'htk', 'slaney', got 'bark'"),
    "unknown norm": (lambda: features.melscale_fbanks(9, 0.0, 4000.0, 1, 8000, "l1"), "norm must be one of None, 'slaney', got 'l1'"),
    "amin 0": (lambda: features.amplitude_to_DB(SOUND, 10.0, 0.0, 0.0), "amin must be above 0.*logarithm of 0"),
    "negative top_db": (lambda: features.amplitude_to_DB(SOUND, 10.0, 1e-10, 0.0, -1.0), "top_db must be 0 or more"),
    "decibels of integers": (lambda: features.amplitude_to_DB(SOUND.int(), 10.0, 1e-10, 0.0), "floating-point tensor .* got a tensor of int32"),
    "more coefficients than filters": (lambda: features.create_dct(41, 40, "ortho"), "n_mfcc = 41 coefficients cannot come from n_mels = 40"),
    "another DCT": (lambda: features.mfcc(SOUND, dct_type=3), "dct_type must be one of 2, got 3"),
    "delta over one frame": (lambda: features.compute_deltas(SOUND, 1), "win_length must be at least 3, got 1. It takes three frames"),
    "mirror larger than the clip": (lambda: features.compute_deltas(SOUND[:, :2], 9, "reflect"), "reflect padding of 4 needs more than the 2 values"),
    "rates with a fraction": (lambda: features.resample(SOUND, 44100, 5512.5), "new_freq must be a whole number .int., got 5512.5.*give the ratio"),
    "rate 0": (lambda: features.resample(SOUND, 0, 8000), "orig_freq must be at least 1, got 0"),
    "rolloff above 1": (lambda: features.resample(SOUND, 2, 1, rolloff=1.5), "rolloff must lie above 0 and at most at 1, got 1.5"),
    "unknown resampling": (lambda: features.resample(SOUND, 2, 1, resampling_method="linear"), "resampling_method must be one of 'sinc_interp_hann'"),
    "clip without frames": (lambda: features.normalize_clip(SOUND, mask=torch.zeros(2, 400, dtype=torch.bool)), "without a single valid frame"),
    "features of two kinds": (lambda: features.Standardizer().fit([SOUND, SOUND[:1]]), "batches of 2 and of 1 features cannot be fitted together"),
    "dim from the front": (lambda: features.Standardizer(1), "dim is counted from the end .*, got 1"),
    "length 0": (lambda: features.padding_mask(torch.tensor([3, 0])), r"lengths must lie in 1..3, got \[3, 0\]"),
    "length beyond the batch": (lambda: features.padding_mask(torch.tensor([3, 9]), 5), "lengths must lie in 1..5"),
    "std 0": (lambda: features.normalize(IMAGE, 0.0, [1.0, 0.0, 1.0]), "std must not be 0"),
    "mean for other channels": (lambda: features.normalize(IMAGE, [0.0, 0.0], 1.0), r"mean must be one number or one for each of 3 channels, got .*\[2\]"),
    "crop without height": (lambda: features.crop(IMAGE, 0, 0, 0, 3), "height must be at least 1, got 0"),
    "crop to three sizes": (lambda: features.center_crop(IMAGE, (1, 2, 3)), "output_size must be one number or .height, width."),
    "pad by three numbers": (lambda: features.pad(IMAGE, (1, 2, 3)), "padding must be 1, 2 .* or 4 numbers, got .1, 2, 3"),
    "pad by less than nothing": (lambda: features.pad(IMAGE, -1), "padding must be at least 0, got -1. crop"),
    "pad with a larger mirror": (lambda: features.pad(IMAGE, 6, padding_mode="reflect"), "reflect padding of 6 needs more than the 6 values"),
    "unknown padding": (lambda: features.pad(IMAGE, 1, padding_mode="wrap"), "padding_mode must be one of 'constant', 'edge'"),
    "size 0": (lambda: features.resize(IMAGE, 0), "size must be at least 1, got 0"),
    "three sizes": (lambda: features.resize(IMAGE, (1, 2, 3)), "size must be one number or .height, width."),
    "limit with a pair": (lambda: features.resize(IMAGE, (4, 4), max_size=9), "max_size = 9 goes with one number"),
    "limit below the size": (lambda: features.resize(IMAGE, 4, max_size=4), "max_size must be above size = 4, got 4"),
    "bicubic": (lambda: features.resize(IMAGE, 4, "bicubic"), "interpolation must be \"bilinear\", got 'bicubic': torchvision"),
    "scale 0": (lambda: features.affine(IMAGE, 0, (0, 0), 0, 0), "scale must be above 0, got 0: use hflip"),
    "translate by one number": (lambda: features.affine(IMAGE, 0, (1,), 1, 0), "translate must be .right, down. in pixels"),
    "shear by three": (lambda: features.affine(IMAGE, 0, (0, 0), 1, (1, 2, 3)), "shear must be degrees along x"),
    "picture smaller than a block": (lambda: features.hog(IMAGE), r"needs a picture of at least 8 x 8, got \[8, 6\]: take smaller cells"),
    "no directions": (lambda: features.hog(IMAGE, orientations=0), "orientations must be at least 1, got 0"),
    "nothing to pool": (lambda: features.pool(SOUND, torch.zeros(400, dtype=torch.bool)), "no valid frame: leave empty clips out"),
    "unknown interpolation": (lambda: features.affine(IMAGE, 0, (0, 0), 1, 0, "cubic"), "interpolation must be one of 'nearest', 'bilinear'"),
}  # fmt: skip


@pytest.mark.parametrize(("call", "words"), REFUSED.values(), ids=REFUSED)
def test_refused_with_a_sentence(call, words):
    with pytest.raises((TypeError, ValueError), match=words):
        call()


@pytest.mark.parametrize("function", SOUND_IN.values(), ids=SOUND_IN)
def test_nan_in_a_sound_is_passed_on(function):
    x = torch.randn(2, 400, generator=torch.Generator().manual_seed(0))
    x[0, 200] = float("nan")
    result = function(x)
    result = torch.view_as_real(result) if result.is_complex() else result
    assert result[0].isnan().any()
    assert result[1].isfinite().all()


@pytest.mark.parametrize("function", IMAGE_IN.values(), ids=IMAGE_IN)
def test_nan_in_a_picture_is_passed_on(function):
    x = torch.ones(2, 1, 3, 3)
    x[0] = float("nan")
    result = function(x)
    assert result[0].isnan().any()
    assert result[1].isfinite().all()
