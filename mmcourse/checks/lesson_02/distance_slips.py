"""Squared distances of two tables, right by default and wrong by each switch."""

from mmcourse.checks import lazy

torch, F = lazy("torch"), lazy("torch.nn.functional")


def distances(
    x,
    reference,
    how="formula",
    moved="both",
    factor=-2.0,
    of_x="squares",
    of_reference="squares",
    end="clamp",
):
    """‖x‖² − 2 x·r + ‖r‖² around the mean of reference, cut off at 0."""
    if how != "formula":
        return _otherwise(x, reference, how)
    centre = reference.double().mean(0)
    x_moved, r_moved = {
        "both": lambda: (x.double() - centre, reference.double() - centre),
        "own": lambda: (x - x.mean(0), reference - reference.mean(0)),
        "x": lambda: (x - reference.mean(0), reference),
        "no": lambda: (x, reference),
    }[moved]()
    squares = (
        _lengths(x_moved, of_x)[:, None] + factor * x_moved @ r_moved.T + _lengths(r_moved, of_reference)
    )
    result = squares if end == "none" else squares.clamp(min=0)
    if end == "root":
        result = result.sqrt()
    elif end == "mean":
        result = result / x.shape[1]
    elif end == "turned":
        result = result.T
    return result.to(x.dtype)


def _lengths(table, kind):
    squares = table.square().sum(1)
    return {"squares": squares, "length": squares.sqrt(), "none": torch.zeros_like(squares)}[kind]


def _otherwise(x, reference, how):
    if how == "product":
        return x @ reference.T
    if how == "cosine":
        return 1 - F.normalize(x, dim=1) @ F.normalize(reference, dim=1).T
    if how == "sizes":
        return torch.cdist(x, reference, p=1)
    if how == "cdist":
        return torch.cdist(x, reference).square()
    return distances(x, x)


def loop(x, reference):
    return torch.stack([(reference - row).square().sum(1) for row in x])


def _product(x, reference):
    """The formula as it stands, in the precision that came."""
    squares = x.square().sum(1, keepdim=True) - 2 * x @ reference.T + reference.square().sum(1)
    return squares.clamp(min=0)


def moved_by_row(x, reference):
    return _product(x - x.mean(1, keepdim=True), reference - reference.mean(1, keepdim=True))


def squares_of_all(x, reference):
    centre = reference.mean(0)
    x, reference = x - centre, reference - centre
    return (x.square().sum() - 2 * x @ reference.T + reference.square().sum()).clamp(min=0)


def only_x_by_its_mean(x, reference):
    return _product(x - x.mean(0), reference)
