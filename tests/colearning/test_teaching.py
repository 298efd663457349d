"""A student with one sense and a teacher with two, through fit."""

import pytest
import torch
from torch.nn.functional import cross_entropy

from mmcourse.colearning import Taught, TaughtLoss, with_teacher
from mmcourse.modules.distillation import DistillationLoss
from mmcourse.modules.multimodal import OneSense, TwoSenses
from mmcourse.training import Batches, fit
from tests.joint.toys import CLASSES, Hear, See, make_table


def student(seed=0):
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        return Taught(OneSense("speech", Hear(), CLASSES, hidden=6))


def test_training_gives_both_logits_and_evaluation_the_students():
    model, table = student(), {**make_table(7), "teacher": torch.randn(7, CLASSES)}
    model.student.encoder.dropout.p = 0.0
    logits = model.train()(table)
    torch.testing.assert_close(logits[:, CLASSES:], table["teacher"])
    torch.testing.assert_close(model.eval()(make_table(7)), logits[:, :CLASSES])
    want = DistillationLoss(2.0, 0.7)(*logits.split(CLASSES, 1), table["label"])
    torch.testing.assert_close(TaughtLoss(CLASSES, 2.0, 0.7)(logits, table["label"]), want)
    plain = TaughtLoss(CLASSES)(logits[:, :CLASSES], table["label"])
    torch.testing.assert_close(plain, cross_entropy(logits[:, :CLASSES], table["label"]))


def test_the_teacher_is_asked_in_evaluation_and_row_by_row():
    torch.manual_seed(0)
    teacher, table = TwoSenses(See(), Hear(), CLASSES).train(), make_table(21)
    got = with_teacher(table, teacher, batch_size=8)
    assert teacher.training
    assert "teacher" not in table
    torch.testing.assert_close(got["teacher"], teacher.eval()(table).detach())


def test_a_student_learns_from_a_teacher_alone():
    """Labels of the table are wrong; the teacher's are right, and alpha = 1 follows these."""
    train, val = make_table(200, spread=0.3), make_table(100, seed=1, spread=0.3)
    teacher_logits = 4.0 * torch.nn.functional.one_hot(train["label"], CLASSES)
    train = {**train, "teacher": teacher_logits, "label": (train["label"] + 1) % CLASSES}
    model = student()
    options = {"epochs": 6, "seed": 0, "learning_rate": 0.05, "loss": TaughtLoss(CLASSES, 2.0, 1.0)}
    history = fit(model, Batches(train, 32, seed=0), Batches(val, 100), **options)
    assert history.val_accuracy[-1] > 0.9


def test_what_does_not_fit_is_named():
    with pytest.raises(ValueError, match='the logits of the teacher as "teacher"'):
        student().train()(make_table(3))
    with pytest.raises(ValueError, match="need logits of 3 classes from student and teacher, got 5"):
        TaughtLoss(3)(torch.zeros(2, 5), torch.zeros(2).long())
