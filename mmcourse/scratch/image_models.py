"""From a picture to an embedding, or to logits: networks as functions of their parameters.

Twins of mmcourse.modules.image_models. `parameters` is the module's state_dict, or what *_parameters draws.
"""

from collections.abc import Mapping

import torch
from jaxtyping import Float
from torch import Tensor

from ._arguments import need_floating
from .activations import relu
from .conv import conv2d
from .initialization import weight_and_bias
from .layers import linear
from .normalization import batch_norm
from .parameters import copied, joined, part, parts
from .pooling import adaptive_max_pool2d, max_pool2d


def image_cnn(
    parameters: Mapping[str, Tensor],
    image: Float[Tensor, "batch channel height width"],
    *,
    training: bool = False,
) -> Float[Tensor, "batch feature"]:
    """Twice convolve, cut off below 0 and pool; then weigh all that is left: linear(pool(relu(conv(x)))).

    parameters  conv1, conv2 and linear, each with weight and bias
    image       pictures of any size from 2 × 2: the second pooling always leaves 4 × 4
    training    changes nothing here; every model takes it
    Returns     [batch, feature]
    Raises      TypeError for integers, ValueError for pictures or parameters that do not fit
    Source      lesson 3, "A network of bare tensors"; LeCun et al. 1998, "Gradient-based learning applied
                to document recognition", section II
    """
    _need_pictures(image)
    x = relu(conv2d(image, **part(parameters, "conv1"), padding=1))
    x = max_pool2d(x, 2)
    x = relu(conv2d(x, **part(parameters, "conv2"), padding=1))
    x = adaptive_max_pool2d(x, 4)
    return linear(x.flatten(start_dim=1), **part(parameters, "linear"))


def image_resnet(
    parameters: Mapping[str, Tensor],
    image: Float[Tensor, "batch channel height width"],
    *,
    training: bool = False,
) -> Float[Tensor, "batch feature"]:
    """Convolve, then add to what is there, block by block: x ← relu(x + f(x)); then the mean over all places.

    parameters  conv, norm, blocks (residual_block says what is in one) and linear
    image       pictures of any size
    training    True: batch norm uses the batch's own statistics, and its running ones move, in place
    Returns     [batch, feature]
    Raises      TypeError for integers, ValueError for pictures or parameters that do not fit
    Source      He et al. 2016, "Deep residual learning for image recognition", section 3
    """
    _need_pictures(image)
    x = conv2d(image, **part(parameters, "conv"), padding=1)
    x = relu(_norm(part(parameters, "norm"), x, training))
    for block in parts(parameters, "blocks"):
        x = residual_block(block, x, training=training)
    return linear(x.mean(dim=(2, 3)), **part(parameters, "linear"))


def residual_block(
    parameters: Mapping[str, Tensor],
    x: Float[Tensor, "batch channel height width"],
    *,
    training: bool = False,
) -> Float[Tensor, "batch new_channel new_height new_width"]:
    """Add what two convolutions found to what came in: relu(x + norm(conv(relu(norm(conv(x)))))).

    parameters  conv1, norm1, conv2, norm2; and shortcut, a 1 × 1 convolution, where shapes change: then both
                it and conv1 go in steps of 2
    x           [batch, channel, height, width]
    training    as in image_resnet
    Returns     [batch, channel, height, width], or twice the channels and half the height and width
    Raises      TypeError for integers, ValueError for inputs or parameters that do not fit
    Source      He et al. 2016, "Deep residual learning for image recognition", figure 2
    """
    changes = "shortcut.weight" in parameters
    stride = 2 if changes else 1
    inner = conv2d(x, **part(parameters, "conv1"), stride=stride, padding=1)
    inner = relu(_norm(part(parameters, "norm1"), inner, training))
    inner = conv2d(inner, **part(parameters, "conv2"), padding=1)
    inner = _norm(part(parameters, "norm2"), inner, training)
    if changes:
        x = conv2d(x, **part(parameters, "shortcut"), stride=stride)
    return relu(x + inner)


