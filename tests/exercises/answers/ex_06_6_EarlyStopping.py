"""Answers to 06.6 EarlyStopping."""

import copy
import math

import torch


class right_whole_model_and_a_countdown:
    def __init__(self, patience, min_delta=0.0):
        self.patience, self.min_delta = patience, min_delta
        self.left, self.best_loss, self.best_model = patience, float("inf"), None

    def update(self, model, loss):
        if self.best_loss - loss > self.min_delta:
            self.left, self.best_loss, self.best_model = self.patience, loss, copy.deepcopy(model)
        else:
            self.left -= 1
        return self.left <= 0

    def restore(self, model):
        model.load_state_dict(self.best_model.state_dict())


class right_list_of_losses_and_clones:
    def __init__(self, patience, *, min_delta=0.0):
        self.patience, self.min_delta, self.losses, self.best = patience, min_delta, [math.inf], 0
        self.kept = {}

    def update(self, model, loss):
        self.losses.append(loss)
        if loss < self.losses[self.best] - self.min_delta:
            self.best = len(self.losses) - 1
            self.kept = {name: value.clone() for name, value in model.state_dict().items()}
        return torch.tensor(len(self.losses) - 1 - self.best >= self.patience)

    @torch.no_grad()
    def restore(self, model):
        for name, value in model.state_dict().items():
            value.copy_(self.kept[name])


class wrong_keeps_the_state_dict:
    """hint: hands out the weights themselves"""

    def __init__(self, patience, min_delta=0.0):
        self.patience, self.min_delta, self.best, self.counter = patience, min_delta, math.inf, 0

    def update(self, model, loss):
        if loss < self.best - self.min_delta:
            self.best, self.counter = loss, 0
            self.weights = model.state_dict()
        else:
            self.counter += 1
        return self.counter >= self.patience

    def restore(self, model):
        model.load_state_dict(self.weights)


class wrong_copies_the_dict_only(wrong_keeps_the_state_dict):
    """hint: hands out the weights themselves"""

    def update(self, model, loss):
        stop = super().update(model, loss)
        if self.counter == 0:
            self.weights = dict(model.state_dict())
        return stop


class wrong_keeps_the_model(wrong_keeps_the_state_dict):
    """hint: hands out the weights themselves"""

    def update(self, model, loss):
        if loss < self.best - self.min_delta:
            self.best, self.counter, self.model = loss, 0, model
        else:
            self.counter += 1
        return self.counter >= self.patience

    def restore(self, model):
        model.load_state_dict(self.model.state_dict())


class _Copies:
    """Right, as a start for wrong ones."""

    def __init__(self, patience, min_delta=0.0):
        self.patience, self.min_delta, self.best, self.counter = patience, min_delta, math.inf, 0
        self.weights = None

    def update(self, model, loss):
        if loss < self.best - self.min_delta:
            self.best, self.counter = loss, 0
            self.weights = copy.deepcopy(model.state_dict())
        else:
            self.counter += 1
        return self.counter >= self.patience

    def restore(self, model):
        model.load_state_dict(self.weights)


class wrong_counter_goes_on(_Copies):
    """hint: counts epochs in a row"""

    def update(self, model, loss):
        if loss < self.best - self.min_delta:
            self.best = loss
            self.weights = copy.deepcopy(model.state_dict())
        else:
            self.counter += 1
        return self.counter >= self.patience


class wrong_stops_one_later(_Copies):
    """hint: one epoch too late"""

    def update(self, model, loss):
        super().update(model, loss)
        return self.counter > self.patience


class wrong_counter_starts_at_one(_Copies):
    """hint: one epoch too early"""

    def update(self, model, loss):
        if loss < self.best - self.min_delta:
            self.best, self.counter = loss, 1
            self.weights = copy.deepcopy(model.state_dict())
        else:
            self.counter += 1
        return self.counter >= self.patience


class wrong_compares_with_the_epoch_before(_Copies):
    """hint: compare with the epoch before"""

    def update(self, model, loss):
        stop = super().update(model, loss)
        self.best = loss
        return stop


class wrong_sign_of_min_delta(_Copies):
    """hint: you add min_delta"""

    def update(self, model, loss):
        if loss - self.min_delta < self.best:
            self.best, self.counter = loss, 0
            self.weights = copy.deepcopy(model.state_dict())
        else:
            self.counter += 1
        return self.counter >= self.patience


