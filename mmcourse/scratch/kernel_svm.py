"""Support vector machines with a kernel: the dual problem, two rows at a time."""

from collections.abc import Callable, Mapping

import torch
from jaxtyping import Float, Int
from torch import Tensor

from ._arguments import need_floating
from ._rows import need_training_rows
from .neighbours import squared_distances
from .svm import signs

Kernel = Callable[[Tensor, Tensor], Tensor]


def linear_kernel(
    x: Float[Tensor, "row feature"], other: Float[Tensor, "other feature"]
) -> Float[Tensor, "row other"]:
    """Give x·z: the machine is the linear one."""
    return x @ other.T


def polynomial_kernel(
    x: Float[Tensor, "row feature"],
    other: Float[Tensor, "other feature"],
    *,
    gamma: float,
    degree: int = 3,
    coef0: float = 0.0,
) -> Float[Tensor, "row other"]:
    """Give (γ x·z + coef0)^degree: as if all products of so many features were features."""
    return (gamma * x @ other.T + coef0) ** degree


def rbf_kernel(
    x: Float[Tensor, "row feature"], other: Float[Tensor, "other feature"], *, gamma: float
) -> Float[Tensor, "row other"]:
    """Give exp(-γ ‖x - z‖²): 1 in the same place, 0 far away."""
    return torch.exp(-gamma * squared_distances(x, other))


def scale_gamma(x: Float[Tensor, "row feature"]) -> float:
    """1 / (features · variance of all numbers): γ that suits the training rows, scikit-learn's "scale"."""
    need_floating(x, "x")
    variance = x.double().var(correction=0).item()
    return 1 / (x.shape[1] * variance) if variance else 1.0


def fit_kernel_svm(
    x: Float[Tensor, "row feature"],
    y: Int[Tensor, " row"],
    kernel: Kernel,
    *,
    classes: int,
    C: float = 1.0,
    tol: float = 1e-3,
    max_iter: int = 100_000,
) -> dict[str, Tensor]:
    """Find for each class, against the rest, the widest margin in the kernel's space, by its dual problem.

    kernel    (x, z) -> [row of x, row of z], such as partial(rbf_kernel, gamma=scale_gamma(x))
    C         how much a row beyond its margin costs, above 0
    tol       how far from optimal the two worst rows may be in the end
    max_iter  steps at most; a step changes two rows of each class's problem
    Returns   support_vectors [vector, feature], coefficients [class, vector] and bias [class]
    Raises    TypeError and ValueError for arguments that do not fit
    Source    Cortes & Vapnik 1995, "Support-vector networks"; scikit-learn's SVC has a machine for each pair
              of classes in place of one for each class
    """
    need_training_rows(x, y, classes)
    if not C > 0:
        raise ValueError(f"C must be above 0, got {C}.")
    rows = x.double()
    coefficients, bias = solve_dual(kernel(rows, rows), signs(y, classes).T, C=C, tol=tol, max_iter=max_iter)
    used = (coefficients != 0).any(0)
    return {
        "support_vectors": x[used],
        "coefficients": coefficients[:, used].to(x.dtype),
        "bias": bias.to(x.dtype),
    }


def kernel_svm_scores(
    parameters: Mapping[str, Tensor], x: Float[Tensor, "row feature"], kernel: Kernel
) -> Float[Tensor, "row class"]:
    """Give Σ_v coefficient_v · kernel(x, v) + bias: above 0 where a class's machine says yes.

    parameters, kernel  as fit_kernel_svm gave and had them
    """
    need_floating(x, "x")
    known = parameters["support_vectors"]
    if x.ndim != 2 or x.shape[1] != known.shape[1]:
        raise ValueError(f"x must be [row, {known.shape[1]}], as in training, got {list(x.shape)}.")
    return kernel(x, known) @ parameters["coefficients"].T + parameters["bias"]


def solve_dual(
    kernel_matrix: Float[Tensor, "row row"],
    answers: Float[Tensor, "problem row"],
    *,
    C: float,
    tol: float = 1e-3,
    max_iter: int = 100_000,
) -> tuple[Float[Tensor, "problem row"], Float[Tensor, " problem"]]:
    """Make Σ_i t_i u_i - ½ uᵀ K u largest, where Σ u = 0 and 0 ≤ t_i u_i ≤ C: two rows at a time.

    What a row still misses is t - K u. It is the same for all rows that are free to move, in the end. Until
    then, the row that most wants a larger u takes from the one whose smaller u gains most, in all problems
    at once; problems that are done stand still.

    kernel_matrix  K, in float64: one step adds little to what thousands did
    answers        t, 1 or -1: a problem for each class
    Returns        coefficients u, and biases
    Source         Platt 1998, "Sequential minimal optimization"; which two: Fan, Chen & Lin 2005, WSS 2
    """
    u, missing, diagonal = torch.zeros_like(answers), answers.clone(), kernel_matrix.diagonal()
    highest, lowest = C * (answers > 0), -C * (answers < 0).to(answers)  # of u
    for _ in range(max_iter):
        wants_more = torch.where(u < highest, missing, -torch.inf)
        wants_less = torch.where(u > lowest, missing, torch.inf)
        most, i = wants_more.max(1, keepdim=True)
        gap = most - wants_less.amin(1, keepdim=True)
        if gap.max() <= tol:
            break
        row = kernel_matrix[i[:, 0]]
        distance = (diagonal[i] + diagonal - 2 * row).clamp(min=1e-12)
        gain = torch.where(wants_less < most, (most - wants_less) ** 2 / distance, -torch.inf)
        j = gain.argmax(1, keepdim=True)
        step = (most - missing.gather(1, j)) / distance.gather(1, j)
        room = torch.minimum((highest - u).gather(1, i), (u - lowest).gather(1, j))
        step = torch.where(gap > tol, torch.minimum(step, room), 0.0)
        u.scatter_add_(1, i, step).scatter_add_(1, j, -step)
        missing -= step * (row - kernel_matrix[j[:, 0]])
    return u, _bias(u, missing, lowest, highest)


def _bias(u: Tensor, missing: Tensor, lowest: Tensor, highest: Tensor) -> Tensor:
    """Mean of what the free rows miss; half-way between the two worst ones where no row is free."""
    rounding = 1e-6 * (highest - lowest)  # as near to its end, a row is not free
    free = (u > lowest + rounding) & (u < highest - rounding)
    mean = (missing * free).sum(1) / free.sum(1).clamp(min=1)
    most = torch.where(u < highest - rounding, missing, -torch.inf).amax(1)
    least = torch.where(u > lowest + rounding, missing, torch.inf).amin(1)
    return torch.where(free.any(1), mean, (most + least) / 2)
