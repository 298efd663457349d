"""Answers to 06.2 as learners write them: wrong ones with words of their hint, right ones, crashing ones."""

import torch
from torch.nn import functional


def wrong_means_of_means(model, batches):
    """hint: last batch is smaller and yet counts as much"""
    model_mode = model.training
    model.eval()
    losses, accuracies = [], []
    with torch.no_grad():
        for x, y in batches:
            logits = model(x)
            losses.append(functional.cross_entropy(logits, y).item())
            accuracies.append((logits.argmax(1) == y).float().mean().item())
    model.train(model_mode)
    return sum(losses) / len(losses), sum(accuracies) / len(accuracies)


def wrong_everything_at_once(model, batches):
    """hint: sum over the examples"""
    loss, accuracy = 0, 0
    for x, y in batches:
        logits = model(x)
        loss += functional.cross_entropy(logits, y)
        accuracy += (logits.argmax(1) == y).float().mean()
    return loss / len(batches), accuracy / len(batches)


def wrong_mean_of_the_losses(model, batches):
    """hint: Weigh each by len(y)"""
    was = model.training
    model.eval()
    loss, correct, count = 0, 0, 0
    with torch.no_grad():
        for x, y in batches:
            logits = model(x)
            loss += functional.cross_entropy(logits, y).item()
            correct += (logits.argmax(1) == y).sum().item()
            count += len(y)
    model.train(was)
    return loss / len(batches), correct / count


def wrong_mean_of_the_accuracies(model, batches):
    """hint: Add up hits instead"""
    was = model.training
    model.eval()
    loss, accuracy, count = 0, 0, 0
    with torch.no_grad():
        for x, y in batches:
            logits = model(x)
            loss += functional.cross_entropy(logits, y, reduction="sum").item()
            accuracy += (logits.argmax(1) == y).float().mean().item()
            count += len(y)
    model.train(was)
    return loss / count, accuracy / len(batches)


def wrong_means_over_the_examples(model, batches):
    """hint: multiply by len(y)"""
    was = model.training
    model.eval()
    loss, correct, count = 0, 0, 0
    with torch.inference_mode():
        for x, y in batches:
            logits = model(x)
            loss += functional.cross_entropy(logits, y).item()
            correct += (logits.argmax(1) == y).sum().item()
            count += len(y)
    model.train(was)
    return loss / count, correct / count


def wrong_sum_over_the_batches(model, batches):
    """hint: number of batches"""
    was = model.training
    model.eval()
    loss, correct, count = 0, 0, 0
    with torch.no_grad():
        for x, y in batches:
            logits = model(x)
            loss += functional.cross_entropy(logits, y, reduction="sum").item()
            correct += (logits.argmax(1) == y).sum().item()
            count += len(y)
    model.train(was)
    return loss / len(batches), correct / count


def wrong_batches_times_batch_size(model, batches):
    """hint: add up len(y)"""
    was = model.training
    model.eval()
    loss, correct = 0, 0
    with torch.no_grad():
        for x, y in batches:
            logits = model(x)
            loss += functional.cross_entropy(logits, y, reduction="sum").item()
            correct += (logits.argmax(1) == y).sum().item()
    count = len(batches) * len(batches[0][1])
    model.train(was)
    return loss / count, correct / count


def wrong_sum_of_the_losses(model, batches):
    """hint: the sum of the losses"""
    was = model.training
    model.eval()
    loss, correct, count = 0, 0, 0
    with torch.no_grad():
        for x, y in batches:
            logits = model(x)
            loss += functional.cross_entropy(logits, y, reduction="sum").item()
            correct += (logits.argmax(1) == y).sum().item()
            count += len(y)
    model.train(was)
    return loss, correct / count


def wrong_number_of_hits(model, batches):
    """hint: divide the hits"""
    was = model.training
    model.eval()
    loss, correct, count = 0, 0, 0
    with torch.no_grad():
        for x, y in batches:
            logits = model(x)
            loss += functional.cross_entropy(logits, y, reduction="sum").item()
            correct += (logits.argmax(1) == y).sum().item()
            count += len(y)
    model.train(was)
    return loss / count, correct


def wrong_largest_logit(model, batches):
    """hint: at which class it stands"""
    was = model.training
    model.eval()
    loss, correct, count = 0, 0, 0
    with torch.no_grad():
        for x, y in batches:
            logits = model(x)
            loss += functional.cross_entropy(logits, y, reduction="sum").item()
            correct += (logits.max(dim=1).values == y).sum().item()
            count += len(y)
    model.train(was)
    return loss / count, correct / count


