"""Answers to 01.12 as learners write them: wrong ones with words of their hint, right ones, crashing ones."""

import math

import torch


def power(x):
    return x.pow(2).mean(dim=-1, keepdim=True)


def wrong_forgets_the_root(speech, noise, snr_db):
    """hint: root"""
    gain = power(speech) / power(noise) / 10 ** (snr_db / 10)
    return speech + gain * noise


def wrong_twenty_for_power(speech, noise, snr_db):
    """hint: divide by 10"""
    wanted = power(speech) / 10 ** (snr_db / 20)
    return speech + noise * torch.sqrt(wanted / power(noise))


def wrong_sign(speech, noise, snr_db):
    """hint: louder"""
    wanted = power(speech) * 10 ** (snr_db / 10)
    return speech + noise * (wanted / power(noise)).sqrt()


def wrong_ignores_the_powers(speech, noise, snr_db):
    """hint: how loud"""
    return speech + noise * 10 ** (-snr_db / 20)


def wrong_ignores_the_noise_power(speech, noise, snr_db):
    """hint: noise already has"""
    wanted = power(speech) / 10 ** (snr_db / 10)
    return speech + noise * wanted.sqrt()


def wrong_scales_the_speech(speech, noise, snr_db):
    """hint: scaled the speech"""
    gain = (power(noise) * 10 ** (snr_db / 10) / power(speech)).sqrt()
    return gain * speech + noise


def wrong_one_power_for_the_batch(speech, noise, snr_db):
    """hint: each clip"""
    p_speech = (speech**2).mean()
    p_noise = (noise**2).mean()
    return speech + noise * (p_speech / p_noise / 10 ** (snr_db / 10)) ** 0.5


def wrong_returns_the_noise(speech, noise, snr_db):
    """hint: add"""
    return noise * (power(speech) / power(noise) / 10 ** (snr_db / 10)).sqrt()


def wrong_just_adds(speech, noise, snr_db):
    """hint: snr_db"""
    return speech + noise


def wrong_peaks(speech, noise, snr_db):
    """hint: largest value"""
    ratio = speech.abs().amax(dim=-1, keepdim=True) / noise.abs().amax(dim=-1, keepdim=True)
    return speech + noise * ratio * 10 ** (-snr_db / 20)


def wrong_standard_deviation(speech, noise, snr_db):
    """hint: mean"""
    ratio = speech.std(-1, keepdim=True, correction=0) / noise.std(-1, keepdim=True, correction=0)
    return speech + noise * ratio * 10 ** (-snr_db / 20)


def wrong_clamps(speech, noise, snr_db):
    """hint: clip"""
    gain = (power(speech) / power(noise) / 10 ** (snr_db / 10)).sqrt()
    return torch.clamp(speech + gain * noise, -1, 1)


def wrong_normalises_the_result(speech, noise, snr_db):
    """hint: quieter"""
    mixed = speech + noise * (power(speech) / power(noise) / 10 ** (snr_db / 10)).sqrt()
    return mixed / mixed.abs().amax(dim=-1, keepdim=True)


def wrong_natural_exponent(speech, noise, snr_db):
    """hint: power of 10"""
    wanted = power(speech) / math.exp(snr_db / 10)
    return speech + noise * (wanted / power(noise)).sqrt()


def wrong_in_place(speech, noise, snr_db):
    """hint: changed"""
    gain = (power(speech) / power(noise) / 10 ** (snr_db / 10)).sqrt()
    speech.data += gain * noise
    return speech


def wrong_snr_as_a_ratio(speech, noise, snr_db):
    """hint: decibel"""
    gain = (power(speech) / power(noise) / abs(snr_db + 1e-9)).sqrt()
    return speech + gain * noise


def wrong_nothing_happens(speech, noise, snr_db):
    """hint: no noise"""
    mixed = speech.clone()
    scaled = noise * (power(speech) / power(noise) / 10 ** (snr_db / 10)).sqrt()
    mixed.add(scaled)
    return mixed


def wrong_powers_upside_down(speech, noise, snr_db):
    """hint: upside down"""
    gain = (power(noise) / power(speech) / 10 ** (snr_db / 10)).sqrt()
    return speech + gain * noise


def right_clip_by_clip(speech, noise, snr_db):
    if speech.dim() > 1:
        return torch.stack([right_clip_by_clip(s, n, snr_db) for s, n in zip(speech, noise, strict=True)])
    energy_speech = sum(v * v for v in speech)
    energy_noise = sum(v * v for v in noise)
    gain = torch.sqrt(energy_speech / energy_noise) * 10 ** (-snr_db / 20)
    return speech + gain * noise


def right_in_decibels_with_a_default(speech, noise, snr_db=0.0):
    def level(x):
        return 10 * torch.log10(x.square().mean(dim=-1, keepdim=True))

    change = level(speech) - snr_db - level(noise)
    return speech + noise * torch.exp(change * math.log(10) / 20)


def right_norms_and_keywords(*, speech, noise, snr_db, dim=-1):
    ratio = torch.linalg.vector_norm(speech, dim=dim) / torch.linalg.vector_norm(noise, dim=dim)
    gain = ratio / math.sqrt(10 ** (snr_db / 10))
    return torch.stack([speech, gain.unsqueeze(dim) * noise], dim=-1).sum(-1)


def crash_forgets_keepdim(speech, noise, snr_db):
    """line: gain * noise
    hint: keepdim=True
    """
    gain = (speech.pow(2).mean(-1) / noise.pow(2).mean(-1) / 10 ** (snr_db / 10)).sqrt()
    return speech + gain * noise


def crash_takes_a_number_for_a_tensor(speech, noise, snr_db):
    """line: snr_db.item()"""
    ratio = 10 ** (snr_db.item() / 10)
    return speech + noise * (power(speech) / power(noise) / ratio).sqrt()


def wrong_sum_for_mean_of_speech(speech, noise, snr_db):
    """hint: a sum and not a mean"""
    total = speech.pow(2).sum(dim=-1, keepdim=True)
    return speech + noise * (total / power(noise) / 10 ** (snr_db / 10)).sqrt()


def wrong_sum_for_mean_of_noise(speech, noise, snr_db):
    """hint: a sum and not a mean"""
    total = noise.pow(2).sum(dim=-1, keepdim=True)
    return speech + noise * (power(speech) / total / 10 ** (snr_db / 10)).sqrt()
