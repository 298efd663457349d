"""The joint model and its loss: heads side by side, missing senses, and the plain model as a special case."""

import pytest
import torch
from torch.nn.functional import cross_entropy

from mmcourse import metrics
from mmcourse.joint import JointLoss, JointModel
from mmcourse.modules.multimodal import TwoSenses
from mmcourse.training import fit
from tests.joint.toys import CLASSES, Hear, See, batches, make_model, make_table

NAN = float("nan")


def missing(batch, rows, sense):
    """The same batch with a sense absent in some rows, and NaN in its place."""
    present = torch.ones(len(batch["label"]), 2, dtype=torch.bool)
    present[rows, ("image", "speech").index(sense)] = False
    values = batch[sense].clone()
    values[rows] = NAN
    lengths = batch["lengths"].clone()
    if sense == "speech":
        lengths[rows] = 0
    return {**batch, sense: values, "lengths": lengths, "present": present}


def test_training_gives_all_heads_and_evaluation_the_joint_one():
    model, batch = make_model(), make_table(7)
    assert model.train()(batch).shape == (7, 3 * CLASSES)
    joint = model.eval()(batch)
    assert joint.shape == (7, CLASSES)
    torch.testing.assert_close(model.all_logits(batch)[:, 0], joint)
    assert make_model()(make_table(1)).shape == (1, 9)


def test_the_loss_is_the_weighted_sum_of_the_heads_losses():
    model, batch = make_model().train(), make_table(7)
    logits, labels = model(batch), batch["label"]
    heads = [cross_entropy(part, labels) for part in logits.split(CLASSES, dim=1)]
    torch.testing.assert_close(JointLoss(CLASSES)(logits, labels), sum(heads))
    weighted = JointLoss(CLASSES, (0.5, 0.2, 2))(logits, labels)
    torch.testing.assert_close(weighted, 0.5 * heads[0] + 0.2 * heads[1] + 2 * heads[2])
    torch.testing.assert_close(JointLoss(CLASSES, (9, 9, 9))(logits[:, :CLASSES], labels), heads[0])


@pytest.mark.parametrize("sense", ["image", "speech"])
def test_the_own_head_of_a_sense_teaches_its_own_branch_only(sense):
    model, batch = make_model().train(), make_table()
    weights = [0.0, float(sense == "image"), float(sense == "speech")]
    JointLoss(CLASSES, weights)(model(batch), batch["label"]).backward()
    for name, parameter in model.named_parameters():
        own = name.startswith((f"encoders.{sense}", f"heads.{sense}"))
        assert bool(parameter.grad is not None and parameter.grad.abs().sum() > 0) == own, name


def test_every_parameter_learns():
    model = make_model()
    before = {name: value.clone() for name, value in model.named_parameters()}
    fit(model, batches(), batches(seed=1), epochs=1, seed=0, loss=JointLoss(CLASSES))
    for name, value in model.named_parameters():
        assert not torch.equal(value, before[name]), name


@pytest.mark.parametrize("training", [True, False])
@pytest.mark.parametrize("sense", ["image", "speech"])
def test_what_is_missing_leaks_neither_into_values_nor_gradients(sense, training):
    model, batch = make_model().train(training), make_table(6)
    model.encoders.speech.dropout.p = 0.0
    rows = torch.tensor([1, 4])
    hidden = missing(batch, rows, sense)
    other = {**hidden, sense: hidden[sense].nan_to_num(7.0)}
    results = []
    for given in (hidden, other):
        model.zero_grad()
        logits = model(given)
        JointLoss(CLASSES)(logits, batch["label"]).backward()
        results.append([logits.detach(), *(p.grad.clone() for p in model.parameters() if p.grad is not None)])
    assert all(value.isfinite().all() for value in results[0])
    for one, two in zip(*results, strict=True):
        torch.testing.assert_close(one, two, rtol=0, atol=0)
    kept = torch.tensor([0, 2, 3, 5])
    torch.testing.assert_close(model(hidden)[kept], model(batch)[kept])  # the others see no difference


