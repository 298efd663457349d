"""From a picture to an embedding, or to logits where `features` is the number of classes."""

from __future__ import annotations

from jaxtyping import Float
from torch import Tensor, nn


class ImageCNN(nn.Module):
    """Two convolutions, each with pooling, and one linear layer. Twin of scratch.image_models.image_cnn.

    features     numbers that come out for each picture: the width of an embedding, or the classes
    in_channels  1 for grey, 3 for colour
    channels     kernels of the first convolution; the second has twice as many
    """

    def __init__(self, features: int = 64, *, in_channels: int = 1, channels: int = 16):
        super().__init__()
        self.features = features
        self.conv1 = nn.Conv2d(in_channels, channels, kernel_size=3, padding=1)
        self.conv2 = nn.Conv2d(channels, 2 * channels, kernel_size=3, padding=1)
        self.pool1 = nn.MaxPool2d(2)
        self.pool2 = nn.AdaptiveMaxPool2d(4)  # one size out of any size in: 8 × 8 digits, 28 × 28 MNIST
        self.linear = nn.Linear(2 * channels * 4 * 4, features)

    def forward(self, image: Float[Tensor, "batch channel height width"]) -> Float[Tensor, "batch feature"]:
        """Give one row of numbers a picture, at least 2 × 2 pixels."""
        x = self.pool1(self.conv1(image).relu())
        x = self.pool2(self.conv2(x).relu())
        return self.linear(x.flatten(start_dim=1))


class ImageResNet(nn.Module):
    """Convolutions that add to what came in, after He et al. 2016. Twin of scratch.image_models.image_resnet.

    A first convolution, one residual block at full size, one that halves height and width and doubles the
    channels, the mean over all places, and one linear layer. Batch norm follows every 3 × 3 convolution.

    features     numbers that come out for each picture: the width of an embedding, or the classes
    in_channels  1 for grey, 3 for colour
    channels     kernels of the first convolution and the first block
    """

    def __init__(self, features: int = 64, *, in_channels: int = 1, channels: int = 16):
        super().__init__()
        self.features = features
        self.conv = nn.Conv2d(in_channels, channels, kernel_size=3, padding=1, bias=False)
        self.norm = nn.BatchNorm2d(channels)
        self.blocks = nn.ModuleList(
            [ResidualBlock(channels, channels), ResidualBlock(channels, 2 * channels, stride=2)]
        )
        self.linear = nn.Linear(2 * channels, features)

    def forward(self, image: Float[Tensor, "batch channel height width"]) -> Float[Tensor, "batch feature"]:
        """Give one row of numbers a picture; in training, batch norm needs more than one value a channel."""
        x = self.norm(self.conv(image)).relu()
        for block in self.blocks:
            x = block(x)
        return self.linear(x.mean(dim=(2, 3)))


class ResidualBlock(nn.Module):
    """Two convolutions whose result is added to the input: relu(x + f(x)).

    Where shapes change, a 1 × 1 convolution brings x to the new ones.

    in_channels, channels  of the input and the output
    stride                 of the first convolution; 2 halves height and width
    """

    def __init__(self, in_channels: int, channels: int, *, stride: int = 1):
        super().__init__()
        self.conv1 = nn.Conv2d(in_channels, channels, 3, stride=stride, padding=1, bias=False)
        self.norm1 = nn.BatchNorm2d(channels)
        self.conv2 = nn.Conv2d(channels, channels, 3, padding=1, bias=False)
        self.norm2 = nn.BatchNorm2d(channels)
        self.shortcut = nn.Identity()
        if stride != 1 or in_channels != channels:
            self.shortcut = nn.Conv2d(in_channels, channels, 1, stride=stride)

    def forward(
        self, x: Float[Tensor, "batch channel height width"]
    ) -> Float[Tensor, "batch new_channel new_height new_width"]:
        """Give [batch, channels, height / stride, width / stride], rounded up."""
        inner = self.norm1(self.conv1(x)).relu()
        return (self.shortcut(x) + self.norm2(self.conv2(inner))).relu()
