"""Answers to 06.8 Checkpoint."""

import os
import pickle
import random
import tempfile
from pathlib import Path

import torch


class right_bytes_in_memory_and_a_tuple:
    def __init__(self, path):
        self.path = str(path)

    def save(self, model, optimiser, step, generator):
        state = (model.state_dict(), optimiser.state_dict(), torch.tensor(step), generator.get_state())
        with tempfile.NamedTemporaryFile(dir=os.path.dirname(self.path), delete=False) as file:
            torch.save(state, file)
            file.flush()
            os.fsync(file.fileno())
        os.rename(file.name, self.path)

    def load(self, model, optimiser, generator):
        weights, state, step, random_state = torch.load(self.path, weights_only=True)
        model.load_state_dict(weights)
        optimiser.load_state_dict(state)
        generator.set_state(random_state)
        return step


class right_path_and_copies_by_hand:
    def __init__(self, path):
        self.path = Path(path)

    def save(self, model, optimiser, step, generator):
        new = self.path.parent / f"{self.path.name}.{random.getrandbits(30)}"
        parts = {"model": model.state_dict(), "optimiser": optimiser.state_dict()}
        torch.save({**parts, "step": step, "random": generator.get_state()}, new)
        new.replace(self.path)

    @torch.no_grad()
    def load(self, model, optimiser, generator):
        found = torch.load(self.path, map_location="cpu")
        for name, value in model.state_dict().items():
            value.copy_(found["model"][name])
        optimiser.load_state_dict(found["optimiser"])
        generator.set_state(found["random"])
        return found["step"]


class _Right:
    """Right, as a start for wrong ones."""

    def __init__(self, path):
        self.path = Path(path)

    def write(self, state):
        torch.save(state, f"{self.path}.new")
        os.replace(f"{self.path}.new", self.path)

    def save(self, model, optimiser, step, generator):
        state = {"model": model.state_dict(), "optimiser": optimiser.state_dict()}
        self.write(state | {"step": step, "generator": generator.get_state()})

    def load(self, model, optimiser, generator):
        state = torch.load(self.path, weights_only=True)
        model.load_state_dict(state["model"])
        optimiser.load_state_dict(state["optimiser"])
        generator.set_state(state["generator"])
        return state["step"]


class wrong_forgets_the_generator(_Right):
    """hint: save generator.get_state()"""

    def load(self, model, optimiser, generator):
        return super().load(model, optimiser, torch.Generator())


class wrong_seeds_again(_Right):
    """hint: back to the beginning"""

    def save(self, model, optimiser, step, generator):
        state = {"model": model.state_dict(), "optimiser": optimiser.state_dict()}
        self.write(state | {"step": step, "seed": generator.initial_seed()})

    def load(self, model, optimiser, generator):
        state = torch.load(self.path)
        model.load_state_dict(state["model"])
        optimiser.load_state_dict(state["optimiser"])
        generator.manual_seed(state["seed"])
        return state["step"]


class wrong_asks_for_a_seed(_Right):
    """hint: begins with a new seed"""

    def save(self, model, optimiser, step, generator):
        state = {"model": model.state_dict(), "optimiser": optimiser.state_dict()}
        self.write(state | {"step": step, "seed": generator.seed()})


class wrong_state_of_torchs_own_generator(_Right):
    """hint: not of the one that you were given"""

    def save(self, model, optimiser, step, generator):
        state = {"model": model.state_dict(), "optimiser": optimiser.state_dict()}
        self.write(state | {"step": step, "random": torch.get_rng_state()})

    def load(self, model, optimiser, generator):
        state = torch.load(self.path)
        model.load_state_dict(state["model"])
        optimiser.load_state_dict(state["optimiser"])
        torch.set_rng_state(state["random"])
        return state["step"]


class wrong_forgets_the_optimiser(_Right):
    """hint: momenta, counters and learning rate belong to the run"""

    def load(self, model, optimiser, generator):
        state = torch.load(self.path)
        model.load_state_dict(state["model"])
        generator.set_state(state["generator"])
        return state["step"]


class wrong_reads_only(_Right):
    """hint: Your load only reads"""

    def load(self, model, optimiser, generator):
        state = torch.load(self.path)
        model, optimiser, generator = state["model"], state["optimiser"], state["generator"]  # noqa: F841
        return state["step"]


class wrong_parameters_only(_Right):
    """hint: The buffers of the model"""

    def save(self, model, optimiser, step, generator):
        parameters = [p.detach() for p in model.parameters()]
        state = {"model": parameters, "optimiser": optimiser.state_dict()}
        self.write(state | {"step": step, "generator": generator.get_state()})

    @torch.no_grad()
    def load(self, model, optimiser, generator):
        state = torch.load(self.path)
        for parameter, saved in zip(model.parameters(), state["model"], strict=True):
            parameter.copy_(saved)
        optimiser.load_state_dict(state["optimiser"])
        generator.set_state(state["generator"])
        return state["step"]


class wrong_returns_the_next_step(_Right):
    """hint: one step more"""

    def load(self, model, optimiser, generator):
        return super().load(model, optimiser, generator) + 1


class wrong_returns_nothing(_Right):
    """hint: end with `return`"""

    def load(self, model, optimiser, generator):
        super().load(model, optimiser, generator)


class wrong_writes_over_the_old_one(_Right):
    """hint: if the program is killed meanwhile, both are lost"""

    def write(self, state):
        torch.save(state, self.path)


class wrong_writes_its_bytes_over(_Right):
    """hint: if the program is killed meanwhile, both are lost"""

    def write(self, state):
        with self.path.open("wb") as file:
            torch.save(state, file)


