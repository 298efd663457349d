"""Answers to 02.8 predict_tree: wrong ones with words of their hint, right ones, crashing ones."""

import torch


def one(tree, row, goes_left=lambda value, threshold: value <= threshold):
    """Number of the leaf of one row."""
    node = 0
    while tree["feature"][node] >= 0:
        feature = tree["feature"][node]
        side = "left" if goes_left(row[feature], tree["threshold"][node]) else "right"
        node = int(tree[side][node])
    return node


def classes_at(tree, nodes):
    return tree["probabilities"][torch.tensor(nodes, dtype=torch.long)].argmax(1)


def rounds(tree, x, count):
    node = torch.zeros(len(x), dtype=torch.long)
    rows = torch.arange(len(x))
    for _ in range(count):
        feature = tree["feature"][node]
        value = x[rows, feature]
        child = torch.where(value <= tree["threshold"][node], tree["left"][node], tree["right"][node])
        node = torch.where(feature >= 0, child, node)
    return node


def right_all_at_once(tree, x):
    node = rounds(tree, x, len(tree["feature"]))
    return tree["probabilities"][node].argmax(dim=1)


def right_row_by_row(*, tree, x):
    return classes_at(tree, [one(tree, row) for row in x])


def right_recursion(tree, x):
    found = torch.zeros(len(x), dtype=torch.int32)

    def down(node, rows):
        f = tree["feature"][node].item()
        if f < 0:
            found[rows] = tree["probabilities"][node].argmax().int()
            return
        below = x[rows, f] <= tree["threshold"][node]
        down(tree["left"][node].item(), rows[below])
        down(tree["right"][node].item(), rows[~below])

    down(0, torch.arange(len(x)))
    return found


def right_leaves_point_at_themselves(tree, x):
    here = torch.arange(len(tree["feature"]))
    leaf = tree["feature"] < 0
    left, right = torch.where(leaf, here, tree["left"]), torch.where(leaf, here, tree["right"])
    node = torch.zeros(len(x), dtype=torch.long)
    while not leaf[node].all():
        value = x.gather(1, tree["feature"][node].clamp(min=0).unsqueeze(1)).squeeze(1)
        node = torch.where(value > tree["threshold"][node], right[node], left[node])
    return tree["probabilities"].argmax(1)[node]


def wrong_equal_goes_right(tree, x):
    """hint: <=, not <"""
    return classes_at(tree, [one(tree, row, lambda v, t: v < t) for row in x])


def wrong_left_and_right_exchanged(tree, x):
    """hint: exchanged"""
    return classes_at(tree, [one(tree, row, lambda v, t: v > t) for row in x])


def wrong_greater_or_equal_goes_left(tree, x):
    """hint: exchanged"""
    return classes_at(tree, [one(tree, row, lambda v, t: v >= t) for row in x])


def wrong_one_question(tree, x):
    """hint: stop too early"""
    return tree["probabilities"][rounds(tree, x, 1)].argmax(1)


def wrong_two_questions(tree, x):
    """hint: stop too early"""
    return tree["probabilities"][rounds(tree, x, 2)].argmax(1)


def wrong_answers_with_the_root(tree, x):
    """hint: answer with the root"""
    return tree["probabilities"][torch.zeros(len(x), dtype=torch.long)].argmax(1)


def wrong_stops_with_the_first_leaf(tree, x):
    """hint: any(), not all()"""
    node = torch.zeros(len(x), dtype=torch.long)
    while len(x) and (tree["feature"][node] >= 0).all():
        value = x[torch.arange(len(x)), tree["feature"][node]]
        node = torch.where(value <= tree["threshold"][node], tree["left"][node], tree["right"][node])
    return tree["probabilities"][node].argmax(1)


def wrong_all_rows_follow_the_first(tree, x):
    """hint: each row has a node of its own"""
    if not len(x):
        return torch.zeros(0, dtype=torch.long)
    return classes_at(tree, [one(tree, x[0])] * len(x))


def wrong_feature_of_the_root(tree, x):
    """hint: each node has its own"""
    nodes = []
    f = max(int(tree["feature"][0]), 0)
    for row in x:
        node = 0
        while tree["feature"][node] >= 0:
            node = int(tree["left" if row[f] <= tree["threshold"][node] else "right"][node])
        nodes.append(node)
    return classes_at(tree, nodes)


def wrong_threshold_by_feature(tree, x):
    """hint: belongs to a node"""
    nodes = []
    for row in x:
        node = 0
        while tree["feature"][node] >= 0:
            f = tree["feature"][node]
            node = int(tree["left" if row[f] <= tree["threshold"][f] else "right"][node])
        nodes.append(node)
    return classes_at(tree, nodes)


def wrong_leaves_are_asked_too(tree, x):
    """hint: rows at a leaf stay there"""
    node = torch.zeros(len(x), dtype=torch.long)
    for _ in range(int((tree["feature"] >= 0).sum())):
        value = x[torch.arange(len(x)), tree["feature"][node]]
        node = torch.where(value <= tree["threshold"][node], tree["left"][node], tree["right"][node])
    return tree["probabilities"][node].argmax(1)


def wrong_numbers_of_nodes(tree, x):
    """hint: these are the nodes"""
    return torch.tensor([one(tree, row) for row in x], dtype=torch.long)


def wrong_shares(tree, x):
    """hint: argmax"""
    return tree["probabilities"][rounds(tree, x, 40)]


