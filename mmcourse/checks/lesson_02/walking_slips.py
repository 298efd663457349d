"""Ways down a tree, right and wrong."""

from __future__ import annotations

from functools import partial

from mmcourse.checks import lazy

torch = lazy("torch")


def leaf_of(
    tree, x, strict=False, turned=False, questions=None, any_leaf=False, same_feature=False, by_feature=False
):
    """Node in which each row ends; the options are what people do otherwise."""
    node = torch.zeros(len(x), dtype=torch.long, device=x.device)
    asked = 0
    while asked != questions and asked < 99:
        feature = tree["feature"][node]
        inside = feature >= 0
        if not inside.any() or (any_leaf and not inside.all()):
            break
        column = tree["feature"][:1].expand(len(x)) if same_feature else feature.clamp(min=0)
        value = x.gather(1, column[:, None])[:, 0].double()
        threshold = tree["threshold"][feature.clamp(min=0) if by_feature else node]
        goes_left = (value < threshold) if strict else (value <= threshold)
        below = torch.where(goes_left != turned, tree["left"][node], tree["right"][node])
        node = torch.where(inside, below, node)
        asked += 1
    return node


def predict(tree, x, **options):
    return tree["probabilities"][leaf_of(tree, x, **options)].argmax(1)


def root_only(tree, x):
    """The answer of the root, without a question."""
    return tree["probabilities"][:1].argmax(1).expand(len(x)).clone()


def of_the_first_row(tree, x):
    """All rows follow row 0."""
    return predict(tree, x[:1]).expand(len(x)).clone() if len(x) else predict(tree, x)


def nodes(tree, x):
    return leaf_of(tree, x)


def shares(tree, x):
    return tree["probabilities"][leaf_of(tree, x)]


def largest_share(tree, x):
    return shares(tree, x).amax(1)


def with_largest(tree, x):
    return shares(tree, x).max(1)


def smallest_share(tree, x):
    return shares(tree, x).argmin(1)


def over_rows(tree, x):
    return shares(tree, x).argmax(0)


def as_floats(tree, x):
    return predict(tree, x).to(x.dtype)


def wraps_around(tree, x):
    """Asks the leaves too: feature −1 is the last one, node −1 the last one."""
    node = torch.zeros(len(x), dtype=torch.long, device=x.device)
    for _ in range(int((tree["feature"] >= 0).sum())):
        value = x.gather(1, (tree["feature"][node] % x.shape[1])[:, None])[:, 0].double()
        node = torch.where(value <= tree["threshold"][node], tree["left"][node], tree["right"][node])
    return tree["probabilities"][node].argmax(1)


def like_a_heap(tree, x):
    """Children of node i taken to be 2i + 1 and 2i + 2."""
    count = len(tree["feature"])
    node = torch.arange(count, device=x.device)
    heap = {**tree, "left": (2 * node + 1) % count, "right": (2 * node + 2) % count}
    return predict(heap, x)


def next_node(tree, x):
    """Left taken to be the node that comes next, and right the one after that."""
    count = len(tree["feature"])
    node = torch.arange(count, device=x.device)
    return predict({**tree, "left": (node + 1) % count, "right": (node + 2) % count}, x)


def never_ends(tree, x):
    while True:
        leaf_of(tree, x)


def without_axis(tree, x):
    found = predict(tree, x)
    return found.squeeze() if len(x) == 1 else found


def as_list(tree, x):
    return predict(tree, x).tolist()


def first_row_alone(tree, x):
    return predict(tree, x[:1])[0] if len(x) else predict(tree, x)


def only_leaf_rows(tree, x, deepest=False):
    """Rows that come to a leaf after one question have their answer; the others class 0."""
    node = leaf_of(tree, x, questions=1)
    found = tree["probabilities"][node].argmax(1)
    return found * (tree["feature"][node] < 0)


def bool_of_nodes(tree, x):
    """`if` on a whole batch."""
    node = torch.zeros(len(x), dtype=torch.long)
    if tree["feature"][node] >= 0:
        return node
    return node


def first_place_of_all(tree, x):
    """argmax without a dim: a place in the whole table."""
    return shares(tree, x).argmax()


def last_before_none(tree, x):
    """Goes on until every node is −1; rows that end early are then at the last node."""
    node = last = torch.zeros(len(x), dtype=torch.long, device=x.device)
    while (node >= 0).any():
        last = node
        value = x.gather(1, (tree["feature"][node] % x.shape[1])[:, None])[:, 0].double()
        node = torch.where(value <= tree["threshold"][node], tree["left"][node], tree["right"][node])
    return tree["probabilities"][last].argmax(1)


def float_nodes(tree, x):
    return tree["feature"][torch.zeros(len(x))]


def _of_no_row(made):
    """Right, but where there is no row."""
    return lambda tree, x: predict(tree, x) if len(x) else made(tree, x)


no_row_float = _of_no_row(lambda tree, x: torch.tensor([]))
no_row_list = _of_no_row(lambda tree, x: [])
no_row_none = _of_no_row(lambda tree, x: None)
no_row_stacked = _of_no_row(lambda tree, x: torch.stack([]))
no_row_joined = _of_no_row(lambda tree, x: torch.cat([]))
no_row_index = _of_no_row(lambda tree, x: tree["probabilities"][torch.tensor([])])
no_row_root = _of_no_row(lambda tree, x: tree["probabilities"][0].argmax())
no_row_root_kept = _of_no_row(lambda tree, x: tree["probabilities"][:1].argmax(1))

NO_ROW_STACKED = (no_row_stacked, no_row_joined)
NO_ROW_OTHERWISE = (no_row_none, no_row_list, no_row_root, no_row_root_kept)

stops_after = {count: partial(predict, questions=count) for count in (1, 2, 3, 4, 5)}
