"""Answers to 08.2 modality_dropout: wrong ones with words of their hint, right ones, crashing ones."""

import torch


def everybody(embeddings):
    return torch.ones(len(embeddings[0]), len(embeddings), dtype=torch.bool)


def muted(embeddings, present):
    return [torch.where(present[:, s : s + 1], x, torch.zeros_like(x)) for s, x in enumerate(embeddings)]


def right_loop(embeddings, rate, generator, training):
    present = everybody(embeddings)
    if training:
        for i in range(len(present)):
            draws = torch.rand(len(embeddings), generator=generator)
            if (draws >= rate).any():
                present[i] = draws >= rate
    return muted(embeddings, present), present


def right_bernoulli(*, embeddings, rate, generator, training):
    if not training:
        return tuple(embeddings), everybody(embeddings)
    keep = torch.full((len(embeddings[0]), len(embeddings)), 1.0 - rate)
    present = torch.bernoulli(keep, generator=generator).bool()
    present[~present.any(1)] = True
    return [x * present[:, [s]] for s, x in enumerate(embeddings)], present


def right_sense_by_sense(embeddings, rate, generator, training):
    if not training:
        return [x.clone() for x in embeddings], everybody(embeddings)
    columns = [torch.rand(len(x), generator=generator) >= rate for x in embeddings]
    present = torch.stack(columns, 1)
    present = torch.where(present.any(1)[:, None], present, True)
    return muted(embeddings, present), present


def drawn(embeddings, rate, generator):
    return torch.rand(len(embeddings[0]), len(embeddings), generator=generator) >= rate


def wrong_nobody_left(embeddings, rate, generator, training):
    """hint: an example that would lose every sense"""
    if not training:
        return list(embeddings), everybody(embeddings)
    present = drawn(embeddings, rate, generator)
    return muted(embeddings, present), present


def wrong_one_draw_a_batch(embeddings, rate, generator, training):
    """hint: each example draws for itself"""
    if not training:
        return list(embeddings), everybody(embeddings)
    keep = torch.rand(len(embeddings), generator=generator) >= rate
    keep = keep if keep.any() else torch.ones_like(keep)
    present = keep.repeat(len(embeddings[0]), 1)
    return muted(embeddings, present), present


def wrong_single_features(embeddings, rate, generator, training):
    """hint: a whole sense is lost"""
    if not training:
        return list(embeddings), everybody(embeddings)
    return [x * (torch.rand(x.shape, generator=generator) >= rate) for x in embeddings], everybody(embeddings)


def wrong_scaled(embeddings, rate, generator, training):
    """hint: what stays is not made larger"""
    made, present = right_loop(embeddings, rate, generator, training)
    return ([x / (1 - rate) for x in made] if training else made), present


def wrong_always_on(embeddings, rate, generator, training):
    """hint: look at `training`"""
    return right_loop(embeddings, rate, generator, True)


def wrong_never_on(embeddings, rate, generator, training):
    """hint: lost now and then"""
    return right_loop(embeddings, rate, generator, False)


def wrong_generator_forgotten(embeddings, rate, generator, training):
    """hint: hand the generator"""
    return right_loop(embeddings, rate, None, training)


def wrong_keeps_with_the_rate(embeddings, rate, generator, training):
    """hint: the chance to *lose*"""
    return right_loop(embeddings, 1 - rate, generator, training)


def wrong_in_place(embeddings, rate, generator, training):
    """hint: do not change the embeddings"""
    _, present = right_loop(embeddings, rate, generator, training)
    for s, x in enumerate(embeddings):
        x[~present[:, s]] = 0
    return embeddings, present


def wrong_first_sense_stays(embeddings, rate, generator, training):
    """hint: keeps *all*"""
    if not training:
        return list(embeddings), everybody(embeddings)
    present = drawn(embeddings, rate, generator)
    present[~present.any(1), 0] = True
    return muted(embeddings, present), present


def wrong_present_turned(embeddings, rate, generator, training):
    """hint: True where a sense is still there"""
    made, present = right_loop(embeddings, rate, generator, training)
    return made, ~present


def wrong_only_told(embeddings, rate, generator, training):
    """hint: the embedding must be 0"""
    return list(embeddings), right_loop(embeddings, rate, generator, training)[1]


def wrong_axes_of_present(embeddings, rate, generator, training):
    """hint: present is [batch, sense]"""
    made, present = right_loop(embeddings, rate, generator, training)
    return made, present.T


def wrong_two_draws(embeddings, rate, generator, training):
    """hint: you draw twice"""
    made, _ = right_loop(embeddings, rate, generator, training)
    return made, right_loop(embeddings, rate, generator, training)[1]


def wrong_first_sense_only(embeddings, rate, generator, training):
    """hint: every sense can be lost"""
    present = everybody(embeddings)
    if training:
        present[:, 0] = torch.rand(len(present), generator=generator) >= rate
    return muted(embeddings, present), present


def crash_list_times_mask(embeddings, rate, generator, training):
    """line: embeddings * (torch.rand(3) > rate)"""
    return embeddings * (torch.rand(3) > rate)


def crash_shape_of_a_list(embeddings, rate, generator, training):
    """line: torch.rand(embeddings.shape)"""
    return torch.rand(embeddings.shape) > rate


def wrong_detached(embeddings, rate, generator, training):
    """hint: encoders learn through what stays"""
    made, present = right_loop(embeddings, rate, generator, training)
    return [x.detach() for x in made], present


@torch.no_grad()
def wrong_without_gradients(embeddings, rate, generator, training):
    """hint: encoders learn through what stays"""
    made, present = right_loop(embeddings, rate, generator, training)
    return [x.clone() for x in made], present


def wrong_always_float32(embeddings, rate, generator, training):
    """hint: each embedding keeps its type"""
    made, present = right_loop(embeddings, rate, generator, training)
    return [x.to(torch.float32) for x in made], present


def wrong_mask_of_floats(embeddings, rate, generator, training):
    """hint: Each embedding keeps its type"""
    present = everybody(embeddings)
    if training:
        present = torch.rand(present.shape, generator=generator) >= rate
        present = present | ~present.any(1, keepdim=True)
    return [x * present[:, [s]].float() for s, x in enumerate(embeddings)], present


def wrong_the_list_that_came(embeddings, rate, generator, training):
    """hint: a new list"""
    if not training:
        return embeddings, everybody(embeddings)
    present = drawn(embeddings, rate, generator)
    present |= ~present.any(1, keepdim=True)
    return muted(embeddings, present), present


def wrong_one_number_for_all_senses(embeddings, rate, generator, training):
    """hint: each sense draws its own"""
    if not training:
        return list(embeddings), everybody(embeddings)
    lost = torch.rand(len(embeddings[0]), generator=generator) < rate
    present = torch.stack([~lost for _ in embeddings], 1)
    present[~present.any(1)] = True
    return muted(embeddings, present), present
