"""Ways to write a checkpoint and go on from it, right and wrong."""

from __future__ import annotations

import os
import pickle
import shutil
from pathlib import Path

from mmcourse.checks import lazy

torch = lazy("torch")


class Saving:
    """The right way, in pieces that a wrong one replaces."""

    def __init__(self, path):
        self.path = Path(path)

    def contents(self, model, optimiser, step, generator):
        return {
            "model": model.state_dict(),
            "optimiser": optimiser.state_dict(),
            "step": step,
            "generator": generator.get_state(),
        }

    def beside(self):
        return self.path.with_suffix(".tmp")

    def write(self, state):
        torch.save(state, self.beside())
        os.replace(self.beside(), self.path)

    def read(self):
        return torch.load(self.path, weights_only=True)

    def save(self, model, optimiser, step, generator):
        self.write(self.contents(model, optimiser, step, generator))

    def put(self, state, model, optimiser, generator):
        model.load_state_dict(state["model"])
        optimiser.load_state_dict(state["optimiser"])
        generator.set_state(state["generator"])

    def load(self, model, optimiser, generator):
        state = self.read()
        self.put(state, model, optimiser, generator)
        return state["step"]


def other(**pieces):
    """A class like Saving with these pieces instead of its own."""
    return type("Other", (Saving,), pieces)


def without(*parts):
    """Puts back all but these parts."""

    def put(self, state, model, optimiser, generator):
        if "model" not in parts:
            model.load_state_dict(state["model"])
        if "optimiser" not in parts:
            optimiser.load_state_dict(state["optimiser"])
        if "generator" not in parts:
            generator.set_state(state["generator"])

    return other(put=put)


def whole(part):
    """Saves this object as it is."""

    def contents(self, model, optimiser, step, generator):
        objects = {"model": model, "optimiser": optimiser, "generator": generator}
        return Saving.contents(self, model, optimiser, step, generator) | {part: objects[part]}

    return other(contents=contents)


def write_in_place(self, state):
    torch.save(state, self.path)


def write_without_renaming(self, state):
    torch.save(state, self.beside())


def write_after_removing(self, state):
    """The old one is gone before the new one is there."""
    self.path.unlink(missing_ok=True)
    torch.save(state, self.beside())
    os.replace(self.beside(), self.path)


def write_then_remove(self, state):
    """The new one is whole, and the old one is gone before it has its name."""
    torch.save(state, self.beside())
    os.remove(self.path) if self.path.exists() else None
    os.rename(self.beside(), self.path)


def write_and_remove(self, state):
    self.path.unlink(missing_ok=True)
    torch.save(state, self.path)


def write_and_copy(self, state):
    torch.save(state, self.beside())
    shutil.copy(self.beside(), self.path)


def write_whatever_happens(self, state):
    """Renames in `finally`, and so half a file as well."""
    try:
        torch.save(state, self.beside())
    finally:
        os.replace(self.beside(), self.path)


def write_and_keep(self, state):
    Saving.write(self, state)
    self.state = state


def read_what_is_kept(self):
    return self.state


def beside_elsewhere(self):
    """A name without a folder lies in the folder that the program was started in."""
    return Path(self.path.name).with_suffix(".tmp")


def read_anything(self):
    return torch.load(self.path, weights_only=False)


def write_pickle(self, state):
    with self.beside().open("wb") as file:
        pickle.dump(state, file)
    os.replace(self.beside(), self.path)


def read_pickle(self):
    with self.path.open("rb") as file:
        return pickle.load(file)


def only_parameters(self, model, optimiser, step, generator):
    parameters = {name: parameter.detach() for name, parameter in model.named_parameters()}
    return Saving.contents(self, model, optimiser, step, generator) | {"model": parameters}


def put_parameters(self, state, model, optimiser, generator):
    model.load_state_dict(state["model"], strict=False)
    optimiser.load_state_dict(state["optimiser"])
    generator.set_state(state["generator"])


def put_new_parameters(self, state, model, optimiser, generator):
    model.load_state_dict(state["model"], assign=True)
    optimiser.load_state_dict(state["optimiser"])
    generator.set_state(state["generator"])


def only_state_of_optimiser(self, state, model, optimiser, generator):
    """Momenta come back, the learning rate does not."""
    groups = [{k: v for k, v in g.items() if k != "params"} for g in optimiser.param_groups]
    Saving.put(self, state, model, optimiser, generator)
    for group, old in zip(optimiser.param_groups, groups, strict=True):
        group.update(old)


def only_learning_rate(self, state, model, optimiser, generator):
    model.load_state_dict(state["model"])
    generator.set_state(state["generator"])
    for group, saved in zip(optimiser.param_groups, state["optimiser"]["param_groups"], strict=True):
        group["lr"] = saved["lr"]


def with_seed(self, model, optimiser, step, generator):
    return Saving.contents(self, model, optimiser, step, generator) | {"generator": generator.initial_seed()}


def put_seed(self, state, model, optimiser, generator):
    model.load_state_dict(state["model"])
    optimiser.load_state_dict(state["optimiser"])
    generator.manual_seed(state["generator"])


def with_new_seed(self, model, optimiser, step, generator):
    """generator.seed() draws a new seed, and sets it."""
    return Saving.contents(self, model, optimiser, step, generator) | {"generator": generator.seed()}


def with_global_state(self, model, optimiser, step, generator):
    return Saving.contents(self, model, optimiser, step, generator) | {"generator": torch.get_rng_state()}


def put_global_state(self, state, model, optimiser, generator):
    model.load_state_dict(state["model"])
    optimiser.load_state_dict(state["optimiser"])
    torch.set_rng_state(state["generator"])


def write_beside_by_plus(self, state):
    """A path is no string."""
    torch.save(state, self.path + ".tmp")


def put_and_evaluate(self, state, model, optimiser, generator):
    Saving.put(self, state, model, optimiser, generator)
    model.eval()


def save_and_evaluate(self, model, optimiser, step, generator):
    model.eval()
    Saving.save(self, model, optimiser, step, generator)


def load_returns(what):
    """load with another result than the step."""

    def load(self, model, optimiser, generator):
        state = self.read()
        self.put(state, model, optimiser, generator)
        return what(state)

    return other(load=load)
