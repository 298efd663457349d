"""Grids: every crossing measured once and in its place; senses go missing as often as was asked."""

import pytest
import torch

from mmcourse.evaluation import accuracy, drop_senses, grid, missing_sense_grid, noise_grid
from tests.evaluation.senses import Known, table_of

SENSES = ("image", "speech")


def test_every_field_has_its_own_number():
    found = grid({"tens": (1, 2)}, {"ones": (3, None)}, lambda row, col: 10 * row + (col or 0))
    assert found.values.tolist() == [[13, 10], [23, 20]]
    assert str(found).splitlines() == [
        "tens ↓ ones →       3    none",
        "            1  13.000  10.000",
        "            2  23.000  20.000",
    ]


@pytest.mark.parametrize("rate", [0.0, 0.3, 0.5, 1.0])
def test_senses_are_missing_as_often_as_asked_and_one_always_stays(rate):
    table = {"label": torch.zeros(20_000, dtype=torch.int64)}
    present = drop_senses(table, rate, senses=SENSES, seed=0)["present"]
    assert "present" not in table
    assert present.any(dim=1).all()
    wanted = rate * (1 - rate) + rate**2 / 2  # lost alone, or both were to go and the other was kept
    assert (~present).double().mean(dim=0).tolist() == pytest.approx([wanted] * 2, abs=0.01)


def test_each_sense_may_have_its_rate():
    table = {"label": torch.zeros(5000, dtype=torch.int64)}
    present = drop_senses(table, (0.0, 0.4), senses=SENSES, seed=1)["present"]
    assert present[:, 0].all()
    assert (~present[:, 1]).double().mean().item() == pytest.approx(0.4, abs=0.03)


def test_missing_senses_in_training_and_test():
    table = table_of(image=0.3, speech=0.3)
    models = {0.0: Known(lambda image, speech: image), 0.5: Known(lambda image, speech: image + speech)}
    found = missing_sense_grid(models, table, rates=(0.0, 1.0), which="image")
    assert (found.rows, found.cols) == ((0.0, 0.5), (0.0, 1.0))
    whole, without = found.values[0].tolist()
    assert whole == accuracy(table["image"], table["label"])
    assert without == (table["label"] == 0).double().mean()  # nothing is left: the first class is called
    assert found.values[1, 1].item() == pytest.approx(accuracy(table["speech"], table["label"]))
    assert found.values[1, 0] > found.values[0, 0]


def test_noise_reaches_the_model_as_asked():
    asked = []

    def tables(noise, ratio):
        asked.append((noise, ratio))
        return table_of(image=noise, speech=1.0 if ratio is None else 2.0)

    found = noise_grid(Known(lambda image, speech: image), tables, image_noise=(0.1, 2.0), snr_db=(None, -3))
    assert asked == [(0.1, None), (0.1, -3), (2.0, None), (2.0, -3)]
    assert found.values[0].min() > 0.99
    assert found.values[1].max() < 0.6


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda table: grid({"a": []}, {"b": [1]}, max), "'a' has no settings"),
        (lambda table: grid({"a": [1], "c": [2]}, {"b": [1]}, max), "one name"),
        (lambda table: drop_senses(table, 1.5, senses=SENSES, seed=0), "got 1.5"),
        (lambda table: drop_senses(table, (0.1,), senses=SENSES, seed=0), "2 senses and 1 rates"),
        (lambda table: missing_sense_grid({}, table), "no settings"),
        (lambda table: missing_sense_grid({0.0: None}, table, which="touch"), "image, speech.*'touch'"),
    ],
)
def test_what_makes_no_grid_gets_a_sentence(call, words):
    with pytest.raises(ValueError, match=words):
        call(table_of(10, image=0.1, speech=0.1))
