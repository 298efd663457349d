"""Loading by name: wrong arguments get a sentence, and the seed decides everything."""

import re
import subprocess
import sys
import textwrap

import pytest
import torch

from mmcourse import data
from mmcourse.errors import CourseError

WRONG = {
    "unknown name": (("digit",), {}, r"no data set 'digit'\. Did you mean 'digits'\? There are: digits"),
    "far from any": (("imagenet",), {}, r"no data set 'imagenet'\. There are: digits, mnist-fsdd, folder\."),
    "not a name": ((3,), {}, r"no data set 3\."),
    "seed a fraction": (("digits",), {"seed": 1.5}, r"seed must be a whole number from 0 on.*got 1\.5"),
    "seed a truth value": (("digits",), {"seed": True}, r"seed must be a whole number.*got True"),
    "seed below zero": (("digits",), {"seed": -1}, r"seed must be a whole number.*got -1"),
    "no pairs": (("digits",), {"pairs_per_image": 0}, r"pairs_per_image must be .* from 1 on, got 0"),
    "half a pair": (("digits",), {"pairs_per_image": 0.5}, r"pairs_per_image must be .*got 0\.5"),
    "pairing": (("digits",), {"pairing": "labels"}, r"no pairing 'labels'\. Did you mean 'label'\?"),
    "a list for a name": ((["digits"],), {}, r"no data set \['digits'\]\. Did you mean 'digits'"),
    "option of all sets": (
        ("digits",),
        {"pair_per_image": 3},
        r"data\.load\('digits'\) has no option 'pair_per_image'\. Did you mean 'pairs_per_image'\? "
        r"It takes seed, pairs_per_image, pairing, max_images, and of its own speakers, manners, workers\.",
    ),
    "option of no set": (
        ("mnist-fsdd",),
        {"colour": 3},
        r"has no option 'colour'\. It takes seed, pairs_per_image, pairing, max_images, and no options of "
        r"its own\.",
    ),
    "an option without its name": (
        ("folder", "/nope"),
        {},
        r"every option is given by its own name, got '/nope' without one\. "
        r"Write data\.load\('folder', images='…', speech='…'\)\.",
    ),
    "a seed without its name": (("digits", 3), {}, r"got 3 without one\. Write data\.load\('digits'\)\."),
    "one voice for a list": (
        ("digits",),
        {"speakers": "en+f2"},
        r"speakers must be a list .* got 'en\+f2'\.",
    ),
    "no voice": (
        ("digits",),
        {"speakers": []},
        "needs at least one voice in speakers=, or None for all, got none",
    ),
    "unknown voice": (
        ("digits",),
        {"speakers": ["en+calep"]},
        r"no voice 'en\+calep'\. Did you mean 'en\+caleb'.*\? data\.digits\.voices\(\) lists",
    ),
    "a number for a voice": (("digits",), {"speakers": [3]}, r"no voice 3\. data\.digits\.voices\(\) lists"),
    "a voice twice": (("digits",), {"speakers": ["en", "en"]}, "names the voice 'en' twice; name it once"),
    "no pairs of manners": (("digits",), {"manners": 3}, r"manners must be one or more pairs .* got 3\."),
    "no manner": (("digits",), {"manners": ()}, r"manners must be one or more pairs .* got \(\)\."),
    "too fast": (("digits",), {"manners": ((999, 50),)}, "rate must be 80 to 450 words per minute, got 999"),
    "half a word": (("digits",), {"manners": ((145.0, 50),)}, r"rate must be 80 to 450 .* got 145\.0"),
    "no workers": (("digits",), {"workers": 0}, "workers must be a whole number from 1 on, got 0"),
    "max_images": (("digits",), {"max_images": 0}, r"max_images must be .*, or None for all, got 0"),
}


@pytest.mark.parametrize(("arguments", "options", "words"), WRONG.values(), ids=WRONG)
def test_wrong_arguments_get_a_sentence_and_make_nothing(arguments, options, words, home):
    with pytest.raises(CourseError, match=words):
        data.load(*arguments, **options)
    assert not home.exists()


def test_recordings_of_an_unknown_name_get_the_same_sentence():
    with pytest.raises(CourseError, match="Did you mean 'mnist-fsdd'"):
        data.recordings("mnist_fsdd")
    with pytest.raises(
        CourseError,
        match=r"data\.recordings\('digits'\) has no option 'seed'\. It takes speakers, manners, workers\.",
    ):
        data.recordings("digits", seed=1)


def test_every_module_is_reached_from_the_package():
    script = """
        import pkgutil
        from mmcourse import data
        assert "folders" not in vars(data)
        names = [module.name for module in pkgutil.iter_modules(data.__path__)]
        assert data.folders.source and all(getattr(data, name) and name in dir(data) for name in names)
    """
    subprocess.run([sys.executable, "-c", textwrap.dedent(script)], check=True)
    with pytest.raises(AttributeError, match="data has no 'lod'"):
        data.lod  # noqa: B018


def test_help_shows_how_to_call_folder():
    for place in (data, data.load, data.folders):
        text = " ".join(place.__doc__.split())
        assert re.search(r'load\("folder", images="pictures", speech="sounds"\)', text)
    assert "sounds/cat/anna/1.wav" in data.folders.__doc__


def test_names_are_what_load_knows():
    assert data.names() == ["digits", "mnist-fsdd", "folder"]


def _ids(sets):
    return [[(s["image_id"], s["speech_id"]) for s in (part[i] for i in range(len(part)))] for part in sets]


def test_same_seed_same_parts_and_another_seed_others(small):
    first = _ids(data.load("digits", seed=3, **small))
    assert first == _ids(data.load("digits", seed=3, **small))
    assert first != _ids(data.load("digits", seed=4, **small))


def test_more_pairs_leave_the_split_as_it_is(small):
    one, three = (data.load("digits", pairs_per_image=n, **small) for n in (1, 3))
    for few, many in zip(one, three, strict=True):
        assert len(many) == 3 * len(few)
        assert set(few.speakers) == set(many.speakers)
        assert torch.equal(many.images[: len(few)], few.images)


def test_the_global_seed_is_neither_used_nor_changed(small):
    torch.manual_seed(1)
    state = torch.random.get_rng_state()
    first = _ids(data.load("digits", **small))
    assert torch.equal(torch.random.get_rng_state(), state)
    torch.manual_seed(2)
    assert _ids(data.load("digits", **small)) == first


def test_max_images_limits_each_part(small):
    sets = data.load("digits", max_images=20, pairs_per_image=2, **small)
    assert [len(part) for part in sets] == [40, 40, 40]
