"""Speech from text: the same call gives the same sound, and a wrong one a sentence."""

import time

import pytest
import torch

from mmcourse import data
from mmcourse.data import digits, espeak, synthesis
from mmcourse.data.synthesis import Take
from mmcourse.errors import CourseError


def test_word_is_spoken_at_the_rate_asked_for():
    slow, fast = (synthesis.say("seven", rate=rate) for rate in (90, 300))
    assert slow.dtype == torch.float32
    assert slow.ndim == 1
    assert 0.1 < slow.abs().max() <= 1
    assert len(slow) > 1.5 * len(fast)
    double = synthesis.say("seven", rate=90, sample_rate=16_000)
    assert len(double) == pytest.approx(2 * len(slow), abs=2)


def test_pitch_raises_the_voice():
    def pitch(waveform):  # the lag at which the waveform is most like itself, between 60 and 400 Hz
        spectrum = torch.fft.rfft(waveform, 2 * len(waveform)).abs().square()
        lags = torch.fft.irfft(spectrum)[20:134]
        return 8000 / (20 + int(lags.argmax()))

    assert pitch(synthesis.say("no", "en-us+m1", pitch=90)) > 1.3 * pitch(
        synthesis.say("no", "en-us+m1", pitch=10)
    )


def test_same_call_same_sound_whatever_was_said_before():
    first = [synthesis.say("six", voice) for voice in ("en-us+f1", "en-us+whisper")]
    synthesis.say("something else", "en-us+m3")
    time.sleep(1.1)  # left alone, the library draws its breath noise by the clock's seconds
    for voice, sound in zip(("en-us+f1", "en-us+whisper"), first, strict=True):
        assert torch.equal(synthesis.say("six", voice), sound)


def test_voices_and_variants_differ():
    sounds = [synthesis.say("two", voice) for voice in ("en-us", "en-us+f3", "en-us+m5", "en-gb-scotland")]
    assert len({tuple(sound.tolist()) for sound in sounds}) == 4


def test_mandarin_is_spoken():
    one, ten = synthesis.say("一", "cmn"), synthesis.say("一二三四五六七八九十", "cmn")
    assert len(one) < len(ten) / 4
    assert not torch.equal(one, synthesis.say("二", "cmn"))


WRONG = {
    "variant": (("one", "en-us+nobody"), {}, "the voice 'en-us.nobody': it has no voice variant 'nobody'"),
    "language": (("one", "klingonese"), {}, r"choosing the voice 'klingonese': not found \(code 2\)"),
    "rate": (("one",), {"rate": 1000}, "rate must be 80 to 450 words per minute, got 1000"),
    "pitch": (("one",), {"pitch": -1}, "pitch must be 0 to 100, got -1"),
    "no text": ((" ",), {}, "There is no text to speak"),
}


@pytest.mark.parametrize(("arguments", "options", "words"), WRONG.values(), ids=WRONG)
def test_wrong_request_gets_a_sentence(arguments, options, words):
    with pytest.raises(CourseError, match=words):
        synthesis.say(*arguments, **options)


def test_library_that_does_not_load_gets_a_sentence(monkeypatch, tmp_path):
    monkeypatch.setattr(synthesis.espeakng_loader, "get_library_path", lambda: str(tmp_path / "none.so"))
    with pytest.raises(CourseError, match=r"library could not be loaded: .*`mmcourse doctor` shows"):
        synthesis.say("one")


def test_missing_voice_data_get_a_sentence(monkeypatch, tmp_path):
    monkeypatch.setattr(synthesis.espeakng_loader, "get_data_path", lambda: str(tmp_path))
    with pytest.raises(CourseError, match="did not start with the voice data in "):
        synthesis.say("one")


@pytest.mark.parametrize("status", [-1, 1, 2])
def test_every_status_of_the_library_is_looked_at(status):
    with pytest.raises(espeak.EspeakError, match=rf"speaking: .* \(code {status}\)"):
        espeak.Espeak._check(status, "speaking")


def test_many_voices_come_in_the_order_asked_for():
    voices = digits.voices()[:5]
    # The first voice has most to say, so the others are done before it.
    jobs = [(voice, [Take("one")] * (40 if i == 0 else 1)) for i, voice in enumerate(voices)]
    spoken = list(synthesis.speak_many(jobs, 8000, workers=4))
    assert [voice for voice, _ in spoken] == voices
    assert [len(sounds) for _, sounds in spoken] == [40, 1, 1, 1, 1]
    for voice, sounds in spoken:
        assert torch.equal(sounds[0], synthesis.say("one", voice))


def test_build_is_the_same_to_the_byte_for_any_number_of_processes(monkeypatch, tmp_path):
    held, speakers = [], [*digits.voices()[::25], "en-us+whisper"]  # whose noise is drawn at random
    for workers in (1, 3):
        monkeypatch.setenv("MMCOURSE_CACHE_DIR", str(tmp_path / str(workers)))
        digits.recordings(speakers=speakers, manners=((175, 50),), workers=workers)
        (entry,) = (path for path in (tmp_path / str(workers)).iterdir() if path.is_dir())
        held.append({path.name: path.read_bytes() for path in entry.iterdir()})
    assert held[0] == held[1]
    assert sorted(held[0]) == [
        "index.json",
        "manifest.json",
        "picture_labels.npy",
        "pictures.npy",
        "samples.npy",
    ]


def test_digits_have_enough_voices_and_no_two_alike():
    voices = digits.voices()
    assert len(voices) == 74  # the datasheet says so
    assert len({voice.partition("+")[2] for voice in voices}) == 74
    assert "74 synthetic voices" in digits.DATASHEET.speech


def test_datasheet_warns_of_the_voice_with_an_offset_and_of_no_other(small):
    voices = ["en+caleb", "en-gb-x-gbcwmd+Reed", "en-gb-scotland+sandro", "en+f2"]
    spoken = data.recordings("digits", **{**small, "speakers": voices})
    said = {v: torch.cat([s["speech"] for s in spoken if s["speaker"] == v]) for v in voices}
    assert [v for v in voices if said[v].mean().abs() > 0.5 * said[v].std()] == ["en+caleb"]
    assert float(said["en+caleb"].mean()) == pytest.approx(-0.05, abs=0.01)
    words = "en+caleb has a constant offset as large as its sound (on average -0.05)"
    assert words in digits.DATASHEET.caution