def wrong_largest_share(tree, x):
    """hint: the class is its place"""
    return tree["probabilities"][rounds(tree, x, 40)].amax(1)


def wrong_values_and_places(tree, x):
    """hint: the place alone"""
    return tree["probabilities"][rounds(tree, x, 40)].max(1)


def wrong_rarest_class(tree, x):
    """hint: the commonest is wanted"""
    return tree["probabilities"][rounds(tree, x, 40)].argmin(1)


def wrong_floats(tree, x):
    """hint: whole number"""
    return tree["probabilities"][rounds(tree, x, 40)].argmax(1).to(x.dtype)


def wrong_over_rows(tree, x):
    """hint: classes are the second axis"""
    return tree["probabilities"][rounds(tree, x, 40)].argmax(0)


def wrong_list(tree, x):
    """hint: a tensor is wanted"""
    return [int(tree["probabilities"][one(tree, row)].argmax()) for row in x]


def wrong_first_row_only(tree, x):
    """hint: first row"""
    for row in x:
        return tree["probabilities"][one(tree, row)].argmax()
    return torch.zeros(0, dtype=torch.long)


def wrong_batch_of_one_squeezed(tree, x):
    """hint: a batch of one is a batch"""
    return tree["probabilities"][rounds(tree, x, 40)].argmax(1).squeeze()


def wrong_heap(tree, x):
    """hint: 2i + 1"""
    nodes, count = [], len(tree["feature"])
    for row in x:
        node = 0
        for _ in range(99):
            f = tree["feature"][node]
            if f < 0:
                break
            node = (2 * node + (1 if row[f] <= tree["threshold"][node] else 2)) % count
        nodes.append(node)
    return classes_at(tree, nodes)


def wrong_right_is_left_and_one(tree, x):
    """hint: need not come after"""
    nodes = []
    for row in x:
        node = 0
        while tree["feature"][node] >= 0:
            f = tree["feature"][node]
            node = (node + (1 if row[f] <= tree["threshold"][node] else 2)) % len(tree["feature"])
        nodes.append(node)
    return classes_at(tree, nodes)


def wrong_no_return(tree, x):
    """hint: return"""
    classes_at(tree, [one(tree, row) for row in x])


def wrong_float_of_an_empty_list(tree, x):
    """hint: of an empty list is float32"""
    return torch.tensor([int(tree["probabilities"][one(tree, row)].argmax()) for row in x])


def wrong_float_zeros_of_no_row(tree, x):
    """hint: of an empty list is float32"""
    if len(x) == 0:
        return torch.zeros(0)
    return torch.stack([tree["probabilities"][one(tree, row)].argmax() for row in x])


def wrong_empty_list_for_no_row(tree, x):
    """hint: without entries"""
    if len(x) == 0:
        return []
    return torch.stack([tree["probabilities"][one(tree, row)].argmax() for row in x])


def wrong_nothing_for_no_row(tree, x):
    """hint: without entries"""
    if len(x):
        return torch.stack([tree["probabilities"][one(tree, row)].argmax() for row in x])
    return None


def wrong_root_for_no_row(tree, x):
    """hint: without entries"""
    nodes = [one(tree, row) for row in x] or [0]
    return classes_at(tree, nodes)


def wrong_argmax_of_all(tree, x):
    """hint: in the whole table"""
    return tree["probabilities"][rounds(tree, x, 40)].argmax()


def wrong_until_no_node_is_left(tree, x):
    """hint: rows at a leaf stay there"""
    node = torch.zeros(len(x), dtype=torch.long)
    while (node >= 0).any():
        before = node
        value = x[torch.arange(len(x)), tree["feature"][node]]
        node = torch.where(value <= tree["threshold"][node], tree["left"][node], tree["right"][node])
    return tree["probabilities"][before].argmax(1)


def crash_stack_of_no_row(tree, x):
    """line: return torch.stack(
    hint: at least one piece"""
    return torch.stack([tree["probabilities"][one(tree, row)].argmax() for row in x])


def crash_cat_of_no_row(tree, x):
    """line: return torch.cat(
    hint: at least one piece"""
    return torch.cat([tree["probabilities"][one(tree, row)].argmax()[None] for row in x])


def crash_float_index_of_no_row(tree, x):
    """line: tree["probabilities"][nodes]
    hint: of an empty list is float32"""
    nodes = torch.tensor([one(tree, row) for row in x])
    return tree["probabilities"][nodes].argmax(1)


def crash_float_nodes(tree, x):
    """line: (tree["feature"][node] >= 0).any()
    hint: indices, so they must be whole"""
    node = torch.zeros(len(x))
    while (tree["feature"][node] >= 0).any():
        value = x[torch.arange(len(x)), tree["feature"][node]]
        node = torch.where(value <= tree["threshold"][node], tree["left"][node], tree["right"][node])
    return tree["probabilities"][node].argmax(1)


def crash_while_on_a_batch(tree, x):
    """line: while tree["feature"][node] >= 0
    hint: .any() for the loop"""
    node = torch.zeros(len(x), dtype=torch.long)
    while tree["feature"][node] >= 0:
        value = x[torch.arange(len(x)), tree["feature"][node]]
        node = torch.where(value <= tree["threshold"][node], tree["left"][node], tree["right"][node])
    return tree["probabilities"][node].argmax(1)


def crash_attribute_of_a_dict(tree, x):
    """line: tree.feature[node]"""
    node = 0
    while tree.feature[node] >= 0:
        node = tree.left[node]
    return node
