"""Have a call end where it makes a tensor larger than its task allows."""

from contextlib import contextmanager


class TooLarge(Exception):
    """A tensor has more numbers than are allowed at a time."""


@contextmanager
def at_most(numbers):
    """Let torch give no tensor of more numbers than this within the block; raises TooLarge on that line."""
    import torch
    from torch.overrides import TorchFunctionMode

    class Watch(TorchFunctionMode):
        def __torch_function__(self, func, types, args=(), kwargs=None):
            made = func(*args, **(kwargs or {}))
            for x in made if isinstance(made, tuple) else [made]:
                if isinstance(x, torch.Tensor) and x.numel() > numbers:
                    raise TooLarge(f"a tensor {list(x.shape)} is made, too much to be held at a time")
            return made

    with Watch():
        yield
