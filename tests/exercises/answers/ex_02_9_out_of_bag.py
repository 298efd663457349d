"""Answers to 02.9 out_of_bag: wrong ones with words of their hint, right ones, crashing ones."""

import torch


def unseen(drawn, rows):
    """[tree, row], True where the tree has not seen the row."""
    out = torch.ones(len(drawn), rows, dtype=torch.bool)
    for t, numbers in enumerate(drawn):
        out[t, numbers] = False
    return out


def judged(scores, out):
    return (scores * out[:, :, None]).sum(0).argmax(1)


def right_mask(scores, drawn, labels):
    out = unseen(drawn, len(labels))
    return (judged(scores, out) == labels)[out.any(0)].to(scores.dtype).mean()


def right_loops(*, scores, drawn, labels):
    right = total = 0
    for row in range(len(labels)):
        trees = [t for t in range(len(drawn)) if row not in drawn[t].tolist()]
        if trees:
            mean = torch.stack([scores[t, row] for t in trees]).mean(0)
            right += int(mean.argmax() == labels[row])
            total += 1
    return torch.tensor(right / total, dtype=scores.dtype)


def right_scatter_and_nan(scores, drawn, labels):
    seen = torch.zeros(scores.shape[:2]).scatter(1, drawn, 1.0).bool()
    mean = scores.masked_fill(seen[..., None], torch.nan).nanmean(0)
    kept = ~mean.isnan().any(1)
    return (mean[kept].argmax(1) == labels[kept]).to(scores.dtype).mean()


def right_comparison_of_all(scores, drawn, labels):
    rows = torch.arange(len(labels))
    out = (drawn[:, :, None] != rows).all(1)
    kept = out.sum(0) > 0
    total = torch.einsum("trc,tr->rc", scores, out.to(scores.dtype))
    return (total.argmax(-1)[kept] == labels[kept]).sum().to(scores.dtype) / kept.sum()


def wrong_asks_the_trees_that_know(scores, drawn, labels):
    """hint: know by heart"""
    seen = ~unseen(drawn, len(labels))
    return (judged(scores, seen) == labels)[seen.any(0)].to(scores.dtype).mean()


def wrong_all_trees(scores, drawn, labels):
    """hint: accuracy of training"""
    return (scores.mean(0).argmax(1) == labels).to(scores.dtype).mean()


def wrong_all_trees_on_unseen_rows(scores, drawn, labels):
    """hint: still vote on it"""
    kept = unseen(drawn, len(labels)).any(0)
    return (scores.mean(0).argmax(1) == labels)[kept].to(scores.dtype).mean()


def wrong_rows_that_no_tree_has_seen(scores, drawn, labels):
    """hint: one tree that has not is enough"""
    out = unseen(drawn, len(labels))
    return (judged(scores, out) == labels)[out.all(0)].to(scores.dtype).mean()


def wrong_divides_by_all_rows(scores, drawn, labels):
    """hint: leave them out of the mean"""
    out = unseen(drawn, len(labels))
    right = (judged(scores, out) == labels) & out.any(0)
    return right.sum().to(scores.dtype) / len(labels)


def wrong_no_answer_is_class_0(scores, drawn, labels):
    """hint: leave them out of the mean"""
    return (judged(scores, unseen(drawn, len(labels))) == labels).to(scores.dtype).mean()


def wrong_nan_is_an_answer(scores, drawn, labels):
    """hint: leave them out of the mean"""
    out = unseen(drawn, len(labels))
    mean = (scores * out[..., None]).sum(0) / out.sum(0)[:, None]
    return (mean.argmax(1) == labels).to(scores.dtype).mean()


def wrong_a_vote_for_each_tree(scores, drawn, labels):
    """hint: however sure it is"""
    out = unseen(drawn, len(labels))
    votes = torch.zeros(len(labels), scores.shape[2])
    for t in range(len(drawn)):
        for row in range(len(labels)):
            if out[t, row]:
                votes[row, scores[t, row].argmax()] += 1
    return (votes.argmax(1) == labels)[out.any(0)].to(scores.dtype).mean()


def wrong_mean_over_trees(scores, drawn, labels):
    """hint: accuracy of single trees"""
    found = []
    for t, out in enumerate(unseen(drawn, len(labels))):
        found.append((scores[t].argmax(1) == labels)[out].to(scores.dtype).mean())
    return torch.stack(found).mean()


def wrong_all_answers_in_one_pot(scores, drawn, labels):
    """hint: accuracy of single trees"""
    out = unseen(drawn, len(labels))
    return (scores.argmax(2) == labels)[out].to(scores.dtype).mean()


def wrong_one_tree_is_right(scores, drawn, labels):
    """hint: agree on one answer first"""
    out = unseen(drawn, len(labels))
    right = ((scores.argmax(2) == labels) & out).any(0)
    return right[out.any(0)].to(scores.dtype).mean()


def wrong_returns_in_the_loop(scores, drawn, labels):
    """hint: only tree 0"""
    for t in range(len(drawn)):
        out = unseen(drawn, len(labels))[t]
        return (scores[t].argmax(1) == labels)[out].to(scores.dtype).mean()


