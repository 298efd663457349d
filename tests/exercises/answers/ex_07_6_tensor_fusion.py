"""Answers to 07.6 tensor_fusion: wrong ones with words of their hint, right ones, crashing ones."""

import torch


def ones(x):
    return torch.cat([x, x.new_ones(x.shape[0], 1)], 1)


def right_einsum(embeddings):
    made = ones(embeddings[0])
    for x in embeddings[1:]:
        made = torch.einsum("bi,bj->bij", made, ones(x)).reshape(len(x), -1)
    return made


def right_kron(*, embeddings):
    rows = []
    for parts in zip(*map(ones, embeddings), strict=True):
        row = parts[0]
        for part in parts[1:]:
            row = torch.kron(row, part)
        rows.append(row)
    return torch.stack(rows)


def right_bmm(embeddings):
    made = torch.nn.functional.pad(embeddings[0], (0, 1), value=1.0)
    for x in embeddings[1:]:
        x = torch.nn.functional.pad(x, (0, 1), value=1.0)
        made = torch.bmm(made.unsqueeze(2), x.unsqueeze(1)).flatten(start_dim=1)
    return made


def wrong_no_one(embeddings):
    """hint: what one sense says alone"""
    made = embeddings[0]
    for x in embeddings[1:]:
        made = (made[:, :, None] * x[:, None]).flatten(1)
    return made


def wrong_one_in_front(embeddings):
    """hint: it stands behind the features"""
    made = None
    for x in embeddings:
        x = torch.cat([torch.ones_like(x[:, :1]), x], 1)
        made = x if made is None else (made[:, :, None] * x[:, None]).flatten(1)
    return made


def wrong_zero_appended(embeddings):
    """hint: whose products are all 0"""
    made = None
    for x in embeddings:
        x = torch.cat([x, torch.zeros_like(x[:, :1])], 1)
        made = x if made is None else (made[:, :, None] * x[:, None]).flatten(1)
    return made


def wrong_only_the_last_has_a_one(embeddings):
    """hint: append it to every sense"""
    made = embeddings[0]
    for x in embeddings[1:-1]:
        made = (made[:, :, None] * x[:, None]).flatten(1)
    return (made[:, :, None] * ones(embeddings[-1])[:, None]).flatten(1)


def wrong_first_changes_fastest(embeddings):
    """hint: the last sense's numbers change fastest"""
    made = ones(embeddings[0])
    for x in embeddings[1:]:
        made = (ones(x)[:, :, None] * made[:, None]).flatten(1)
    return made


def wrong_two_senses(embeddings):
    """hint: the result so far times the next"""
    a, b = ones(embeddings[0]), ones(embeddings[1])
    return (a[:, :, None] * b[:, None]).flatten(1)


def wrong_every_two(embeddings):
    """hint: a product of three"""
    made, e = [], [ones(x) for x in embeddings]
    for i in range(len(e)):
        for j in range(i + 1, len(e)):
            made.append((e[i][:, :, None] * e[j][:, None]).flatten(1))
    return torch.cat(made, 1)


def wrong_concatenated(embeddings):
    """hint: that is concatenation"""
    return torch.cat([ones(x) for x in embeddings], 1)


def wrong_squeezed(embeddings):
    """hint: takes the batch axis away"""
    return right_einsum(embeddings).squeeze()


def wrong_flattened_whole(embeddings):
    """hint: keeps the first axis"""
    return right_einsum(embeddings).flatten()


def wrong_left_as_a_tensor(embeddings):
    """hint: one row an example"""
    made = ones(embeddings[0])
    for x in embeddings[1:]:
        made = made.unsqueeze(-1) * ones(x).view(len(x), *[1] * (made.dim() - 1), -1)
    return made


def wrong_added(embeddings):
    """hint: must be multiplied"""
    made = ones(embeddings[0])
    for x in embeddings[1:]:
        made = (made[:, :, None] + ones(x)[:, None]).flatten(1)
    return made


def wrong_every_example_with_every_other(embeddings):
    """hint: every example by every other"""
    made = ones(embeddings[0])
    for x in embeddings[1:]:
        made = torch.einsum("ia,jb->ijab", made, ones(x)).flatten(0, 1).flatten(1)
    return made


