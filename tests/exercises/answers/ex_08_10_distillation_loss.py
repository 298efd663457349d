"""Answers to 08.10 distillation_loss: wrong ones with words of their hint, right ones, crashing ones."""

import torch
from torch.nn.functional import cross_entropy, kl_div, log_softmax, mse_loss, softmax


def right_kl_div_of_shares(student, teacher, labels, temperature, weight):
    with torch.no_grad():
        wanted = softmax(teacher / temperature, dim=1)
    soft = kl_div(log_softmax(student / temperature, dim=1), wanted, reduction="batchmean")
    return weight * temperature**2 * soft + (1 - weight) * cross_entropy(student, labels)


def right_cross_entropy_minus_entropy(student, teacher, labels, temperature, weight):
    wanted = (teacher / temperature).softmax(1).detach()
    entropy = torch.special.entr(wanted).sum(1).mean()
    soft = cross_entropy(student / temperature, wanted) - entropy
    return weight * temperature * temperature * soft + (1 - weight) * cross_entropy(student, labels)


def right_by_hand(*, student, teacher, labels, temperature, weight):
    teacher = teacher.detach()
    p = (teacher / temperature) - (teacher / temperature).logsumexp(1, keepdim=True)
    q = (student / temperature) - (student / temperature).logsumexp(1, keepdim=True)
    soft = (p.exp() * (p - q)).sum() / len(student)
    hard = (student.logsumexp(1) - student.gather(1, labels[:, None])[:, 0]).mean()
    return (1 - weight) * hard + weight * soft * temperature**2


def right_loop(student, teacher, labels, temperature, weight):
    total = 0
    for s, t, y in zip(student, teacher.detach(), labels, strict=True):
        mine, theirs = (s / temperature).log_softmax(0), (t / temperature).log_softmax(0)
        soft = torch.dot(theirs.exp(), theirs - mine)
        total = total + weight * temperature**2 * soft - (1 - weight) * s.log_softmax(0)[y]
    return total / len(labels)


def wrong_torch_distributions(student, teacher, labels, temperature, weight):
    """hint: never leaves the logarithms"""
    made = torch.distributions.Categorical
    soft = torch.distributions.kl_divergence(
        made(logits=teacher.detach() / temperature), made(logits=student / temperature)
    )
    each = cross_entropy(student, labels, reduction="none")
    return (weight * temperature**2 * soft + (1 - weight) * each).mean()


def _logs(student, teacher, temperature):
    return log_softmax(student / temperature, 1), log_softmax(teacher.detach() / temperature, 1)


def _joined(soft, student, labels, temperature, weight):
    return weight * temperature**2 * soft + (1 - weight) * cross_entropy(student, labels)


def wrong_kl_the_other_way(student, teacher, labels, temperature, weight):
    """hint: by the student's shares"""
    s, t = _logs(student, teacher, temperature)
    return _joined(kl_div(t, s, reduction="batchmean", log_target=True), student, labels, temperature, weight)


def wrong_both_ways(student, teacher, labels, temperature, weight):
    """hint: you average both directions"""
    s, t = _logs(student, teacher, temperature)
    soft = kl_div(t, s, reduction="batchmean", log_target=True)
    soft = (soft + kl_div(s, t, reduction="batchmean", log_target=True)) / 2
    return _joined(soft, student, labels, temperature, weight)


def wrong_soft_cross_entropy(student, teacher, labels, temperature, weight):
    """hint: not 0 where both agree"""
    soft = cross_entropy(student / temperature, softmax(teacher.detach() / temperature, 1))
    return _joined(soft, student, labels, temperature, weight)


def wrong_softmax_for_log_softmax(student, teacher, labels, temperature, weight):
    """hint: log_softmax, not softmax"""
    s, t = softmax(student / temperature, 1), softmax(teacher.detach() / temperature, 1)
    return _joined(kl_div(s, t, reduction="batchmean"), student, labels, temperature, weight)


def wrong_log_target_forgotten(student, teacher, labels, temperature, weight):
    """hint: log_target=True"""
    s, t = _logs(student, teacher, temperature)
    return _joined(kl_div(s, t, reduction="batchmean"), student, labels, temperature, weight)


