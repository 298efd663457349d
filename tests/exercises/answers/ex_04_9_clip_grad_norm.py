"""Answers to 04.9 as learners write them: wrong ones with words of their hint, right ones, crashing ones."""

import math

import torch


def total_norm(gradients):
    return torch.sqrt(sum((g**2).sum() for g in gradients))


def wrong_each_tensor_alone(gradients, max_norm):
    """hint: the arrow turns"""
    clipped = []
    for g in gradients:
        norm = g.norm()
        clipped.append(g * max_norm / norm if norm > max_norm else g)
    return clipped, total_norm(gradients)


def wrong_clamps_values(gradients, max_norm):
    """hint: cut each number off"""
    return [torch.clamp(g, min=-max_norm, max=max_norm) for g in gradients], total_norm(gradients)


def wrong_always_scales(gradients, max_norm):
    """hint: short enough stays"""
    total = total_norm(gradients)
    return [g * max_norm / total if total > 0 else g for g in gradients], total


def wrong_scales_zeros(gradients, max_norm):
    """hint: anything to clip"""
    total = total_norm(gradients)
    factor = min(max_norm / total, torch.tensor(1.0))
    return [g / total * total * factor for g in gradients], total


def wrong_norm_after_clipping(gradients, max_norm):
    """hint: *before* clipping"""
    total = total_norm(gradients)
    factor = max_norm / total if total > max_norm else 1
    clipped = [g * factor for g in gradients]
    return clipped, total_norm(clipped)


def wrong_sum_of_norms(gradients, max_norm):
    """hint: added up the norms"""
    total = sum(g.norm() for g in gradients)
    return [g * min(1, max_norm / (total + 1e-6)) for g in gradients], total


def wrong_largest_norm(gradients, max_norm):
    """hint: largest norm"""
    total = max(g.norm() for g in gradients)
    return [g * min(1, max_norm / (total + 1e-6)) for g in gradients], total


def wrong_forgets_the_root(gradients, max_norm):
    """hint: root is missing"""
    total = sum((g**2).sum() for g in gradients)
    return [g * min(1, max_norm / (total + 1e-6)) for g in gradients], total


def wrong_mean_of_the_squares(gradients, max_norm):
    """hint: mean of the squares"""
    everything = torch.cat([g.reshape(-1) for g in gradients])
    total = everything.pow(2).mean().sqrt()
    return [g * min(1, max_norm / (total + 1e-6)) for g in gradients], total


def wrong_sum_of_sizes(gradients, max_norm):
    """hint: sizes of the entries"""
    total = sum(g.abs().sum() for g in gradients)
    return [g * min(1, max_norm / (total + 1e-6)) for g in gradients], total


def wrong_upside_down(gradients, max_norm):
    """hint: upside down"""
    total = total_norm(gradients)
    return [g * max(1, total / max_norm) for g in gradients], total


def wrong_length_of_one(gradients, max_norm):
    """hint: should get max_norm"""
    total = total_norm(gradients)
    return [g / total if total > max_norm else g for g in gradients], total


def wrong_throws_long_ones_away(gradients, max_norm):
    """hint: threw away"""
    total = total_norm(gradients)
    return [torch.zeros_like(g) if total > max_norm else g for g in gradients], total


def wrong_changes_them(gradients, max_norm):
    """hint: make new ones"""
    total = total_norm(gradients)
    if total > max_norm:
        for g in gradients:
            g *= max_norm / total
    return gradients, total


def wrong_one_long_tensor(gradients, max_norm):
    """hint: its own shape"""
    everything = torch.cat([g.flatten() for g in gradients])
    total = everything.norm()
    return everything * min(1, max_norm / (total + 1e-6)), total


def wrong_gradients_only(gradients, max_norm):
    """hint: two results"""
    total = total_norm(gradients)
    return [g * min(1, max_norm / (total + 1e-6)) for g in gradients]


def wrong_norm_first(gradients, max_norm):
    """hint: first the gradients"""
    total = total_norm(gradients)
    return total, [g * min(1, max_norm / (total + 1e-6)) for g in gradients]


def right_as_torch_does(gradients, max_norm):
    total = torch.linalg.vector_norm(torch.stack([torch.linalg.vector_norm(g) for g in gradients]))
    factor = (max_norm / (total + 1e-6)).clamp(max=1.0)
    return [g * factor for g in gradients], total