def wrong_last_tree(scores, drawn, labels):
    """hint: only the last tree"""
    for t in range(len(drawn)):
        out = unseen(drawn, len(labels))[t]
        accuracy = (scores[t].argmax(1) == labels)[out].to(scores.dtype).mean()
    return accuracy


def wrong_first_tree_that_may(scores, drawn, labels):
    """hint: all that may are asked"""
    out = unseen(drawn, len(labels))
    right = []
    for row in range(len(labels)):
        for t in range(len(drawn)):
            if out[t, row]:
                right.append(scores[t, row].argmax() == labels[row])
                break
    return torch.stack(right).to(scores.dtype).mean()


def wrong_surest_tree(scores, drawn, labels):
    """hint: surest tree"""
    out = unseen(drawn, len(labels))
    guesses = (scores * out[..., None]).max(0).values.argmax(1)
    return (guesses == labels)[out.any(0)].to(scores.dtype).mean()


def wrong_drawn_once_counts_as_unseen(scores, drawn, labels):
    """hint: drawn once has been seen"""
    out = torch.stack([d.bincount(minlength=len(labels)) for d in drawn]) <= 1
    return (judged(scores, out) == labels)[out.any(0)].to(scores.dtype).mean()


def wrong_drawn_as_a_mask(scores, drawn, labels):
    """hint: not a mask"""
    out = drawn == 0
    return (judged(scores, out) == labels)[out.any(0)].to(scores.dtype).mean()


def wrong_compares_place_by_place(scores, drawn, labels):
    """hint: anywhere in drawn[t]"""
    out = drawn != torch.arange(len(labels))
    return (judged(scores, out) == labels)[out.any(0)].to(scores.dtype).mean()


def wrong_picks_by_drawn(scores, drawn, labels):
    """hint: do not pick by drawn"""
    picked = torch.stack([scores[t, drawn[t]] for t in range(len(drawn))])
    return (picked.mean(0).argmax(1) == labels).to(scores.dtype).mean()


def wrong_error(scores, drawn, labels):
    """hint: share of wrong answers"""
    out = unseen(drawn, len(labels))
    return (judged(scores, out) != labels)[out.any(0)].to(scores.dtype).mean()


def wrong_percent(scores, drawn, labels):
    """hint: not per cent"""
    return 100 * right_mask(scores, drawn, labels)


def wrong_number_of_right_ones(scores, drawn, labels):
    """hint: divide by the number"""
    out = unseen(drawn, len(labels))
    return (judged(scores, out) == labels)[out.any(0)].to(scores.dtype).sum()


def wrong_no_mean(scores, drawn, labels):
    """hint: one number is wanted"""
    out = unseen(drawn, len(labels))
    return (judged(scores, out) == labels).to(scores.dtype)


def wrong_share_of_the_right_class(scores, drawn, labels):
    """hint: whether it is the largest"""
    out = unseen(drawn, len(labels))
    kept = out.any(0)
    mean = (scores * out[..., None]).sum(0)[kept] / out.sum(0)[kept][:, None]
    return mean.gather(1, labels[kept][:, None]).mean()


def wrong_least_class(scores, drawn, labels):
    """hint: argmax takes the largest"""
    out = unseen(drawn, len(labels))
    guesses = (scores * out[..., None]).sum(0).argmin(1)
    return (guesses == labels)[out.any(0)].to(scores.dtype).mean()


def wrong_no_return(scores, drawn, labels):
    """hint: return"""
    right_mask(scores, drawn, labels)


def wrong_last_tree_that_may(scores, drawn, labels):
    """hint: the last that may"""
    right = []
    for row, label in enumerate(labels):
        said = None
        for t in range(len(scores)):
            if row not in drawn[t]:
                said = scores[t, row]
        if said is not None:
            right.append(said.argmax() == label)
    return torch.stack(right).to(scores.dtype).mean()


def wrong_a_number(scores, drawn, labels):
    """hint: leave out .item()"""
    out = torch.ones(drawn.shape[0], len(labels))
    for t in range(len(drawn)):
        out[t, drawn[t]] = 0
    right = (scores * out[..., None]).sum(0).argmax(1) == labels
    return right[out.any(0)].float().mean().item()


def crash_drawn_as_trees(scores, drawn, labels):
    """line: out[drawn] = 0
    hint: for each tree t"""
    out = torch.ones(drawn.shape[0], len(labels))
    out[drawn] = 0
    return ((scores * out[..., None]).sum(0).argmax(1) == labels)[out.bool().any(0)].float().mean()


def crash_mask_without_an_axis(scores, drawn, labels):
    """line: (scores * out).sum(0)
    hint: gives it the third axis"""
    out = unseen(drawn, len(labels))
    return ((scores * out).sum(0).argmax(1) == labels)[out.any(0)].float().mean()


def crash_mean_of_booleans(scores, drawn, labels):
    """line: [out.any(0)].mean()"""
    out = unseen(drawn, len(labels))
    return (judged(scores, out) == labels)[out.any(0)].mean()
