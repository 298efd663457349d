"""What a bad sound gets: converted where that is right, else refused by file name and reason."""

import struct

import numpy as np
import pytest
import soundfile
import torch

from mmcourse.data import sounds

RATE = 8000
TONE = (0.5 * np.sin(2 * np.pi * 440 * np.arange(RATE // 2) / RATE)).astype(np.float32)  # half a second


def _wav(path, samples=TONE, rate=RATE, subtype="PCM_16"):
    soundfile.write(path, samples, rate, subtype=subtype)
    return path


def _overwrite(path, position, data):
    held = bytearray(path.read_bytes())
    held[position : position + len(data)] = data
    path.write_bytes(held)
    return path


def _sizes(path, data_size):
    """Write another length into the header of a WAV that `_wav` made: RIFF size at 4, data size at 40."""
    _overwrite(path, 4, struct.pack("<I", min(data_size + 36, 0xFFFFFFFF)))
    return _overwrite(path, 40, struct.pack("<I", data_size))


def _empty(path):
    path.write_bytes(b"")


def _truncated(path):
    held = _wav(path).read_bytes()
    path.write_bytes(held[: len(held) // 2])


def _truncated_in_header(path):
    path.write_bytes(_wav(path).read_bytes()[:30])


def _truncated_flac(path):
    held = _wav(path.with_suffix(".flac"), np.tile(TONE, 8)).read_bytes()
    path.write_bytes(held[: len(held) // 2])


def _no_samples(path):
    _wav(path, TONE[:0])


def _with_nan(path):
    samples = TONE.copy()
    samples[7:10] = np.nan, np.inf, -np.inf
    _wav(path, samples, subtype="FLOAT")


def _silent(path):
    _wav(path, np.zeros_like(TONE))


def _constant(path):
    _wav(path, np.full_like(TONE, 0.25))


def _opposite_channels(path):
    _wav(path, np.stack([TONE, -TONE], axis=1))


def _promises_more(path):
    _sizes(_wav(path), 10 * len(TONE))


def _contradicts_itself(path):
    _overwrite(_wav(path), 22, struct.pack("<H", 2))  # two channels, in blocks of one


def _rate_of_no_recording(path):
    _overwrite(_wav(path), 24, struct.pack("<I", 7))


def _not_sound(path):
    path.write_text("These are words about a sound.\n" * 40)


def _riff_of_nothing(path):
    path.write_bytes(b"RIFF\x24\x00\x00\x00WAVE" + b"\x00" * 40)


def _too_short(path):
    _wav(path, TONE[:80])


def _too_long(path):
    _wav(path, np.zeros(61 * RATE, dtype=np.float32))


REFUSED = {
    "empty": (_empty, r"the file is empty \(0 bytes\)"),
    "truncated": (_truncated, r"promises 0\.50 s and the file holds 0\.25 s: cut off, or a lying header"),
    "truncated in its header": (_truncated_in_header, "cut off before its sound begins"),
    "truncated FLAC": (_truncated_flac, r"not a sound that can be read|promises 4\.00 s and the file holds"),
    "no samples": (_no_samples, r"lasts 0\.000 s, and 0\.02 s is the least"),
    "NaN": (_with_nan, "holds 3 samples of NaN or infinity"),
    "silent": (_silent, "it is silent: every sample is 0.00"),
    "constant": (_constant, r"it is silent: every sample is 0\.25"),
    "channels that cancel": (_opposite_channels, "silent when its channels are added: every sample is 0.00"),
    "header lies about length": (
        _promises_more,
        "promises 2.50 s and the file holds 0.50 s: .* lying header",
    ),
    "header contradicts itself": (_contradicts_itself, "2 channels of 16 bits in 2 bytes"),
    "header lies about rate": (_rate_of_no_recording, "sample rate of 7 Hz, which no recording has"),
    "not sound": (_not_sound, "not a sound that can be read"),
    "a header of zeros": (_riff_of_nothing, "cut off before its sound begins"),
    "too short": (_too_short, r"lasts 0\.010 s, and 0\.02 s is the least"),
    "too long": (_too_long, "lasts 61 s, and 60 s is the most. Cut it"),
}


@pytest.mark.parametrize(("make", "reason"), REFUSED.values(), ids=REFUSED)
def test_sound_is_refused_by_name_and_reason(tmp_path, make, reason):
    path = tmp_path / "anna says one.wav"
    make(path)
    with pytest.raises(sounds.UnreadableSound, match=f"^anna says one.wav: .*{reason}.*or take it out"):
        sounds.read(path, RATE)


def test_missing_file_is_named(tmp_path):
    with pytest.raises(sounds.UnreadableSound, match=r"gone\.wav: there is no such file in "):
        sounds.read(tmp_path / "gone.wav", RATE)


def _stereo(path):
    _wav(path, np.stack([TONE * 1.5, TONE * 0.5], axis=1))


def _as(subtype):
    return lambda path: _wav(path, subtype=subtype)


def _unsigned_8_bit(path):
    _wav(path, subtype="PCM_U8")


def _length_unknown(path):
    _sizes(_wav(path), 0xFFFFFFFF)


def _extra_chunk_first(path):
    plain = _wav(path).read_bytes()
    path.write_bytes(plain[:12] + b"LIST" + struct.pack("<I", 5) + b"notes\0" + plain[12:])


def _flac(path):
    soundfile.write(path, TONE, RATE, format="FLAC")


CONVERTED = {
    "plain": _wav,
    "stereo": _stereo,
    "24-bit": _as("PCM_24"),
    "32-bit": _as("PCM_32"),
    "float": _as("FLOAT"),
    "8-bit": _unsigned_8_bit,
    "length unknown, as a stream writes it": _length_unknown,
    "another chunk before the sound": _extra_chunk_first,
    "FLAC under a wrong ending": _flac,
}


@pytest.mark.parametrize("make", CONVERTED.values(), ids=CONVERTED)
def test_sound_is_converted_to_the_same_waveform(tmp_path, make):
    path = tmp_path / "one.wav"
    make(path)
    waveform = sounds.read(path, RATE)
    assert waveform.dtype == torch.float32
    step = 1 / 100 if make is _unsigned_8_bit else 1e-4
    torch.testing.assert_close(waveform, torch.from_numpy(TONE), rtol=0, atol=step)


@pytest.mark.parametrize("rate", [44_100, 16_000, 11_025])
def test_other_sample_rates_are_resampled_not_ignored(tmp_path, rate):
    times = np.arange(rate // 2) / rate
    path = _wav(tmp_path / "tone.wav", 0.5 * np.sin(2 * np.pi * 440 * times), rate)
    waveform = sounds.read(path, RATE)
    assert len(waveform) == pytest.approx(len(TONE), abs=1)
    inside = slice(200, -200)  # the filter has nothing before the start and after the end
    count = min(len(waveform), len(TONE))
    torch.testing.assert_close(
        waveform[:count][inside], torch.from_numpy(TONE[:count])[inside], rtol=0, atol=3e-3
    )


def test_louder_than_full_scale_is_scaled_not_cut(tmp_path):
    waveform = sounds.read(_wav(tmp_path / "loud.wav", TONE * 6, subtype="FLOAT"), RATE)
    torch.testing.assert_close(waveform, torch.from_numpy(TONE) / TONE.max(), rtol=0, atol=1e-5)


@pytest.mark.parametrize("suffix", sorted(sounds.SUFFIXES - {".wav"}))
def test_what_is_not_of_its_kind_is_not_said_to_be_missing(tmp_path, suffix):
    path = tmp_path / f"word{suffix}"
    path.write_bytes(b"meow " * 200)
    with pytest.raises(sounds.UnreadableSound) as caught:
        sounds.read(path, RATE)
    text = str(caught.value)
    assert text.startswith(f"word{suffix}: not a sound that can be read (")
    assert text.endswith("). Record or copy it again, or take it out.")
    assert "does not exist" not in text
    if suffix == ".mp3":
        assert "(its content is not MP3)" in text


def test_one_wrong_sample_is_said_in_the_singular(tmp_path):
    wrong = TONE.copy()
    wrong[5] = np.nan
    with pytest.raises(sounds.UnreadableSound, match="it holds 1 sample of NaN"):
        sounds.read(_wav(tmp_path / "a.wav", wrong, subtype="FLOAT"), RATE)
