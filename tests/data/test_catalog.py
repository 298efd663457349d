"""Loading by name: wrong arguments get a sentence, and the seed decides everything."""

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
    "max_images": (("digits",), {"max_images": 0}, r"max_images must be .*, or None for all, got 0"),
}


@pytest.mark.parametrize(("arguments", "options", "words"), WRONG.values(), ids=WRONG)
def test_wrong_arguments_get_a_sentence(arguments, options, words):
    with pytest.raises(CourseError, match=words):
        data.load(*arguments, **options)


def test_recordings_of_an_unknown_name_get_the_same_sentence():
    with pytest.raises(CourseError, match="Did you mean 'mnist-fsdd'"):
        data.recordings("mnist_fsdd")


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
