"""What training saw, epoch by epoch."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field


@dataclass
class History:
    """What `fit` saw: one entry an epoch, unless it says otherwise.

    train_loss     mean loss over the epoch's training examples (nats), while the weights moved
    val_loss       the same over the validation examples, after the epoch
    val_accuracy   share of validation examples named right, 0..1
    metrics        name -> what that metric said of the validation examples
    learning_rate  one entry a step of the optimiser
    seconds        of the whole training, those before it was taken up again among them
    stopped        why it ended before its last epoch; "" where it did not
    """

    train_loss: list[float] = field(default_factory=list)
    val_loss: list[float] = field(default_factory=list)
    val_accuracy: list[float] = field(default_factory=list)
    metrics: dict[str, list] = field(default_factory=dict)
    learning_rate: list[float] = field(default_factory=list)
    seconds: float = 0.0
    stopped: str = ""

    def state_dict(self) -> dict:
        """Return it as a dict of lists and numbers."""
        return asdict(self)

    def load_state_dict(self, state: dict) -> None:
        """Take over what `state_dict` returned, into this very object."""
        for name, value in state.items():
            setattr(self, name, value)