def wrong_squared_logits(student, teacher, labels, temperature, weight):
    """hint: the gap of the logits"""
    return weight * mse_loss(student, teacher.detach()) + (1 - weight) * cross_entropy(student, labels)


def wrong_squared_shares(student, teacher, labels, temperature, weight):
    """hint: the gap of the shares"""
    s, t = _logs(student, teacher, temperature)
    return _joined((s.exp() - t.exp()).pow(2).sum(1).mean(), student, labels, temperature, weight)


def wrong_subtracted_the_other_way(student, teacher, labels, temperature, weight):
    """hint: below 0"""
    s, t = _logs(student, teacher, temperature)
    return _joined((t.exp() * (s - t)).sum(1).mean(), student, labels, temperature, weight)


def wrong_small_number(student, teacher, labels, temperature, weight):
    """hint: a small number before the log"""
    p, q = softmax(teacher.detach() / temperature, 1), softmax(student / temperature, 1)
    soft = (p * (torch.log(p + 1e-8) - torch.log(q + 1e-8))).sum(1).mean()
    return _joined(soft, student, labels, temperature, weight)


def wrong_log_of_softmax(student, teacher, labels, temperature, weight):
    """hint: never leaves the logarithms"""
    p, q = softmax(teacher.detach() / temperature, 1), softmax(student / temperature, 1)
    return _joined((p * (p.log() - q.log())).sum(1).mean(), student, labels, temperature, weight)


def wrong_square_forgotten(student, teacher, labels, temperature, weight):
    """hint: T² is missing"""
    s, t = _logs(student, teacher, temperature)
    soft = kl_div(s, t, reduction="batchmean", log_target=True)
    return weight * soft + (1 - weight) * cross_entropy(student, labels)


def wrong_times_temperature(student, teacher, labels, temperature, weight):
    """hint: you multiply by T"""
    s, t = _logs(student, teacher, temperature)
    soft = kl_div(s, t, reduction="batchmean", log_target=True)
    return weight * temperature * soft + (1 - weight) * cross_entropy(student, labels)


def wrong_square_on_both(student, teacher, labels, temperature, weight):
    """hint: it knows no temperature"""
    s, t = _logs(student, teacher, temperature)
    soft = kl_div(s, t, reduction="batchmean", log_target=True)
    return temperature**2 * (weight * soft + (1 - weight) * cross_entropy(student, labels))


def wrong_teacher_learns(student, teacher, labels, temperature, weight):
    """hint: learn to please the student"""
    s, t = log_softmax(student / temperature, 1), log_softmax(teacher / temperature, 1)
    return _joined(kl_div(s, t, reduction="batchmean", log_target=True), student, labels, temperature, weight)


def wrong_student_detached(student, teacher, labels, temperature, weight):
    """hint: from the labels alone"""
    s, t = _logs(student.detach(), teacher, temperature)
    return _joined(kl_div(s, t, reduction="batchmean", log_target=True), student, labels, temperature, weight)


def wrong_teacher_not_softened(student, teacher, labels, temperature, weight):
    """hint: the teacher's logits are not divided"""
    s, t = log_softmax(student / temperature, 1), log_softmax(teacher.detach(), 1)
    return _joined(kl_div(s, t, reduction="batchmean", log_target=True), student, labels, temperature, weight)


def wrong_student_not_softened(student, teacher, labels, temperature, weight):
    """hint: the student's logits are not divided"""
    s, t = log_softmax(student, 1), log_softmax(teacher.detach() / temperature, 1)
    return _joined(kl_div(s, t, reduction="batchmean", log_target=True), student, labels, temperature, weight)


def wrong_no_temperature(student, teacher, labels, temperature, weight):
    """hint: neither is divided"""
    s, t = _logs(student, teacher, 1)
    return _joined(kl_div(s, t, reduction="batchmean", log_target=True), student, labels, temperature, weight)


def wrong_logits_times_temperature(student, teacher, labels, temperature, weight):
    """hint: softens, so divide"""
    s, t = _logs(student, teacher, 1 / temperature)
    return _joined(kl_div(s, t, reduction="batchmean", log_target=True), student, labels, temperature, weight)


def wrong_over_the_examples(student, teacher, labels, temperature, weight):
    """hint: your softmax runs over the examples"""
    s = log_softmax(student / temperature, 0)
    t = log_softmax(teacher.detach() / temperature, 0)
    return _joined(kl_div(s, t, reduction="batchmean", log_target=True), student, labels, temperature, weight)