def wrong_shares_over_examples(model, batches):
    """hint: add up hits"""
    was = model.training
    model.eval()
    loss, accuracy, count = 0, 0, 0
    with torch.no_grad():
        for x, y in batches:
            logits = model(x)
            loss += functional.cross_entropy(logits, y, reduction="sum").item()
            accuracy += (logits.argmax(1) == y).float().mean().item()
            count += len(y)
    model.train(was)
    return loss / count, accuracy / count


def wrong_per_cent(model, batches):
    """hint: per cent"""
    was = model.training
    model.eval()
    loss, correct, count = 0, 0, 0
    with torch.no_grad():
        for x, y in batches:
            logits = model(x)
            loss += functional.cross_entropy(logits, y, reduction="sum").item()
            correct += (logits.argmax(1) == y).sum().item()
            count += len(y)
    model.train(was)
    return loss / count, 100 * correct / count


def wrong_returns_in_the_loop(model, batches):
    """hint: inside the loop"""
    was = model.training
    model.eval()
    loss, correct, count = 0, 0, 0
    with torch.no_grad():
        for x, y in batches:
            logits = model(x)
            loss += functional.cross_entropy(logits, y, reduction="sum").item()
            correct += (logits.argmax(1) == y).sum().item()
            count += len(y)
            model.train(was)
            return loss / count, correct / count


def wrong_set_to_0_in_the_loop(model, batches):
    """hint: before the loop, once"""
    was = model.training
    model.eval()
    with torch.no_grad():
        for x, y in batches:
            loss, correct, count = 0, 0, 0
            logits = model(x)
            loss += functional.cross_entropy(logits, y, reduction="sum").item()
            correct += (logits.argmax(1) == y).sum().item()
            count += len(y)
    model.train(was)
    return loss / count, correct / count


def _sums(model, batches, loss_of=functional.cross_entropy, dim=1):
    loss, correct, count = 0, 0, 0
    for x, y in batches:
        logits = model(x)
        loss += loss_of(logits, y) * len(y)
        correct += (logits.argmax(dim) == y).sum()
        count += len(y)
    return loss / count, correct / count


def wrong_mode_forgotten(model, batches):
    """hint: dropout still drops"""
    with torch.no_grad():
        return _sums(model, batches)


def wrong_graph_built(model, batches):
    """hint: costs memory and time"""
    was = model.training
    model.eval()
    loss, accuracy = _sums(model, batches)
    model.train(was)
    return loss.item(), accuracy.item()


def wrong_detached_later(model, batches):
    """hint: costs memory and time"""
    was = model.training
    model.eval()
    loss, accuracy = _sums(model, batches, lambda logits, y: functional.cross_entropy(logits.detach(), y))
    model.train(was)
    return loss, accuracy


def wrong_neither_switch(model, batches):
    """hint: two switches are missing"""
    loss, accuracy = _sums(model, batches)
    return loss.item(), accuracy.item()


def wrong_left_in_eval(model, batches):
    """hint: put that back"""
    model.eval()
    with torch.no_grad():
        return _sums(model, batches)


def wrong_mode_noted_too_late(model, batches):
    """hint: before model.eval()"""
    model.eval()
    was = model.training
    with torch.no_grad():
        results = _sums(model, batches)
    model.train(was)
    return results


def wrong_always_back_to_training(model, batches):
    """hint: another mode than it came"""
    model.eval()
    with torch.no_grad():
        results = _sums(model, batches)
    model.train()
    return results


def wrong_no_gradients_ever_again(model, batches):
    """hint: stays in force after your function"""
    was = model.training
    model.eval()
    torch.set_grad_enabled(False)
    results = _sums(model, batches)
    model.train(was)
    return results


def wrong_parameters_frozen(model, batches):
    """hint: did not give it back"""
    was = model.training
    model.eval()
    for p in model.parameters():
        p.requires_grad = False
    results = _sums(model, batches)
    model.train(was)
    return results


def wrong_softmax_twice(model, batches):
    """hint: does the softmax itself"""
    was = model.training
    model.eval()
    with torch.no_grad():
        results = _sums(model, batches, lambda logits, y: functional.cross_entropy(logits.softmax(1), y))
    model.train(was)
    return results


def wrong_nll_of_logits(model, batches):
    """hint: takes log_probs and gets logits"""
    was = model.training
    model.eval()
    with torch.no_grad():
        results = _sums(model, batches, functional.nll_loss)
    model.train(was)
    return results


def wrong_accuracy_first(model, batches):
    """hint: in this order"""
    was = model.training
    model.eval()
    with torch.no_grad():
        loss, accuracy = _sums(model, batches)
    model.train(was)
    return accuracy, loss


def wrong_loss_alone(model, batches):
    """hint: two numbers are wanted"""
    was = model.training
    model.eval()
    with torch.no_grad():
        loss, _ = _sums(model, batches)
    model.train(was)
    return loss


