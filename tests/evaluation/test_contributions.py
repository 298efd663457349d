"""Contributions: known where the model's use of each sense is, and sums that must come out."""

import itertools
import math

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from mmcourse.evaluation import (
    accuracy,
    coalition_values,
    conditional_utilisation,
    emap,
    permutation_share,
    shapley,
    shuffled_pairs,
)
from mmcourse.modules.image_models import ImageCNN
from mmcourse.modules.multimodal import TwoSenses
from mmcourse.modules.speech_models import SpeechCNN
from tests.evaluation.senses import Known, product, table_of, xor_table

BOTH, IMAGE, SPEECH, NONE = (
    frozenset({"image", "speech"}),
    frozenset({"image"}),
    frozenset({"speech"}),
    frozenset(),
)


def test_shuffled_pairs_moves_one_sense_with_its_lengths_and_nothing_else():
    table = table_of(50, image=0.1, speech=0.1)
    table["lengths"] = table["speech"][:, 0].clone()
    kept = {name: column.clone() for name, column in table.items()}
    mixed = shuffled_pairs(table, "speech", seed=3)
    assert all(torch.equal(table[name], kept[name]) for name in table)
    assert torch.equal(mixed["image"], table["image"])
    assert torch.equal(mixed["label"], table["label"])
    assert not torch.equal(mixed["speech"], table["speech"])
    assert torch.equal(mixed["lengths"], mixed["speech"][:, 0])
    assert torch.equal(mixed["speech"].sort(dim=0).values, table["speech"].sort(dim=0).values)


def test_shuffled_within_a_class_keeps_the_class():
    table = table_of(60, image=0.0, speech=0.0) | {"row": torch.arange(60)}
    mixed = shuffled_pairs(table, "row", seed=0, within_class=True)
    assert torch.equal(table["label"][mixed["row"]], table["label"])
    assert not torch.equal(mixed["row"], table["row"])
    assert sorted(mixed["row"].tolist()) == list(range(60))


@pytest.mark.parametrize("absent", ["permuted", "present", "muted"])
def test_a_model_of_one_sense_owes_it_everything(absent):
    table = table_of(image=0.2, speech=0.2)
    values = coalition_values(Known(lambda image, speech: image), table, absent=absent)
    whole = accuracy(table["image"], table["label"])
    assert values[BOTH] == values[IMAGE] == whole > 0.9
    assert values[SPEECH] < 0.35
    if absent != "permuted":  # zeros of all classes: the first is called
        assert values[SPEECH] == (table["label"] == 0).double().mean()
    assert values[NONE] == torch.bincount(table["label"]).max().item() / 400
    assert permutation_share(values) == {"image": 1.0, "speech": 0.0}
    used = conditional_utilisation(values)
    assert used["speech"] == 0
    assert used["image"] == pytest.approx(1 - values[SPEECH] / whole)


def test_a_function_may_take_senses_away():
    table = table_of(image=0.2, speech=0.2)
    zeros = lambda table, missing: table | {sense: torch.zeros(400, 4) for sense in missing}  # noqa: E731
    model = Known(lambda image, speech: image + speech)
    assert coalition_values(model, table, absent=zeros) == coalition_values(model, table, absent="present")


def test_more_draws_average_and_the_seed_repeats():
    table, model = table_of(40, image=0.5, speech=0.5), Known(lambda image, speech: image + speech)
    one = [coalition_values(model, table, seed=seed)[IMAGE] for seed in range(3)]
    assert coalition_values(model, table, seed=0, draws=3)[IMAGE] == pytest.approx(sum(one) / 3)
    assert len(set(one)) > 1


def test_a_loss_may_be_the_measure():
    table, model = table_of(image=0.2, speech=0.2), Known(lambda image, speech: 5 * image)
    measure = lambda logits, labels: -torch.nn.functional.cross_entropy(logits, labels).item()  # noqa: E731
    shares = torch.bincount(table["label"]) / 400
    values = coalition_values(model, table, measure=measure)
    assert values[NONE] == pytest.approx((shares * shares.log()).sum().item(), rel=1e-5)


def test_the_models_of_the_course_can_be_asked():
    torch.manual_seed(0)
    model = TwoSenses(ImageCNN(features=4, channels=2), SpeechCNN(features=4, channels=2), 3, hidden=5)
    table = {
        "image": torch.rand(9, 1, 8, 8),
        "speech": torch.randn(9, 40, 12),
        "lengths": torch.full((9,), 12),
        "label": torch.arange(9) % 3,
    }
    for absent in ("permuted", "muted"):
        assert set(coalition_values(model, table, absent=absent)) == {BOTH, IMAGE, SPEECH, NONE}
    assert emap(model, table).logits.shape == (9, 3)


