"""Answers to 05.4 as learners write them: wrong ones with words of their hint, right ones, crashing ones."""

import torch


def wrong_strictly_before(query, key):
    """hint: diagonal is missing"""
    return torch.arange(key) < torch.arange(query)[:, None]


def wrong_upper(query, key):
    """hint: upper triangle"""
    return torch.triu(torch.ones(query, key)) == 1


def wrong_as_torch_nn(query, key):
    """hint: other way round"""
    return torch.triu(torch.ones(query, key, dtype=torch.bool), diagonal=1)


def wrong_one_ahead(query, key):
    """hint: one step ahead"""
    return torch.ones(query, key, dtype=torch.bool).tril(diagonal=1)


def wrong_square(query, key):
    """hint: column for each query"""
    return torch.ones(query, query, dtype=torch.bool).tril()


def wrong_of_the_keys(query, key):
    """hint: row for each key"""
    return torch.ones(key, key, dtype=torch.bool).tril()


def wrong_rows_are_keys(query, key):
    """hint: rows and columns are exchanged"""
    return torch.arange(key)[:, None] >= torch.arange(query)


def wrong_numbers(query, key):
    """hint: a mask is boolean"""
    return torch.tril(torch.ones(query, key))


def wrong_scores(query, key):
    """hint: adds to scores"""
    return torch.full((query, key), -torch.inf).triu(1)


def wrong_end_to_end(query, key):
    """hint: last query with the last key"""
    return torch.arange(key) <= torch.arange(query)[:, None] + key - query


def wrong_own_time_only(query, key):
    """hint: own time only"""
    return torch.arange(key) == torch.arange(query)[:, None]


def wrong_index_with_index(query, key):
    """hint: its own axis"""
    return torch.arange(min(query, key)) <= torch.arange(min(query, key))


def right_comparison(query, key):
    return torch.arange(key)[None] <= torch.arange(query)[:, None]


def right_loops(*, query, key):
    mask = torch.zeros(query, key, dtype=torch.bool)
    for i in range(query):
        mask[i, : i + 1] = True
    return mask


def right_list(query, key):
    return torch.tensor([[k <= q for k in range(key)] for q in range(query)])


def crash_triangle_of_a_number(query, key):
    """line: torch.tril(query, key)"""
    return torch.tril(query, key)


def crash_more_rows_than_there_are(query, key):
    """line: mask[i, : i + 1]"""
    mask = torch.zeros(key, query, dtype=torch.bool)
    for i in range(query + key):
        mask[i, : i + 1] = True
    return mask
