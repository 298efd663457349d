"""Parameters are a dict of tensors, named as torch.nn names them in a state_dict.

state = ImageCNN(10).state_dict()          # of a module, trained or new
parameters = copied(state)                 # the same numbers, ready to be trained here
optimiser = AdamW(learnable(parameters))   # ...
ImageCNN(10).load_state_dict(parameters)   # and back
"""

from collections.abc import Mapping, Sequence

from torch import Tensor

# What a state_dict holds beside weights: statistics that are counted, not learned by gradients.
STATISTICS = ("running_mean", "running_var", "num_batches_tracked")


def part(parameters: Mapping[str, Tensor], prefix: str) -> dict[str, Tensor]:
    """Pick one part of a network's parameters: {"encoder.weight": w} and "encoder" give {"weight": w}.

    parameters  tensors by their full names, such as a module's state_dict()
    prefix      name of the part, without the dot that follows it
    Raises      ValueError where no name begins with the prefix and a dot
    Source      the names that torch.nn.Module.state_dict gives to the parts of a module
    """
    start = f"{prefix}."
    picked = {name.removeprefix(start): value for name, value in parameters.items() if name.startswith(start)}
    if not picked:
        names = sorted({name.split(".")[0] for name in parameters})
        raise ValueError(f"no parameter's name begins with {start!r}: the parts here are {names}.")
    return picked


def parts(parameters: Mapping[str, Tensor], prefix: str) -> list[dict[str, Tensor]]:
    """Pick the numbered parts below a prefix, in order: [part "layers.0", part "layers.1", ...].

    parameters  tensors by their full names
    prefix      name that the numbers follow, as in a torch.nn.ModuleList
    Raises      ValueError where no name begins with the prefix and a dot
    Source      the names that torch.nn.ModuleList gives to its modules
    """
    below = part(parameters, prefix)
    numbers = sorted({int(name.split(".")[0]) for name in below})
    return [part(below, str(number)) for number in numbers]


def joined(tree: Mapping[str, Mapping | Sequence | Tensor]) -> dict[str, Tensor]:
    """Name the tensors of nested dicts and lists by their way from the top: the opposite of part and parts.

    tree     {"linear": {"weight": w}, "layers": [{"bias": b}]} gives {"linear.weight": w, "layers.0.bias": b}
    Raises   TypeError for a leaf that is no tensor
    Source   the names that torch.nn.Module.state_dict gives to the parts of a module
    """
    found: dict[str, Tensor] = {}
    for name, value in tree.items():
        if isinstance(value, Tensor):
            found[name] = value
            continue
        if isinstance(value, Sequence) and not isinstance(value, str):
            value = {str(number): entry for number, entry in enumerate(value)}
        if not isinstance(value, Mapping):
            raise TypeError(f"{name} must be a tensor, a dict or a list of them, got {type(value).__name__}.")
        found |= {f"{name}.{inner}": tensor for inner, tensor in joined(value).items()}
    return found


def copied(parameters: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Copy parameters and ask for gradients of all that is learned by them; statistics are copied only.

    parameters  tensors by name; a state_dict shares its memory with the module, so train a copy
    Returns     new leaves, with requires_grad on floating-point tensors other than running statistics
    Source      torch.Tensor.detach, clone and requires_grad_
    """
    copies = {name: value.detach().clone() for name, value in parameters.items()}
    for name, value in copies.items():
        if value.is_floating_point() and name.rpartition(".")[2] not in STATISTICS:
            value.requires_grad_()
    return copies


def learnable(parameters: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Pick the tensors that ask for gradients: what an optimiser is to move.

    parameters  tensors by name, running statistics among them
    Raises      ValueError where no tensor asks for one
    Source      torch.nn.Module.parameters, which leaves buffers out
    """
    picked = {name: value for name, value in parameters.items() if value.requires_grad}
    if not picked:
        raise ValueError("no tensor here asks for a gradient: copied(parameters) gives ones that do.")
    return picked
