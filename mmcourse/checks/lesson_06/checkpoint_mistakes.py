"""Mistakes that people make with checkpoints."""

from mmcourse.checks import Mistake
from mmcourse.checks.lesson_06 import checkpoint_slips as slips
from mmcourse.checks.lesson_06.checkpoint_slips import other

_RANDOM = "The generator goes on with other numbers: "
_RUNS = (
    "Your load ran code that a stranger had put into a file: torch.load(path, weights_only=True) reads "
    "tensors and plain values only."
)

MISTAKES = (
    Mistake(
        "no generator",
        slips.without("generator"),
        _RANDOM + "save generator.get_state(), and hand it to generator.set_state in load.",
    ),
    Mistake(
        "seed",
        other(contents=slips.with_seed, put=slips.put_seed),
        _RANDOM
        + "its seed brings it back to the beginning, not to where it was. generator.get_state() holds "
        "the place.",
    ),
    Mistake(
        "another seed",
        other(contents=slips.with_new_seed, put=slips.put_seed),
        "Saving disturbs the random numbers of the run: generator.seed() begins with a new seed, and "
        "whatever is drawn is gone. generator.get_state() only looks.",
    ),
    Mistake(
        "global state",
        other(contents=slips.with_global_state, put=slips.put_global_state),
        _RANDOM
        + "torch.get_rng_state() is that of torch's own generator, not of the one that you were given.",
    ),
    Mistake(
        "global state in the generator",
        other(contents=slips.with_global_state),
        _RANDOM + "torch.get_rng_state() is that of torch's own generator; save generator.get_state().",
    ),
    Mistake(
        "a path and a string",
        other(write=slips.write_beside_by_plus),
        "A Path is no string, so + adds nothing to it: path.with_suffix('.tmp') is the name beside it.",
    ),
    Mistake(
        "no optimiser",
        slips.without("optimiser"),
        "The optimiser begins anew: its momenta, counters and learning rate belong to the run. "
        "optimiser.state_dict() holds them.",
    ),
    Mistake(
        "learning rate only",
        other(put=slips.only_learning_rate),
        "Of the optimiser only the learning rate comes back: load_state_dict brings momenta and counters, "
        "too.",
    ),
    Mistake(
        "learning rate left",
        other(put=slips.only_state_of_optimiser),
        "The optimiser's learning rate is not the one that was saved: optimiser.state_dict() holds it, too.",
    ),
    Mistake(
        "no model",
        slips.without("model"),
        "The model keeps the weights that it had before load: model.load_state_dict writes those of the file "
        "into it.",
    ),
    Mistake(
        "nothing put back",
        slips.without("model", "optimiser", "generator"),
        "Your load only reads: model, optimiser and generator have to be brought to where they were, with "
        "load_state_dict and set_state.",
    ),
    Mistake(
        "parameters only",
        other(contents=slips.only_parameters, put=slips.put_parameters),
        "The buffers of the model, such as a running mean, are lost: model.state_dict() holds them with the "
        "parameters.",
    ),
    Mistake(
        "kept in self",
        other(write=slips.write_and_keep, read=slips.read_what_is_kept),
        "What save keeps in self is gone after a restart: load has to take all from the file, with "
        "torch.load.",
    ),
    Mistake(
        "new parameters",
        other(put=slips.put_new_parameters),
        "You put new parameters into the model, but the optimiser holds the old ones: load_state_dict "
        "without assign copies the numbers into them.",
    ),
    Mistake(
        "step after",
        slips.load_returns(lambda state: state["step"] + 1),
        "You return one step more than was saved: step is how many have been done.",
    ),
    Mistake(
        "step not returned",
        slips.load_returns(lambda state: None),
        "Your load returns nothing: it should end with `return` and the step that was saved.",
    ),
    Mistake(
        "all returned",
        slips.load_returns(lambda state: state),
        "Your load returns all that was read: only the step is wanted.",
    ),
    Mistake(
        "in place",
        other(write=slips.write_in_place),
        "You write over the old checkpoint: if the program is killed meanwhile, both are lost. Write to "
        "another name in the same folder, then os.replace.",
    ),
    Mistake(
        "copied",
        other(write=slips.write_and_copy),
        "Copying the temporary file over the old checkpoint takes time, in which both can be lost: "
        "os.replace renames it at once.",
    ),
    Mistake(
        "removed first",
        other(write=slips.write_after_removing),
        "You remove the old checkpoint before the new one is there: os.replace needs no place to be made.",
    ),
    Mistake(
        "removed before the new one has its name",
        other(write=slips.write_then_remove),
        "You take the old one away before the new one has its name; killed between the two, there is none "
        "under path: os.replace does both at once.",
    ),
    Mistake(
        "removed and written",
        other(write=slips.write_and_remove),
        "When writing fails, half a file stands under path, and the old one is gone: write to another name, "
        "and rename only what has been written to its end. (A `finally` renames in any case.)",
    ),
    Mistake(
        "not renamed",
        other(write=slips.write_without_renaming),
        "The file under `path` is missing: after writing to a temporary name, os.replace gives it the right "
        "one.",
    ),
    Mistake(
        "elsewhere",
        other(beside=slips.beside_elsewhere),
        "Your temporary file lies in another folder than the checkpoint; renaming happens at once only "
        "within one disk. path.with_suffix('.tmp') stays beside it.",
    ),
    Mistake("anything is read", other(read=slips.read_anything), _RUNS),
    Mistake("pickled", other(write=slips.write_pickle, read=slips.read_pickle), _RUNS),
    Mistake(
        "evaluates after load",
        other(put=slips.put_and_evaluate),
        "Your load changes the mode of the model, but training is to go on: leave that to the caller.",
    ),
    Mistake(
        "evaluates before save",
        other(save=slips.save_and_evaluate),
        "Your save puts the model into eval mode, in which it goes on training: leave the mode alone.",
    ),
    Mistake(
        "an object itself",
        slips.whole("optimiser"),
        "You save a whole object, which weights_only=True refuses to read: save the model's and the "
        "optimiser's state_dict() and the generator's get_state().",
    ),
)
