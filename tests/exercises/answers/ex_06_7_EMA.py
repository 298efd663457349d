"""Answers to 06.7 EMA."""

import copy

import torch


class right_a_whole_model:
    def __init__(self, model, decay):
        self.average, self.decay = copy.deepcopy(model).requires_grad_(False), decay

    @torch.no_grad()
    def update(self, model):
        for mine, theirs in zip(self.average.parameters(), model.parameters(), strict=True):
            mine.lerp_(theirs, 1 - self.decay)
        for mine, theirs in zip(self.average.buffers(), model.buffers(), strict=True):
            mine.copy_(theirs)

    def copy_to(self, model):
        model.load_state_dict(self.average.state_dict())


class right_lists_and_detach:
    def __init__(self, model, *, decay):
        self.decay = decay
        self.weights = [w.detach().clone() for w in model.parameters()]
        self.buffers = [b.clone() for b in model.buffers()]

    def update(self, model):
        pairs = zip(self.weights, model.parameters(), strict=True)
        self.weights = [self.decay * a + (1 - self.decay) * w.detach() for a, w in pairs]
        self.buffers = [b.clone() for b in model.buffers()]

    def copy_to(self, model):
        for parameter, average in zip(model.parameters(), self.weights, strict=True):
            parameter.data.copy_(average)
        for buffer, kept in zip(model.buffers(), self.buffers, strict=True):
            buffer.copy_(kept)


class right_with_torch_swa_utils:
    def __init__(self, model, decay):
        averaged = torch.optim.swa_utils.AveragedModel
        step = torch.optim.swa_utils.get_ema_multi_avg_fn(decay)
        self.swa = averaged(model, multi_avg_fn=step)
        self.swa.n_averaged += 1  # begun at the weights that the model has now

    def update(self, model):
        self.swa.update_parameters(model)
        for mine, theirs in zip(self.swa.module.buffers(), model.buffers(), strict=True):
            mine.copy_(theirs)

    def copy_to(self, model):
        model.load_state_dict(self.swa.module.state_dict())


class _Right:
    """Right, as a start for wrong ones."""

    def __init__(self, model, decay):
        self.decay = decay
        self.shadow = {name: value.detach().clone() for name, value in model.state_dict().items()}

    @torch.no_grad()
    def update(self, model):
        parameters = dict(model.named_parameters())
        for name, value in model.state_dict().items():
            if name in parameters:
                self.shadow[name] = self.decay * self.shadow[name] + (1 - self.decay) * value
            else:
                self.shadow[name] = value.clone()

    def copy_to(self, model):
        model.load_state_dict(self.shadow)


class wrong_keeps_what_it_was_given(_Right):
    """hint: which training changes in place"""

    def __init__(self, model, decay):
        self.decay, self.shadow = decay, dict(model.state_dict())


class wrong_averages_in_the_models_own_tensors(_Right):
    """hint: so update changes the model"""

    def __init__(self, model, decay):
        self.decay, self.shadow = decay, model.state_dict()

    @torch.no_grad()
    def update(self, model):
        for name, parameter in model.named_parameters():
            self.shadow[name].mul_(self.decay)
            self.shadow[name].add_(parameter * (1 - self.decay))


class wrong_lerp_by_decay(_Right):
    """hint: the other way round"""

    @torch.no_grad()
    def update(self, model):
        for name, parameter in model.named_parameters():
            self.shadow[name].lerp_(parameter, self.decay)
        for name, buffer in model.named_buffers():
            self.shadow[name].copy_(buffer)


class wrong_averages_all_of_the_state(_Right):
    """hint: A counter of batches has no average"""

    @torch.no_grad()
    def update(self, model):
        for name, value in model.state_dict().items():
            mixed = self.decay * self.shadow[name] + (1 - self.decay) * value
            self.shadow[name] = mixed.to(value.dtype)


class wrong_averages_float_buffers(_Right):
    """hint: You average the buffers"""

    @torch.no_grad()
    def update(self, model):
        for name, value in model.state_dict().items():
            if value.is_floating_point():
                self.shadow[name] = self.decay * self.shadow[name] + (1 - self.decay) * value
            else:
                self.shadow[name] = value.clone()


class wrong_forgets_buffers(_Right):
    """hint: stay as they were at the beginning"""

    @torch.no_grad()
    def update(self, model):
        for name, parameter in model.named_parameters():
            self.shadow[name] = self.decay * self.shadow[name] + (1 - self.decay) * parameter