def wrong_labels_softened(student, teacher, labels, temperature, weight):
    """hint: the labels' part has no temperature"""
    s, t = _logs(student, teacher, temperature)
    soft = kl_div(s, t, reduction="batchmean", log_target=True)
    return _joined(soft, student / temperature, labels, temperature, weight)


def wrong_mean_over_classes_too(student, teacher, labels, temperature, weight):
    """hint: divide by the classes too"""
    s, t = _logs(student, teacher, temperature)
    soft = kl_div(s, t, reduction="none", log_target=True).mean()
    return _joined(soft, student, labels, temperature, weight)


def wrong_summed(student, teacher, labels, temperature, weight):
    """hint: you add up over the batch"""
    s, t = _logs(student, teacher, temperature)
    return _joined(kl_div(s, t, reduction="sum", log_target=True), student, labels, temperature, weight)


def wrong_softmax_before_cross_entropy(student, teacher, labels, temperature, weight):
    """hint: yours is done twice"""
    s, t = _logs(student, teacher, temperature)
    soft = kl_div(s, t, reduction="batchmean", log_target=True)
    return weight * temperature**2 * soft + (1 - weight) * cross_entropy(softmax(student, 1), labels)


def wrong_weights_swapped(student, teacher, labels, temperature, weight):
    """hint: the weights are swapped"""
    return right_kl_div_of_shares(student, teacher, labels, temperature, 1 - weight)


def wrong_labels_unweighted(student, teacher, labels, temperature, weight):
    """hint: the labels' part counts in full"""
    s, t = _logs(student, teacher, temperature)
    soft = kl_div(s, t, reduction="batchmean", log_target=True)
    return weight * temperature**2 * soft + cross_entropy(student, labels)


def wrong_unweighted(student, teacher, labels, temperature, weight):
    """hint: neither part is weighted"""
    s, t = _logs(student, teacher, temperature)
    return temperature**2 * kl_div(s, t, reduction="batchmean", log_target=True) + cross_entropy(
        student, labels
    )


def wrong_teacher_alone(student, teacher, labels, temperature, weight):
    """hint: the labels have no say"""
    s, t = _logs(student, teacher, temperature)
    return temperature**2 * kl_div(s, t, reduction="batchmean", log_target=True)


def wrong_teachers_best_class(student, teacher, labels, temperature, weight):
    """hint: how it ranks the others"""
    soft = cross_entropy(student, teacher.argmax(1))
    return weight * soft + (1 - weight) * cross_entropy(student, labels)


def wrong_roles_swapped(student, teacher, labels, temperature, weight):
    """hint: the student for the teacher"""
    return right_kl_div_of_shares(teacher, student, labels, temperature, weight)


def wrong_each_example(student, teacher, labels, temperature, weight):
    """hint: the loss of each example"""
    s, t = _logs(student, teacher, temperature)
    soft = kl_div(s, t, reduction="none", log_target=True).sum(1)
    hard = cross_entropy(student, labels, reduction="none")
    return weight * temperature**2 * soft + (1 - weight) * hard


def wrong_number(student, teacher, labels, temperature, weight):
    """hint: a tensor"""
    return right_kl_div_of_shares(student, teacher, labels, temperature, weight).item()


def wrong_no_return(student, teacher, labels, temperature, weight):
    """hint: return"""
    right_kl_div_of_shares(student, teacher, labels, temperature, weight)


def crash_softmax_of_the_number(student, teacher, labels, temperature, weight):
    """line: student / temperature.view(1, 1)"""
    soft = kl_div(log_softmax(student / temperature.view(1, 1), 1), softmax(teacher, 1))
    return weight * soft + (1 - weight) * cross_entropy(student, labels)


def crash_labels_as_rows(student, teacher, labels, temperature, weight):
    """line: cross_entropy(labels, student)"""
    s, t = _logs(student, teacher, temperature)
    soft = kl_div(s, t, reduction="batchmean", log_target=True)
    hard = cross_entropy(labels, student)
    return weight * temperature**2 * soft + (1 - weight) * hard


