"""Distillation: a student with one sense learns from what a teacher with two thinks of every class."""

from mmcourse.checks import Case, Exercise, lazy
from mmcourse.checks.lesson_08 import distilling_slips as slips
from mmcourse.checks.lesson_08.distilling_mistakes import MISTAKES

torch = lazy("torch")


def _case(batch, classes, temperature, weight, size=2.0):
    def make(generator):
        student, teacher = size * torch.randn(2, batch, classes, generator=generator)
        labels = torch.randint(classes, (batch,), generator=generator)
        return student, teacher, labels, temperature, weight

    return make


def _tiny(_generator):
    """At T = 2 the teacher says (0.75, 0.25), and the student (0.5, 0.5)."""
    student, teacher = torch.tensor([[1.0, 1.0]]), torch.tensor([[2 * torch.log(torch.tensor(3.0)), 0.0]])
    return student, teacher, torch.tensor([0]), 2.0, 0.25


def _alike(generator):
    """The student says what the teacher says."""
    student, _, labels, temperature, weight = _case(4, 5, 3.0, 0.7)(generator)
    return student, student.clone(), labels, temperature, weight


def _far(_generator):
    """Classes so hopeless that their share is 0 in 32 bits; the last row's student rules out the label."""
    student = torch.tensor([[0.0, -300.0, 2.0], [150.0, 0.0, -150.0], [-150.0, 2.0, 3.0]])
    teacher = torch.tensor([[1.0, -300.0, 0.0], [140.0, 0.0, -160.0], [1.0, 2.0, -200.0]])
    return student, teacher, torch.tensor([2, 0, 0]), 1.0, 0.5


distillation_loss = Exercise(
    id="08.10",
    name="distillation_loss",
    title="A student and its teacher",
    difficulty=2,
    minutes=15,
    stub="return weight · T² · KL(teacher ‖ student) + (1 − weight) · cross-entropy with the labels",
    parameters=("student", "teacher", "labels", "temperature", "weight"),
    reference=slips.distillation_loss,
    tolerance=1e-4,  # T² enlarges the rounding of a small difference
    gradient=True,
    hints=(
        "A teacher says (0.7, 0.29, 0.01): a 4, or perhaps a 9, hardly a 0. What does a label say of this? "
        "And "
        "what happens to these shares if the logits are divided by 4?",
        "Two parts: how far the student's softened shares are from the teacher's, and the usual "
        "cross-entropy. "
        "In which of them does the temperature stand?",
        "KL(teacher ‖ student) is the sum over classes of p_t · (log p_t − log p_s), with shares at "
        "temperature "
        "T. Who gets a gradient, and who does not? What is T² for?",
        "log_s = (student / T).log_softmax(1); log_t = (teacher.detach() / T).log_softmax(1); soft = "
        "F.kl_div(log_s, log_t, reduction='batchmean', log_target=True); weight * T**2 * soft + (1 − weight) "
        "* F.cross_entropy(student, labels).",
    ),
    cases=(
        Case("one example, two classes", _tiny),
        Case("six examples, four classes", _case(6, 4, 4.0, 0.6)),
        Case("a low temperature", _case(5, 3, 0.5, 0.3)),
        Case("a high temperature", _case(5, 7, 10.0, 0.9)),
        Case("a temperature of 1", _case(4, 5, 1.0, 0.5)),
        Case("as many examples as classes", _case(5, 5, 3.0, 0.4)),
        Case("all weight on the teacher", _case(4, 6, 2.0, 1.0)),
        Case("no weight on the teacher", _case(4, 6, 2.0, 0.0)),
        Case("a student that agrees", _alike),
        Case("hopeless classes", _far),
    ),
    mistakes=MISTAKES,
    noticing="The teacher may see what the student never will. What it passes on is not the picture but how "
    "alike two classes are in it.",
)
