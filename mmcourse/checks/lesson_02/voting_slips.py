"""Votes of the nearest neighbours, right by default and wrong by each part that is exchanged."""

from functools import partial

from mmcourse.checks import lazy

torch, F = lazy("torch"), lazy("torch.nn.functional")


def squares(x, reference):
    return x.square().sum(1, keepdim=True) - 2 * x @ reference.T + reference.square().sum(1)


def product_alone(x, reference):
    return -(x @ reference.T)


def squares_without_reference(x, reference):
    return x.square().sum(1, keepdim=True) - 2 * x @ reference.T


def sizes(x, reference):
    return torch.cdist(x, reference, p=1)


def angles(x, reference):
    return -F.normalize(x, dim=1) @ F.normalize(reference, dim=1).T


def differences(x, reference):
    return (x[:, None] - reference).square().sum(2)


def nearest(distances, k, more=0, first=0):
    """(distances, places) of the k nearest; or of some more or fewer, or not from the first."""
    found = distances.topk(min(k + more, distances.shape[1]), dim=1, largest=False)
    return found.values[:, first:], found.indices[:, first:]


def farthest(distances, k):
    return distances.topk(k, dim=1)


def over_rows(distances, k):
    return distances.topk(k, dim=0, largest=False)


def counts(labels, places, classes):
    return F.one_hot(labels[places].long(), classes).sum(1)


def majority(labels, distances, places, classes):
    return counts(labels, places, classes).argmax(1)


def weighted(labels, distances, places, classes, power=1.0):
    """A vote of 1 / distance to the power."""
    votes = 1 / distances.clamp(min=1e-9).pow(power / 2)
    return (F.one_hot(labels[places].long(), classes) * votes[..., None]).sum(1).argmax(1)


def tie_to_nearest(labels, distances, places, classes, turned=False):
    """Of classes with as many votes that of the nearest (or, turned, of the farthest) neighbour."""
    voters = labels[places].flip(1) if turned else labels[places]
    most = counts(labels, places, classes).gather(1, voters.long()).argmax(1, keepdim=True)
    return voters.gather(1, most)[:, 0]


def tie_to_largest(labels, distances, places, classes):
    return classes - 1 - counts(labels, places, classes).flip(1).argmax(1)


def of_the_nearest(labels, distances, places, classes):
    return labels[places[:, 0]]


def mean_class(labels, distances, places, classes):
    return labels[places].double().mean(1).round().long()


def median_class(labels, distances, places, classes):
    return labels[places].median(1).values


def largest_class(labels, distances, places, classes):
    return labels[places].amax(1)


def smallest_class(labels, distances, places, classes):
    return labels[places].amin(1)


def places_mode(labels, distances, places, classes):
    return places.mode(1).values


def places_counted(labels, distances, places, classes):
    return F.one_hot(places, classes).sum(1).argmax(1)


def nearest_place(labels, distances, places, classes):
    return places[:, 0]


def by_distance(labels, distances, places, classes):
    """The distances taken for places."""
    return counts(labels, distances.long().clamp(0, len(labels) - 1), classes).argmax(1)


def not_gathered(labels, distances, places, classes):
    """The first k labels vote for every row."""
    same = torch.arange(places.shape[1], device=places.device).expand_as(places)
    return majority(labels, distances, same, classes)


def of_each(labels, distances, places, classes):
    return labels[places]


def vote_counts(labels, distances, places, classes):
    return counts(labels, places, classes)


def most_votes(labels, distances, places, classes):
    return counts(labels, places, classes).amax(1)


def fewest(labels, distances, places, classes):
    return counts(labels, places, classes).argmin(1)


def mode_over_rows(labels, distances, places, classes):
    return labels[places].mode(0).values


def sum_over_rows(labels, distances, places, classes):
    return F.one_hot(labels[places].long(), classes).sum(0).argmax(1)


def sum_over_classes(labels, distances, places, classes):
    return F.one_hot(labels[places].long(), classes).sum(2).argmax(1)


