"""Ways to stop early, right and wrong."""

from __future__ import annotations

import copy
import math


class Stopping:
    """The right way, in pieces that a wrong one replaces."""

    start = math.inf

    def __init__(self, patience, min_delta=0.0):
        self.patience, self.min_delta = patience, min_delta
        self.best, self.waited, self.state = self.start, 0, None

    def better(self, loss):
        return loss < self.best - self.min_delta

    def keep(self, model):
        self.state = copy.deepcopy(model.state_dict())

    def note(self, model, loss):
        """Count, and keep what is better."""
        if self.better(loss):
            self.best, self.waited = loss, 0
            self.keep(model)
        else:
            self.waited += 1

    def stops(self):
        return self.waited >= self.patience

    def update(self, model, loss):
        self.note(model, loss)
        return self.stops()

    def restore(self, model):
        if self.state is not None:
            model.load_state_dict(self.state)


def other(**pieces):
    """A class like Stopping with these pieces instead of its own."""
    return type("Other", (Stopping,), pieces)


def keep_references(self, model):
    self.state = model.state_dict()


def keep_parameters(self, model):
    self.state = {name: parameter.detach().clone() for name, parameter in model.named_parameters()}


def restore_parameters(self, model):
    model.load_state_dict(self.state, strict=False)


def restore_by_data(self, model):
    """The kept tensors themselves become the model's."""
    for name, value in [*model.named_parameters(), *model.named_buffers()]:
        value.data = self.state[name]


def restore_new_parameters(self, model):
    model.load_state_dict(copy.deepcopy(self.state), assign=True)


def restore_without_asking(self, model):
    model.load_state_dict(self.state)


def restore_a_model(self, model):
    model.load_state_dict(copy.deepcopy(model))


def restore_and_evaluate(self, model):
    model.load_state_dict(self.state)
    model.eval()


def restore_nothing(self, model):
    """Sets the local name only, as `model = copy.deepcopy(self.best_model)` does."""


def note_without_reset(self, model, loss):
    if self.better(loss):
        self.best = loss
        self.keep(model)
    else:
        self.waited += 1


def note_without_best(self, model, loss):
    best = self.best
    Stopping.note(self, model, loss)
    self.best = best


def note_last_loss(self, model, loss):
    """Compared with the loss before, be it good or bad."""
    Stopping.note(self, model, loss)
    self.best = loss


def note_lowest(self, model, loss):
    """The best loss follows every small gain, the count waits for a large one."""
    Stopping.note(self, model, loss)
    self.best = min(self.best, loss)


def note_keeps_lowest(self, model, loss):
    """The weights of the lowest loss of all, be it lower by less than min_delta."""
    self.lowest = getattr(self, "lowest", math.inf)
    Stopping.note(self, model, loss)
    if loss < self.lowest:
        self.lowest = loss
        self.keep(model)


def note_always_keeps(self, model, loss):
    Stopping.note(self, model, loss)
    self.keep(model)


def note_keeps_when_worse(self, model, loss):
    """The weights are kept in the other branch."""
    state, waited = self.state, self.waited
    Stopping.note(self, model, loss)
    self.state = state
    if self.waited > waited:
        self.keep(model)


def note_keeps_first(self, model, loss):
    state = self.state
    Stopping.note(self, model, loss)
    self.state = state or self.state


def note_nan_is_better(self, model, loss):
    """`if loss >= best - min_delta: count, else: better`, and NaN goes into the else."""
    if math.isnan(loss):
        self.best, self.waited = loss, 0
        self.keep(model)
    elif loss >= self.best - self.min_delta:
        self.waited += 1
    else:
        self.best, self.waited = loss, 0
        self.keep(model)


def note_nan_is_nothing(self, model, loss):
    if not math.isnan(loss):
        Stopping.note(self, model, loss)


def note_epochs(self, model, loss):
    Stopping.note(self, model, loss)
    self.waited = self.epochs = getattr(self, "epochs", 0) + 1


def first_is_best(self, loss):
    """The first loss is the best so far, whatever it is; nothing is better than a NaN."""
    return self.best == math.inf or loss < self.best - self.min_delta


def true_or_none(self, model, loss):
    Stopping.update(self, model, loss)
    return True if self.stops() else None


def whether_better(self, model, loss):
    Stopping.update(self, model, loss)
    return self.waited == 0


def update_restores(self, model, loss):
    """Puts the best weights back by itself when it is time to stop."""
    stop = Stopping.update(self, model, loss)
    if stop:
        self.restore(model)
    return stop


def update_without_self(self, model, loss):
    if self.better(loss):
        self.best, counter = loss, 0
        self.keep(model)
    else:
        counter += 1
    return counter >= self.patience


def shared():
    """All objects of the class share one memory."""

    class Shared(Stopping):
        memory: dict = {}  # noqa: RUF012 - that is the mistake

        def keep(self, model):
            self.memory.update(copy.deepcopy(model.state_dict()))

        def restore(self, model):
            model.load_state_dict(self.memory)

    return Shared
