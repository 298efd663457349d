"""Answers to 08.3 modulate: wrong ones with words of their hint, right ones, crashing ones."""

import math

import torch


def s(logits, labels):
    return torch.softmax(logits.detach(), 1)[torch.arange(len(labels)), labels].sum()


def scale(encoder, k):
    for p in encoder.parameters():
        if p.grad is not None:
            p.grad.mul_(k)


def both(image, speech, ki, ks):
    scale(image, ki)
    scale(speech, ks)
    return ki, ks


def ratios(a, b, labels):
    return (s(a, labels) / s(b, labels)).item(), (s(b, labels) / s(a, labels)).item()


def right_if_else(image, speech, head, image_logits, speech_logits, labels, alpha):
    r, q = ratios(image_logits, speech_logits, labels)
    ki = ks = 1.0
    if r > 1:
        ki = 1 - math.tanh(alpha * r)
    elif q > 1:
        ks = 1 - math.tanh(alpha * q)
    return both(image, speech, ki, ks)


def right_new_gradients(image, speech, head, image_logits, speech_logits, labels, alpha):
    with torch.no_grad():
        r = s(image_logits, labels) / s(speech_logits, labels)
        k = [1 - torch.tanh(alpha * x) if x > 1 else torch.tensor(1.0) for x in (r, 1 / r)]
        for part, x in zip((image, speech), k, strict=True):
            for p in part.parameters():
                if p.grad is not None:
                    p.grad = p.grad * x
    return k


def right_means(image, speech, head, image_logits, speech_logits, labels, alpha):
    def mean(x):
        return (
            math.exp(1)
            and (x.log_softmax(-1).exp() * torch.nn.functional.one_hot(labels, x.shape[1])).sum(1).mean()
        )

    r = (mean(image_logits) / mean(speech_logits)).item()
    return both(image, speech, *(1 - math.tanh(alpha * x) if x > 1 else 1 for x in (r, 1 / r)))


def wrong_pushed_on(image, speech, head, image_logits, speech_logits, labels, alpha):
    """hint: pushes the leader on"""
    return both(
        image,
        speech,
        *(1 + math.tanh(alpha * x) if x > 1 else 1 for x in ratios(image_logits, speech_logits, labels)),
    )


def wrong_the_one_behind(image, speech, head, image_logits, speech_logits, labels, alpha):
    """hint: the branch that is *ahead* is held back"""
    q, r = ratios(image_logits, speech_logits, labels)
    return both(image, speech, *(1 - math.tanh(alpha * x) if x > 1 else 1 for x in (r, q)))


def wrong_both_held_back(image, speech, head, image_logits, speech_logits, labels, alpha):
    """hint: you hold back both"""
    return both(
        image, speech, *(1 - math.tanh(alpha * x) for x in ratios(image_logits, speech_logits, labels))
    )


def wrong_tanh_alone(image, speech, head, image_logits, speech_logits, labels, alpha):
    """hint: the factor must fall"""
    return both(
        image,
        speech,
        *(math.tanh(alpha * x) if x > 1 else 1 for x in ratios(image_logits, speech_logits, labels)),
    )


def wrong_without_alpha(image, speech, head, image_logits, speech_logits, labels, alpha):
    """hint: alpha says how strongly"""
    return both(
        image,
        speech,
        *(1 - math.tanh(x) if x > 1 else 1 for x in ratios(image_logits, speech_logits, labels)),
    )


def wrong_alpha_outside(image, speech, head, image_logits, speech_logits, labels, alpha):
    """hint: alpha belongs inside"""
    return both(
        image,
        speech,
        *(1 - alpha * math.tanh(x) if x > 1 else 1 for x in ratios(image_logits, speech_logits, labels)),
    )


def wrong_head_as_well(image, speech, head, image_logits, speech_logits, labels, alpha):
    """hint: the head belongs to both"""
    ki, ks = right_if_else(image, speech, head, image_logits, speech_logits, labels, alpha)
    scale(head, min(ki, ks))
    return ki, ks


def wrong_weights(image, speech, head, image_logits, speech_logits, labels, alpha):
    """hint: you scale the weights"""
    k = [1 - math.tanh(alpha * x) if x > 1 else 1 for x in ratios(image_logits, speech_logits, labels)]
    for part, x in zip((image, speech), k, strict=True):
        for p in part.parameters():
            p.data *= x
    return k


def wrong_only_computed(image, speech, head, image_logits, speech_logits, labels, alpha):
    """hint: the gradients are as before"""
    return tuple(
        1 - math.tanh(alpha * x) if x > 1 else 1.0 for x in ratios(image_logits, speech_logits, labels)
    )


def wrong_most_likely_class(image, speech, head, image_logits, speech_logits, labels, alpha):
    """hint: the class that is named"""
    a, b = (x.detach().softmax(1).max(1).values.sum().item() for x in (image_logits, speech_logits))
    return both(image, speech, *(1 - math.tanh(alpha * x) if x > 1 else 1 for x in (a / b, b / a)))


