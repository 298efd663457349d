"""Co-training and self-training: who labels what, what is never looked at, and that two views help."""

import pytest
import torch

from mmcourse.colearning import co_training, confident, few_labels, network, self_training
from mmcourse.metrics import accuracy
from mmcourse.modules.multimodal import OneSense
from tests.joint.toys import CLASSES, Hear, See, make_table


def test_few_labels_are_balanced_random_and_part_all_rows():
    labels = torch.arange(60) % 3
    labelled, unlabelled = few_labels(labels, 4, seed=0)
    assert torch.bincount(labels[labelled]).tolist() == [4, 4, 4]
    assert torch.equal(torch.cat([labelled, unlabelled]).sort().values, torch.arange(60))
    assert torch.equal(labelled, few_labels(labels, 4, seed=0)[0])
    assert not torch.equal(labelled, few_labels(labels, 4, seed=1)[0])
    with pytest.raises(ValueError, match=r"class 0 has 20 examples: per_class must lie in 1..20, got 21"):
        few_labels(labels, 21, seed=0)


def test_the_surest_of_each_class_are_chosen():
    shares = torch.tensor([[0.9, 0.1], [0.6, 0.4], [0.8, 0.2], [0.3, 0.7], [0.9, 0.1], [0.45, 0.55]])
    rows, labels = confident(shares.log(), 2)
    assert rows.tolist() == [0, 4, 3, 5]  # of equal ones the earlier first
    assert labels.tolist() == [0, 0, 1, 1]
    rows, labels = confident(shares.log(), 2, threshold=0.65)
    assert rows.tolist() == [0, 4, 3]
    assert confident(shares.log(), 5, threshold=0.95)[0].tolist() == []
    assert confident(torch.zeros(200, 1), 3)[0].tolist() == [0, 1, 2]
    with pytest.raises(ValueError, match=r"got 0 and 0\.5"):
        confident(shares.log(), 0, 0.5)


def nearest(sense):
    """A learner that names the class with the nearest mean, sure by how near."""

    def learn(table, seed):
        x = table[sense].flatten(1)
        means = torch.stack([x[table["label"] == c].mean(0) for c in range(CLASSES)])
        return lambda rows: (-torch.cdist(rows[sense].flatten(1), means)).log_softmax(dim=1)

    return learn


def views(rows=300, seed=0, spread=0.5):
    """Two senses that each tell all classes, with noise of their own."""
    generator = torch.Generator().manual_seed(seed)
    label = torch.arange(rows) % CLASSES
    table = {"label": label}
    for sense in ("image", "speech"):
        table[sense] = spread * torch.randn(rows, 5, generator=generator)
        table[sense][torch.arange(rows), label] += 1
    return table


LEARNERS = {sense: nearest(sense) for sense in ("image", "speech")}
OPTIONS = {"rounds": 4, "per_class": 3, "seed": 0}


def blind(learner):
    """The same learner, who refuses to be shown the labels that it is to find."""

    def learn(table, seed):
        predict = learner(table, seed)

        def blindly(rows):
            assert "label" not in rows
            return predict(rows)

        return blindly

    return learn


def test_labels_that_are_to_be_found_are_never_read():
    table = views()
    labelled, unlabelled = few_labels(table["label"], 2, seed=0)
    hidden = {**table, "label": table["label"].clone()}
    hidden["label"][unlabelled] = -1
    learners = {sense: blind(learner) for sense, learner in LEARNERS.items()}
    one, other = (co_training(learners, t, labelled, unlabelled, **OPTIONS) for t in (table, hidden))
    assert torch.equal(one.rows, other.rows)
    assert torch.equal(one.labels, other.labels)
    assert (hidden["label"][unlabelled] == -1).all()


def test_what_is_added_is_kept_with_its_round_and_at_most_so_many():
    table = views()
    labelled, unlabelled = few_labels(table["label"], 2, seed=0)
    found = co_training(LEARNERS, table, labelled, unlabelled, **OPTIONS)
    assert torch.equal(found.rows[:6], labelled)
    assert torch.equal(found.labels[:6], table["label"][labelled])
    assert len(found.rows.unique()) == len(found.rows)
    for number in range(1, 5):
        assert 9 <= (found.rounds == number).sum() <= 18  # two senses, three classes, three of each
    alone = self_training(nearest("image"), table, labelled, unlabelled, **OPTIONS)
    assert torch.bincount(alone.rounds).tolist() == [6, 9, 9, 9, 9]
    assert torch.bincount(alone.labels).tolist() == [14, 14, 14]


