"""How much of the picture one unit sees."""

from collections.abc import Sequence


def receptive_field(layers: Sequence[Sequence[int]]) -> tuple[int, int, float]:
    """Follow one unit back to the picture: size += (reach - 1) · jump, jump *= stride, layer by layer.

    layers   (kernel_size, stride, dilation, padding) from the first to the last; pooling counts as a layer.
             What is left off at the end is 1, 1 and 0
    Returns  size, the pixels that one unit sees along an axis; jump, the pixels between two neighbouring
             units; start, the pixel at the centre of the first unit's field (below 0 for much padding)
    Raises   ValueError for a layer that is no layer
    Source   Araujo, Norris & Sim 2019, "Computing receptive fields of convolutional neural networks"
    """
    size, jump, start = 1, 1, 0.0
    for layer in layers:
        kernel_size, stride, dilation, padding = _whole(layer)
        reach = dilation * (kernel_size - 1) + 1
        size += (reach - 1) * jump
        start += ((reach - 1) / 2 - padding) * jump
        jump *= stride
    return size, jump, start


def _whole(layer: Sequence[int]) -> tuple[int, ...]:
    """Fill in stride, dilation and padding where they were left off."""
    values = tuple(layer)
    whole = values + (None, 1, 1, 0)[len(values) :]
    if len(whole) != 4 or any(isinstance(v, bool) or not isinstance(v, int) for v in whole):
        raise ValueError(
            f"a layer is (kernel_size, stride, dilation, padding) in whole numbers, got {layer!r}."
        )
    if min(whole[:3]) < 1 or whole[3] < 0:
        raise ValueError(
            f"kernel_size, stride and dilation must be at least 1, padding at least 0; got {layer!r}."
        )
    return whole
