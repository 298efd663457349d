"""Mirror images, and the pictures that may not be mirrored."""

from collections.abc import Collection, Iterable

from jaxtyping import Float
from torch import Tensor

from .arguments import need_image

NUMBER_WORDS = frozenset(
    ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
)


def hflip(
    inpt: Float[Tensor, "*batch channel height width"],
    *,
    classes: str | Iterable[str] | None = None,
    lawful: Collection[str] | None = None,
) -> Float[Tensor, "*batch channel height width"]:
    """Left becomes right. A mirrored cat is a cat; a mirrored 2 is nothing at all, so its label would lie.

    classes   what the pictures show: a class name, or all the names that occur in the batch. None: a picture
              without a label, which may always be mirrored
    lawful    the class names whose mirror image is one of them again. None: every class but digits,
              number words and single letters
    Raises    ValueError for a class that is not lawful
    Source    equals torchvision.transforms.v2.functional.horizontal_flip
    """
    need_image(inpt)
    need_lawful_flip(classes, lawful)
    return inpt.flip(-1)


def vflip(
    inpt: Float[Tensor, "*batch channel height width"],
    *,
    classes: str | Iterable[str] | None = None,
    lawful: Collection[str] | None = None,
) -> Float[Tensor, "*batch channel height width"]:
    """Top becomes bottom; classes and lawful as in hflip. Photographs are rarely taken upside down.

    Source    equals torchvision.transforms.v2.functional.vertical_flip
    """
    need_image(inpt)
    need_lawful_flip(classes, lawful)
    return inpt.flip(-2)


def need_lawful_flip(classes: str | Iterable[str] | None, lawful: Collection[str] | None = None) -> None:
    """Refuse with a sentence when a mirrored picture of one of `classes` would no longer deserve its name."""
    if classes is None:
        return
    names = [classes] if isinstance(classes, str) else sorted({str(name) for name in classes})
    refused = [name for name in names if (_is_symbol(name) if lawful is None else name not in lawful)]
    if refused:
        raise ValueError(
            f"a mirrored picture of {', '.join(map(repr, refused))} is not one of its class any more. "
            'Leave the flip out, or name the classes that survive it, for digits lawful={"0", "8"}.'
        )


def _is_symbol(name: str) -> bool:
    """A digit, a number word or a single letter: its shape has a reading direction."""
    return name.isdigit() or (len(name) == 1 and name.isalpha()) or name.lower() in NUMBER_WORDS
