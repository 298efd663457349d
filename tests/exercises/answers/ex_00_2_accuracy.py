"""Answers to 00.2 as learners write them: wrong ones with words of their hint, right ones, crashing ones."""

import torch


def wrong_mean_of_batch_means(logits, labels):
    """hint: smaller batch"""
    scores = []
    for batch, label in zip(logits, labels, strict=True):
        correct = batch.argmax(dim=1) == label
        scores.append(correct.float().mean().item())
    return sum(scores) / len(scores)


def wrong_percent(logits, labels):
    """hint: per cent"""
    predicted = torch.cat(logits).argmax(1)
    return (predicted == torch.cat(labels)).double().mean().item() * 100


def wrong_count(logits, labels):
    """hint: how many"""
    correct = 0
    for x, y in zip(logits, labels, strict=True):
        correct += (x.argmax(1) == y).sum().item()
    return float(correct)


def wrong_error_rate(logits, labels):
    """hint: wrong ones"""
    predicted = torch.cat(logits).argmax(-1)
    return (predicted != torch.cat(labels)).double().mean().item()


def wrong_last_batch_only(logits, labels):
    """hint: last batch"""
    for x, y in zip(logits, labels, strict=True):
        accuracy = (x.argmax(dim=-1) == y).double().mean().item()
    return accuracy


def wrong_first_batch_only(logits, labels):
    """hint: first batch"""
    return (logits[0].argmax(dim=-1) == labels[0]).double().mean().item()


def wrong_argmin(logits, labels):
    """hint: smallest"""
    predicted = torch.cat(logits).argmin(dim=1)
    return (predicted == torch.cat(labels)).double().mean().item()


def wrong_divides_by_batches(logits, labels):
    """hint: number of batches"""
    correct = 0
    for x, y in zip(logits, labels, strict=True):
        for row, label in zip(x, y, strict=True):
            if row.argmax() == label:
                correct += 1
    return correct / len(logits)


def wrong_positive_logit_counts(logits, labels):
    """hint: largest"""
    right = total = 0
    for x, y in zip(logits, labels, strict=True):
        for row, label in zip(x, y, strict=True):
            total += 1
            if row[label] > 0:
                right += 1
    return right / total


def wrong_compares_the_probability(logits, labels):
    """hint: argmax"""
    right = total = 0
    for x, y in zip(logits, labels, strict=True):
        probs, _ = x.softmax(dim=1).max(dim=1)
        right += (probs == y).sum().item()
        total += len(y)
    return right / total


def wrong_forgets_return(logits, labels):
    """hint: return"""
    (torch.cat(logits).argmax(1) == torch.cat(labels)).float().mean()


def right_loops(logits, labels):
    right, total = 0, 0
    for x, y in zip(logits, labels, strict=True):
        for i in range(len(y)):
            scores = x[i].tolist()
            right += scores.index(max(scores)) == int(y[i])
            total += 1
    return right / total


def right_float32_tensor(logits, labels):
    predicted = torch.cat(list(logits)).softmax(dim=1).argmax(dim=1)
    return (predicted == torch.cat(list(labels))).float().mean()


def right_extra_default(logits, labels, dim=-1):
    correct = [(x.max(dim=dim).indices == y).sum() for x, y in zip(logits, labels, strict=True)]
    return float(sum(correct)) / sum(len(y) for y in labels)


def crash_argmax_of_a_list(logits, labels):
    """line: logits.argmax(1)"""
    return (logits.argmax(1) == labels).float().mean()


def crash_squeezed_batch_of_one(logits, labels):
    """line: x.squeeze().argmax(dim=1)"""
    correct = total = 0
    for x, y in zip(logits, labels, strict=True):
        predicted = x.squeeze().argmax(dim=1)
        correct += (predicted == y).sum().item()
        total += len(y)
    return correct / total


def count_right(logits, labels):
    return sum((x.argmax(1) == y).sum() for x, y in zip(logits, labels, strict=True))


def wrong_tensor_of_batch_means(logits, labels):
    """hint: averaged the accuracies"""
    total = 0
    for x, y in zip(logits, labels, strict=True):
        total += (x.argmax(1) == y).float().mean()
    return total / len(logits)


def wrong_tensor_count(logits, labels):
    """hint: how many"""
    return count_right(logits, labels)


def wrong_tensor_of_errors(logits, labels):
    """hint: wrong ones"""
    return (torch.cat(logits).argmax(1) != torch.cat(labels)).float().mean()


def wrong_tensor_divided_by_batches(logits, labels):
    """hint: number of batches"""
    return count_right(logits, labels) / len(logits)


def wrong_tensor_of_the_last_batch(logits, labels):
    """hint: last batch"""
    return (logits[-1].argmax(1) == labels[-1]).float().mean()


def wrong_whole_division(logits, labels):
    """hint: `//`"""
    return int(count_right(logits, labels)) // sum(len(y) for y in labels)


def wrong_whole_division_of_a_tensor(logits, labels):
    """hint: `//`"""
    return count_right(logits, labels) // sum(len(y) for y in labels)


def wrong_size_of_the_first_batch(logits, labels):
    """hint: size of the first batch"""
    return count_right(logits, labels).item() / (len(labels) * len(labels[0]))


def wrong_softmax_down_the_batch(logits, labels):
    """hint: softmax runs down the batch"""
    return count_right([x.softmax(0) for x in logits], labels).item() / sum(map(len, labels))


def wrong_argmax_of_everything(logits, labels):
    """hint: without dim"""
    right = total = 0
    for x, y in zip(logits, labels, strict=True):
        right += (x.argmax() == y).sum().item()
        total += len(y)
    return right / total


def crash_argmax_down_the_batch(logits, labels):
    """line: x.argmax(0) == y
    hint: went down the batch
    """
    right = 0
    for x, y in zip(logits, labels, strict=True):
        right += (x.argmax(0) == y).sum()
    return right / sum(map(len, labels))


def crash_max_for_argmax(logits, labels):
    """line: x.max(1) == y
    hint: argmax
    """
    right = 0
    for x, y in zip(logits, labels, strict=True):
        right += (x.max(1) == y).sum().item()
    return right / sum(map(len, labels))
