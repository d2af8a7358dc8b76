"""Components: cascades that can go in a circle and what triggers them from outside in, who is reached at last out."""

from __future__ import annotations

import numpy

from riskgraph.simulation.network import Floats


def final_sets(outside: Floats, inside: Floats) -> Floats:
    """The probability that exactly a set of the members is reached, for every row of ``outside`` and every set.

    ``outside[row, c]`` is the probability that member ``c`` is reached from outside, independently of the others;
    ``inside[a, b]`` that of the cascade from member ``a`` to ``b``. A set is the number whose bits are its members.

    Let ``T(A)`` be the probability that everything in ``A`` is reached by ways inside ``A``, and ``B(A, U)`` that
    nothing in ``U`` is reached directly from outside or from ``A``. Exactly one set is what is reached of ``S`` by ways
    inside ``S``, so ``sum over A in S of T(A) B(A, S - A) = 1``, which gives ``T`` by growing sets (a recursion of the
    kind of Buzacott's, Networks 10, 1980). A set ``A`` is the outcome with ``T(A) B(A, rest)``. It takes
    ``3 ** members`` steps a row.
    """
    rows, members = outside.shape
    size = 1 << members
    bits = 1 << numpy.arange(members)
    missed = numpy.ones((size, members))
    for member in range(members):
        low = 1 << member
        missed[low : 2 * low] = missed[:low] * (1 - inside[member])
    order = numpy.argsort([int(value).bit_count() for value in range(size)], kind="stable")
    accounted = numpy.zeros((rows, size))
    found = numpy.zeros((rows, size))
    for own in order:
        rest = [member for member in range(members) if not own >> member & 1]
        spared = numpy.ones((rows, 1))
        sets = numpy.zeros(1, dtype=numpy.int64)
        for member in rest:
            factor = (1 - outside[:, member]) * missed[own, member]
            spared = numpy.concatenate([spared, spared * factor[:, None]], axis=1)
            sets = numpy.concatenate([sets, sets | bits[member]])
        within = numpy.maximum(1 - accounted[:, own], 0)
        accounted[:, sets | own] += within[:, None] * spared
        found[:, own] = within * spared[:, -1]
    return found
