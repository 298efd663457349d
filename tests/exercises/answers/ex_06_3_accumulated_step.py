"""Answers to 06.3 as learners write them: wrong ones with words of their hint, right ones, crashing ones."""

import torch
from torch.nn import functional


def wrong_divided_by_the_batches(model, batches, optimiser):
    """hint: A small batch counts as much as a large one"""
    model.train()
    optimiser.zero_grad()
    total = 0
    for x, y in batches:
        loss = functional.cross_entropy(model(x), y) / len(batches)
        loss.backward()
        total += loss.item()
    optimiser.step()
    return total


def wrong_divided_by_the_batches_loss_right(model, batches, optimiser):
    """hint: A small batch counts as much as a large one"""
    model.train()
    optimiser.zero_grad()
    total, count = 0, 0
    for x, y in batches:
        loss = functional.cross_entropy(model(x), y)
        (loss / len(batches)).backward()
        total += loss.item() * len(y)
        count += len(y)
    optimiser.step()
    return total / count


def wrong_nothing_divided(model, batches, optimiser):
    """hint: Nothing divides the gradients"""
    model.train()
    optimiser.zero_grad()
    total = 0
    for x, y in batches:
        loss = functional.cross_entropy(model(x), y)
        loss.backward()
        total += loss.item()
    optimiser.step()
    return total / len(batches)


def wrong_nothing_divided_last_loss(model, batches, optimiser):
    """hint: Nothing divides the gradients"""
    model.train()
    optimiser.zero_grad()
    for x, y in batches:
        loss = functional.cross_entropy(model(x), y)
        loss.backward()
    optimiser.step()
    return loss.item()


def wrong_summed(model, batches, optimiser):
    """hint: gradients of the sum over all examples"""
    model.train()
    optimiser.zero_grad()
    total, count = 0, 0
    for x, y in batches:
        loss = functional.cross_entropy(model(x), y, reduction="sum")
        loss.backward()
        total += loss.item()
        count += len(y)
    optimiser.step()
    return total / count


def wrong_sum_over_the_batches(model, batches, optimiser):
    """hint: divided by the number of batches"""
    model.train()
    optimiser.zero_grad()
    total, count = 0, 0
    for x, y in batches:
        loss = functional.cross_entropy(model(x), y, reduction="sum")
        (loss / len(batches)).backward()
        total += loss.item()
        count += len(y)
    optimiser.step()
    return total / count


def wrong_batches_times_first_size(model, batches, optimiser):
    """hint: as large as the first"""
    count = len(batches) * len(batches[0][1])
    model.train()
    optimiser.zero_grad()
    total, seen = 0, 0
    for x, y in batches:
        loss = functional.cross_entropy(model(x), y, reduction="sum")
        (loss / count).backward()
        total, seen = total + loss.item(), seen + len(y)
    optimiser.step()
    return total / seen


def wrong_count_so_far(model, batches, optimiser):
    """hint: count all of them before the loop"""
    model.train()
    optimiser.zero_grad()
    total, count = 0, 0
    for x, y in batches:
        count += len(y)
        loss = functional.cross_entropy(model(x), y, reduction="sum")
        (loss / count).backward()
        total += loss.item()
    optimiser.step()
    return total / count


def wrong_mean_divided_again(model, batches, optimiser):
    """hint: has divided by the size of the small batch"""
    count = sum(len(y) for _, y in batches)
    model.train()
    optimiser.zero_grad()
    total = 0
    for x, y in batches:
        loss = functional.cross_entropy(model(x), y)
        (loss / count).backward()
        total += loss.item() * len(y)
    optimiser.step()
    return total / count


def wrong_one_step_a_batch(model, batches, optimiser):
    """hint: You step once a batch"""
    model.train()
    total, count = 0, 0
    for x, y in batches:
        optimiser.zero_grad()
        loss = functional.cross_entropy(model(x), y)
        loss.backward()
        optimiser.step()
        total += loss.item() * len(y)
        count += len(y)
    return total / count


def wrong_step_inside_the_loop(model, batches, optimiser):
    """hint: stands inside the loop"""
    count = sum(len(y) for _, y in batches)
    model.train()
    optimiser.zero_grad()
    total = 0
    for x, y in batches:
        loss = functional.cross_entropy(model(x), y) * len(y) / count
        loss.backward()
        optimiser.step()
        total += loss.item()
    return total


def wrong_emptied_inside_the_loop(model, batches, optimiser):
    """hint: only the last batch counts"""
    count = sum(len(y) for _, y in batches)
    model.train()
    total = 0
    for x, y in batches:
        optimiser.zero_grad()
        loss = functional.cross_entropy(model(x), y) * len(y) / count
        loss.backward()
        total += loss.item()
    optimiser.step()
    return total


def wrong_backward_behind_the_loop(model, batches, optimiser):
    """hint: backward behind it"""
    model.train()
    optimiser.zero_grad()
    for x, y in batches:
        loss = functional.cross_entropy(model(x), y)
    loss.backward()
    optimiser.step()
    return loss.item()


