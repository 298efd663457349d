"""Wrong amounts and generators get a sentence with the value got and the value wanted."""

import pytest
import torch

from mmcourse import data
from mmcourse.data import corruption
from mmcourse.errors import CourseError

IMAGE, SPEECH = torch.full((1, 8, 8), 0.5), torch.linspace(-1, 1, 100)
WRONG = {
    "std": (lambda g: corruption.gaussian_noise(IMAGE, "a", g), "std must be 0 or more, got 'a'"),
    "std is no number": (
        lambda g: corruption.gaussian_noise(IMAGE, float("nan"), g),
        "std must be 0 or more, got nan",
    ),
    "sigma": (lambda g: corruption.blur(IMAGE, None), "sigma must be 0 or more, got None"),
    "share": (lambda g: corruption.occlude(IMAGE, "x", g), "share must lie in .*, got 'x'"),
    "length": (
        lambda g: corruption.white_noise(2.5, g),
        r"length must be a whole number from 1 on, got 2\.5",
    ),
    "no length": (lambda g: corruption.pink_noise(0, g), "length must be a whole number from 1 on, got 0"),
    "no voices": (lambda g: corruption.babble([], 9, g), "Babble needs at least one voice, got none"),
    "count": (
        lambda g: corruption.babble([SPEECH], 9, g, 0),
        "count must be a whole number from 1 on, got 0",
    ),
    "frame": (
        lambda g: corruption.drop_frames(SPEECH, 0.5, 0, g),
        "frame_length must be .* from 1 on, got 0",
    ),
    "level": (lambda g: corruption.clip(SPEECH, "a"), "level must be above 0 and at most 1 .*, got 'a'"),
    "no level": (lambda g: corruption.clip(SPEECH, 0), "level must be above 0 and at most 1 .*, got 0"),
    "samples": (lambda g: corruption.time_shift(SPEECH, 1.5), r"samples must be a whole number .*, got 1\.5"),
    "snr": (lambda g: corruption.mix(SPEECH, SPEECH, "a"), "snr_db must be a number of decibels, got 'a'"),
    "short noise": (
        lambda g: corruption.mix(SPEECH, SPEECH[:1], 0),
        "The noise has 1 sample and the speech 100: make it as long",
    ),
    "text": (lambda g: data.synthesis.say(3), "no text to speak: give at least one word, got 3"),
    "voice": (lambda g: data.synthesis.say("a", voice=3), "voice must be a name, .*, got 3"),
    "rate of samples": (
        lambda g: data.synthesis.say("a", sample_rate=0),
        "sample_rate must be a whole number of Hz from 1000 to 384000, such as 8000, got 0",
    ),
}


@pytest.mark.parametrize(("call", "words"), WRONG.values(), ids=WRONG)
def test_wrong_amounts_get_a_sentence(generator, call, words):
    with pytest.raises(CourseError, match=words):
        call(generator)


RANDOM = {
    "gaussian_noise": lambda g: corruption.gaussian_noise(IMAGE, 0.1, g),
    "occlude": lambda g: corruption.occlude(IMAGE, 0.5, g),
    "white_noise": lambda g: corruption.white_noise(9, g),
    "pink_noise": lambda g: corruption.pink_noise(9, g),
    "babble": lambda g: corruption.babble([SPEECH], 9, g),
    "drop_frames": lambda g: corruption.drop_frames(SPEECH, 0.5, 10, g),
}


@pytest.mark.parametrize("call", RANDOM.values(), ids=RANDOM)
@pytest.mark.parametrize("wrong", [None, 3])
def test_what_is_random_wants_a_generator(call, wrong):
    with pytest.raises(CourseError, match=rf"must be a torch\.Generator, such as .*, got {wrong}\."):
        call(wrong)


def test_each_clip_of_a_batch_may_have_its_own_ratio():
    speech, noise = SPEECH.expand(2, -1), SPEECH.flip(0).expand(2, -1)
    noisy = corruption.mix(speech, noise, torch.tensor([[0.0], [20.0]]))
    torch.testing.assert_close(corruption.snr_db(speech, noisy), torch.tensor([0.0, 20.0]))