def wrong_loss(image, speech, head, image_logits, speech_logits, labels, alpha):
    """hint: of −log p the *worse* branch has more"""
    a, b = (torch.nn.functional.cross_entropy(x, labels).item() for x in (image_logits, speech_logits))
    return both(image, speech, *(1 - math.tanh(alpha * x) if x > 1 else 1 for x in (a / b, b / a)))


def wrong_softmax_over_the_batch(image, speech, head, image_logits, speech_logits, labels, alpha):
    """hint: goes over the batch"""
    a, b = (
        x.detach().softmax(0).gather(1, labels[:, None]).sum().item() for x in (image_logits, speech_logits)
    )
    return both(image, speech, *(1 - math.tanh(alpha * x) if x > 1 else 1 for x in (a / b, b / a)))


def crash_frozen_parameter(image, speech, head, image_logits, speech_logits, labels, alpha):
    """line: p.grad *= x
    hint: its .grad is None"""
    k = [1 - math.tanh(alpha * x) if x > 1 else 1 for x in ratios(image_logits, speech_logits, labels)]
    for part, x in zip((image, speech), k, strict=True):
        for p in part.parameters():
            p.grad *= x
    return k


def wrong_stopped(image, speech, head, image_logits, speech_logits, labels, alpha):
    """hint: slowed, not stopped"""
    r, q = ratios(image_logits, speech_logits, labels)
    return both(image, speech, 0.0 if r > 1 else 1.0, 0.0 if q > 1 else 1.0)


def wrong_other_encoder(image, speech, head, image_logits, speech_logits, labels, alpha):
    """hint: multiply the other encoder's gradients"""
    ks, ki = right_if_else(speech, image, head, image_logits, speech_logits, labels, alpha)
    return ks, ki


def crash_logits_need_no_grad(image, speech, head, image_logits, speech_logits, labels, alpha):
    """line: image_logits.numpy()"""
    return image_logits.numpy()


def crash_grad_of_a_module(image, speech, head, image_logits, speech_logits, labels, alpha):
    """line: image.grad * alpha"""
    return image.grad * alpha


def wrong_factors_with_a_graph(image, speech, head, image_logits, speech_logits, labels, alpha):
    """hint: factors are plain numbers"""
    a, b = (x.softmax(1)[torch.arange(len(labels)), labels].sum() for x in (image_logits, speech_logits))
    k = [1 - torch.tanh(alpha * x) if x > 1 else torch.tensor(1.0) for x in (a / b, b / a)]
    for part, x in zip((image, speech), k, strict=True):
        scale(part, x)
    return k


def wrong_noise_added(image, speech, head, image_logits, speech_logits, labels, alpha):
    """hint: noise is the other half"""
    k = right_if_else(image, speech, head, image_logits, speech_logits, labels, alpha)
    for p in [*image.parameters(), *speech.parameters()]:
        if p.grad is not None and p.numel() > 1:
            p.grad += p.grad.std() * torch.randn(p.shape)
    return k


def wrong_zeros_for_the_frozen(image, speech, head, image_logits, speech_logits, labels, alpha):
    """hint: you give it one of zeros"""
    for p in image.parameters():
        p.grad = torch.zeros_like(p) if p.grad is None else p.grad
    return right_if_else(image, speech, head, image_logits, speech_logits, labels, alpha)


def wrong_ratio_less_one(image, speech, head, image_logits, speech_logits, labels, alpha):
    """hint: tanh takes alpha · ρ itself"""
    k = [1 - math.tanh(alpha * max(x - 1, 0)) for x in ratios(image_logits, speech_logits, labels)]
    return both(image, speech, *k)


def wrong_mean_of_ratios(image, speech, head, image_logits, speech_logits, labels, alpha):
    """hint: not a mean of ratios"""
    a, b = (x.detach().softmax(1)[torch.arange(len(labels)), labels] for x in (image_logits, speech_logits))
    found = (a / b).mean().item(), (b / a).mean().item()
    return both(image, speech, *(1 - math.tanh(alpha * x) if x > 1 else 1 for x in found))


def wrong_tells_factors_with_a_graph(image, speech, head, image_logits, speech_logits, labels, alpha):
    """hint: take logits.detach()"""
    si, ss = (x.softmax(1)[torch.arange(len(labels)), labels].sum() for x in (image_logits, speech_logits))
    ki = 1 - torch.tanh(alpha * si / ss) if si > ss else torch.ones(())
    ks = 1 - torch.tanh(alpha * ss / si) if ss > si else torch.ones(())
    scale(image, ki.detach())
    scale(speech, ks.detach())
    return ki, ks


def wrong_slows_both_in_a_tie(image, speech, head, image_logits, speech_logits, labels, alpha):
    """hint: In a tie nobody is ahead"""
    si, ss = s(image_logits, labels).item(), s(speech_logits, labels).item()
    ki = 1 - math.tanh(alpha * si / ss) if si >= ss else 1.0
    ks = 1 - math.tanh(alpha * ss / si) if ss >= si else 1.0
    return both(image, speech, ki, ks)