def right_python_numbers(*, gradients, max_norm):
    total = math.sqrt(sum(g.pow(2).sum().item() for g in gradients))
    if total <= max_norm:
        return tuple(gradients), total
    return tuple(g / total * max_norm for g in gradients), total


def right_torch(gradients, max_norm, norm_type=2.0):
    weights = [torch.zeros_like(g, requires_grad=True) for g in gradients]
    for weight, g in zip(weights, gradients, strict=True):
        weight.grad = g.clone()
    total = torch.nn.utils.clip_grad_norm_(weights, max_norm, norm_type)
    return [weight.grad for weight in weights], total


def crash_norm_of_a_list(gradients, max_norm):
    """line: torch.norm(gradients)"""
    total = torch.norm(gradients)
    return [g * min(1, max_norm / total) for g in gradients], total


def crash_cat_of_shapes(gradients, max_norm):
    """line: torch.cat(gradients)
    hint: flatten each
    """
    total = torch.cat(gradients).norm()
    return [g * min(1, max_norm / total) for g in gradients], total


def crash_list_times_a_number(gradients, max_norm):
    """line: gradients * factor"""
    factor = min(1.0, max_norm / float(total_norm(gradients)))
    return gradients * factor, total_norm(gradients)


def crash_divides_by_a_norm_of_zero(gradients, max_norm):
    """line: max_norm / total
    hint: anything to clip
    """
    total = math.sqrt(sum(float((g * g).sum()) for g in gradients))
    factor = min(1.0, max_norm / total)
    return [factor * g for g in gradients], total


def wrong_returns_the_factor(gradients, max_norm):
    """hint: second result is your factor"""
    factor = min(1.0, max_norm / (float(total_norm(gradients)) + 1e-6))
    return [g * factor for g in gradients], factor


def wrong_total_set_anew(gradients, max_norm):
    """hint: only the last counts"""
    for g in gradients:
        total = 0.0
        total += (g**2).sum()
    total = total**0.5
    return [g * min(1, max_norm / (total + 1e-6)) for g in gradients], total


def wrong_one_result_where_short(gradients, max_norm):
    """hint: there, too, two results"""
    total = total_norm(gradients)
    if total <= max_norm:
        return gradients
    return [g * max_norm / total for g in gradients], total


def wrong_limit_of_one(gradients, max_norm):
    """hint: compare the total norm with 1"""
    total = total_norm(gradients)
    return [g * max_norm / total if total > 1 else g for g in gradients], total


def wrong_root_forgotten_in_the_test(gradients, max_norm):
    """hint: without the root"""
    squares = sum((g**2).sum() for g in gradients)
    total = squares**0.5
    return [g * max_norm / total if squares > max_norm else g for g in gradients], total


def wrong_half_the_limit(gradients, max_norm):
    """hint: shorter than max_norm is made longer"""
    total = total_norm(gradients)
    return [g * max_norm / total if total > max_norm / 2 else g for g in gradients], total


def wrong_test_of_the_largest_entry(gradients, max_norm):
    """hint: by the largest entry"""
    total = total_norm(gradients)
    factor = max_norm / total if max(g.abs().max() for g in gradients) > max_norm else 1
    return [g * factor for g in gradients], total


def wrong_test_of_each_norm(gradients, max_norm):
    """hint: norm of a single tensor"""
    total = total_norm(gradients)
    factor = max_norm / total if any(g.norm() > max_norm for g in gradients) else 1
    return [g * factor for g in gradients], total


def wrong_squares_after_the_sum(gradients, max_norm):
    """hint: square each entry first"""
    total = sum(g.sum() ** 2 for g in gradients) ** 0.5
    return [g * max_norm / total if total > max_norm else g for g in gradients], total


def wrong_mean_for_sum(gradients, max_norm):
    """hint: mean of a tensor's squares"""
    total = sum((g**2).mean() for g in gradients) ** 0.5
    return [g * max_norm / total if total > max_norm else g for g in gradients], total


def wrong_a_hundredth_added(gradients, max_norm):
    """hint: too short"""
    total = total_norm(gradients)
    return [g * min(1, max_norm / (total + 1e-2)) for g in gradients], total


def wrong_larger_factor(gradients, max_norm):
    """hint: wrong way round"""
    total = total_norm(gradients)
    return [g * max(1, max_norm / total) for g in gradients], total


def wrong_less_than(gradients, max_norm):
    """hint: wrong way round"""
    total = total_norm(gradients)
    if total < max_norm:
        gradients = [g * max_norm / total for g in gradients]
    return gradients, total