def test_a_missing_sense_has_no_say_not_even_by_the_bias_of_its_encoder():
    model, batch = make_model().eval(), missing(make_table(5), torch.arange(5), "speech")
    want = model(batch)
    with torch.no_grad():
        model.encoders.speech.linear.bias += 3
    torch.testing.assert_close(model(batch), want, rtol=0, atol=0)


def test_a_missing_sense_says_nothing_in_its_own_head():
    model, batch = make_model().train(), make_table(6)
    logits = model.all_logits(missing(batch, torch.tensor([2]), "speech"))
    assert (logits[2, 2] == 0).all()
    assert (logits[2, 1] != 0).any()


def test_muting_is_the_same_as_missing_everywhere():
    model, batch = make_model().eval(), make_table(5)
    want = model(missing(batch, torch.arange(5), "speech"))
    torch.testing.assert_close(model(batch, muted="speech"), want)
    with pytest.raises(ValueError, match="muted is one of image, speech; got 'sound'"):
        model(batch, muted="sound")


def test_with_the_joint_head_alone_it_trains_as_the_plain_model_does():
    plain, joint = TwoSenses(See(), Hear(), CLASSES, hidden=6), make_model()
    for name in ("image", "speech"):
        getattr(plain, name).load_state_dict(joint.encoders[name].state_dict())
    plain.head.load_state_dict(joint.head.state_dict())
    # without clipping by the length of the whole gradient, though that of untaught heads is 0
    options = {"epochs": 2, "seed": 3, "max_norm": None}
    fit(plain, batches(shuffle=0), batches(seed=1), **options)
    history = fit(joint, batches(shuffle=0), batches(seed=1), loss=JointLoss(CLASSES, (1, 0, 0)), **options)
    torch.testing.assert_close(plain.eval()(make_table()), joint.eval()(make_table()), rtol=0, atol=0)
    assert len(history.val_accuracy) == 2


def test_fit_measures_the_joint_model():
    model = make_model()
    history = fit(
        model,
        batches(),
        batches(60, seed=1),
        epochs=3,
        seed=0,
        learning_rate=0.05,
        loss=JointLoss(CLASSES),
        metrics={"f1": metrics.F1(CLASSES)},
        patience=3,
    )
    logits, labels = model.eval()(make_table(60, seed=1)), make_table(60, seed=1)["label"]
    assert min(history.val_loss) == pytest.approx(
        cross_entropy(logits, labels).item()
    )  # the best is put back
    assert history.val_accuracy[-1] > 0.5


class Sum(torch.nn.Module):
    """A fusion by the contract of embedding fusions, which looks at what is present."""

    def __init__(self):
        super().__init__()
        self.features, self.layers = 3, torch.nn.ModuleList([torch.nn.Linear(4, 3), torch.nn.Linear(5, 3)])

    def forward(self, embeddings, present=None):
        parts = torch.stack([f(e) for f, e in zip(self.layers, embeddings, strict=True)], dim=1)
        return parts.sum(1) if present is None else (parts * present[..., None]).sum(1)


def test_another_fusion_takes_the_embeddings_and_what_is_present():
    model, batch = make_model(fusion=Sum()).eval(), make_table(5)
    assert model(batch).shape == (5, CLASSES)
    alone = model(missing(batch, torch.arange(5), "speech"))
    torch.testing.assert_close(
        alone, model.head(model.fusion.layers[0](model.encoders.image(batch["image"])))
    )


def test_what_does_not_fit_is_named():
    with pytest.raises(ValueError, match="at least two senses, got image"):
        JointModel({"image": See()}, 3)
    with pytest.raises(ValueError, match=r"0 or more, and not all 0; got \[0, 0, 0\]"):
        JointLoss(3, [0, 0, 0])
    with pytest.raises(ValueError, match="a weight for each of 3 heads, the joint one first, got 2"):
        JointLoss(3, (1, 1))(torch.zeros(4, 9), torch.zeros(4).long())
