"""The loop learns, repeats, counts examples and puts everything back."""

import numpy as np
import pytest
import torch
from sklearn.metrics import log_loss
from torch import nn

from mmcourse.training import Batches, evaluating, fit, move, validate
from tests.training.toys import Toy, make_table


def train(model, *, seed=0, epochs=5, **options):
    val = Batches(make_table(40, seed=1), 16)
    return fit(model, Batches(make_table(), 16, seed=seed), val, epochs=epochs, seed=seed, **options)


def test_the_loop_learns():
    model = Toy()
    history = train(model, epochs=15, learning_rate=1e-2)
    assert history.train_loss[-1] < 0.6 * history.train_loss[0]
    assert history.val_accuracy[-1] > 0.85
    assert len(history.train_loss) == len(history.val_loss) == len(history.val_accuracy) == 15
    assert history.seconds > 0


def test_one_batch_can_be_learnt_by_heart():
    model, batch = Toy(dropout=0.0), make_table(8, seed=3)
    fit(model, [batch], [batch], epochs=300, seed=0, learning_rate=2e-2)
    assert validate(model, [batch])[1] == 1


def test_the_same_seed_gives_the_same_weights_and_another_seed_others():
    models = [Toy() for _ in range(3)]
    histories = [train(model, seed=seed) for model, seed in zip(models, (1, 1, 2), strict=True)]
    weights = [nn.utils.parameters_to_vector(model.parameters()) for model in models]
    assert torch.equal(weights[0], weights[1])
    assert histories[0].train_loss == histories[1].train_loss
    assert not torch.equal(weights[0], weights[2])


def test_training_leaves_the_callers_random_numbers_alone():
    torch.manual_seed(5)
    want = torch.rand(3)
    torch.manual_seed(5)
    train(Toy(), epochs=1)
    assert torch.equal(torch.rand(3), want)


@pytest.mark.parametrize("training", [True, False])
def test_a_model_gets_its_mode_back(training):
    model = Toy().train(training)
    train(model, epochs=1)
    assert model.training is training
    validate(model, [make_table(4)])
    assert model.training is training
    with evaluating(model):
        assert not model.training
        assert not torch.is_grad_enabled()
    assert model.training is training


def test_a_model_gets_its_mode_back_after_an_error():
    model = Toy()

    def broken():
        with evaluating(model):
            raise RuntimeError("in the middle")

    with pytest.raises(RuntimeError, match="in the middle"):
        broken()
    assert model.training


def test_the_training_loss_is_a_mean_over_examples():
    table = make_table(65)  # one batch of 64 and one of 1
    model = Toy(dropout=0.0)
    history = fit(model, Batches(table, 64), [table], epochs=1, seed=0, learning_rate=1e-12)
    want = log_loss(table["label"], model(table).detach().double().softmax(-1).numpy(), labels=[0, 1, 2])
    assert history.train_loss[0] == pytest.approx(want, rel=1e-5)


def test_validation_is_a_mean_over_examples_without_dropout():
    table, model = make_table(65), Toy()
    loss, share = validate(model, Batches(table, 64))
    probs = model.eval()(table).detach().double().softmax(-1).numpy()
    assert loss == pytest.approx(log_loss(table["label"], probs, labels=[0, 1, 2]), rel=1e-5)
    assert share == pytest.approx(np.mean(probs.argmax(1) == table["label"].numpy()))


def test_gradients_are_shortened_to_the_limit():
    table, start = make_table(16), Toy(dropout=0.0)
    norms = []

    class Spy(Toy):
        def forward(self, batch, negative=False):
            for parameter in self.parameters():
                parameter.register_hook(lambda grad: grad * 1e4)
            return super().forward(batch, negative)

    spy = Spy(dropout=0.0)
    spy.load_state_dict(start.state_dict())
    step = torch.optim.AdamW.step

    def record(self, *args, **kwargs):
        grads = [parameter.grad for group in self.param_groups for parameter in group["params"]]
        norms.append(torch.cat([grad.flatten() for grad in grads]).norm().item())
        return step(self, *args, **kwargs)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(torch.optim.AdamW, "step", record)
        fit(spy, [table], [table], epochs=2, seed=0, max_norm=0.5)
    assert norms == pytest.approx([0.5, 0.5], rel=1e-3)


def test_move_brings_tensors_and_leaves_names():
    moved = move({"x": torch.zeros(2), "speaker": ["a", "b"]}, "meta")
    assert moved["x"].device.type == "meta"
    assert moved["speaker"] == ["a", "b"]


@pytest.mark.parametrize("training", [True, False])
def test_dropout_is_on_while_it_trains_however_the_model_came(training):
    seen = []

    class Watched(Toy):
        def forward(self, batch, negative=False):
            seen.append((torch.is_grad_enabled(), self.layers[2].training))
            return super().forward(batch, negative)

    train(Watched().train(training), epochs=2)
    assert set(seen) == {(True, True), (False, False)}  # training, validation
