"""Exercises of lesson 3, from the size of an output to a whole network for pictures."""

from mmcourse.checks.lesson_03.adamw import adamw_step
from mmcourse.checks.lesson_03.backward import conv2d_backward
from mmcourse.checks.lesson_03.batch_normalization import batch_norm
from mmcourse.checks.lesson_03.convolution import conv2d
from mmcourse.checks.lesson_03.correlation import correlate
from mmcourse.checks.lesson_03.dropping import dropout
from mmcourse.checks.lesson_03.groups import grouped_conv2d
from mmcourse.checks.lesson_03.log_probabilities import log_softmax
from mmcourse.checks.lesson_03.losses import cross_entropy
from mmcourse.checks.lesson_03.networks import image_cnn
from mmcourse.checks.lesson_03.pooling import max_pool2d
from mmcourse.checks.lesson_03.receptive import receptive_field
from mmcourse.checks.lesson_03.sizes import output_size

__all__ = [
    "adamw_step",
    "batch_norm",
    "conv2d",
    "conv2d_backward",
    "correlate",
    "cross_entropy",
    "dropout",
    "grouped_conv2d",
    "image_cnn",
    "log_softmax",
    "max_pool2d",
    "output_size",
    "receptive_field",
]
