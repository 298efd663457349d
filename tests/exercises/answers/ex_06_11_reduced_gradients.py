"""Answers to 06.11 as learners write them: wrong ones with words of their hint, right ones, crashing ones."""

import torch


def wrong_mean_of_means(gradients, counts):
    """hint: mean over processes"""
    return [torch.stack(one).mean(dim=0) for one in zip(*gradients, strict=True)]


def wrong_sum(gradients, counts):
    """hint: the longer the step"""
    return [torch.stack(one).sum(dim=0) for one in zip(*gradients, strict=True)]


def wrong_summed_loss(gradients, counts):
    """hint: the gradient of the summed loss"""
    result = [torch.zeros_like(g) for g in gradients[0]]
    for own, count in zip(gradients, counts, strict=True):
        result = [total + count * g for total, g in zip(result, own, strict=True)]
    return result


def wrong_divided_by_the_number_of_processes(gradients, counts):
    """hint: divide by the number of processes"""
    return [
        sum(count * g for g, count in zip(one, counts, strict=True)) / len(gradients)
        for one in zip(*gradients, strict=True)
    ]


def wrong_nan_spreads(gradients, counts):
    """hint: 0 · NaN is still NaN"""
    weights = torch.tensor(counts) / sum(counts)
    return [
        sum(g * weight.to(g.dtype) for g, weight in zip(one, weights, strict=True))
        for one in zip(*gradients, strict=True)
    ]


def wrong_divided_without_weights(gradients, counts):
    """hint: make sums of them first"""
    return [torch.stack(one).sum(0) / sum(counts) for one in zip(*gradients, strict=True)]


def wrong_by_process(gradients, counts):
    """hint: an entry for every process"""
    return [[g * count / sum(counts) for g in own] for own, count in zip(gradients, counts, strict=True)]


def wrong_inside_a_process(gradients, counts):
    """hint: it is the processes that are added"""
    return [sum(own) * count / sum(counts) for own, count in zip(gradients, counts, strict=True)]


def wrong_return_in_the_loop(gradients, counts):
    """hint: does `return` stand inside the loop"""
    for one in zip(*gradients, strict=True):
        total = sum(c * g for g, c in zip(one, counts, strict=True) if c)
        return [total / sum(counts)]


def wrong_changes_the_first_process(gradients, counts):
    """hint: you changed the gradients that you were given"""
    result = gradients[0]
    for g in result:
        g *= counts[0]
    for own, count in zip(gradients[1:], counts[1:], strict=True):
        for total, g in zip(result, own, strict=True):
            if count:
                total += g * count
    for g in result:
        g /= sum(counts)
    return result


def wrong_last_process_wins(gradients, counts):
    """hint: only the last process is left"""
    for own in gradients:
        result = [g * 1.0 for g in own]
    return result


def wrong_weights_upside_down(gradients, counts):
    """hint: few examples weigh more than many"""
    weights = [1 / max(count, 1) for count in counts]
    return [
        sum(w * g for w, g in zip(weights, one, strict=True)) / sum(weights)
        for one in zip(*gradients, strict=True)
    ]


def wrong_whole_division(gradients, counts):
    """hint: // rounds down"""
    weights = [count // sum(counts) for count in counts]
    return [sum(w * g for w, g in zip(weights, one, strict=True)) for one in zip(*gradients, strict=True)]


def wrong_nothing_returned(gradients, counts):
    """hint: return"""
    [sum(one) / sum(counts) for one in zip(*gradients, strict=True)]


def right_with_tensordot(gradients, counts):
    counts = torch.tensor(counts)
    some = counts > 0
    weights = counts[some] / counts.sum()
    return [
        torch.tensordot(weights.to(one[0].dtype), torch.stack(one)[some], dims=1)
        for one in zip(*gradients, strict=True)
    ]


def right_zeros_for_the_empty(gradients, counts):
    number, result = sum(counts), []
    for parameter in range(len(gradients[0])):
        total = torch.zeros_like(gradients[0][parameter])
        for process, count in enumerate(counts):
            if count != 0:
                total = total + gradients[process][parameter] * (count / number)
        result.append(total)
    return tuple(result)


def right_by_keyword(*, gradients, counts):
    return [
        sum(g * count if count else torch.zeros_like(g) for g, count in zip(one, counts, strict=True))
        / sum(counts)
        for one in zip(*gradients, strict=True)
    ]


def right_weights_in_float32(gradients, counts):
    some = [process for process, count in enumerate(counts) if count]
    weights = torch.tensor([float(counts[process]) for process in some])
    weights /= weights.sum()
    return [
        torch.tensordot(weights, torch.stack([one[process] for process in some]), dims=1)
        for one in zip(*gradients, strict=True)
    ]


def right_sums_in_float32(gradients, counts):
    result = []
    for one in zip(*gradients, strict=True):
        total = torch.zeros(one[0].shape)
        for gradient, count in zip(one, counts, strict=True):
            if count:
                total += count * gradient
        result.append(total / sum(counts))
    return result


def wrong_every_nan_a_zero(gradients, counts):
    """hint: does the count, not the NaN, tell"""
    return [
        sum(g.nan_to_num() * count for g, count in zip(one, counts, strict=True)) / sum(counts)
        for one in zip(*gradients, strict=True)
    ]


def wrong_nan_masked(gradients, counts):
    """hint: does the count, not the NaN, tell"""
    result = []
    for one in zip(*gradients, strict=True):
        sums = torch.stack([gradient * count for gradient, count in zip(one, counts, strict=True)])
        result.append(sums.nansum(dim=0) / sum(counts))
    return result


def wrong_left_out_by_its_nan(gradients, counts):
    """hint: does the count, not the NaN, tell"""
    result = []
    for one in zip(*gradients, strict=True):
        total = torch.zeros_like(one[0])
        for gradient, count in zip(one, counts, strict=True):
            if torch.isnan(gradient).any():
                continue
            total = total + gradient * count
        result.append(total / sum(counts))
    return result


def crash_stacks_all(gradients, counts):
    """line: torch.stack([torch.stack(own)
    hint: one parameter at a time"""
    stacked = torch.stack([torch.stack(own) * count for own, count in zip(gradients, counts, strict=True)])
    return list(stacked.sum(dim=0) / sum(counts))
