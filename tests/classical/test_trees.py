"""Decision trees node by node as scikit-learn's, and forests as good as its own."""

import pytest
import torch
from sklearn.ensemble import RandomForestClassifier
from sklearn.tree import DecisionTreeClassifier

from mmcourse.scratch.forest import fit_forest, forest_scores
from mmcourse.scratch.trees import best_split, entropy, fit_tree, gini, tree_leaves, tree_scores
from tests.classical.rows import clouds, digits, share


def seeded(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def assert_same_tree(tree: dict, known: DecisionTreeClassifier) -> None:
    theirs = known.tree_
    inside = torch.from_numpy(theirs.children_left) >= 0
    assert torch.equal(tree["feature"] >= 0, inside)
    assert torch.equal(tree["feature"][inside], torch.from_numpy(theirs.feature)[inside])
    assert torch.equal(tree["threshold"][inside], torch.from_numpy(theirs.threshold)[inside])
    assert torch.equal(tree["left"], torch.from_numpy(theirs.children_left))
    assert torch.equal(tree["right"], torch.from_numpy(theirs.children_right))
    values = torch.from_numpy(theirs.value[:, 0])
    torch.testing.assert_close(tree["probabilities"].double(), values, rtol=0, atol=1e-6)


@pytest.mark.parametrize("criterion", ["gini", "entropy"])
@pytest.mark.parametrize("classes", [2, 5])
def test_without_ties_the_tree_is_that_of_scikit_learn(criterion, classes):
    x, y = clouds(2000, 6, classes, spread=2.0)
    limits = {"max_depth": 5, "min_samples_leaf": 40, "min_samples_split": 250}
    tree = fit_tree(x, y, classes=classes, criterion=criterion, **limits)
    assert (tree["feature"] >= 0).sum() > 6
    for seed in range(4):  # scikit-learn draws among splits that are as good: here it has nothing to draw
        known = DecisionTreeClassifier(criterion=criterion, random_state=seed, **limits)
        assert_same_tree(tree, known.fit(x.numpy(), y.numpy()))


def test_of_one_feature_the_whole_tree_is_that_of_scikit_learn():
    x, y = clouds(300, 1, 3)
    assert_same_tree(fit_tree(x, y, classes=3), DecisionTreeClassifier().fit(x.numpy(), y.numpy()))


def test_a_whole_tree_knows_its_rows_and_names_digits_as_well_as_that_of_scikit_learn():
    x, y, asked, wanted = digits()
    tree = fit_tree(x, y, classes=10)
    assert share(tree_scores(tree, x).argmax(1), y) == 1
    others = [
        share(
            DecisionTreeClassifier(random_state=seed).fit(x.numpy(), y.numpy()).predict(asked.numpy()), wanted
        )
        for seed in range(5)
    ]
    assert min(others) - 0.01 < share(tree_scores(tree, asked).argmax(1), wanted) < max(others) + 0.01


def test_impurities_by_hand():
    counts = torch.tensor([[2.0, 2.0], [4.0, 0.0], [0.0, 0.0], [1.0, 3.0]])
    torch.testing.assert_close(gini(counts), torch.tensor([0.5, 0.0, 0.0, 0.375]))
    torch.testing.assert_close(entropy(counts), torch.tensor([1.0, 0.0, 0.0, 0.811278]))


@pytest.mark.parametrize("criterion", ["gini", "entropy"])
def test_the_best_split_is_the_best_of_all(criterion):
    x, y = clouds(40, 3, 3, spread=2.0)
    impurity = {"gini": gini, "entropy": entropy}[criterion]
    left_over, feature, threshold = best_split(x, y, classes=3, criterion=criterion, min_samples_leaf=3)

    def cost(feature, threshold):
        below = x[:, feature] <= threshold
        if min(below.sum(), (~below).sum()) < 3:
            return float("inf")
        return sum(
            side.sum().item() * impurity(y[side].bincount(minlength=3).double()).item()
            for side in (below, ~below)
        )

    costs = [cost(f, value) for f in range(3) for value in x[:, f].tolist()]
    assert cost(feature, threshold) == pytest.approx(left_over)
    assert left_over == pytest.approx(min(costs))


def test_equal_values_are_never_parted():
    x = torch.tensor([[1.0], [1.0], [1.0], [2.0]])
    y = torch.tensor([0, 1, 0, 1])
    assert best_split(x, y, classes=2)[2] == 1.5
    assert best_split(x[:3], y[:3], classes=2) is None
    tree = fit_tree(x, y, classes=2)
    torch.testing.assert_close(tree_scores(tree, x)[0], torch.tensor([2 / 3, 1 / 3]))


def test_neighbouring_numbers_are_still_parted():
    x = torch.tensor([[1.0], [1.0 + 2**-23]])  # half-way between there is no float32, but a float64
    tree = fit_tree(x, torch.tensor([0, 1]), classes=2)
    assert tree_leaves(tree, x).tolist() == [1, 2]


def test_questions_and_leaves_keep_their_limits():
    x, y, _, _ = digits()
    tree = fit_tree(x[:400], y[:400], classes=10, max_depth=3, min_samples_leaf=25)
    leaves = tree_leaves(tree, x[:400])
    assert leaves.bincount()[leaves.unique()].min() >= 25
    assert (tree["feature"] >= 0).sum() <= 7


def test_a_node_goes_on_where_the_features_drawn_are_all_alike():
    x = torch.cat([torch.zeros(30, 20), torch.arange(30.0)[:, None]], 1)
    y = (torch.arange(30) > 11).long()
    tree = fit_tree(x, y, classes=2, max_features=1, generator=seeded())
    assert tree["feature"].tolist() == [20, -1, -1]
    assert tree["threshold"][0] == 11.5


@pytest.mark.parametrize("criterion", ["gini", "entropy"])
def test_a_forest_names_digits_as_well_as_that_of_scikit_learn(criterion):
    x, y, asked, wanted = digits()
    ours, theirs = [], []
    for seed in range(3):
        forest = fit_forest(x, y, classes=10, criterion=criterion, generator=seeded(seed))
        ours.append(share(forest_scores(forest, asked).argmax(1), wanted))
        known = RandomForestClassifier(50, criterion=criterion, random_state=seed).fit(x.numpy(), y.numpy())
        theirs.append(share(known.predict(asked.numpy()), wanted))
    assert abs(sum(ours) - sum(theirs)) / 3 < 0.01
    assert min(ours) > share(tree_scores(fit_tree(x, y, classes=10), asked).argmax(1), wanted) + 0.05


def test_trees_of_a_forest_differ_and_come_again_with_the_seed():
    x, y = clouds(60, 9, 3)
    first, second = (fit_forest(x, y, classes=3, trees=3, generator=seeded(1)) for _ in range(2))
    assert torch.equal(first[2]["threshold"], second[2]["threshold"])
    assert not torch.equal(first[0]["threshold"][:1], first[1]["threshold"][:1])
    scores = forest_scores(first, x)
    torch.testing.assert_close(scores, sum(tree_scores(tree, x) for tree in first) / 3)
    torch.testing.assert_close(scores.sum(1), torch.ones(60))


def test_a_scale_that_keeps_the_order_changes_no_answer():
    x, y, _, _ = digits()
    scale = torch.linspace(1, 100, x.shape[1])
    plain = tree_scores(fit_tree(x, y, classes=10), x)
    scaled = tree_scores(fit_tree(x * 2**6, y, classes=10), x * 2**6)
    assert torch.equal(plain, scaled)
    stretched = fit_tree(x * scale, y, classes=10)
    assert torch.equal(stretched["feature"], fit_tree(x, y, classes=10)["feature"])


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"criterion": "log"}, "'gini', 'entropy'"),
        ({"max_depth": 0}, "max_depth must be 1 or more"),
        ({"min_samples_leaf": 0}, "min_samples_leaf 1 or more"),
        ({"min_samples_split": 1}, "min_samples_split must be 2 or more"),
        ({"max_features": 2}, "drawn by a generator"),
        ({"max_features": 0, "generator": seeded()}, "max_features must be 1"),
        ({"y": torch.ones(6, dtype=torch.long)}, "at least two classes"),
    ],
)
def test_what_does_not_fit_is_refused(change, words):
    with pytest.raises(ValueError, match=words):
        fit_tree(**({"x": torch.zeros(6, 2), "y": torch.arange(6) % 3, "classes": 3} | change))


def test_a_forest_without_trees_is_refused():
    with pytest.raises(ValueError, match="trees must be 1"):
        fit_forest(torch.zeros(6, 2), torch.arange(6) % 3, classes=3, trees=0, generator=seeded())


def test_rows_with_fewer_features_are_refused():
    x, y = clouds(40, 3, 2)
    tree = {**fit_tree(x, y, classes=2), "feature": torch.tensor([2, -1, -1])}
    with pytest.raises(ValueError, match=r"as in training, got \[40, 2\]"):
        tree_scores(tree, x[:, :2])