class wrong_writes_parameters_only(_Right):
    """hint: leaves the model's buffers as they are"""

    @torch.no_grad()
    def copy_to(self, model):
        for name, parameter in model.named_parameters():
            parameter.copy_(self.shadow[name])


class wrong_starts_empty(_Right):
    """hint: begins at 0"""

    def __init__(self, model, decay):
        self.decay = decay
        self.shadow = {name: torch.zeros_like(value) for name, value in model.state_dict().items()}


class wrong_with_the_graph(_Right):
    """hint: under torch.no_grad()"""

    def update(self, model):
        for name, parameter in model.named_parameters():
            self.shadow[name] = self.decay * self.shadow[name] + (1 - self.decay) * parameter
        for name, buffer in model.named_buffers():
            self.shadow[name] = buffer.clone()


class wrong_assigns_to_the_name_of_the_loop(_Right):
    """hint: never moves"""

    @torch.no_grad()
    def update(self, model):
        for average, value in zip(self.shadow.values(), model.state_dict().values(), strict=True):
            average = self.decay * average + (1 - self.decay) * value
        for name, buffer in model.named_buffers():
            self.shadow[name] = buffer.clone()


class wrong_no_one_minus_decay(_Right):
    """hint: has to be multiplied by 1 − decay"""

    @torch.no_grad()
    def update(self, model):
        for name, parameter in model.named_parameters():
            self.shadow[name] = self.shadow[name] * self.decay + parameter
        for name, buffer in model.named_buffers():
            self.shadow[name] = buffer.clone()


class wrong_leaves_out_frozen(_Right):
    """hint: with requires_grad False"""

    @torch.no_grad()
    def copy_to(self, model):
        for name, parameter in model.named_parameters():
            if parameter.requires_grad:
                parameter.copy_(self.shadow[name])
        for name, buffer in model.named_buffers():
            buffer.copy_(self.shadow[name])


class wrong_copies_by_reference(_Right):
    """hint: *are* the averages"""

    @torch.no_grad()
    def update(self, model):
        for name, parameter in model.named_parameters():
            self.shadow[name].mul_(self.decay).add_(parameter, alpha=1 - self.decay)
        for name, buffer in model.named_buffers():
            self.shadow[name].copy_(buffer)

    def copy_to(self, model):
        for name, value in [*model.named_parameters(), *model.named_buffers()]:
            value.data = self.shadow[name]


class wrong_copies_into_a_name(_Right):
    """hint: only gives the name to something else"""

    def copy_to(self, model):
        for name, parameter in model.named_parameters():
            parameter = self.shadow[name]
        return parameter


class wrong_swaps_and_evaluates(_Right):
    """hint: changes the mode"""

    def copy_to(self, model):
        model.eval()
        model.load_state_dict(self.shadow)


class wrong_freezes_the_model(_Right):
    """hint: no longer trains"""

    def __init__(self, model, decay):
        super().__init__(model, decay)
        for parameter in model.parameters():
            parameter.requires_grad = False


class wrong_one_shadow_for_all(_Right):
    """hint: belongs to the class"""

    shadow = {}  # noqa: RUF012 - that is the mistake

    def __init__(self, model, decay):
        self.decay = decay
        for name, value in model.state_dict().items():
            self.shadow[name] = value.clone()


class crash_in_place_on_a_weight(_Right):
    """line: parameter.copy_(self.shadow[name])
    hint: torch.no_grad()"""

    def copy_to(self, model):
        for name, parameter in model.named_parameters():
            parameter.copy_(self.shadow[name])


class crash_parameters_by_name_in_the_wrong_dict(_Right):
    """line: self.shadow[name] = value"""

    def __init__(self, model, decay):
        self.decay = decay
        for name, value in model.named_parameters():
            self.shadow[name] = value.clone()


class wrong_frozen_weights_stand_still:
    """hint: a weight that is frozen now"""

    def __init__(self, model, decay):
        self.decay, self.kept = decay, copy.deepcopy(model.state_dict())

    @torch.no_grad()
    def update(self, model):
        for name, p in model.named_parameters():
            if p.requires_grad:
                self.kept[name] = self.decay * self.kept[name] + (1 - self.decay) * p
        self.kept.update({name: b.clone() for name, b in model.named_buffers()})

    def copy_to(self, model):
        model.load_state_dict(self.kept)