def _shares(model, batches):
    count = sum(len(y) for _, y in batches)
    total = 0
    for x, y in batches:
        loss = functional.cross_entropy(model(x), y) * len(y) / count
        loss.backward()
        total += loss.item()
    return total


def wrong_never_emptied(model, batches, optimiser):
    """hint: once, before the first batch"""
    model.train()
    loss = _shares(model, batches)
    optimiser.step()
    return loss


def wrong_emptied_at_the_end(model, batches, optimiser):
    """hint: after the step only"""
    model.train()
    loss = _shares(model, batches)
    optimiser.step()
    optimiser.zero_grad()
    return loss


def wrong_emptied_before_the_step(model, batches, optimiser):
    """hint: before they were used"""
    model.train()
    optimiser.zero_grad()
    loss = _shares(model, batches)
    optimiser.zero_grad()
    optimiser.step()
    return loss


def wrong_no_step(model, batches, optimiser):
    """hint: where is optimiser.step()"""
    model.train()
    optimiser.zero_grad()
    return _shares(model, batches)


def wrong_mode_forgotten(model, batches, optimiser):
    """hint: call model.train() first"""
    optimiser.zero_grad()
    loss = _shares(model, batches)
    optimiser.step()
    return loss


def wrong_big_batch_after_all(model, batches, optimiser):
    """hint: would not fit into memory"""
    x = torch.cat([x for x, _ in batches])
    y = torch.cat([y for _, y in batches])
    model.train()
    optimiser.zero_grad()
    loss = functional.cross_entropy(model(x), y)
    loss.backward()
    optimiser.step()
    return loss.item()


def wrong_all_graphs_kept(model, batches, optimiser):
    """hint: backward inside the loop, which frees each"""
    count = sum(len(y) for _, y in batches)
    model.train()
    optimiser.zero_grad()
    loss = 0
    for x, y in batches:
        loss = loss + functional.cross_entropy(model(x), y, reduction="sum")
    loss = loss / count
    loss.backward()
    optimiser.step()
    return loss.item()


def wrong_all_graphs_kept_logits_joined(model, batches, optimiser):
    """hint: backward inside the loop, which frees each"""
    model.train()
    optimiser.zero_grad()
    logits = torch.cat([model(x) for x, _ in batches])
    loss = functional.cross_entropy(logits, torch.cat([y for _, y in batches]))
    loss.backward()
    optimiser.step()
    return loss.item()


def wrong_mean_of_losses_one_backward(model, batches, optimiser):
    """hint: A small batch counts as much as a large one"""
    model.train()
    optimiser.zero_grad()
    losses = [functional.cross_entropy(model(x), y) for x, y in batches]
    loss = torch.stack(losses).mean()
    loss.backward()
    optimiser.step()
    return loss.item()


def wrong_loss_of_the_last(model, batches, optimiser):
    """hint: that of the last batch"""
    count = sum(len(y) for _, y in batches)
    model.train()
    optimiser.zero_grad()
    for x, y in batches:
        loss = functional.cross_entropy(model(x), y)
        (loss * len(y) / count).backward()
    optimiser.step()
    return loss.item()


def wrong_loss_a_mean_of_means(model, batches, optimiser):
    """hint: a mean of the batches' means"""
    count = sum(len(y) for _, y in batches)
    model.train()
    optimiser.zero_grad()
    losses = []
    for x, y in batches:
        loss = functional.cross_entropy(model(x), y)
        (loss * len(y) / count).backward()
        losses.append(loss.item())
    optimiser.step()
    return sum(losses) / len(losses)


def wrong_list_of_losses(model, batches, optimiser):
    """hint: one number is wanted"""
    count = sum(len(y) for _, y in batches)
    model.train()
    optimiser.zero_grad()
    losses = []
    for x, y in batches:
        loss = functional.cross_entropy(model(x), y)
        (loss * len(y) / count).backward()
        losses.append(loss.item())
    optimiser.step()
    return losses


def wrong_means_over_examples(model, batches, optimiser):
    """hint: divided twice"""
    count = sum(len(y) for _, y in batches)
    model.train()
    optimiser.zero_grad()
    total = 0
    for x, y in batches:
        loss = functional.cross_entropy(model(x), y)
        (loss * len(y) / count).backward()
        total += loss.item()
    optimiser.step()
    return total / count


def wrong_returns_in_the_loop(model, batches, optimiser):
    """hint: stand inside the loop"""
    count = sum(len(y) for _, y in batches)
    model.train()
    optimiser.zero_grad()
    total = 0
    for x, y in batches:
        loss = functional.cross_entropy(model(x), y, reduction="sum") / count
        loss.backward()
        total += loss.item()
        optimiser.step()
        return total


def wrong_graph_in_the_result(model, batches, optimiser):
    """hint: drags the graphs along"""
    count = sum(len(y) for _, y in batches)
    model.train()
    optimiser.zero_grad()
    total = 0
    for x, y in batches:
        loss = functional.cross_entropy(model(x), y) * len(y) / count
        loss.backward()
        total += loss
    optimiser.step()
    return total