def wrong_cut_off_by_lists(embeddings):
    """hint: cut the way back"""
    return torch.tensor(right_einsum(embeddings).tolist(), dtype=embeddings[0].dtype)


def wrong_senses_in_reverse(embeddings):
    """hint: the last sense's numbers change fastest"""
    made = ones(embeddings[-1])
    for x in embeddings[-2::-1]:
        made = (made[:, :, None] * ones(x)[:, None]).flatten(1)
    return made


def wrong_takes_from_the_list(embeddings):
    """hint: work on a copy"""
    made = ones(embeddings.pop(0))
    while embeddings:
        made = (made[:, :, None] * ones(embeddings.pop(0))[:, None]).flatten(1)
    return made


def wrong_written_into_the_list(embeddings):
    """hint: work on a copy"""
    made = embeddings[0][:, :0].sum(1, keepdim=True) + 1
    for place, x in enumerate(embeddings):
        embeddings[place] = ones(x)
        made = (made[:, :, None] * embeddings[place][:, None]).flatten(1)
    return made


def wrong_batch_last(embeddings):
    """hint: transpose"""
    made = ones(embeddings[0])
    for x in embeddings[1:]:
        made = (made[:, :, None] * ones(x)[:, None]).flatten(1)
    return made.T


def wrong_one_at_the_very_end(embeddings):
    """hint: append it to every sense"""
    made = embeddings[0]
    for x in embeddings[1:]:
        made = (made[:, :, None] * x[:, None]).flatten(1)
    return ones(made)


def wrong_added_up_over_the_batch(embeddings):
    """hint: added up over the batch"""
    made = ones(embeddings[0])
    for x in embeddings[1:]:
        made = torch.einsum("bi,bj->ij", made, ones(x)).flatten()[None]
    return made


def wrong_product_gets_a_1_too(embeddings):
    """hint: holds it already"""
    made = torch.cat([embeddings[0], torch.ones_like(embeddings[0][:, :1])], 1)
    for x in embeddings[1:]:
        made, x = (torch.cat([one, torch.ones_like(one[:, :1])], 1) for one in (made, x))
        made = (made[:, :, None] * x[:, None]).flatten(1)
    return made


def wrong_as_many_ones_as_features(embeddings):
    """hint: is as wide as x"""
    made = None
    for x in embeddings:
        x = torch.cat([x, torch.ones_like(x)], dim=1)
        made = x if made is None else (made[:, :, None] * x[:, None]).flatten(1)
    return made


def wrong_one_more_example(embeddings):
    """hint: is one more example"""
    made = None
    for x in embeddings:
        x = torch.cat([x, torch.ones(1, x.shape[1])])
        made = x if made is None else (made[:, :, None] * x[:, None]).flatten(1)
    return made


def wrong_outer_without_a_batch(embeddings):
    """hint: knows no batch"""
    made = torch.cat([embeddings[0], torch.ones_like(embeddings[0][:, :1])], 1)
    for x in embeddings[1:]:
        x = torch.cat([x, torch.ones_like(x[:, :1])], 1)
        made = torch.outer(made.reshape(-1), x.reshape(-1)).reshape(len(x), -1)
    return made


def wrong_two_letters_for_the_batch(embeddings):
    """hint: add one up"""
    made = torch.cat([embeddings[0], torch.ones_like(embeddings[0][:, :1])], 1)
    for x in embeddings[1:]:
        x = torch.cat([x, torch.ones_like(x[:, :1])], 1)
        made = torch.einsum("ai,bj->aij", made, x).reshape(len(made), -1)
    return made


def crash_two_names(embeddings):
    """line: a, b = embeddings
    hint: a product of three"""
    a, b = embeddings
    a, b = (torch.cat([x, torch.ones_like(x[:, :1])], 1) for x in (a, b))
    return (a[:, :, None] * b[:, None]).flatten(1)


def crash_numbers_for_ones(embeddings):
    """line: torch.cat([x, 1], 1)"""
    return [torch.cat([x, 1], 1) for x in embeddings]


def crash_one_letter_for_both(embeddings):
    """line: torch.einsum("bi,bi->bj", *embeddings[:2])"""
    return torch.einsum("bi,bi->bj", *embeddings[:2])