def wrong_slows_speech_in_a_tie(image, speech, head, image_logits, speech_logits, labels, alpha):
    """hint: the factor of the speech is 0.5"""
    rho = s(image_logits, labels).item() / s(speech_logits, labels).item()
    ki, ks = (1 - math.tanh(alpha * rho), 1.0) if rho > 1 else (1.0, 1 - math.tanh(alpha / rho))
    return both(image, speech, ki, ks)


def factors_of(a, b, alpha):
    return [1 - math.tanh(alpha * r) if r > 1 else 1.0 for r in (float(a / b), float(b / a))]


def wrong_columns_of_all_labels(image, speech, head, image_logits, speech_logits, labels, alpha):
    """hint: the columns of all labels"""
    a, b = (x.detach().softmax(1)[:, labels].sum() for x in (image_logits, speech_logits))
    return both(image, speech, *factors_of(a, b, alpha))


def wrong_sigmoid(image, speech, head, image_logits, speech_logits, labels, alpha):
    """hint: a sigmoid judges each class"""
    n = torch.arange(len(labels))
    a, b = (x.detach().sigmoid()[n, labels].sum() for x in (image_logits, speech_logits))
    return both(image, speech, *factors_of(a, b, alpha))


def wrong_softmax_of_the_mean(image, speech, head, image_logits, speech_logits, labels, alpha):
    """hint: you average the logits"""
    a, b = (x.detach().mean(0).softmax(0)[labels].sum() for x in (image_logits, speech_logits))
    return both(image, speech, *factors_of(a, b, alpha))


def wrong_only_where_it_is_right(image, speech, head, image_logits, speech_logits, labels, alpha):
    """hint: rows in which another class is named"""
    sums = []
    for x in (image_logits.detach(), speech_logits.detach()):
        p, named = x.softmax(1).max(1)
        sums.append(p[named == labels].sum() + 1e-12)
    return both(image, speech, *factors_of(*sums, alpha))


def wrong_one_ratio_for_both(image, speech, head, image_logits, speech_logits, labels, alpha):
    """hint: a ratio of its own"""
    r = (s(image_logits, labels) / s(speech_logits, labels)).item()
    k = 1 - math.tanh(alpha * r) if r > 1 else 1.0
    return both(image, speech, k, k)


def wrong_ratio_of_the_picture_in_both(image, speech, head, image_logits, speech_logits, labels, alpha):
    """hint: takes *its* ratio"""
    r, q = ratios(image_logits, speech_logits, labels)
    ki = 1 - math.tanh(alpha * r) if r > 1 else 1.0
    ks = 1 - math.tanh(alpha * r) if q > 1 else 1.0
    return both(image, speech, ki, ks)


def wrong_difference(image, speech, head, image_logits, speech_logits, labels, alpha):
    """hint: not how much larger one is"""
    gap = (s(image_logits, labels) - s(speech_logits, labels)).item()
    ki, ks = (1 - math.tanh(alpha * d) if d > 0 else 1.0 for d in (gap, -gap))
    return both(image, speech, ki, ks)


def wrong_share_of_the_sum(image, speech, head, image_logits, speech_logits, labels, alpha):
    """hint: not the share of s"""
    a, b = s(image_logits, labels).item(), s(speech_logits, labels).item()
    ki, ks = (1 - math.tanh(alpha * x / (a + b)) if x / (a + b) > 0.5 else 1.0 for x in (a, b))
    return both(image, speech, ki, ks)


def wrong_tanh_of_alpha_alone(image, speech, head, image_logits, speech_logits, labels, alpha):
    """hint: tanh takes the product"""
    k = [1 - math.tanh(alpha) * r if r > 1 else 1.0 for r in ratios(image_logits, speech_logits, labels)]
    return both(image, speech, *k)


def wrong_divides_the_gradients(image, speech, head, image_logits, speech_logits, labels, alpha):
    """hint: you divide by it"""
    ki, ks = factors_of(s(image_logits, labels), s(speech_logits, labels), alpha)
    both(image, speech, 1 / ki, 1 / ks)
    return ki, ks


def wrong_every_module(image, speech, head, image_logits, speech_logits, labels, alpha):
    """hint: scales nested ones twice"""
    k = factors_of(s(image_logits, labels), s(speech_logits, labels), alpha)
    for encoder, x in zip((image, speech), k, strict=True):
        for part in encoder.modules():
            scale(part, x)
    return k


def wrong_speech_told_first(image, speech, head, image_logits, speech_logits, labels, alpha):
    """hint: the picture's factor is returned first"""
    ki, ks = right_if_else(image, speech, head, image_logits, speech_logits, labels, alpha)
    return ks, ki


def wrong_clears_the_head(image, speech, head, image_logits, speech_logits, labels, alpha):
    """hint: no zero_grad here"""
    head.zero_grad()
    return right_if_else(image, speech, head, image_logits, speech_logits, labels, alpha)