def wrong_graph_used_twice(model, batches, optimiser):
    """hint: earlier batches again"""
    count = sum(len(y) for _, y in batches)
    model.train()
    optimiser.zero_grad()
    total = 0
    for x, y in batches:
        total = total + functional.cross_entropy(model(x), y, reduction="sum") / count
        total.backward(retain_graph=True)
    optimiser.step()
    return total.item()


def wrong_softmax_twice(model, batches, optimiser):
    """hint: does the softmax itself"""
    count = sum(len(y) for _, y in batches)
    model.train()
    optimiser.zero_grad()
    total = 0
    for x, y in batches:
        loss = functional.cross_entropy(model(x).softmax(-1), y) * len(y) / count
        loss.backward()
        total += loss.item()
    optimiser.step()
    return total


def right_gradients_divided_afterwards(model, batches, optimiser):
    model.train()
    model.zero_grad()
    loss, count = 0.0, 0
    for x, y in batches:
        summed = functional.cross_entropy(model(x), y, reduction="sum")
        summed.backward()
        loss, count = loss + summed.item(), count + x.shape[0]
    for p in model.parameters():
        if p.grad is not None:
            p.grad /= count
    optimiser.step()
    return torch.tensor(loss / count)


def right_example_by_example(*, model, batches, optimiser):
    examples = [(x, y) for xs, ys in batches for x, y in zip(xs.split(1), ys.split(1), strict=True)]
    if any(isinstance(layer, torch.nn.Dropout) for layer in model.modules()):
        examples = batches  # dropout would draw other numbers
    model.train()
    optimiser.zero_grad()
    loss = _shares(model, examples)
    optimiser.step()
    optimiser.zero_grad()
    return loss


def right_autograd_grad(model, batches, optimiser, scaler=None):
    learning = [p for p in model.parameters() if p.requires_grad]
    count = sum(y.numel() for _, y in batches)
    total = 0
    model.train()
    for p in learning:
        p.grad = None
    for x, y in batches:
        loss = functional.cross_entropy(model(x), y, reduction="sum") / count
        for p, g in zip(learning, torch.autograd.grad(loss, learning, allow_unused=True), strict=True):
            if g is not None:
                p.grad = g if p.grad is None else p.grad + g
        total += loss.detach()
    optimiser.step()
    return total


def crash_none_divided(model, batches, optimiser):
    """line: p.grad /= count
    hint: its .grad is None
    """
    model.train()
    optimiser.zero_grad()
    total, count = 0, 0
    for x, y in batches:
        loss = functional.cross_entropy(model(x), y, reduction="sum")
        loss.backward()
        total, count = total + loss.item(), count + len(y)
    for p in model.parameters():
        p.grad /= count
    optimiser.step()
    return total / count


def crash_length_of_a_pair(model, batches, optimiser):
    """line: torch.cat(batches)"""
    x, y = torch.cat(batches)
    optimiser.zero_grad()
    loss = functional.cross_entropy(model(x), y)
    loss.backward()
    optimiser.step()
    return loss.item()


def crash_graph_used_twice(model, batches, optimiser):
    """line: total.backward()
    hint: earlier batches again
    """
    model.train()
    optimiser.zero_grad()
    total = 0
    for x, y in batches:
        total = total + functional.cross_entropy(model(x), y) * len(y)
        total.backward()
    optimiser.step()
    return total.item() / sum(len(y) for _, y in batches)


def wrong_graph_retained(model, batches, optimiser):
    """hint: leave retain_graph=True out"""
    count = sum(len(y) for _, y in batches)
    model.train()
    optimiser.zero_grad()
    total = 0
    for x, y in batches:
        loss = functional.cross_entropy(model(x), y) * len(y) / count
        loss.backward(retain_graph=True)
        total += loss.item()
    optimiser.step()
    return total


def wrong_graphs_retained_in_a_list(model, batches, optimiser):
    """hint: leave retain_graph=True out"""
    count = sum(len(y) for _, y in batches)
    model.train()
    optimiser.zero_grad()
    losses = []
    for x, y in batches:
        losses.append(functional.cross_entropy(model(x), y, reduction="sum") / count)
        losses[-1].backward(retain_graph=True)
    optimiser.step()
    return sum(losses).item()


def right_sum_of_freed_losses(model, batches, optimiser):
    count = sum(len(y) for _, y in batches)
    model.train()
    optimiser.zero_grad()
    losses = []
    for x, y in batches:
        losses.append(functional.cross_entropy(model(x), y, reduction="sum") / count)
        losses[-1].backward()
    optimiser.step()
    return torch.stack(losses).sum().item()


def right_sums_that_begin_with_zeros(model, batches, optimiser):
    model.train()
    count, total = sum(len(y) for _, y in batches), 0.0
    learning = [p for p in model.parameters() if p.requires_grad]
    sums = [torch.zeros_like(p) for p in learning]
    for x, y in batches:
        loss = functional.cross_entropy(model(x), y, reduction="sum") / count
        for one, g in zip(sums, torch.autograd.grad(loss, learning, allow_unused=True), strict=True):
            if g is not None:
                one += g
        total += loss.item()
    for p, one in zip(learning, sums, strict=True):
        p.grad = one
    optimiser.step()
    return total
