"""Hinton's loss of a student with a teacher, right and as people get it wrong."""

from __future__ import annotations

from mmcourse.checks import lazy

torch = lazy("torch")


def hard(student, labels):
    return -student.log_softmax(dim=1)[torch.arange(len(labels), device=labels.device), labels].mean()


def logs(student, teacher, temperature):
    """Soft log-probabilities of the student and of the teacher, who gets no gradient."""
    return [(x / temperature).log_softmax(dim=1) for x in (student, teacher.detach())]


def divergence(mine, theirs):
    """KL(teacher ‖ student) of each row."""
    return (theirs.exp() * (theirs - mine)).sum(dim=1)


def loss_of(soft=divergence, factor=lambda t: t * t, reduce=lambda rows: rows.mean(), given=logs, other=hard):
    """The loss with another divergence, factor, reduction, pair of opinions, or other part."""

    def distillation_loss(student, teacher, labels, temperature, weight):
        mine, theirs = given(student, teacher, temperature)
        taught = factor(temperature) * reduce(soft(mine, theirs))
        return weight * taught + (1 - weight) * other(student, labels)

    return distillation_loss


distill = loss_of()


def distillation_loss(student, teacher, labels, temperature, weight):
    return distill(student, teacher, labels, temperature, weight)


def turned(mine, theirs):
    return divergence(theirs, mine)


def both_turns(mine, theirs):
    return (divergence(mine, theirs) + divergence(theirs, mine)) / 2


def soft_entropy(mine, theirs):
    """Cross-entropy with the teacher's shares: KL plus the teacher's entropy."""
    return -(theirs.exp() * mine).sum(dim=1)


def no_logarithm(mine, theirs):
    """kl_div handed probabilities where it wants logarithms."""
    return (theirs.exp() * (theirs - mine.exp())).sum(dim=1)


def logs_for_shares(mine, theirs):
    """kl_div handed the teacher's logarithms without log_target: log of a negative number, taken as 0."""
    return torch.nn.functional.kl_div(mine, theirs, reduction="none").sum(dim=1)


def squares_of_shares(mine, theirs):
    return (mine.exp() - theirs.exp()).square().sum(dim=1)


def other_sign(mine, theirs):
    return -divergence(mine, theirs)


def log_of_zero(mine, theirs):
    """0 · log 0."""
    p, q = theirs.exp(), mine.exp()
    return (p * (p / q).log()).sum(dim=1)


def infinite_at_zero(mine, theirs):
    """∞ where the student's share is 0 in 32 bits and the teacher's is not, as torch.distributions has it."""
    gaps = theirs.exp() * (theirs - mine)
    return gaps.masked_fill(mine.exp() == 0, torch.inf).masked_fill(theirs.exp() == 0, 0).sum(dim=1)


def log_of_softmax(mine, theirs):
    p, q = theirs.exp(), mine.exp()
    return (p * (p.log() - q.log())).sum(dim=1)


def gradient_to_teacher(student, teacher, temperature):
    return [(x / temperature).log_softmax(dim=1) for x in (student, teacher)]


def teacher_as_it_is(student, teacher, temperature):
    return (student / temperature).log_softmax(1), teacher.detach().log_softmax(1)


def student_as_it_is(student, teacher, temperature):
    return student.log_softmax(1), (teacher.detach() / temperature).log_softmax(1)


def both_as_they_are(student, teacher, temperature):
    return student.log_softmax(1), teacher.detach().log_softmax(1)


def multiplied(student, teacher, temperature):
    return logs(student, teacher, 1 / temperature)


def shares_divided(student, teacher, temperature):
    """Softmax first, then divided by the temperature."""
    return [(x.softmax(1) / temperature).log_softmax(1) for x in (student, teacher.detach())]


def over_batch(student, teacher, temperature):
    """A softmax over the examples."""
    return [(x / temperature).log_softmax(dim=0) for x in (student, teacher.detach())]


def student_cut_off(student, teacher, temperature):
    return logs(student.detach(), teacher, temperature)


def no_factor(temperature):
    return 1


def factor_of_one_power(temperature):
    return temperature


def root_of_factor(temperature):
    return temperature**0.5


def upside_down(temperature):
    return 1 / temperature**2


