"""Parameters are a dict of tensors, named as torch.nn names them in a state_dict."""

from collections.abc import Mapping

from torch import Tensor


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
        parts = sorted({name.split(".")[0] for name in parameters})
        raise ValueError(f"no parameter's name begins with {start!r}: the parts here are {parts}.")
    return picked
