"""How long features take beside torchaudio and torchvision: `python benchmarks/bench_features.py`."""

import torch
import torchaudio
import torchvision.transforms.v2.functional as vision
from harness import ratio, store

from mmcourse import features

SAMPLE_RATE = 16_000


def log_mel_row() -> dict[str, str]:
    """64 clips of one second: 25 ms frames every 10 ms, 40 filters, dB with a fixed reference."""
    waveform = 0.1 * torch.randn(64, SAMPLE_RATE, generator=torch.Generator().manual_seed(0))
    mel = torchaudio.transforms.MelSpectrogram(
        SAMPLE_RATE, n_fft=400, hop_length=160, n_mels=40, pad_mode="constant"
    )
    decibel = torchaudio.transforms.AmplitudeToDB("power")
    result = ratio(lambda: features.log_mel(waveform, SAMPLE_RATE), lambda: decibel(mel(waveform)))
    return {"what": "log_mel, 64 × 1 s at 16 kHz", **result.row(), "at most": "1.50"}


def mfcc_row() -> dict[str, str]:
    waveform = 0.1 * torch.randn(64, SAMPLE_RATE, generator=torch.Generator().manual_seed(1))
    settings = {"n_fft": 400, "hop_length": 160, "n_mels": 40}
    theirs = torchaudio.transforms.MFCC(SAMPLE_RATE, n_mfcc=13, melkwargs=settings)
    result = ratio(
        lambda: features.mfcc(waveform, SAMPLE_RATE, 13, melkwargs=settings), lambda: theirs(waveform)
    )
    return {"what": "mfcc, 64 × 1 s at 16 kHz", **result.row(), "at most": "–"}


def resample_row(orig_freq: int, new_freq: int) -> dict[str, str]:
    waveform = torch.randn(64, orig_freq, generator=torch.Generator().manual_seed(2))
    theirs = torchaudio.transforms.Resample(orig_freq, new_freq)
    result = ratio(lambda: features.resample(waveform, orig_freq, new_freq), lambda: theirs(waveform))
    return {"what": f"resample, 64 × 1 s, {orig_freq} to {new_freq} Hz", **result.row(), "at most": "–"}


def resize_row() -> dict[str, str]:
    image = torch.rand(64, 3, 64, 64, generator=torch.Generator().manual_seed(3))
    result = ratio(lambda: features.resize(image, 32), lambda: vision.resize(image, 32))
    return {"what": "resize, 64 × 3 × 64 × 64 to 32 × 32", **result.row(), "at most": "–"}


def main() -> None:
    torch.set_num_threads(2)
    with torch.inference_mode():
        rows = [
            log_mel_row(),
            mfcc_row(),
            resample_row(44_100, 16_000),
            resample_row(16_000, 8_000),
            resize_row(),
        ]
    store("features", rows, "Theirs: torchaudio for sound, torchvision for pictures; forward only, float32.")


if __name__ == "__main__":
    main()