def wrong_square_on_the_labels(student, teacher, labels, temperature, weight):
    """hint: T² stands at the labels' part"""
    s, t = _logs(student, teacher, temperature)
    soft = kl_div(s, t, reduction="batchmean", log_target=True)
    return weight * soft + (1 - weight) * temperature**2 * cross_entropy(student, labels)


def wrong_shares_over_the_temperature(student, teacher, labels, temperature, weight):
    """hint: do not add up to 1"""
    s, t = log_softmax(student / temperature, 1), softmax(teacher.detach(), 1) / temperature
    return _joined(kl_div(s, t, reduction="batchmean"), student, labels, temperature, weight)


def wrong_mean_of_the_two(student, teacher, labels, temperature, weight):
    """hint: no division by 2"""
    return right_kl_div_of_shares(student, teacher, labels, temperature, weight) / 2


def wrong_clamped_before_the_log(student, teacher, labels, temperature, weight):
    """hint: as a floor (clamp)"""
    p, q = softmax(teacher.detach() / temperature, 1), softmax(student / temperature, 1)
    soft = (p * (p.clamp(min=1e-12).log() - q.clamp(min=1e-12).log())).sum(1).mean()
    return _joined(soft, student, labels, temperature, weight)


def wrong_smallest_number_added(student, teacher, labels, temperature, weight):
    """hint: as a floor (clamp)"""
    small = torch.finfo(student.dtype).tiny
    q = (softmax(student / temperature, 1) + small).log()
    soft = kl_div(q, softmax(teacher.detach() / temperature, 1), reduction="batchmean")
    return _joined(soft, student, labels, temperature, weight)


def wrong_large_number_added(student, teacher, labels, temperature, weight):
    """hint: a small number before the log, added"""
    p, q = softmax(teacher.detach() / temperature, 1), softmax(student / temperature, 1)
    soft = (p * torch.log((p + 1e-5) / (q + 1e-5))).sum(1).mean()
    return _joined(soft, student, labels, temperature, weight)


def wrong_logarithms_clamped(student, teacher, labels, temperature, weight):
    """hint: you clamp the logarithms"""
    p, q = softmax(teacher.detach() / temperature, 1), softmax(student / temperature, 1)
    soft = (p * (p.log().clamp(min=-100) - q.log().clamp(min=-100))).sum(1).mean()
    return _joined(soft, student, labels, temperature, weight)


def wrong_floor_under_the_label(student, teacher, labels, temperature, weight):
    """hint: under the label's share"""
    s, t = _logs(student, teacher, temperature)
    soft = kl_div(s, t, reduction="batchmean", log_target=True)
    own = softmax(student, 1).gather(1, labels[:, None]).clamp(min=1e-8)
    return weight * temperature**2 * soft - (1 - weight) * own.log().mean()


def wrong_log_of_the_label_s_share(student, teacher, labels, temperature, weight):
    """hint: never leaves the logarithms"""
    s, t = _logs(student, teacher, temperature)
    soft = kl_div(s, t, reduction="batchmean", log_target=True)
    own = softmax(student, 1)[torch.arange(len(labels)), labels]
    return weight * temperature**2 * soft - (1 - weight) * torch.log(own).mean()


def wrong_floor_under_both(student, teacher, labels, temperature, weight):
    """hint: in both parts"""
    q, own = softmax(student / temperature, 1) + 1e-8, softmax(student, 1) + 1e-8
    p = softmax(teacher.detach() / temperature, 1)
    soft = (p * ((p + 1e-8).log() - q.log())).sum(1).mean()
    hard = -own.log()[torch.arange(len(labels)), labels].mean()
    return weight * temperature**2 * soft + (1 - weight) * hard


def wrong_zeros_left_out(student, teacher, labels, temperature, weight):
    """hint: you leave out classes"""
    p, q = softmax(teacher.detach() / temperature, 1), softmax(student / temperature, 1)
    there = (p > 0) & (q > 0)
    soft = (p[there] * (p[there] / q[there]).log()).sum() / len(student)
    return _joined(soft, student, labels, temperature, weight)


def wrong_nan_to_num(student, teacher, labels, temperature, weight):
    """hint: hides what has gone wrong"""
    p, q = softmax(teacher.detach() / temperature, 1), softmax(student / temperature, 1)
    soft = torch.nan_to_num(p * (p / q).log()).sum(1).mean()
    return _joined(soft, student, labels, temperature, weight)
