"""Answers to 01.2 as learners write them: wrong ones with words of their hint, right ones, crashing ones."""

import math

import torch


def wrong_no_window(frames):
    """hint: window"""
    spectrum = torch.fft.rfft(frames, dim=-1)
    return spectrum.abs() ** 2


def wrong_magnitude(frames):
    """hint: square"""
    window = torch.hann_window(frames.shape[-1], dtype=frames.dtype, device=frames.device)
    return torch.fft.rfft(frames * window).abs()


def wrong_symmetric_window(frames):
    """hint: periodic"""
    n = frames.shape[-1]
    window = torch.tensor([0.5 - 0.5 * math.cos(2 * math.pi * i / (n - 1)) for i in range(n)])
    spectrum = torch.fft.rfft(frames * window.to(frames))
    return spectrum.real**2 + spectrum.imag**2


def wrong_full_fft(frames):
    """hint: mirror"""
    n = frames.shape[-1]
    window = torch.hann_window(n).to(frames)
    spectrum = torch.fft.fft(frames * window, dim=-1)
    return (spectrum * spectrum.conj()).real


def wrong_real_part_only(frames):
    """hint: imaginary"""
    window = torch.hann_window(frames.size(-1)).to(frames)
    spectrum = torch.fft.rfft(frames * window)
    return spectrum.real**2


def wrong_hamming(frames):
    """hint: Hamming"""
    window = torch.hamming_window(frames.size(-1)).to(frames)
    return torch.fft.rfft(frames * window).abs().pow(2)


def wrong_divided_by_length(frames):
    """hint: divide"""
    n = frames.shape[-1]
    window = torch.hann_window(n).to(frames)
    return torch.fft.rfft(frames * window).abs().pow(2) / n


def wrong_orthonormal(frames):
    """hint: divide"""
    window = torch.hann_window(frames.shape[-1]).to(frames)
    return torch.fft.rfft(frames * window, norm="ortho").abs() ** 2


def wrong_decibels(frames):
    """hint: decibel"""
    window = torch.hann_window(frames.shape[-1]).to(frames)
    power = torch.fft.rfft(frames * window).abs() ** 2
    return 10 * torch.log10(power + 1e-10)


def wrong_along_the_frames(frames):
    """hint: along the time inside a frame"""
    window = torch.hann_window(frames.shape[-1]).to(frames)
    return torch.fft.rfft(frames * window, dim=-2).abs() ** 2


def wrong_window_squared_with_power(frames):
    """hint: twice"""
    window = torch.hann_window(frames.shape[-1]).to(frames)
    return torch.fft.rfft(frames * window * window).abs() ** 2


def wrong_square_of_the_sum(frames):
    """hint: imaginary"""
    window = torch.hann_window(frames.shape[-1]).to(frames)
    spectrum = torch.fft.rfft(frames * window)
    return (spectrum.real + spectrum.imag) ** 2


def right_discrete_fourier_by_hand(frames):
    n = frames.shape[-1]
    t = torch.arange(n, dtype=torch.float64)
    k = torch.arange(n // 2 + 1, dtype=torch.float64)
    window = torch.sin(math.pi * t / n) ** 2
    angle = 2 * math.pi * t[:, None] * k[None, :] / n
    x = frames.double() * window.to(frames.device)
    power = (x @ angle.cos().to(frames.device)) ** 2 + (x @ angle.sin().to(frames.device)) ** 2
    return power.to(frames.dtype)


def right_stft_of_each_frame(frames, window=None):
    n = frames.shape[-1]
    window = torch.hann_window(n, dtype=frames.dtype, device=frames.device) if window is None else window
    flat = frames.reshape(-1, n)
    spectrum = torch.stft(flat, n, hop_length=n, window=window, center=False, return_complex=True)
    return spectrum.squeeze(-1).abs().square().reshape(*frames.shape[:-1], n // 2 + 1)


def right_half_of_the_full_fft(frames):
    n = frames.shape[-1]
    window = torch.hann_window(n, dtype=frames.dtype, device=frames.device)
    full = torch.fft.fft(frames * window)
    half = full[..., : n // 2 + 1]  # a view, not contiguous
    return torch.view_as_real(half).pow(2).sum(-1)


def crash_numpy_window(frames):
    """line: np.hanning"""
    window = np.hanning(frames.shape[-1])  # noqa: F821  the import was forgotten: that is the mistake
    return torch.fft.rfft(frames * window).abs() ** 2


def crash_wrong_window_length(frames):
    """line: frames * window"""
    window = torch.hann_window(400)
    return torch.fft.rfft(frames * window).abs() ** 2


def wrong_window_after_the_transform(frames):
    """hint: before the FFT"""
    spectrum = torch.fft.rfft(frames)
    return (spectrum * torch.hann_window(spectrum.shape[-1], dtype=frames.dtype)).abs() ** 2


def right_sums_of_cosines_in_float32(frames):
    """The way of lesson 1."""
    n = frames.shape[-1]
    turns = torch.arange(n // 2 + 1)[:, None] * torch.arange(n) / n
    angles = (2 * math.pi * turns).to(frames.dtype)
    faded = frames * (0.5 - 0.5 * torch.cos(2 * math.pi * torch.arange(n) / n)).to(frames.dtype)
    return (faded @ torch.cos(angles).T) ** 2 + (faded @ torch.sin(angles).T) ** 2
