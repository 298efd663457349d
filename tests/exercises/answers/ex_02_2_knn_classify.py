"""Answers to 02.2 knn_classify: wrong ones with words of their hint, right ones, crashing ones."""

from collections import Counter

import torch
import torch.nn.functional as F


def distances_of(x, reference):
    return (x**2).sum(1)[:, None] - 2 * x @ reference.T + (reference**2).sum(1)


def places_of(x, reference, k):
    return distances_of(x, reference).topk(k, dim=1, largest=False).indices


def count(labels, classes):
    return F.one_hot(labels, classes).sum(dim=1)


def wrong_topk_of_the_largest(x, reference, labels, k, classes, chunk):
    """hint: largest=False"""
    found = []
    for rows in x.split(chunk):
        places = distances_of(rows, reference).topk(k, dim=1).indices
        found.append(count(labels[places], classes).argmax(1))
    return torch.cat(found)


def wrong_mode_of_the_places(x, reference, labels, k, classes, chunk):
    """hint: labels[place]"""
    return torch.cat([places_of(rows, reference, k).mode(dim=1).values for rows in x.split(chunk)])


def wrong_drops_the_rest(x, reference, labels, k, classes, chunk):
    """hint: x.split(chunk) keeps it"""
    found = []
    for i in range(len(x) // chunk):
        places = places_of(x[i * chunk : (i + 1) * chunk], reference, k)
        found += count(labels[places], classes).argmax(1)
    return torch.tensor(found, dtype=torch.long)


def wrong_one_vote_less(x, reference, labels, k, classes, chunk):
    """hint: One vote is missing"""
    found = []
    for rows in x.split(chunk):
        order = distances_of(rows, reference).argsort(dim=1)
        found.append(count(labels[order[:, : k - 1]], classes).argmax(1))
    return torch.cat(found)


def wrong_one_vote_more(x, reference, labels, k, classes, chunk):
    """hint: one vote too many"""
    found = []
    for rows in x.split(chunk):
        order = torch.cdist(rows, reference).argsort(dim=1)[:, : k + 1]
        found.append(count(labels[order], classes).argmax(1))
    return torch.cat(found)


def wrong_skips_the_nearest(x, reference, labels, k, classes, chunk):
    """hint: place 0 counts"""
    found = []
    for rows in x.split(chunk):
        order = torch.cdist(rows, reference).argsort(dim=1)[:, 1 : k + 1]
        found.append(count(labels[order], classes).argmax(1))
    return torch.cat(found)


def wrong_votes_by_distance(x, reference, labels, k, classes, chunk):
    """hint: one vote, however near"""
    found = []
    for rows in x.split(chunk):
        near = torch.cdist(rows, reference).topk(k, largest=False)
        votes = rows.new_zeros(len(rows), classes)
        votes.scatter_add_(1, labels[near.indices], 1 / (near.values + 1e-8))
        found.append(votes.argmax(1))
    return torch.cat(found)


def wrong_counter_gives_the_nearest(x, reference, labels, k, classes, chunk):
    """hint: not the class of the nearest"""
    found = []
    for row in x:
        places = places_of(row[None], reference, k)[0]
        found.append(Counter(labels[places].tolist()).most_common(1)[0][0])
    return torch.tensor(found)


def wrong_tie_to_the_largest(x, reference, labels, k, classes, chunk):
    """hint: not the largest"""
    found = []
    for rows in x.split(chunk):
        for votes in count(labels[places_of(rows, reference, k)], classes).tolist():
            best = 0
            for c in range(classes):
                if votes[c] >= votes[best]:
                    best = c
            found.append(best)
    return torch.tensor(found)


def wrong_tie_to_the_last_met(x, reference, labels, k, classes, chunk):
    """hint: not the one met last"""
    found = []
    for row in x:
        near = labels[places_of(row[None], reference, k)[0]].tolist()
        best = near[0]
        for c in near:
            if near.count(c) >= near.count(best):
                best = c
        found.append(best)
    return torch.tensor(found)


def wrong_cuts_reference_too(x, reference, labels, k, classes, chunk):
    """hint: not the k nearest of all"""
    votes = torch.zeros(len(x), classes, dtype=torch.long)
    for start in range(0, len(reference), chunk):
        block = reference[start : start + chunk]
        places = places_of(x, block, min(k, len(block)))
        votes += count(labels[start : start + chunk][places], classes)
    return votes.argmax(1)


def wrong_fills_floats(x, reference, labels, k, classes, chunk):
    """hint: dtype=torch.long"""
    found = torch.zeros(len(x))
    for start in range(0, len(x), chunk):
        places = places_of(x[start : start + chunk], reference, k)
        found[start : start + chunk] = count(labels[places], classes).argmax(1)
    return found


def wrong_first_labels_vote(x, reference, labels, k, classes, chunk):
    """hint: The first k labels"""
    winner = torch.bincount(labels[:k], minlength=classes).argmax()
    return winner.repeat(len(x))


def wrong_mode_over_the_rows(x, reference, labels, k, classes, chunk):
    """hint: along dim=1"""
    return torch.cat([labels[places_of(rows, reference, k)].mode(0)[0] for rows in x.split(chunk)])


def wrong_returns_in_the_loop(x, reference, labels, k, classes, chunk):
    """hint: `return` in the loop"""
    for rows in x.split(chunk):
        return count(labels[places_of(rows, reference, k)], classes).argmax(1)


def wrong_slice_ends_at_chunk(x, reference, labels, k, classes, chunk):
    """hint: start + chunk"""
    found = []
    for start in range(0, len(x), chunk):
        places = places_of(x[start:chunk], reference, k)
        found.append(count(labels[places], classes).argmax(1))
    return torch.cat(found)


def wrong_keeps_the_last_chunk(x, reference, labels, k, classes, chunk):
    """hint: Only the last chunk"""
    for start in range(0, len(x), chunk):
        places = places_of(x[start : start + chunk], reference, k)
        found = count(labels[places], classes).argmax(1)
    return found


def wrong_nearest_alone(x, reference, labels, k, classes, chunk):
    """hint: all k have a vote"""
    return torch.cat([labels[torch.cdist(rows, reference).argmin(1)] for rows in x.split(chunk)])


def wrong_mean_of_the_classes(x, reference, labels, k, classes, chunk):
    """hint: Class numbers are names"""
    found = [labels[places_of(rows, reference, k)].double().mean(1) for rows in x.split(chunk)]
    return torch.cat(found).round().long()


def wrong_votes_without_a_winner(x, reference, labels, k, classes, chunk):
    """hint: argmax(dim=1)"""
    return torch.cat([count(labels[places_of(rows, reference, k)], classes) for rows in x.split(chunk)])


def wrong_size_of_the_majority(x, reference, labels, k, classes, chunk):
    """hint: how many votes the winner has"""
    votes = [count(labels[places_of(rows, reference, k)], classes) for rows in x.split(chunk)]
    return torch.cat(votes).max(dim=1).values


def wrong_largest_product(x, reference, labels, k, classes, chunk):
    """hint: ‖r‖² is missing"""
    found = [count(labels[(rows @ reference.T).topk(k).indices], classes) for rows in x.split(chunk)]
    return torch.cat(found).argmax(1)


def wrong_city_blocks(x, reference, labels, k, classes, chunk):
    """hint: the sum of (x − r)²"""
    found = []
    for row in x:
        places = (reference - row).abs().sum(1).argsort()[:k]
        found.append(torch.bincount(labels[places], minlength=classes).argmax())
    return torch.stack(found)


def wrong_list_of_classes(x, reference, labels, k, classes, chunk):
    """hint: A tensor is wanted"""
    found = []
    for rows in x.split(chunk):
        found += count(labels[places_of(rows, reference, k)], classes).argmax(1).tolist()
    return found


def wrong_squeezes_one_row(x, reference, labels, k, classes, chunk):
    """hint: without squeeze()"""
    votes = [count(labels[places_of(rows, reference, k)], classes) for rows in x.split(chunk)]
    return torch.cat(votes).argmax(1).squeeze()


def right_a_row_at_a_time(x, reference, labels, k, classes, chunk):
    found = torch.empty(len(x), dtype=torch.long, device=x.device)
    for i, row in enumerate(x):
        places = (reference - row).square().sum(1).argsort()[:k]
        found[i] = torch.bincount(labels[places], minlength=classes).argmax()
    return found


def right_without_the_squares_of_x(*, x, reference, labels, k, classes, chunk):
    votes = x.new_zeros(len(x), classes)
    for start in range(0, len(x), chunk):
        rows = slice(start, start + chunk)
        ranks = reference.square().sum(1) - 2 * x[rows] @ reference.T
        near = ranks.sort(dim=1, stable=True).indices[:, :k]
        votes[rows].scatter_add_(1, labels[near], x.new_ones(near.shape))
    return votes.argmax(1)


def right_blocks_of_both_merged(x, reference, labels, k, classes, chunk):
    found = []
    for rows in x.split(chunk):
        best, voters = rows.new_zeros(len(rows), 0), labels.new_zeros(len(rows), 0)
        for block, own in zip(reference.split(4), labels.split(4), strict=True):
            best = torch.cat([best, torch.cdist(rows, block)], 1)
            voters = torch.cat([voters, own.expand(len(rows), -1)], 1)
            best, near = best.topk(min(k, best.shape[1]), dim=1, largest=False)
            voters = voters.gather(1, near)
        found.append((voters[:, None, :] == torch.arange(classes, device=x.device)[:, None]).sum(2).argmax(1))
    return torch.cat(found)


def right_votes_of_all_at_the_end(x, reference, labels, k, classes, chunk):
    near = torch.cat([torch.cdist(rows, reference).topk(k, largest=False)[1] for rows in x.split(chunk)])
    votes = torch.stack([(labels[near] == c).sum(1) for c in range(classes)], 1)
    return votes.argmax(1).to(torch.int32)


def right_one_hot_labels_and_a_mask(x, reference, labels, k, classes, chunk):
    found = []
    for rows in x.split(chunk):
        distances = torch.cdist(rows, reference)
        votes = (distances <= distances.kthvalue(k, dim=1, keepdim=True).values).float()
        found.append((votes @ F.one_hot(labels, classes).float()).argmax(1))
    return torch.cat(found)


def right_smallest_by_hand(x, reference, labels, k, classes, chunk):
    found = []
    for row in x:
        near = labels[places_of(row[None], reference, k)[0]].tolist()
        found.append(min(range(classes), key=lambda c, near=near: (-near.count(c), c)))
    return labels.new_tensor(found)


def crash_all_rows_at_once(x, reference, labels, k, classes, chunk):
    """line: - 2 * x @ reference.T
    hint: x.split(chunk)"""
    near = places_of(x, reference, k)
    return count(labels[near], classes).argmax(1)


def crash_stacks_uneven_counts(x, reference, labels, k, classes, chunk):
    """line: torch.stack(votes)
    hint: minlength=classes"""
    votes = []
    for row in x:
        near = places_of(row[None], reference, k)[0]
        votes.append(torch.bincount(labels[near]))
    return torch.stack(votes).argmax(1)


def crash_one_hot_of_places(x, reference, labels, k, classes, chunk):
    """line: F.one_hot(near, classes)
    hint: labels[place]"""
    found = []
    for rows in x.split(chunk):
        near = places_of(rows, reference, k)
        found.append(F.one_hot(near, classes).sum(1).argmax(1))
    return torch.cat(found)


def crash_topk_along_the_rows(x, reference, labels, k, classes, chunk):
    """line: topk(k, 0, largest=False)
    hint: the axis of reference"""
    found = []
    for rows in x.split(chunk):
        near = torch.cdist(rows, reference).topk(k, 0, largest=False).indices
        found.append(count(labels[near], classes).argmax(1))
    return torch.cat(found)


def crash_all_differences(x, reference, labels, k, classes, chunk):
    """line: rows[:, None] - reference[None]
    hint: [row, other, feature]"""
    found = []
    for rows in x.split(chunk):
        distances = ((rows[:, None] - reference[None]) ** 2).sum(2)
        found.append(labels[distances.topk(k, largest=False).indices].mode(1).values)
    return torch.cat(found)


def crash_chunk_is_the_number_of_pieces(x, reference, labels, k, classes, chunk):
    """line: - 2 * x @ reference.T
    hint: makes n pieces of any size"""
    found = []
    for rows in x.chunk(chunk):
        near = places_of(rows, reference, k)
        found.append(count(labels[near], classes).argmax(1))
    return torch.cat(found)


def wrong_tie_by_the_order_of_a_set(x, reference, labels, k, classes, chunk):
    """hint: wanted 1"""
    found = []
    for rows in x.split(chunk):
        for row in labels[places_of(rows, reference, k)].tolist():
            found.append(max(set(row), key=row.count))
    return torch.tensor(found)
