"""Steps downhill: SGD with momentum, Adam, AdamW, and shorter gradients.

optimiser = AdamW(parameters, lr=1e-3)
loss.backward()
clip_grad_norm(parameters, max_norm=1.0)
optimiser.step()
optimiser.zero_grad()
"""

import math
from collections.abc import Iterable, Mapping

import torch
from torch import Tensor

Parameters = Mapping[str, Tensor] | Iterable[Tensor] | Tensor


class Optimizer:
    """What SGD, Adam and AdamW share: the tensors to move, how far (lr), and what is remembered of each.

    parameters    a dict of tensors, or any iterable of them; those without a gradient are left as they are
    lr            length of a step; a schedule may set it anew before each step
    weight_decay  how strongly weights are drawn towards 0, 0 or more
    Raises        TypeError for what is no tensor, ValueError for no tensors, a tensor twice, one that gets no
                  gradient, and options out of range
    """

    def __init__(self, parameters: Parameters, lr: float, weight_decay: float):
        self.parameters = _tensors(parameters)
        _need_learning(self.parameters)
        self.lr = _at_least_zero(lr, "lr")
        self.weight_decay = _at_least_zero(weight_decay, "weight_decay")
        self.state: list[dict] = [{} for _ in self.parameters]

    @torch.no_grad()
    def step(self) -> None:
        """Move every parameter that has a gradient."""
        for parameter, state in zip(self.parameters, self.state, strict=True):
            if parameter.grad is not None:
                self._move(parameter, parameter.grad, state)

    def zero_grad(self) -> None:
        """Forget the gradients: backward would add the next ones to them."""
        for parameter in self.parameters:
            parameter.grad = None

    def _move(self, parameter: Tensor, grad: Tensor, state: dict) -> None:
        raise NotImplementedError


class SGD(Optimizer):
    """Go against the gradient, with a memory of past gradients: v ← μ v + (1 - τ) g; θ ← θ - lr · v.

    momentum      μ, share of the memory that is kept; 0 for none
    dampening     τ, share of a new gradient that is left out; the first one counts in full
    weight_decay  λ, g ← g + λ θ
    nesterov      step along g + μ v, the gradient as if the memory's step had been taken already
    Raises        ValueError for options out of range, and for nesterov without momentum or with dampening
    Source        Sutskever et al. 2013, "On the importance of initialization and momentum in deep learning"
    """

    def __init__(
        self,
        parameters: Parameters,
        lr: float,
        momentum: float = 0.0,
        dampening: float = 0.0,
        weight_decay: float = 0.0,
        nesterov: bool = False,
    ):
        super().__init__(parameters, lr, weight_decay)
        self.momentum = _at_least_zero(momentum, "momentum")
        self.dampening = dampening
        self.nesterov = nesterov
        if nesterov and (momentum == 0 or dampening != 0):
            raise ValueError(
                "nesterov needs momentum above 0 and dampening 0, "
                f"got momentum {momentum} and dampening {dampening}."
            )

    def _move(self, parameter: Tensor, grad: Tensor, state: dict) -> None:
        if self.weight_decay:
            grad = grad + self.weight_decay * parameter
        if self.momentum:
            if "velocity" not in state:
                state["velocity"] = grad.clone()
            else:
                state["velocity"].mul_(self.momentum).add_(grad, alpha=1 - self.dampening)
            velocity = state["velocity"]
            grad = grad + self.momentum * velocity if self.nesterov else velocity
        parameter.sub_(grad, alpha=self.lr)


class Adam(Optimizer):
    """Give every weight its own step: θ ← θ - lr · m̂ / (√v̂ + ε), from running means of g and of g².

    m ← β₁ m + (1 - β₁) g and v ← β₂ v + (1 - β₂) g² start at 0 and are too small at first; m̂ = m / (1 - β₁ᵗ)
    and v̂ = v / (1 - β₂ᵗ) make up for it at step t.

    betas         β₁ and β₂, shares of the memories that are kept, in 0..1 without 1
    eps           ε, so that a weight without gradients is not divided by 0
    weight_decay  λ, g ← g + λ θ: the decay goes through both means, and is lost where gradients are large
    Raises        ValueError for options out of range
    Source        Kingma & Ba 2015, "Adam: a method for stochastic optimization", algorithm 1
    """

    def __init__(
        self,
        parameters: Parameters,
        lr: float = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0.0,
    ):
        super().__init__(parameters, lr, weight_decay)
        if not all(0 <= beta < 1 for beta in betas):
            raise ValueError(f"betas must lie in 0..1 without 1, got {betas}.")
        self.betas = betas
        self.eps = _at_least_zero(eps, "eps")

    def _move(self, parameter: Tensor, grad: Tensor, state: dict) -> None:
        if self.weight_decay:
            grad = grad + self.weight_decay * parameter
        self._adapt(parameter, grad, state)

    def _adapt(self, parameter: Tensor, grad: Tensor, state: dict) -> None:
        if not state:
            state.update(step=0, mean=torch.zeros_like(parameter), square=torch.zeros_like(parameter))
        (beta1, beta2), mean, square = self.betas, state["mean"], state["square"]
        state["step"] += 1
        mean.lerp_(grad, 1 - beta1)
        square.mul_(beta2).addcmul_(grad, grad, value=1 - beta2)
        mean_bias, square_bias = 1 - beta1 ** state["step"], 1 - beta2 ** state["step"]
        root = square.sqrt().div_(math.sqrt(square_bias)).add_(self.eps)
        parameter.addcdiv_(mean, root, value=-self.lr / mean_bias)


