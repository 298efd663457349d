"""From the root of a tree to a leaf, for all rows at once."""

from mmcourse.checks import Case, Exercise, lazy
from mmcourse.checks.lesson_02 import walking_slips as slips
from mmcourse.checks.lesson_02.walking_mistakes import MISTAKES

torch = lazy("torch")


def _tree(feature, threshold, left, right, shares):
    return {
        "feature": torch.tensor(feature),
        "threshold": torch.tensor(threshold, dtype=torch.float64),
        "left": torch.tensor(left),
        "right": torch.tensor(right),
        "probabilities": torch.tensor(shares),
    }


def _small(_generator):
    """Two questions, three leaves, four rows; one value is the threshold."""
    tree = _tree(
        [0, -1, 1, -1, -1],
        [2.5, 0.0, 1.0, 0.0, 0.0],
        [1, -1, 3, -1, -1],
        [2, -1, 4, -1, -1],
        [[0.3, 0.3, 0.4], [0.9, 0.1, 0.0], [0.0, 0.4, 0.6], [0.2, 0.8, 0.0], [0.0, 0.1, 0.9]],
    )
    return tree, torch.tensor([[2.0, 5.0], [3.0, 1.0], [4.0, 0.0], [5.0, 3.0]])


def _grown(generator, rows, features, classes, inside, steps=5):
    """A tree of `inside` questions, as fit_tree orders it; x of whole numbers, some of them thresholds."""
    nodes = []

    def grow(questions):
        place = len(nodes)
        share = torch.rand(classes, generator=generator) ** 3
        nodes.append([-1, 0.0, -1, -1, (share / share.sum()).tolist()])
        if questions:
            ask = [
                torch.randint(n, (1,), generator=generator).item() for n in (features, steps - 1, questions)
            ]
            nodes[place][:2] = ask[0], float(ask[1])
            nodes[place][2] = grow(ask[2])
            nodes[place][3] = grow(questions - 1 - ask[2])
        return place

    grow(inside)
    x = torch.randint(steps, (rows, features), generator=generator).float()
    return _tree(*map(list, zip(*nodes, strict=True))), x


def _chain(generator):
    """Each question splits off one leaf: seven levels deep on one side."""
    depth = 7
    places = range(2 * depth + 1)
    tree = _tree(
        [0 if i % 2 == 0 and i < 2 * depth else -1 for i in places],
        [float(i // 2) if i % 2 == 0 and i < 2 * depth else 0.0 for i in places],
        [i + 1 if i % 2 == 0 and i < 2 * depth else -1 for i in places],
        [i + 2 if i % 2 == 0 and i < 2 * depth else -1 for i in places],
        torch.eye(3)[[(i // 2 + i % 2) % 3 for i in places]].tolist(),
    )
    return tree, torch.tensor([[0.0], [1.0], [2.0], [3.0], [4.0], [9.0]])[
        torch.randperm(6, generator=generator)
    ]


def _leaf(_generator):
    return _tree([-1], [0.0], [-1], [-1], [[0.2, 0.7, 0.1]]), torch.tensor([[1.0, 2.0], [3.0, 4.0]])


predict_tree = Exercise(
    id="02.8",
    name="predict_tree",
    title="Down the tree, all rows at once",
    difficulty=2,
    minutes=15,
    stub="return the likeliest class of the leaf in which each row ends",
    parameters=("tree", "x"),
    reference=slips.predict,
    hints=(
        "Row 2 of the example is at node 2. Which number of x does it look at, with what is that compared, "
        "and at which node is it then?",
        "node has one number for each row, at first 0 for all. What are tree['feature'][node] and "
        "tree['threshold'][node]? How do you take another column of x for each row?",
        "Some rows are at a leaf before others: which ones must stay where they are?",
        "feature = tree['feature'][node]; inside = feature >= 0; value = x[torch.arange(len(x)), feature]; "
        "below = torch.where(value <= tree['threshold'][node], tree['left'][node], tree['right'][node]); "
        "node = torch.where(inside, below, node), as long as inside.any(). In the end "
        "tree['probabilities'][node].argmax(dim=1).",
    ),
    cases=(
        Case("two questions, four rows", _small),
        Case("seven questions in a row", _chain),
        Case("a tree of one leaf", _leaf),
        Case("ten questions", lambda g: _grown(g, 30, 4, 5, 10)),
        Case("thirty questions", lambda g: _grown(g, 60, 3, 10, 30, steps=9)),
        Case("one row", lambda g: _grown(g, 1, 4, 3, 8)),
        Case("no row", lambda g: _grown(g, 0, 4, 3, 4)),
        Case("more nodes than rows", lambda g: _grown(g, 5, 6, 4, 25)),
    ),
    mistakes=MISTAKES,
    noticing="The loop runs as often as the tree is deep, not as often as there are rows. A balanced tree of "
    "1000 leaves answers for a million rows in 10 rounds.",
    time_limit=2.0,
)
