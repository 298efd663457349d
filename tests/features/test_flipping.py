import pytest
import torch

from mmcourse import features

IMAGE = torch.arange(12.0).reshape(1, 3, 4)


@pytest.mark.parametrize("flip", [features.hflip, features.vflip])
@pytest.mark.parametrize("classes", ["7", "b", "seven", "Ä", "12", ["cat", "2"], [0, 8]])
def test_digits_and_letters_are_not_mirrored(flip, classes):
    with pytest.raises(ValueError, match=r"mirrored picture of '.*Leave the flip out, or name the classes"):
        flip(IMAGE, classes=classes)


@pytest.mark.parametrize("flip", [features.hflip, features.vflip])
@pytest.mark.parametrize("classes", [None, "cat", ["cat", "truck"], []])
def test_other_classes_are(flip, classes):
    assert torch.equal(flip(IMAGE, classes=classes), flip(IMAGE))


def test_the_caller_knows_which_classes_survive_their_mirror_image():
    assert torch.equal(features.hflip(IMAGE, classes=["0", "8"], lawful={"0", "8"}), features.hflip(IMAGE))
    with pytest.raises(ValueError, match="mirrored picture of '2' is not"):
        features.hflip(IMAGE, classes=["0", "2"], lawful={"0", "8"})
    with pytest.raises(ValueError, match="mirrored picture of 'left shoe' is not"):
        features.hflip(IMAGE, classes="left shoe", lawful={"cat"})
