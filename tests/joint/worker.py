"""What two processes do in tests: `torchrun … -m tests.joint.worker FOLDER`, results in the folder."""

import sys
from pathlib import Path

import torch

from mmcourse.colearning import ContrastiveLoss, TwoTowers
from mmcourse.joint import GradientModulation, JointLoss, ModalityDropout, per_branch
from mmcourse.training import fit
from mmcourse.training.distributed import leave, processes
from tests.joint.toys import CLASSES, Hear, See, batches, make_model


def cures():
    """Train with modality dropout, auxiliary losses and a learning rate a branch; return the weights."""
    model = make_model()
    model.encoders.speech.dropout.p = 0.0
    train = ModalityDropout(batches(41, shuffle=0), 0.4, seed=3)  # the last batch is one example
    options = {"loss": JointLoss(CLASSES, (1, 0, 0.5)), "optimiser": per_branch({model.encoders.image: 0.3})}
    fit(model, train, batches(23, seed=1), epochs=2, seed=0, learning_rate=0.02, **options)
    return model.state_dict()


def modulated():
    """Train with modulation, where each process judges by its own rows."""
    model = make_model()
    callback = GradientModulation(dict(model.encoders.items()))
    options = {"loss": JointLoss(CLASSES, (1, 0, 0)), "callbacks": [callback]}
    fit(model, batches(40), batches(23, seed=1), epochs=2, seed=0, **options)
    return model.state_dict()


def towers():
    """Train two towers, each process with its own part of a batch."""
    torch.manual_seed(0)
    model = TwoTowers({"image": See(5), "speech": Hear(5)})
    fit(model, batches(41), batches(23, seed=1), epochs=2, seed=0, loss=ContrastiveLoss())
    return model.state_dict()


if __name__ == "__main__":
    with processes("cpu") as world:
        found = {"cures": cures(), "modulated": modulated(), "towers": towers()}
    torch.save(found, Path(sys.argv[1]) / f"{world.rank}.pt")
    leave()
