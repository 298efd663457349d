"""Answers to 03.10 as learners write them: wrong ones with words of their hint, right ones, crashing ones."""

import torch
from torch.nn import functional as F


def pieces(input, grad_output, weight):
    """Each place of the kernel with the slice of the input that it met."""
    rows, columns = grad_output.shape[2:]
    for i in range(weight.shape[2]):
        for j in range(weight.shape[3]):
            yield i, j, (..., slice(i, i + rows), slice(j, j + columns))


def of_input(grad_output, input, weight):
    result = torch.zeros_like(input)
    for i, j, place in pieces(input, grad_output, weight):
        result[place] += torch.einsum("boyx,oc->bcyx", grad_output, weight[:, :, i, j])
    return result


def of_weight(grad_output, input, weight):
    result = torch.zeros_like(weight)
    for i, j, place in pieces(input, grad_output, weight):
        result[:, :, i, j] = torch.einsum("boyx,bcyx->oc", grad_output, input[place])
    return result


def of_bias(grad_output):
    return grad_output.sum(dim=(0, 2, 3))


def padded(grad_output, weight):
    h, w = weight.shape[2:]
    return F.pad(grad_output, (w - 1, w - 1, h - 1, h - 1))


def wrong_kernel_not_turned(grad_output, input, weight):
    """hint: turned round"""
    grad_input = F.conv2d(padded(grad_output, weight), weight.transpose(0, 1))
    return grad_input, of_weight(grad_output, input, weight), of_bias(grad_output)


def wrong_weights_turned(grad_output, input, weight):
    """hint: came out turned"""
    grad_weight = torch.flip(of_weight(grad_output, input, weight), (2, 3))
    return of_input(grad_output, input, weight), grad_weight, of_bias(grad_output)


def wrong_mean_over_the_batch(grad_output, input, weight):
    """hint: add up over the batch"""
    b = len(input)
    grad_weight = of_weight(grad_output, input, weight) / b
    return of_input(grad_output, input, weight), grad_weight, of_bias(grad_output) / b


def wrong_bias_mean(grad_output, input, weight):
    """hint: gradients add up"""
    grads = of_input(grad_output, input, weight), of_weight(grad_output, input, weight)
    return *grads, grad_output.mean(dim=(0, 2, 3))


def wrong_bias_keeps_height_and_width(grad_output, input, weight):
    """hint: axes height and width"""
    grads = of_input(grad_output, input, weight), of_weight(grad_output, input, weight)
    return *grads, grad_output.sum(dim=0)


def wrong_bias_one_number(grad_output, input, weight):
    """hint: one number for all"""
    return of_input(grad_output, input, weight), of_weight(grad_output, input, weight), grad_output.sum()


def wrong_order(grad_output, input, weight):
    """hint: for input, weight, bias"""
    return of_weight(grad_output, input, weight), of_input(grad_output, input, weight), of_bias(grad_output)


def wrong_overwrites_pixels(grad_output, input, weight):
    """hint: shares add up"""
    grad_input = torch.zeros_like(input)
    for i, j, place in pieces(input, grad_output, weight):
        grad_input[place] = torch.einsum("boyx,oc->bcyx", grad_output, weight[:, :, i, j])
    return grad_input, of_weight(grad_output, input, weight), of_bias(grad_output)


def wrong_no_padding(grad_output, input, weight):
    """hint: smaller than the input"""
    grad_input = F.conv2d(grad_output, weight.flip(2, 3).transpose(0, 1))
    return grad_input, of_weight(grad_output, input, weight), of_bias(grad_output)


def wrong_two_results(grad_output, input, weight):
    """hint: three gradients"""
    return of_input(grad_output, input, weight), of_weight(grad_output, input, weight)


def wrong_grad_output_forgotten(grad_output, input, weight):
    """hint: what flows back"""
    ones = torch.ones_like(grad_output)
    return of_input(ones, input, weight), of_weight(grad_output, input, weight), of_bias(grad_output)


def wrong_first_picture_only(grad_output, input, weight):
    """hint: add up over the batch"""
    grad_weight = of_weight(grad_output[:1], input[:1], weight)
    return of_input(grad_output, input, weight), grad_weight, of_bias(grad_output)


def right_shifted_sums(grad_output, input, weight):
    grads = of_input(grad_output, input, weight), of_weight(grad_output, input, weight)
    return *grads, of_bias(grad_output)


def right_two_convolutions(*, grad_output, input, weight):
    grad_input = F.conv2d(padded(grad_output, weight), weight.flip(2, 3).transpose(0, 1))
    grad_weight = F.conv2d(input.transpose(0, 1), grad_output.transpose(0, 1)).transpose(0, 1)
    return [grad_input, grad_weight, grad_output.flatten(2).sum(-1).sum(0)]


def right_autograd(grad_output, input, weight):
    x, w = input.clone().requires_grad_(), weight.clone().requires_grad_()
    bias = torch.zeros(len(weight), dtype=weight.dtype, requires_grad=True)
    return torch.autograd.grad(F.conv2d(x, w, bias), (x, w, bias), grad_output)


def crash_channels_not_exchanged(grad_output, input, weight):
    """line: F.conv2d(padded(grad_output, weight)
    hint: out channels"""
    grad_input = F.conv2d(padded(grad_output, weight), weight.flip(2, 3))
    return grad_input, of_weight(grad_output, input, weight), of_bias(grad_output)


def wrong_weights_of_each_picture(grad_output, input, weight):
    """hint: gradients add up over the batch"""
    pieces_of = input.unfold(2, weight.shape[2], 1).unfold(3, weight.shape[3], 1)
    each = torch.einsum("boyx,bcyxij->bocij", grad_output, pieces_of)
    return of_input(grad_output, input, weight), each, of_bias(grad_output)


def wrong_pads_height_for_width(grad_output, input, weight):
    """hint: F.pad counts from the last axis"""
    h, w = weight.shape[-2:]
    x = F.pad(grad_output, (h - 1, h - 1, w - 1, w - 1))
    grad_input = F.conv2d(x, weight.flip(-1, -2).swapaxes(0, 1))
    return grad_input, of_weight(grad_output, input, weight), of_bias(grad_output)