def test_three_senses_have_eight_sets():
    table = table_of(image=0.6, speech=0.6, touch=0.6)
    model = Known(lambda image, speech, touch: image + speech + touch)
    values = coalition_values(model, table, senses=("image", "speech", "touch"), absent="present")
    assert len(values) == 8
    parts = shapley(values)
    assert sum(parts.values()) == pytest.approx(
        values[frozenset({"image", "speech", "touch"})] - values[NONE]
    )


def test_shapley_of_two_senses_by_hand():
    values = {NONE: 0.1, IMAGE: 0.7, SPEECH: 0.6, BOTH: 0.9}
    assert shapley(values) == pytest.approx({"image": (0.6 + 0.3) / 2, "speech": (0.5 + 0.2) / 2})


@given(st.lists(st.floats(-1, 1), min_size=16, max_size=16))
def test_shapley_is_the_mean_gain_over_all_orders(numbers):
    senses = "abcd"
    sets = [frozenset(kept) for size in range(5) for kept in itertools.combinations(senses, size)]
    values = dict(zip(sets, numbers, strict=True))
    wanted = dict.fromkeys(senses, 0.0)
    for order in itertools.permutations(senses):
        for place, sense in enumerate(order):
            before = frozenset(order[:place])
            wanted[sense] += (values[before | {sense}] - values[before]) / math.factorial(4)
    assert shapley(values) == pytest.approx(wanted, abs=1e-12)
    assert shapley(values.__getitem__, senses) == pytest.approx(wanted, abs=1e-12)


def test_the_projection_of_a_sum_is_the_sum():
    table = table_of(40, image=0.7, speech=0.7)
    found = emap(Known(lambda image, speech: 2 * image.sin() + speech.cos()), table, rows=30, batch_size=7)
    torch.testing.assert_close(found.additive, found.logits)
    wanted = 2 * table["image"][:30].sin() + table["speech"][:30].cos()
    torch.testing.assert_close(found.logits, wanted.double())
    assert found.interaction == 0
    assert found.labels.tolist() == table["label"][:30].tolist()


def test_what_only_an_interaction_tells_is_lost_by_the_projection():
    table = xor_table()
    found = emap(Known(product), table)
    assert found.accuracy == 1
    assert found.additive_accuracy < 0.8  # signs of 200 rows are not quite even
    assert found.interaction == pytest.approx(found.accuracy - found.additive_accuracy)
    parts = shapley(coalition_values(Known(product), table, draws=20))
    assert abs(parts["image"] - parts["speech"]) < 0.05  # neither knows anything alone: they share alike


def test_the_projection_is_the_nearest_sum():
    """Least squares of the whole grid on two functions, solved as a linear system."""
    generator = torch.Generator().manual_seed(2)
    table = {sense: torch.randn(5, 1, generator=generator) for sense in ("image", "speech")}
    table["label"] = torch.zeros(5, dtype=torch.int64)
    found = emap(Known(lambda image, speech: (image * speech + image).expand(-1, 2)), table)
    one, other = torch.meshgrid(torch.arange(5), torch.arange(5), indexing="ij")
    design = torch.cat([torch.eye(5)[one.flatten()], torch.eye(5)[other.flatten()]], dim=1).double()
    grid = (table["image"] * table["speech"].T + table["image"]).flatten().double()
    fitted = design @ torch.linalg.pinv(design) @ grid
    torch.testing.assert_close(found.additive[:, 0], fitted.reshape(5, 5).diagonal(), rtol=0, atol=1e-6)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda model, table: shuffled_pairs(table, "touch", seed=0), "no 'touch'; it has label, image"),
        (lambda model, table: coalition_values(model, table, senses=["image"]), r"two or more.*\['image'\]"),
        (lambda model, table: coalition_values(model, table, senses="image"), "two or more"),
        (lambda model, table: coalition_values(model, table, absent="zeros"), "'permuted'.*got 'zeros'"),
        (lambda model, table: coalition_values(model, table, draws=0), "got 0"),
        (
            lambda model, table: coalition_values(
                model, table | {"touch": table["image"]}, senses=("image", "speech", "touch"), absent="muted"
            ),
            "one sense at a time",
        ),
        (lambda model, table: shapley({BOTH: 1.0, IMAGE: 0.5, NONE: 0.1}), r"no value for \['speech'\]"),
        (lambda model, table: shapley(len), "needs their senses"),
        (lambda model, table: shapley(len, [str(i) for i in range(13)]), "8,192 sets"),
        (lambda model, table: conditional_utilisation({BOTH: 0, IMAGE: 0, SPEECH: 0, NONE: 0}), "above 0"),
        (lambda model, table: emap(model, table, senses=("image",)), "two senses"),
        (lambda model, table: emap(model, table, rows=0), "got none"),
    ],
)
def test_what_cannot_be_measured_gets_a_sentence(call, words):
    with pytest.raises(ValueError, match=words):
        call(Known(lambda image, speech: image), table_of(20, image=0.1, speech=0.1))
