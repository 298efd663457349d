"""Answers to 03.13 as learners write them: wrong ones with words of their hint, right ones, crashing ones."""

import torch
from torch import nn
from torch.nn import functional as F


def conv(x, parameters, name, padding=1):
    return F.conv2d(x, parameters[name + ".weight"], parameters[name + ".bias"], padding=padding)


def linear(x, parameters):
    return x @ parameters["linear.weight"].T + parameters["linear.bias"]


def pooled(x, parameters):
    """All but the linear layer."""
    x = F.max_pool2d(conv(x, parameters, "conv1").relu(), 2)
    return F.adaptive_max_pool2d(conv(x, parameters, "conv2").relu(), 4)


def wrong_no_relu(parameters, image):
    """hint: relu is missing"""
    x = F.max_pool2d(conv(image, parameters, "conv1"), 2)
    x = F.adaptive_max_pool2d(conv(x, parameters, "conv2"), 4)
    return linear(x.flatten(1), parameters)


def wrong_second_relu_forgotten(parameters, image):
    """hint: relu is missing"""
    x = F.max_pool2d(conv(image, parameters, "conv1").relu(), 2)
    x = F.adaptive_max_pool2d(conv(x, parameters, "conv2"), 4)
    return linear(x.flatten(1), parameters)


def wrong_no_padding(parameters, image):
    """hint: padding 1"""
    x = F.max_pool2d(conv(image, parameters, "conv1", padding=0).relu(), 2)
    x = F.adaptive_max_pool2d(conv(x, parameters, "conv2", padding=0).relu(), 4)
    return linear(x.flatten(1), parameters)


def wrong_biases_forgotten(parameters, image):
    """hint: bias is missing"""
    x = F.max_pool2d(F.conv2d(image, parameters["conv1.weight"], padding=1).relu(), 2)
    x = F.adaptive_max_pool2d(F.conv2d(x, parameters["conv2.weight"], padding=1).relu(), 4)
    return x.flatten(1) @ parameters["linear.weight"].T


def wrong_last_bias_forgotten(parameters, image):
    """hint: bias is missing"""
    return pooled(image, parameters).flatten(1) @ parameters["linear.weight"].T


def wrong_first_pooling_forgotten(parameters, image):
    """hint: first pooling is missing"""
    x = conv(image, parameters, "conv1").relu()
    x = F.adaptive_max_pool2d(conv(x, parameters, "conv2").relu(), 4)
    return linear(x.flatten(1), parameters)


def wrong_mean_at_the_end(parameters, image):
    """hint: takes the mean"""
    x = F.max_pool2d(conv(image, parameters, "conv1").relu(), 2)
    x = F.adaptive_avg_pool2d(conv(x, parameters, "conv2").relu(), 4)
    return linear(x.flatten(1), parameters)


def wrong_softmax_at_the_end(parameters, image):
    """hint: logits are wanted"""
    return torch.softmax(linear(pooled(image, parameters).flatten(1), parameters), dim=1)


def wrong_channel_flattened_last(parameters, image):
    """hint: channel, row, column"""
    x = pooled(image, parameters).permute(0, 2, 3, 1)
    return linear(x.reshape(len(image), -1), parameters)


def wrong_squeezed(parameters, image):
    """hint: batch of one"""
    return linear(pooled(image, parameters).flatten(1), parameters).squeeze()


def wrong_linear_forgotten(parameters, image):
    """hint: linear layer"""
    return pooled(image, parameters).flatten(1)


def wrong_relu_at_the_end(parameters, image):
    """hint: logits are wanted"""
    return linear(pooled(image, parameters).flatten(1), parameters).clamp(min=0)


