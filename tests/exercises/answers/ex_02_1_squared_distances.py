"""Answers to 02.1 as learners write them: wrong ones with words of their hint, right ones, crashing ones."""

import torch


def _around_the_mean(x, reference):
    centre = reference.mean(dim=0)
    return x - centre, reference - centre


def wrong_formula_in_float32(x, reference):
    """hint: lost in rounding"""
    squares = (x**2).sum(1)[:, None] + (reference**2).sum(1)[None] - 2 * (x @ reference.t())
    return torch.clamp(squares, min=0.0)


def wrong_mean_of_each_row(x, reference):
    """hint: the mean of each row"""
    x, reference = x - x.mean(1, keepdim=True), reference - reference.mean(1, keepdim=True)
    return wrong_formula_in_float32(x, reference)


def wrong_one_mean_of_all(x, reference):
    """hint: lost in rounding"""
    mean = x.mean()
    return wrong_formula_in_float32(x - mean, reference - mean)


def wrong_sum_of_all_squares(x, reference):
    """hint: adds up the whole table"""
    x, reference = _around_the_mean(x, reference)
    return ((x**2).sum() - 2 * x @ reference.T + (reference**2).sum()).clamp(min=0)


def wrong_moves_only_x(x, reference):
    """hint: only one of the tables"""
    return wrong_formula_in_float32(x - x.mean(0), reference)


def wrong_cdist_squared(x, reference):
    """hint: lost in rounding"""
    return torch.cdist(x, reference) ** 2


def wrong_forgets_the_clamp(x, reference):
    """hint: clamp(min=0)"""
    x, reference = _around_the_mean(x, reference)
    return (x * x).sum(1, keepdim=True) - 2 * x @ reference.T + (reference * reference).sum(1)


def wrong_takes_the_root(x, reference):
    """hint: You took the root"""
    x, reference = _around_the_mean(x, reference)
    squares = x.pow(2).sum(1, keepdim=True) - 2 * x @ reference.T + reference.pow(2).sum(1)
    return squares.clamp(min=0).sqrt()


def wrong_cdist_alone(x, reference):
    """hint: You took the root"""
    return torch.cdist(x, reference, compute_mode="donot_use_mm_for_euclid_dist")


def wrong_sign_of_the_product(x, reference):
    """hint: sign of the product"""
    x, reference = _around_the_mean(x, reference)
    return x.pow(2).sum(1, keepdim=True) + 2 * x @ reference.T + reference.pow(2).sum(1)


def wrong_product_counted_once(x, reference):
    """hint: counts twice"""
    x, reference = _around_the_mean(x, reference)
    return (x.pow(2).sum(1, keepdim=True) - x @ reference.T + reference.pow(2).sum(1)).clamp(min=0)


def wrong_leaves_out_the_squares_of_x(x, reference):
    """hint: squares of x are missing"""
    x, reference = _around_the_mean(x, reference)
    return (reference.pow(2).sum(1) - 2 * x @ reference.T).clamp(min=0)


def wrong_other_way_round(x, reference):
    """hint: transpose"""
    x, reference = _around_the_mean(x, reference)
    squares = reference.pow(2).sum(1, keepdim=True) - 2 * reference @ x.T + x.pow(2).sum(1)
    return squares.clamp(min=0)


def wrong_mean_over_features(x, reference):
    """hint: the sum is wanted"""
    x, reference = _around_the_mean(x, reference)
    squares = x.pow(2).mean(1, keepdim=True) - 2 * x @ reference.T / x.shape[1] + reference.pow(2).mean(1)
    return squares.clamp(min=0)


def wrong_each_centred_by_itself(x, reference):
    """hint: same amount"""
    x, reference = x - x.mean(0), reference - reference.mean(0)
    squares = x.pow(2).sum(1, keepdim=True) - 2 * x @ reference.T + reference.pow(2).sum(1)
    return squares.clamp(min=0)


def wrong_city_blocks(x, reference):
    """hint: |x − r|"""
    return torch.stack([(x - r).abs().sum(1) for r in reference], 1)


def wrong_stays_in_float64(x, reference):
    """hint: float64, wanted float32"""
    x, reference = x.double(), reference.double()
    squares = x.pow(2).sum(1, keepdim=True) - 2 * x @ reference.T + reference.pow(2).sum(1)
    return squares.clamp(min=0)


def wrong_norms_not_squared(x, reference):
    """hint: the formula has their squares"""
    x, reference = _around_the_mean(x, reference)
    return (x.norm(dim=1, keepdim=True) - 2 * x @ reference.T + reference.norm(dim=1)).clamp(min=0)


def wrong_centres_in_place(x, reference):
    """hint: changes its input"""
    centre = reference.mean(0)
    x -= centre
    reference -= centre
    return (x.pow(2).sum(1, keepdim=True) - 2 * x @ reference.T + reference.pow(2).sum(1)).clamp(min=0)


def right_in_float64(x, reference):
    a, b = x.double(), reference.double()
    squares = a.square().sum(1)[:, None] - 2 * torch.mm(a, b.T) + b.square().sum(1)[None, :]
    return torch.relu(squares).to(x.dtype)


def right_cdist_without_the_product(*, x, reference):
    return torch.cdist(x, reference, compute_mode="donot_use_mm_for_euclid_dist").square()


def right_around_the_first_example(x, reference):
    x, reference = x - reference[0], reference - reference[0]
    products = torch.einsum("nf,mf->nm", x, reference)
    squares = torch.einsum("nf,nf->n", x, x)[:, None] + torch.einsum("mf,mf->m", reference, reference)
    return (squares - 2 * products).clamp_min(0)


def crash_sums_without_keepdim(x, reference):
    """line: x.pow(2).sum(1) +
    hint: keepdim=True"""
    return x.pow(2).sum(1) + reference.pow(2).sum(1) - 2 * x @ reference.T


def crash_forgets_to_turn(x, reference):
    """line: torch.matmul(x, reference)
    hint: x @ reference.T"""
    product = torch.matmul(x, reference)
    return x.pow(2).sum(1, keepdim=True) - 2 * product + reference.pow(2).sum(1)


def crash_subtracts_the_tables(x, reference):
    """line: x - reference
    hint: pair row with row"""
    return ((x - reference) ** 2).sum(1)


def crash_broadcasts_all_differences(x, reference):
    """line: x.unsqueeze(1) - reference.unsqueeze(0)
    hint: [row, other, feature]"""
    differences = x.unsqueeze(1) - reference.unsqueeze(0)
    return (differences**2).sum(-1)
