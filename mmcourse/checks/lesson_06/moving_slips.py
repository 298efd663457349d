"""Ways to a moving average of weights, right and wrong."""

from __future__ import annotations

import copy

from mmcourse.checks import lazy

torch = lazy("torch")


class Average:
    """The right way, in pieces that a wrong one replaces."""

    def __init__(self, model, decay):
        self.decay, self.updates = decay, 0
        self.kept = self.start(model)

    def start(self, model):
        return copy.deepcopy(model.state_dict())

    def mix(self, average, weight):
        return self.decay * average + (1 - self.decay) * weight

    def buffer(self, average, value):
        return value.clone()

    def update(self, model):
        self.updates += 1
        with torch.no_grad():
            for name, weight in model.named_parameters():
                self.kept[name] = self.mix(self.kept[name], weight)
            for name, value in model.named_buffers():
                self.kept[name] = self.buffer(self.kept[name], value)

    def copy_to(self, model):
        model.load_state_dict(self.kept)


def other(**pieces):
    """A class like Average with these pieces instead of its own."""
    return type("Other", (Average,), pieces)


def start_at_zero(self, model):
    return {name: torch.zeros_like(value) for name, value in model.state_dict().items()}


def corrected(self, model):
    """Begun at 0 and divided by 1 - decay^updates, as Adam does."""
    share = 1 - self.decay**self.updates
    buffers = {name for name, _ in model.named_buffers()}
    model.load_state_dict(
        {name: v if name in buffers else v / max(share, 1e-9) for name, v in self.kept.items()}
    )


def start_late(self, model):
    """Nothing yet: the first update will set it."""
    return {}


def update_from_first(self, model):
    if not self.kept:
        self.kept = copy.deepcopy(model.state_dict())
    else:
        Average.update(self, model)


def update_in_place(self, model):
    """Of averages that are the model's own tensors."""
    with torch.no_grad():
        for name, weight in model.named_parameters():
            self.kept[name].mul_(self.decay).add_((1 - self.decay) * weight)


def update_all_in_place(self, model):
    with torch.no_grad():
        for name, value in model.state_dict().items():
            self.kept[name].mul_(self.decay).add_((1 - self.decay) * value)


def update_the_model(self, model):
    """Writes the average into the model that is being trained."""
    Average.update(self, model)
    Average.copy_to(self, model)


def update_with_graph(self, model):
    for name, weight in model.named_parameters():
        self.kept[name] = self.mix(self.kept[name], weight)
    for name, value in model.named_buffers():
        self.kept[name] = value.clone()


def update_what_learns(self, model):
    """The average of a frozen weight stays."""
    before = dict(self.kept)
    Average.update(self, model)
    self.kept |= {name: before[name] for name, p in model.named_parameters() if not p.requires_grad}


def copy_what_learns(self, model):
    with torch.no_grad():
        for name, weight in model.named_parameters():
            if weight.requires_grad:
                weight.copy_(self.kept[name])
        for name, value in model.named_buffers():
            value.copy_(self.kept[name])


def mix_all_seen(self, average, weight):
    """The plain mean of all weights so far, the first ones among them."""
    return average + (weight - average) / (self.updates + 1)


def mix_ramped(self, average, weight):
    """A decay that is small at first."""
    decay = min(self.decay, (1 + self.updates) / (10 + self.updates))
    return decay * average + (1 - decay) * weight


def averaged_buffer(self, average, value):
    mixed = self.decay * average + (1 - self.decay) * value
    return mixed.to(value.dtype)


def update_parameters_only(self, model):
    with torch.no_grad():
        for name, weight in model.named_parameters():
            self.kept[name] = self.mix(self.kept[name], weight)


def copy_parameters_only(self, model):
    with torch.no_grad():
        for name, weight in model.named_parameters():
            weight.copy_(self.kept[name])


def copy_with_gradient(self, model):
    for name, weight in model.named_parameters():
        weight.copy_(self.kept[name])


def copy_by_data(self, model):
    """The averages themselves become the model's weights."""
    for name, value in [*model.named_parameters(), *model.named_buffers()]:
        value.data = self.kept[name]


def copy_new_parameters(self, model):
    model.load_state_dict(copy.deepcopy(self.kept), assign=True)


def copy_nothing(self, model):
    """Sets names of its own only, as `weight = average` in a loop does."""


def start_and_remember(self, model):
    self.model = model
    return copy.deepcopy(model.state_dict())


def copy_to_the_remembered(self, model):
    self.model.load_state_dict(self.kept)


def copy_and_evaluate(self, model):
    model.load_state_dict(self.kept)
    model.eval()


def start_and_freeze(self, model):
    """Freezes the model itself where the copy was meant."""
    model.requires_grad_(False)
    return copy.deepcopy(model.state_dict())


def copy_and_freeze(self, model):
    model.load_state_dict(self.kept)
    model.requires_grad_(False)


def shared():
    """All objects of the class share one dict."""

    class Shared(Average):
        kept: dict = {}  # noqa: RUF012 - that is the mistake

        def start(self, model):
            self.kept.update(copy.deepcopy(model.state_dict()))
            return self.kept

    return Shared