def argmax_over_rows(labels, distances, places, classes):
    return counts(labels, places, classes).argmax(0)


def uneven_counts(labels, distances, places, classes):
    return torch.stack([torch.bincount(row) for row in labels[places]]).argmax(1)


def as_floats(labels, distances, places, classes):
    return majority(labels, distances, places, classes).float()


def classify(x, reference, labels, k, classes, chunk, measure=squares, pick=nearest, vote=majority):
    """For each chunk of x: distances, the k nearest, their vote."""
    pieces = [vote(labels, *pick(measure(rows, reference), k), classes) for rows in x.split(chunk)]
    return torch.cat(pieces)


def whole_chunks(x, reference, labels, k, classes, chunk):
    return classify(x[: len(x) // chunk * chunk], reference, labels, k, classes, chunk)


def first_chunk(x, reference, labels, k, classes, chunk):
    return classify(x[:chunk], reference, labels, k, classes, chunk)


def last_chunk(x, reference, labels, k, classes, chunk):
    return classify(x.split(chunk)[-1], reference, labels, k, classes, chunk)


def as_many_pieces(x, reference, labels, k, classes, chunk):
    """x.chunk(n) makes n pieces, of whatever size."""
    pieces = [majority(labels, *nearest(squares(rows, reference), k), classes) for rows in x.chunk(chunk)]
    return torch.cat(pieces)


def no_chunks(x, reference, labels, k, classes, chunk, measure=squares):
    return classify(x, reference, labels, k, classes, len(x), measure=measure)


def overwritten(x, reference, labels, k, classes, chunk):
    """Chunk number i written from row i on, and not from row i × chunk."""
    found = torch.zeros(len(x), dtype=torch.long, device=x.device)
    for i, rows in enumerate(x.split(chunk)):
        found[i : i + len(rows)] = classify(rows, reference, labels, k, classes, chunk)
    return found


def in_a_list(x, reference, labels, k, classes, chunk):
    return classify(x, reference, labels, k, classes, chunk).tolist()


def pieces_in_a_list(x, reference, labels, k, classes, chunk):
    return list(classify(x, reference, labels, k, classes, chunk).split(chunk))


def uneven_one_hot(x, reference, labels, k, classes, chunk):
    """Votes of chunks in which the last class may not occur, joined."""
    votes = [F.one_hot(labels[nearest(squares(rows, reference), k)[1]]).sum(1) for rows in x.split(chunk)]
    return torch.cat(votes).argmax(1)


def uneven_rows(x, reference, labels, k, classes, chunk):
    places = torch.cat([nearest(squares(row[None], reference), k)[1] for row in x])
    return uneven_counts(labels, None, places, classes)


def without_axis(x, reference, labels, k, classes, chunk):
    return classify(x, reference, labels, k, classes, chunk).squeeze()


def blocks_of_reference(x, reference, labels, k, classes, chunk, keep="all"):
    """Reference in blocks, and the k nearest of each block not merged with those of the others."""
    blocks = list(zip(reference.split(chunk), labels.split(chunk), strict=True))
    votes = [counts(own, nearest(squares(x, some), k)[1], classes) for some, own in blocks]
    return {"all": sum(votes), "first": votes[0], "last": votes[-1]}[keep].argmax(1)


def local_places(x, reference, labels, k, classes, chunk):
    """Reference in blocks, merged; but places still counted from the start of each block."""
    found = [nearest(squares(x, some), k) for some in reference.split(chunk)]
    distances, places = (torch.cat(parts, 1) for parts in zip(*found, strict=True))
    best = nearest(distances, k)[1]
    return majority(labels, distances, places.gather(1, best), classes)


def swapped(x, reference, labels, k, classes, chunk):
    """Neighbours of reference looked for in x."""
    places = nearest(squares(reference, x), min(k, len(x)))[1]
    return counts(labels, places, classes).argmax(1)


votes_by = {f"1 / distance^{power}": partial(weighted, power=power) for power in (1.0, 2.0)}