def test_rows_named_differently_wait():
    def always(label):
        def learn(table, seed):
            def predict(rows):
                shares = torch.full((len(rows["image"]), CLASSES), 0.1)
                shares[:, label] = 0.8
                shares[0, label] = 0.85
                return shares.log()

            return predict

        return learn

    table = views(30)
    labelled, unlabelled = few_labels(table["label"], 1, seed=0)
    found = co_training({"image": always(0), "speech": always(1)}, table, labelled, unlabelled, **OPTIONS)
    assert len(found.rows) == 3
    agreed = co_training({"image": always(1), "speech": always(1)}, table, labelled, unlabelled, **OPTIONS)
    assert agreed.labels[3:].tolist() == [1] * 12


def test_it_ends_when_nothing_is_left_and_a_pool_bounds_a_round():
    table = views(30, spread=0.1)  # no row is named differently by the two
    labelled, unlabelled = few_labels(table["label"], 2, seed=0)
    options = OPTIONS | {"rounds": 50, "per_class": 9}
    assert len(co_training(LEARNERS, table, labelled, unlabelled, **options).rows) == 30
    found = co_training(LEARNERS, table, labelled, unlabelled, **OPTIONS | {"pool": 4})
    assert torch.bincount(found.rounds)[1:].max() <= 4


def closest(sense):
    """A learner that names the class of the nearest example."""

    def learn(table, seed):
        def predict(rows):
            gaps = torch.cdist(rows[sense], table[sense])
            of_class = [gaps[:, table["label"] == c].amin(1) for c in range(CLASSES)]
            return (-8 * torch.stack(of_class, 1)).log_softmax(dim=1)

        return predict

    return learn


def styles(rows=240, seed=0):
    """Pictures of each class come in two styles that look nothing alike; what is said sounds alike."""
    table = views(rows, seed, spread=0.15)
    style = torch.randint(2, (rows,), generator=torch.Generator().manual_seed(seed + 100))
    table["image"] = torch.cat(
        [table["image"] * style[:, None], table["image"] * (1 - style[:, None])], dim=1
    )
    return table


def test_one_sense_teaches_the_other_what_this_cannot_know_from_its_labels():
    """With one label a class the other style is unknown to the picture alone, and not to the sound."""
    scores = {"co": [], "self": []}
    test = styles(600, seed=99)
    for seed in range(5):
        table = styles(seed=seed)
        labelled, unlabelled = few_labels(table["label"], 1, seed=seed)
        learners = {sense: closest(sense) for sense in ("image", "speech")}
        both = co_training(learners, table, labelled, unlabelled, rounds=8, per_class=3, seed=seed)
        alone = self_training(
            learners["image"], table, labelled, unlabelled, rounds=8, per_class=6, seed=seed
        )
        scores["co"].append(accuracy(both.predictors["image"](test), test["label"]))
        scores["self"].append(accuracy(alone.predictors["self"](test), test["label"]))
        joint = both.predict(test)
        torch.testing.assert_close(joint.exp().sum(1), torch.ones(600))
        assert accuracy(joint, test["label"]) > 0.95
    assert min(scores["co"]) > 0.9, scores
    assert sum(scores["self"]) / 5 < 0.8, scores


def test_networks_learn_this_way_and_a_seed_brings_all_back():
    table, test = make_table(200, spread=0.3), make_table(200, seed=5, spread=0.3)
    labelled, unlabelled = few_labels(table["label"], 3, seed=0)
    options = {"epochs": 1, "steps": 40, "learning_rate": 0.03}
    learners = {
        "image": network(lambda: OneSense("image", See(), CLASSES, hidden=8), **options),
        "speech": network(lambda: OneSense("speech", Hear(), CLASSES, hidden=8), **options),
    }
    runs = [
        co_training(learners, table, labelled, unlabelled, rounds=1, per_class=20, seed=0) for _ in range(2)
    ]
    assert torch.equal(runs[0].rows, runs[1].rows)
    assert torch.equal(runs[0].predict(test), runs[1].predict(test))
    assert accuracy(runs[0].predict(test), test["label"]) > 0.85


def test_what_does_not_fit_is_named():
    table = views(30)
    rows = torch.arange(30)
    with pytest.raises(ValueError, match="a learner and a round at least, got 0 and 4"):
        co_training({}, table, rows[:3], rows[3:], **OPTIONS)
    with pytest.raises(ValueError, match="both labelled and unlabelled"):
        co_training(LEARNERS, table, rows[:4], rows[3:], **OPTIONS)
