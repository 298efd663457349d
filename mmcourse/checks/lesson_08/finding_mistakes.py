"""Mistakes that people make with recall at k."""

from mmcourse.checks import Mistake
from mmcourse.checks.lesson_08 import finding_more as more
from mmcourse.checks.lesson_08 import finding_slips as slips

_ANY = "A query succeeds with *one* right item among its k best, however many there are."
_LABEL = "An item is right if *its label* is the query's: gallery_labels[best] == query_labels[:, None]."
_TIES = "Of equal scores the earlier item counts as the better: sort with stable=True."
_FEW = "The gallery may hold fewer than k items, and then all are looked at: order[:, :k] does so by itself."
_NAMED = "With stable=True torch wants the axis by its name: argsort(dim=1, descending=True, stable=True)."

MISTAKES = (
    Mistake(
        "precision",
        slips.precision,
        "This is precision@k, the share of the k best that is right. " + _ANY,
    ),
    Mistake(
        "precision by k",
        slips.precision_by_k,
        "You divide the number of right ones by k, which is precision@k. " + _ANY,
    ),
    Mistake(
        "of all relevant",
        slips.of_all_relevant,
        "This is the share of the right items that is found, recall as search engines count it. " + _ANY,
    ),
    Mistake(
        "of all relevant, NaN",
        slips.of_all_relevant_nan,
        "You divide by the number of right items, and there may be none. " + _ANY,
    ),
    Mistake("all right", slips.all_right, "You ask that all k are right: any(dim=1), not all. " + _ANY),
    Mistake("majority", slips.majority, "You let the k best vote, as k nearest neighbours do. " + _ANY),
    Mistake("only the last", slips.only_last, "You look at the k-th best alone: all up to it count. " + _ANY),
    Mistake("one more", slips.one_more, "You look at k + 1 items: order[:, :k] holds k."),
    Mistake("one less", slips.one_less, "You look at k − 1 items: order[:, :k] holds k."),
    Mistake(
        "skips the best",
        slips.skips_the_best,
        "You leave the best one out. No query lies in the gallery here, so the best one counts.",
    ),
    Mistake("at one", slips.at_one, "You look at the best one alone, whatever k is."),
    Mistake(
        "least alike",
        slips.with_(slips.rising),
        "You begin with the lowest scores: argsort goes upwards unless told descending=True.",
    ),
    Mistake("by size", slips.with_(slips.by_size), "The score of −5 is lower than 1: no abs here."),
    Mistake(
        "unsorted", slips.with_(slips.unsorted), "You look at the first k of the gallery: sort by score."
    ),
    Mistake("own place", slips.own_place, "You compare places: is item i the answer to query i? " + _LABEL),
    Mistake("places for labels", slips.places_for_labels, "You compare places with classes. " + _LABEL),
    Mistake(
        "labels of queries",
        slips.labels_of_queries,
        "You look the items' labels up among the queries. " + _LABEL,
    ),
    Mistake(
        "along queries",
        slips.along_queries,
        "Here the gallery asks, and the queries are found: a query goes along its row of scores.",
    ),
    Mistake("wrong axis", slips.wrong_axis, "You sort down the queries: dim=1 runs over the gallery."),
    Mistake(
        "wrong axis, crash",
        slips.wrong_axis_crash,
        "You sort along dim=0, down the queries: dim=1 runs over the gallery.",
    ),
    Mistake(
        "whole table",
        slips.whole_table,
        "topk or sort of the flattened scores finds the k best of all queries together: each has its own k.",
    ),
    Mistake("count", slips.count, "This is how many queries succeed: divide by how many there are."),
    Mistake("all hits", slips.all_hits, "You count each right item, so a share can be above 1. " + _ANY),
    Mistake("in percent", slips.in_percent, "This is in percent; a share from 0 to 1 is wanted."),
    Mistake("of each", slips.of_each, "One number is wanted, the share over all queries."),
    Mistake("missed", slips.missed, "This is the share that finds nothing: turn it round."),
    Mistake(
        "findable only",
        slips.findable_only,
        "A query that has no right item in the gallery counts too, as one that finds nothing.",
    ),
    Mistake(
        "mean of classes",
        slips.mean_of_classes,
        "You average over classes first; each *query* counts alike.",
    ),
    Mistake(
        "ties, hopeful",
        slips.ties_hopeful,
        "Every item that equals the k-th best gets in, so there may be more than k: equal ones before it are "
        "overlooked. " + _TIES,
    ),
    Mistake(
        "ties, gloomy",
        slips.ties_gloomy,
        "You let every equal score stand before the right one. " + _TIES,
    ),
    Mistake("later first", slips.with_(slips.later_first), _TIES),
    Mistake(
        "topk",
        slips.topk,
        "topk promises no order among equal scores, and refuses a k above the gallery. " + _TIES + " " + _FEW,
    ),
    Mistake(
        "first of none",
        slips.first_of_none,
        "argmax of a row without any hit is 0, the place of the best: such a query has found nothing.",
    ),
    Mistake(
        "reciprocal rank",
        slips.reciprocal_rank,
        "This is the mean of 1 / rank. " + _ANY,
    ),
    Mistake(
        "in place",
        slips.in_place,
        "You strike items out in the caller's own scores: work on scores.clone(), or sort.",
    ),
    Mistake("axis not named", more.axis_not_named, _NAMED),
    Mistake("axis not named, upwards", more.axis_not_named_rising, _NAMED),
    Mistake(
        "places for ranks",
        more.places_for_ranks,
        "argsort gives the items in the order of their scores, not each item's rank. " + _LABEL,
    ),
    Mistake(
        "by the gallery",
        more.by_gallery,
        "You divide by the number of items: it is the share of the *queries* that succeed.",
    ),
    Mistake("by k", more.by_k, "You divide by k: it is the share of the *queries* that succeed."),
    Mistake(
        "first query",
        more.first_query,
        "Only the first query is counted: does `return` stand inside the loop?",
    ),
    Mistake(
        "any at all",
        more.any_at_all,
        "any() without dim=1 asks whether any query at all succeeds; count each.",
    ),
    Mistake(
        "different labels",
        more.different_labels,
        "You count each label once, so more than k items are looked at: the k best *items* are meant.",
    ),
    Mistake("rounded", more.rounded, "Do not round what is returned."),
)