def wrong_share_of_errors(model, batches):
    """hint: share named wrong"""
    was = model.training
    model.eval()
    with torch.no_grad():
        loss, accuracy = _sums(model, batches)
    model.train(was)
    return loss, 1 - accuracy


def wrong_trains_on_it(model, batches):
    """hint: no backward and no step"""
    optimiser = torch.optim.SGD(model.parameters(), lr=0.1)
    for x, y in batches:
        optimiser.zero_grad()
        functional.cross_entropy(model(x), y).backward()
        optimiser.step()
    was = model.training
    model.eval()
    with torch.no_grad():
        results = _sums(model, batches)
    model.train(was)
    return results


def wrong_prints_only(model, batches):
    """hint: should end with return"""
    was = model.training
    model.eval()
    with torch.no_grad():
        loss, accuracy = _sums(model, batches)
    model.train(was)
    print(f"loss {loss:.3f}, accuracy {accuracy:.3f}")


def right_all_joined(model, batches):
    was = model.training
    model.eval()
    with torch.inference_mode():
        logits = torch.cat([model(x) for x, _ in batches])
        y = torch.cat([y for _, y in batches])
        results = functional.cross_entropy(logits, y), (logits.argmax(dim=-1) == y).float().mean()
    model.train(was)
    return results


def right_decorated(*, model, batches):
    return list(_without_gradients(model, batches))


@torch.no_grad()
def _without_gradients(model, batches):
    was = model.training
    try:
        return _sums(model.eval(), batches)
    finally:
        model.train(was)


def right_from_probabilities(model, batches, device="cpu"):
    was = model.training
    model.eval()
    losses, hits = [], []
    with torch.no_grad():
        for x, y in batches:
            probs = torch.softmax(model(x), dim=-1)
            losses += [-torch.log(p[label]).item() for p, label in zip(probs, y, strict=True)]
            hits += [int(p.argmax()) == int(label) for p, label in zip(probs, y, strict=True)]
    if was:
        model.train()
    return sum(losses) / len(losses), sum(hits) / len(hits)


def crash_batches_not_gone_through(model, batches):
    """line: model(batches)
    hint: go through it
    """
    model.eval()
    with torch.no_grad():
        logits = model(batches)
    return functional.cross_entropy(logits, batches[0][1]).item(), 0.0


def crash_whole_pair(model, batches):
    """line: model(batch)
    hint: each batch is a pair
    """
    model.eval()
    with torch.no_grad():
        for batch in batches:
            logits = model(batch)
    return functional.cross_entropy(logits, batch[1]).item(), 0.0


def crash_dict_of_the_lesson(model, batches):
    """line: batch["label"]
    hint: not a dict as in the lesson
    """
    model.eval()
    hits = count = 0
    for batch in batches:
        count += len(batch["label"])
        hits += (model(batch).argmax(-1) == batch["label"]).sum().item()
    return 0.0, hits / count


def crash_argmax_over_the_batch(model, batches):
    """line: logits.argmax(0) == y
    hint: runs over the batch
    """
    was = model.training
    model.eval()
    loss, correct, count = 0, 0, 0
    with torch.no_grad():
        for x, y in batches:
            logits = model(x)
            loss += functional.cross_entropy(logits, y, reduction="sum").item()
            correct += (logits.argmax(0) == y).sum().item()
            count += len(y)
    model.train(was)
    return loss / count, correct / count


def crash_gradients_to_numpy(model, batches):
    """line: logits.numpy()"""
    model.eval()
    hits = []
    for x, y in batches:
        logits = model(x)
        hits += list(logits.numpy().argmax(1) == y.numpy())
    return 0.0, sum(hits) / len(hits)


def wrong_thaws_what_was_frozen(model, batches):
    """hint: were frozen before"""
    was = model.training
    model.eval().requires_grad_(False)
    results = _sums(model, batches)
    model.requires_grad_(True)
    model.train(was)
    return results


def wrong_switches_gradients_on(model, batches):
    """hint: may have been off before"""
    was = model.training
    model.eval()
    torch.set_grad_enabled(False)
    results = _sums(model, batches)
    torch.set_grad_enabled(True)
    model.train(was)
    return results


def wrong_deletes_gradients(model, batches):
    """hint: somebody may be adding them up"""
    was = model.training
    model.eval()
    model.zero_grad()
    with torch.no_grad():
        results = _sums(model, batches)
    model.train(was)
    return results


def wrong_deletes_gradients_by_hand(model, batches):
    """hint: somebody may be adding them up"""
    was = model.training
    model.eval()
    for p in model.parameters():
        p.grad = None
    with torch.no_grad():
        results = _sums(model, batches)
    model.train(was)
    return results