def wrong_pools_in_place_of_adaptive(parameters, image):
    """hint: cover all of it"""
    x = F.max_pool2d(conv(image, parameters, "conv1").relu(), 2)
    x = conv(x, parameters, "conv2").relu()
    if min(x.shape[2:]) >= 4:
        size = (x.shape[2] // 4, x.shape[3] // 4)
        x = F.max_pool2d(x, size)[:, :, :4, :4]
    else:
        x = F.adaptive_max_pool2d(x, 4)
    return linear(x.flatten(1), parameters)


def right_module(parameters, image):
    net = nn.ModuleDict(
        {
            "conv1": nn.Conv2d(image.shape[1], len(parameters["conv1.bias"]), 3, padding=1),
            "conv2": nn.Conv2d(len(parameters["conv1.bias"]), len(parameters["conv2.bias"]), 3, padding=1),
            "linear": nn.Linear(parameters["linear.weight"].shape[1], len(parameters["linear.bias"])),
        }
    ).to(image.dtype)

    def forward(x):
        x = F.max_pool2d(net["conv1"](x).relu(), 2)
        x = F.adaptive_max_pool2d(net["conv2"](x).relu(), 4)
        return net["linear"](x.flatten(1))

    net.forward = forward
    return torch.func.functional_call(net, parameters, (image,))


def right_bare_tensors(*, parameters, image):
    def shifted(x, weight, bias):
        height, width = x.shape[2:]
        x = F.pad(x, (1, 1, 1, 1))
        taps = [(i, j) for i in range(3) for j in range(3)]
        out = sum(
            torch.einsum("bchw,oc->bohw", x[:, :, i : i + height, j : j + width], weight[:, :, i, j])
            for i, j in taps
        )
        return torch.where(out + bias[:, None, None] > 0, out + bias[:, None, None], 0)

    def bins(n):
        return [(i * n // 4, -(-(i + 1) * n // 4)) for i in range(4)]

    x = shifted(image, parameters["conv1.weight"], parameters["conv1.bias"])
    x = x.unfold(2, 2, 2).unfold(3, 2, 2).amax((-2, -1))
    x = shifted(x, parameters["conv2.weight"], parameters["conv2.bias"])
    rows = [
        torch.stack([x[:, :, a:b, c:d].amax((2, 3)) for c, d in bins(x.shape[3])], dim=-1)
        for a, b in bins(x.shape[2])
    ]
    return linear(torch.stack(rows, dim=-2).flatten(1), parameters)


def right_pools_before_relu(parameters, image):
    x = F.max_pool2d(conv(image, parameters, "conv1"), 2).relu()  # the largest stays the largest
    x = F.adaptive_max_pool2d(conv(x, parameters, "conv2"), (4, 4)).relu()
    return F.linear(x.reshape(x.shape[0], -1), parameters["linear.weight"], parameters["linear.bias"])


def crash_linear_not_transposed(parameters, image):
    """line: x @ parameters["linear.weight"]
    hint: transposed"""
    x = pooled(image, parameters).flatten(1)
    return x @ parameters["linear.weight"] + parameters["linear.bias"]


def wrong_batch_flattened_too(parameters, image):
    """hint: start_dim=1"""
    return linear(pooled(image, parameters).flatten(), parameters)


def crash_no_adaptive_pooling(parameters, image):
    """line: linear(x.flatten(1), parameters)
    hint: 4 × 4"""
    x = F.max_pool2d(conv(image, parameters, "conv1").relu(), 2)
    x = F.max_pool2d(conv(x, parameters, "conv2").relu(), 2)
    return linear(x.flatten(1), parameters)


def wrong_relu_writes_into_the_picture(parameters, image):
    """hint: change the picture"""
    return linear(pooled(image.relu_(), parameters).flatten(1), parameters)


def crash_ninety_six_in_the_code(parameters, image):
    """line: view(-1, 96)
    hint: write none into the code"""
    x = F.max_pool2d(F.relu(conv(image, parameters, "conv1")), 2)
    x = F.adaptive_max_pool2d(F.relu(conv(x, parameters, "conv2")), 4)
    return x.view(-1, 96) @ parameters["linear.weight"].T + parameters["linear.bias"]