def image_cnn_parameters(
    features: int = 64,
    *,
    in_channels: int = 1,
    channels: int = 16,
    generator: torch.Generator | None = None,
    dtype: torch.dtype | None = None,
    device: torch.device | str | None = None,
) -> dict[str, Tensor]:
    """Draw fresh parameters for image_cnn: names, shapes and numbers of a new modules.ImageCNN.

    features     numbers that come out for each picture: the width of an embedding, or the classes
    in_channels  1 for grey, 3 for colour
    channels     kernels of the first convolution; the second has twice as many
    generator    of the random numbers; torch's own where None
    Raises       RuntimeError of torch for sizes below 0
    Source       initialization.weight_and_bias
    """
    options = {"generator": generator, "dtype": dtype, "device": device}
    tree = {
        "conv1": weight_and_bias((channels, in_channels, 3, 3), **options),
        "conv2": weight_and_bias((2 * channels, channels, 3, 3), **options),
        "linear": weight_and_bias((features, 2 * channels * 4 * 4), **options),
    }
    return copied(joined(tree))


def image_resnet_parameters(
    features: int = 64,
    *,
    in_channels: int = 1,
    channels: int = 16,
    generator: torch.Generator | None = None,
    dtype: torch.dtype | None = None,
    device: torch.device | str | None = None,
) -> dict[str, Tensor]:
    """Draw fresh parameters for image_resnet: names, shapes and numbers of a new modules.ImageResNet.

    features     numbers that come out for each picture: the width of an embedding, or the classes
    in_channels  1 for grey, 3 for colour
    channels     kernels of the first convolution and the first block; the second block has twice as many
    generator    of the random numbers; torch's own where None
    Raises       RuntimeError of torch for sizes below 0
    Source       initialization.weight_and_bias
    """
    options = {"generator": generator, "dtype": dtype, "device": device}
    tree = {
        "conv": weight_and_bias((channels, in_channels, 3, 3), bias=False, **options),
        "norm": _fresh_norm(channels, dtype, device),
        "blocks": [_fresh_block(channels, channels, options), _fresh_block(channels, 2 * channels, options)],
        "linear": weight_and_bias((features, 2 * channels), **options),
    }
    return copied(joined(tree))


def _fresh_block(in_channels: int, channels: int, options: dict) -> dict[str, dict[str, Tensor]]:
    block = {
        "conv1": weight_and_bias((channels, in_channels, 3, 3), bias=False, **options),
        "norm1": _fresh_norm(channels, options["dtype"], options["device"]),
        "conv2": weight_and_bias((channels, channels, 3, 3), bias=False, **options),
        "norm2": _fresh_norm(channels, options["dtype"], options["device"]),
    }
    if in_channels != channels:
        block["shortcut"] = weight_and_bias((channels, in_channels, 1, 1), **options)
    return block


def _fresh_norm(
    channels: int, dtype: torch.dtype | None, device: torch.device | str | None
) -> dict[str, Tensor]:
    zeros = torch.zeros(channels, dtype=dtype, device=device)
    return {
        "weight": zeros + 1,
        "bias": zeros,
        "running_mean": zeros,
        "running_var": zeros + 1,
        "num_batches_tracked": torch.tensor(0, device=device),
    }


def _norm(parameters: dict[str, Tensor], x: Tensor, training: bool) -> Tensor:
    """Batch norm with a module's parameters; in training it also counts the batches, as the module does."""
    statistics = {name: value for name, value in parameters.items() if name != "num_batches_tracked"}
    if training and "num_batches_tracked" in parameters:
        parameters["num_batches_tracked"] += 1
    return batch_norm(x, **statistics, training=training)


def _need_pictures(image: Tensor) -> None:
    need_floating(image, "image")
    if image.ndim != 4 or 0 in image.shape[1:]:
        raise ValueError(
            f"image must be [batch, channel, height, width], got {list(image.shape)}: "
            "give one picture its batch axis by image[None]."
        )