class wrong_removes_first(_Right):
    """hint: before the new one is there"""

    def write(self, state):
        if self.path.exists():
            os.remove(self.path)
        temporary = self.path.with_name("temporary")
        torch.save(state, temporary)
        temporary.rename(self.path)


class wrong_removes_and_writes(_Right):
    """hint: rename only what has been written to its end"""

    def write(self, state):
        if self.path.exists():
            os.remove(self.path)
        torch.save(state, self.path)


class wrong_renames_in_finally(_Right):
    """hint: A `finally` renames in any case"""

    def write(self, state):
        temporary = self.path.with_name("temporary")
        try:
            torch.save(state, temporary)
        finally:
            os.replace(temporary, self.path)


class wrong_never_renames(_Right):
    """hint: os.replace gives it the right one"""

    def write(self, state):
        torch.save(state, f"{self.path}.tmp")


class wrong_temporary_file_where_the_program_stands(_Right):
    """hint: in another folder"""

    def write(self, state):
        torch.save(state, "checkpoint.tmp")
        os.replace("checkpoint.tmp", self.path)


class wrong_reads_any_object(_Right):
    """hint: weights_only=True"""

    def load(self, model, optimiser, generator):
        state = torch.load(self.path, weights_only=False)
        model.load_state_dict(state["model"])
        optimiser.load_state_dict(state["optimiser"])
        generator.set_state(state["generator"])
        return state["step"]


class wrong_whole_objects(_Right):
    """hint: weights_only=True"""

    def save(self, model, optimiser, step, generator):
        temporary = self.path.with_name("temporary")
        torch.save([model.state_dict(), optimiser, step, generator.get_state()], temporary)
        temporary.replace(self.path)

    def load(self, model, optimiser, generator):
        weights, saved, step, state = torch.load(self.path, weights_only=False)
        model.load_state_dict(weights)
        optimiser.load_state_dict(saved.state_dict())
        generator.set_state(state)
        return step


class wrong_pickles(_Right):
    """hint: weights_only=True"""

    def write(self, state):
        temporary = self.path.with_name("temporary")
        temporary.write_bytes(pickle.dumps(state))
        temporary.replace(self.path)

    def load(self, model, optimiser, generator):
        state = pickle.loads(self.path.read_bytes())
        model.load_state_dict(state["model"])
        optimiser.load_state_dict(state["optimiser"])
        generator.set_state(state["generator"])
        return state["step"]


class wrong_evaluates(_Right):
    """hint: training is to go on"""

    def load(self, model, optimiser, generator):
        step = super().load(model, optimiser, generator)
        model.eval()
        return step


class wrong_keeps_it_in_self(_Right):
    """hint: gone after a restart"""

    def save(self, model, optimiser, step, generator):
        self.state = {"model": model.state_dict(), "optimiser": optimiser.state_dict(), "step": step}
        self.state["generator"] = generator.get_state()
        self.write(self.state)

    def load(self, model, optimiser, generator):
        model.load_state_dict(self.state["model"])
        optimiser.load_state_dict(self.state["optimiser"])
        generator.set_state(self.state["generator"])
        return self.state["step"]


class crash_saves_the_optimiser_itself(_Right):
    """line: torch.load(self.path, weights_only=True)
    hint: state_dict()"""

    def save(self, model, optimiser, step, generator):
        state = {"model": model.state_dict(), "optimiser": optimiser}
        self.write(state | {"step": step, "generator": generator.get_state()})


class crash_loads_all_into_the_model(_Right):
    """line: model.load_state_dict(state)"""

    def load(self, model, optimiser, generator):
        state = torch.load(self.path, weights_only=True)
        model.load_state_dict(state)
        return state["step"]


class wrong_unlinks_then_renames(_Right):
    """hint: killed between the two, there is none under path"""

    def write(self, state):
        new = self.path.with_suffix(".tmp")
        torch.save(state, new)
        self.path.unlink(missing_ok=True)
        new.rename(self.path)


class wrong_removes_then_renames(_Right):
    """hint: killed between the two, there is none under path"""

    def write(self, state):
        torch.save(state, f"{self.path}.tmp")
        if os.path.exists(self.path):
            os.remove(self.path)
        os.rename(f"{self.path}.tmp", self.path)


class wrong_old_one_as_a_backup(_Right):
    """hint: killed between the two, there is none under path"""

    def write(self, state):
        torch.save(state, f"{self.path}.tmp")
        if self.path.exists():
            self.path.rename(f"{self.path}.old")
        os.rename(f"{self.path}.tmp", self.path)


class wrong_torchs_own_state_in_the_generator(_Right):
    """hint: is that of torch's own generator; save generator.get_state()"""

    def save(self, model, optimiser, step, generator):
        state = {"model": model.state_dict(), "optimiser": optimiser.state_dict()}
        self.write(state | {"step": step, "generator": torch.get_rng_state()})


class crash_path_plus_string(_Right):
    """line: self.path + ".tmp"
    hint: A Path is no string
    """

    def write(self, state):
        temporary = self.path + ".tmp"
        torch.save(state, temporary)
        os.replace(temporary, self.path)


class right_removes_what_an_earlier_one_left(_Right):
    def write(self, state):
        new = self.path.with_suffix(".tmp")
        new.unlink(missing_ok=True)
        torch.save(state, new)
        new.rename(self.path)


class wrong_old_one_replaces_a_backup(_Right):
    """hint: killed between the two, there is none under path"""

    def write(self, state):
        new = self.path.with_suffix(".tmp")
        torch.save(state, new)
        if self.path.exists():
            self.path.replace(self.path.with_suffix(".old"))
        new.replace(self.path)