class AdamW(Adam):
    """Adam with the decay apart from the gradients: θ ← θ - lr · λ θ, then Adam's step.

    weight_decay  λ; every weight shrinks by the same share, however large its gradients are
    Raises        ValueError for options out of range
    Source        Loshchilov & Hutter 2019, "Decoupled weight decay regularization", algorithm 2
    """

    def __init__(
        self,
        parameters: Parameters,
        lr: float = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 1e-2,
    ):
        super().__init__(parameters, lr, betas, eps, weight_decay)

    def _move(self, parameter: Tensor, grad: Tensor, state: dict) -> None:
        parameter.mul_(1 - self.lr * self.weight_decay)
        self._adapt(parameter, grad, state)


@torch.no_grad()
def clip_grad_norm(parameters: Parameters, max_norm: float, norm_type: float = 2.0) -> Tensor:
    """Shorten all gradients together, to a common length of at most max_norm: g ← g · min(1, max_norm / ‖g‖).

    One factor for all keeps the direction; a factor for each tensor would turn it.

    parameters  a dict or an iterable of tensors, or one; those without a gradient count as 0
    max_norm    longest length allowed, 0 or more
    norm_type   2 for the Euclidean length, math.inf for the largest size of a number
    Returns     the length before, a tensor without axes
    Raises      TypeError for what is no tensor, ValueError for options out of range
    Source      Pascanu, Mikolov & Bengio 2013, "On the difficulty of training recurrent networks", § 3.2
    """
    _at_least_zero(max_norm, "max_norm")
    if not norm_type > 0:
        raise ValueError(f"norm_type must be above 0, got {norm_type}.")
    grads = [parameter.grad for parameter in _tensors(parameters) if parameter.grad is not None]
    if not grads:
        return torch.tensor(0.0)
    lengths = torch.stack([torch.linalg.vector_norm(grad, norm_type) for grad in grads])
    total = torch.linalg.vector_norm(lengths, norm_type)
    factor = (max_norm / (total + 1e-6)).clamp(max=1.0)  # 1e-6, as torch has it, for gradients of 0
    for grad in grads:
        grad.mul_(factor)
    return total


@torch.no_grad()
def clip_grad_value(parameters: Parameters, clip_value: float) -> None:
    """Bring every number of every gradient into -clip_value..clip_value; this may turn the direction.

    parameters  a dict or an iterable of tensors, or one
    clip_value  largest size allowed, 0 or more
    Raises      TypeError for what is no tensor, ValueError for a value below 0
    Source      torch.nn.utils.clip_grad_value_
    """
    _at_least_zero(clip_value, "clip_value")
    for parameter in _tensors(parameters):
        if parameter.grad is not None:
            parameter.grad.clamp_(-clip_value, clip_value)


def _tensors(parameters: Parameters) -> list[Tensor]:
    """The tensors of a dict, an iterable, or a single one."""
    if isinstance(parameters, Tensor):
        return [parameters]
    found = list(parameters.values() if isinstance(parameters, Mapping) else parameters)
    for value in found:
        if not isinstance(value, Tensor):
            raise TypeError(f"parameters must be tensors, got {type(value).__name__} among them.")
    return found


def _need_learning(parameters: list[Tensor]) -> None:
    if not parameters:
        raise ValueError("there are no parameters to move: was a generator used up before?")
    if len({id(parameter) for parameter in parameters}) < len(parameters):
        raise ValueError("a tensor is among the parameters twice: it would move twice a step.")
    for parameter in parameters:
        if not parameter.is_leaf:
            raise ValueError("a parameter was computed from others: give the tensors it was computed from.")
        if not parameter.requires_grad:
            raise ValueError(
                f"a parameter of shape {list(parameter.shape)} gets no gradient: "
                "use parameter.requires_grad_()."
            )


def _at_least_zero(value: float, name: str) -> float:
    if not value >= 0:
        raise ValueError(f"{name} must be 0 or more, got {value}.")
    return value