def summed(rows):
    return rows.sum()


def of_softmax(student, labels):
    """cross_entropy of probabilities."""
    return hard(student.softmax(1), labels)


def hard_summed(student, labels):
    return hard(student, labels) * len(labels)


def mean_of_all(student, teacher, labels, temperature, weight):
    """Divided by the classes too."""
    return loss_of(reduce=lambda rows: rows.mean() / student.shape[1])(
        student, teacher, labels, temperature, weight
    )


def cool_labels(student, teacher, labels, temperature, weight):
    """The labels' part at the temperature too."""
    return loss_of(other=lambda s, y: hard(s / temperature, y))(student, teacher, labels, temperature, weight)


def weights_swapped(student, teacher, labels, temperature, weight):
    return distillation_loss(student, teacher, labels, temperature, 1 - weight)


def labels_in_full(student, teacher, labels, temperature, weight):
    """The labels' part is not weighted."""
    return distillation_loss(student, teacher, labels, temperature, weight) + weight * hard(student, labels)


def teacher_in_full(student, teacher, labels, temperature, weight):
    taught = distillation_loss(student, teacher, labels, temperature, 1.0)
    return taught + (1 - weight) * hard(student, labels)


def both_in_full(student, teacher, labels, temperature, weight):
    return distillation_loss(student, teacher, labels, temperature, 1.0) + hard(student, labels)


def factor_on_all(student, teacher, labels, temperature, weight):
    """T² on the labels' part too."""
    return temperature**2 * loss_of(factor=no_factor)(student, teacher, labels, temperature, weight)


def only_teacher(student, teacher, labels, temperature, weight):
    return distillation_loss(student, teacher, labels, temperature, 1.0)


def only_labels(student, teacher, labels, temperature, weight):
    return hard(student, labels)


def hard_teacher(student, teacher, labels, temperature, weight):
    """The teacher's argmax for a label."""
    taught = hard(student, teacher.argmax(1))
    return weight * taught + (1 - weight) * hard(student, labels)


def squares_of_logits(student, teacher, labels, temperature, weight):
    taught = (student - teacher.detach()).square().mean()
    return weight * taught + (1 - weight) * hard(student, labels)


def teacher_learns_labels(student, teacher, labels, temperature, weight):
    """The labels' part measured on the teacher."""
    return loss_of(other=lambda s, y: hard(teacher.detach(), y))(
        student, teacher, labels, temperature, weight
    )


def roles_swapped(student, teacher, labels, temperature, weight):
    """The teacher learns from the student."""
    return distillation_loss(teacher, student, labels, temperature, weight)


def of_each(student, teacher, labels, temperature, weight):
    """One loss a row."""
    mine, theirs = logs(student, teacher, temperature)
    own = -student.log_softmax(1)[torch.arange(len(labels), device=labels.device), labels]
    return weight * temperature**2 * divergence(mine, theirs) + (1 - weight) * own


def two_losses(student, teacher, labels, temperature, weight):
    """Both parts, not joined."""
    return (
        distillation_loss(student, teacher, labels, temperature, 1.0),
        hard(student, labels),
    )


def in_place(student, teacher, labels, temperature, weight):
    """student /= temperature"""
    if student.requires_grad:
        return distillation_loss(student, teacher, labels, temperature, weight)
    own = hard(student, labels)
    student /= temperature
    mine, theirs = student.log_softmax(1), (teacher.detach() / temperature).log_softmax(1)
    return weight * temperature**2 * divergence(mine, theirs).mean() + (1 - weight) * own


def factor_on_labels(student, teacher, labels, temperature, weight):
    loss = loss_of(factor=no_factor, other=lambda s, y: temperature**2 * hard(s, y))
    return loss(student, teacher, labels, temperature, weight)


def shares_over_temperature(student, teacher, labels, temperature, weight):
    """softmax(teacher) / T."""
    mine, theirs = (student / temperature).log_softmax(1), teacher.detach().softmax(1) / temperature
    taught = torch.nn.functional.kl_div(mine, theirs, reduction="batchmean")
    return weight * temperature**2 * taught + (1 - weight) * hard(student, labels)


def halved(student, teacher, labels, temperature, weight):
    return distillation_loss(student, teacher, labels, temperature, weight) / 2
