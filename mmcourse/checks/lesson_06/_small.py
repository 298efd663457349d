"""Small networks and batches for the checks of whole loops, and what a loop has made of a network."""

from __future__ import annotations

from itertools import pairwise

from mmcourse.checks import lazy

torch = lazy("torch")


def network(generator, *sizes, norm=False, size=1.0):
    """Linear layers with relu between them, from `sizes[0]` features to `sizes[-1]` classes.

    norm  True: batch norm in front, so that training and evaluation differ and there are buffers.
          In front, since a bias just before batch norm has no gradient but rounding.
    size  spread of the weights
    """
    nn = torch.nn
    layers = [nn.BatchNorm1d(sizes[0])] if norm else []
    for place, (ins, outs) in enumerate(pairwise(sizes)):
        layers += [nn.ReLU()] if place else []
        layers += [nn.Linear(ins, outs)]
    model = nn.Sequential(*layers)
    for layer in model:
        if isinstance(layer, nn.Linear):
            layer.weight.data = size * torch.randn(layer.weight.shape, generator=generator)
            layer.bias.data = size * torch.randn(layer.bias.shape, generator=generator)
    return model


def linear(weight, bias):
    """One linear layer with these numbers."""
    layer = torch.nn.Linear(len(weight[0]), len(weight))
    layer.weight.data, layer.bias.data = torch.tensor(weight), torch.tensor(bias)
    return torch.nn.Sequential(layer)


def batches(generator, counts, features, classes, shift=0.0):
    """Pairs (x, y): one for each of `counts`, with so many examples."""
    made = []
    for count in counts:
        x = torch.randn(count, features, generator=generator) + shift
        made.append((x, torch.randint(classes, (count,), generator=generator)))
    return made


def frozen(model, *layers):
    """`model`, the weights of these layers not to be trained."""
    for layer in layers:
        model[layer].requires_grad_(False)
    return model


def state(model):
    """Copies of all weights and buffers."""
    return {name: value.detach().clone() for name, value in model.state_dict().items()}
