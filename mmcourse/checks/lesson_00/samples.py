"""Read one sample and mute one of its senses."""

from mmcourse.checks import Case, Exercise, Mistake, lazy

torch = lazy("torch")  # `mmcourse progress` reads this file: torch must not be imported for that

SENSES = ("image", "speech")


def _sample(generator, samples=6, side=2):
    """Make one small sample as `data.load` gives it, with a silence of two values in its speech."""
    speech = (torch.rand(samples, generator=generator) * 2 - 1).round(decimals=1)
    speech[:2] = 0
    image = torch.rand(1, side, side, generator=generator).round(decimals=1)
    return {"image": image, "speech": speech, "label": 3, "speaker": "ann"}


def _heard(sample, sample_rate):
    return int((sample["speech"] != 0).sum()) / sample_rate


duration = Exercise(
    id="00.1",
    name="duration",
    title="How long does a sound last?",
    difficulty=1,
    minutes=5,
    stub="return how many seconds sample['speech'] lasts",
    parameters=("sample", "sample_rate"),
    reference=lambda sample, sample_rate: len(sample["speech"]) / sample_rate,
    hints=(
        "A sound of 8,000 values at 8,000 values a second lasts one second. How long do 4,000 values last?",
        "Which entry of the sample holds the sound, and how do you ask a tensor with one axis for its "
        "length?",
        "Divide: values ÷ (values per second) = seconds. `len(sample['speech'])` counts the values.",
    ),
    cases=(
        Case("six values at 4 a second", lambda g: (_sample(g, 6), 4)),
        Case("a sound at 8,000 values a second", lambda g: (_sample(g, 3500), 8000)),
        Case("a sound at 16,000 values a second", lambda g: (_sample(g, 3500, 8), 16000)),
        Case("a sound of one value", lambda g: (_sample(g, 1), 2)),
    ),
    mistakes=(
        Mistake(
            "upside down",
            lambda sample, rate: rate / len(sample["speech"]),
            "Your fraction is upside down: values ÷ (values per second) gives seconds.",
        ),
        Mistake(
            "multiplied",
            lambda sample, rate: len(sample["speech"]) * rate,
            "You multiplied: the more values pass in a second, the shorter the sound.",
        ),
        Mistake(
            "one less",
            lambda sample, rate: (len(sample["speech"]) - 1) / rate,
            "You left the last value out: each of them lasts 1 / sample_rate seconds, the last one too.",
        ),
        Mistake(
            "divided sound",
            lambda sample, rate: sample["speech"] / rate,
            "You divided the values of the sound themselves; how many are there?",
        ),
        Mistake(
            "milliseconds",
            lambda sample, rate: 1000 * len(sample["speech"]) / rate,
            "These are milliseconds; the task asks for seconds.",
        ),
        Mistake(
            "not divided",
            lambda sample, rate: float(len(sample["speech"])),
            "This is the number of samples, not yet seconds: how many of them pass in one second?",
        ),
        Mistake(
            "whole seconds",
            lambda sample, rate: float(len(sample["speech"]) // rate),
            "`//` keeps whole seconds only; most words are shorter than one.",
        ),
        Mistake(
            "rounded",
            lambda sample, rate: float(round(len(sample["speech"]) / rate)),
            "You rounded to whole seconds; most words are shorter than one.",
        ),
        Mistake(
            "length of the dict",
            lambda sample, rate: len(sample) / rate,
            "`len(sample)` counts the keys of the dict; the sound is its entry 'speech'.",
        ),
        Mistake(
            "the picture",
            lambda sample, rate: sample["image"].numel() / rate,
            "You counted the values of the picture; the sound is the entry 'speech'.",
        ),
        Mistake(
            "8,000 fixed",
            lambda sample, rate: len(sample["speech"]) / 8000,
            "8,000 is written into your function: it must use the sample_rate it is given.",
        ),
        Mistake("silence", _heard, "You left out the silence: a value of 0 takes as long as any other."),
    ),
    noticing="The tensor does not know its rate: the same values at 16,000 a second last half as long and "
    "sound an octave higher. So a data set carries its sample_rate beside the sound.",
    variants=(),
    exact_dtype=False,
)


def _mute(sample, sense):
    return {**sample, sense: torch.zeros_like(sample[sense])}


def _other(sense):
    return SENSES[1 - SENSES.index(sense)]


def _mute_in_place(sample, sense):
    sample[sense].zero_()
    return sample


def _mute_in_dict(sample, sense):
    sample[sense] = torch.zeros_like(sample[sense])
    return sample


def _without(sample, *keys):
    return {key: value for key, value in sample.items() if key not in keys}


def _broken_sample(generator):
    sample = _sample(generator)
    sample["image"][0, 0, 0] = float("nan")
    return sample, "image"


_CHANGED = (
    "You changed the sample you were given, so the picture or sound is lost to everyone who holds it. Make "
    "a new dict and a new tensor of zeros."
)
_SHAPE = "Put zeros of the same shape and type in its place, so that the model can still read the sample."

mute = Exercise(
    id="00.4",
    name="mute",
    title="Switch one sense off",
    difficulty=1,
    minutes=10,
    stub="return a copy of the sample with the named sense all zeros",
    parameters=("sample", "sense"),
    reference=_mute,
    hints=(
        "After your function has run, what does the sample that was handed in look like?",
        "How do you copy a dict with one entry replaced? Does that copy also copy the tensors in it?",
        "`{**sample, sense: ...}` is a new dict; `torch.zeros_like(t)` is a new tensor shaped like t.",
    ),
    cases=(
        Case("the image off", lambda g: (_sample(g), "image")),
        Case("the speech off", lambda g: (_sample(g), "speech")),
        Case("a broken picture that holds NaN, off", _broken_sample),
        Case("a larger sample", lambda g: (_sample(g, 400, 8), "speech")),
    ),
    mistakes=(
        Mistake("in place", _mute_in_place, _CHANGED),
        Mistake("same dict", _mute_in_dict, _CHANGED),
        Mistake(
            "other sense",
            lambda sample, sense: _mute(sample, _other(sense)),
            "You switched off the other sense.",
        ),
        Mistake(
            "always the image",
            lambda sample, sense: _mute(sample, "image"),
            "You always switch off the image: use the name in `sense`.",
        ),
        Mistake(
            "always the speech",
            lambda sample, sense: _mute(sample, "speech"),
            "You always switch off the speech: use the name in `sense`.",
        ),
        Mistake(
            "both",
            lambda sample, sense: _mute(_mute(sample, "image"), "speech"),
            "You switched off both senses; only the one named in `sense` goes.",
        ),
        Mistake(
            "entry removed",
            lambda sample, sense: _without(sample, sense),
            "The key of the muted sense is gone. " + _SHAPE,
        ),
        Mistake("row", lambda sample, sense: {**sample, sense: torch.zeros(len(sample[sense]))}, _SHAPE),
        Mistake(
            "quoted",
            lambda sample, sense: {**sample, "sense": torch.zeros_like(sample[sense])},
            "You made a new key 'sense'; without quotes, `sense` is the name you were given.",
        ),
        Mistake("number", lambda sample, sense: {**sample, sense: torch.tensor(0.0)}, _SHAPE),
        Mistake("list", lambda sample, sense: {**sample, sense: [0] * len(sample[sense])}, _SHAPE),
        Mistake(
            "list of floats", lambda sample, sense: {**sample, sense: [0.0] * len(sample[sense])}, _SHAPE
        ),
        Mistake("plain zero", lambda sample, sense: {**sample, sense: 0}, _SHAPE),
        Mistake("None", lambda sample, sense: {**sample, sense: None}, _SHAPE),
        Mistake(
            "tensor only",
            lambda sample, sense: torch.zeros_like(sample[sense]),
            "You return one tensor; return the whole sample, a dict, with that tensor in it.",
        ),
        Mistake(
            "times zero",
            lambda sample, sense: {**sample, sense: sample[sense] * 0},
            "NaN · 0 is NaN: a broken picture shines through. Put zeros there instead of multiplying.",
        ),
        Mistake(
            "label lost",
            lambda sample, sense: _without(_mute(sample, sense), "label", "speaker"),
            "A key is missing: everything else in the sample, such as its label, has to stay.",
        ),
        Mistake(
            "label zero",
            lambda sample, sense: {**_mute(sample, sense), "label": 0},
            'You changed "label" too: only the sense named in `sense` changes.',
        ),
        Mistake(
            "untouched",
            lambda sample, sense: dict(sample),
            "The sample came back untouched: does your operation return a new tensor that is then dropped?",
        ),
    ),
    noticing="A black picture is still a picture: a model that never met one in training may answer "
    "anything. Lesson 11 trains for a missing sense instead of hoping.",
)