class wrong_min_delta_unused(_Copies):
    """hint: leave min_delta out"""

    def update(self, model, loss):
        self.min_delta = 0
        return super().update(model, loss)


class wrong_best_of_all_losses(_Copies):
    """hint: never add up"""

    def update(self, model, loss):
        stop = super().update(model, loss)
        self.best = min(self.best, loss)
        return stop


class wrong_asks_for_worse_first(_Copies):
    """hint: every comparison with NaN is false"""

    def update(self, model, loss):
        if loss >= self.best - self.min_delta:
            self.counter += 1
        else:
            self.best, self.counter = loss, 0
            self.weights = copy.deepcopy(model.state_dict())
        return self.counter >= self.patience


class wrong_best_is_none_at_first(_Copies):
    """hint: take the first loss for the best whatever it is"""

    def __init__(self, patience, min_delta=0.0):
        super().__init__(patience, min_delta)
        self.best = None

    def update(self, model, loss):
        if self.best is None or loss < self.best - self.min_delta:
            self.best, self.counter = loss, 0
            self.weights = copy.deepcopy(model.state_dict())
        else:
            self.counter += 1
        return self.counter >= self.patience


class wrong_best_starts_at_ten(_Copies):
    """hint: a number that losses can exceed"""

    def __init__(self, patience, min_delta=0.0):
        super().__init__(patience, min_delta)
        self.best = 10.0

    def restore(self, model):
        if self.weights is not None:
            super().restore(model)


class wrong_equal_is_better(_Copies):
    """hint: with <=."""

    def update(self, model, loss):
        if loss <= self.best - self.min_delta:
            self.best, self.counter = loss, 0
            self.weights = copy.deepcopy(model.state_dict())
        else:
            self.counter += 1
        return self.counter >= self.patience


class wrong_parameters_without_buffers(_Copies):
    """hint: not the buffers"""

    def update(self, model, loss):
        stop = super().update(model, loss)
        if self.counter == 0:
            self.weights = [parameter.detach().clone() for parameter in model.parameters()]
        return stop

    def restore(self, model):
        for parameter, kept in zip(model.parameters(), self.weights, strict=True):
            parameter.data.copy_(kept)


class wrong_restore_names_another_model(_Copies):
    """hint: only gives the name to something else"""

    def update(self, model, loss):
        stop = super().update(model, loss)
        if self.counter == 0:
            self.model = copy.deepcopy(model)
        return stop

    def restore(self, model):
        model = self.model
        return model


class wrong_restore_by_data(_Copies):
    """hint: *are* the kept ones"""

    def restore(self, model):
        for name, value in [*model.named_parameters(), *model.named_buffers()]:
            value.data = self.weights[name]


class wrong_says_nothing_while_it_goes_on(_Copies):
    """hint: ends without `return`"""

    def update(self, model, loss):
        if loss < self.best - self.min_delta:
            self.best, self.counter = loss, 0
            self.weights = copy.deepcopy(model.state_dict())
        else:
            self.counter += 1
            if self.counter >= self.patience:
                return True


class wrong_memory_of_the_class(_Copies):
    """hint: belongs to the class"""

    kept = []  # noqa: RUF012 - that is the mistake

    def update(self, model, loss):
        stop = super().update(model, loss)
        if self.counter == 0:
            self.kept[:] = [copy.deepcopy(model.state_dict())]
        return stop

    def restore(self, model):
        model.load_state_dict(self.kept[0])


class crash_forgets_self(_Copies):
    """line: counter += 1"""

    def update(self, model, loss):
        if loss < self.best - self.min_delta:
            self.best = loss
            counter = 0
            self.weights = copy.deepcopy(model.state_dict())
        else:
            counter += 1
        return counter >= self.patience


class crash_loads_a_model(_Copies):
    """line: model.load_state_dict(self.model)
    hint: state_dict()"""

    def update(self, model, loss):
        stop = super().update(model, loss)
        if self.counter == 0:
            self.model = copy.deepcopy(model)
        return stop

    def restore(self, model):
        model.load_state_dict(self.model)


class wrong_evaluates_after_restore(right_whole_model_and_a_countdown):
    """hint: may then be trained on"""

    def restore(self, model):
        model.load_state_dict(self.best_model.state_dict())
        model.eval()


class wrong_stops_once_only(right_list_of_losses_and_clones):
    """hint: with >= and not =="""

    def update(self, model, loss):
        super().update(model, loss)
        return len(self.losses) - 1 - self.best == self.patience
