/* What every risk reaches, in each world: components, sinks first, and the sets of what they lead to. */

#include "draws.h"

/* The live cascades of one world, all of them: begin[risk] to begin[risk + 1] in live. source is the risk of each block
 * of cascades; drawn, left and equal have an entry for each block, hits one more. */
INLINE void draw_all(const Arcs *arcs, uint64_t key, const int32_t *source, int32_t *begin, int32_t *live,
                     uint64_t *drawn, uint64_t *left, uint64_t *equal, int32_t *hits) {
    int64_t block, blocks = arcs->offsets[arcs->size] / 8, hit = 0, i;
    int32_t filled = 0;
    for (block = 0; block < blocks; block++) {
        uint64_t packed = arcs->packed[block], other;
        drawn[block] = mix(key + ((uint64_t)block + 1) * GOLDEN);
        left[block] = candidates(packed, drawn[block]);
        other = packed ^ drawn[block];
        equal[block] = HIGH_BITS & ~(((other & ~HIGH_BITS) + ~HIGH_BITS) | other);
    }
    for (block = 0; block < blocks; block++) {
        hits[hit] = (int32_t)block;
        hit += left[block] != 0;
    }
    memset(begin, 0, ((size_t)arcs->size + 1) * sizeof *begin);
    for (i = 0; i < hit; i++) {
        const int32_t *targets = arcs->targets + 8 * (int64_t)hits[i];
        uint64_t open = left[hits[i]], unsure = equal[hits[i]];
        int place;
        for (; unsure; unsure &= unsure - 1)
            if (!is_live(arcs, key, drawn[hits[i]], hits[i], first_bit(unsure) >> 3))
                open ^= unsure & (~unsure + 1);
        /* All eight are written, and the next one over those that are not live: no branch depends on chance. */
        for (place = 0; place < 8; place++) {
            live[filled] = targets[place];
            filled += (int32_t)(open >> (8 * place + 7)) & 1;
        }
        begin[source[hits[i]] + 1] = filled;
    }
    for (i = 1; i <= arcs->size; i++)
        begin[i] = begin[i] > begin[i - 1] ? begin[i] : begin[i - 1];
}

/* The live graph of a world on the way to its strongly connected components. A component is named by one of its risks:
 * named[risk] is size + 1 + that risk, and less while the component is open. sets, of words each, and value are by that
 * name. below holds what a component leads to while it is closed. */
typedef struct {
    int64_t size;
    int64_t words;
    const int64_t *weights;
    int32_t *begin;
    int32_t *live;
    int32_t *named;
    int32_t *below;
    uint64_t *sets;
    int64_t *value;
} Closure;

/* A risk that leads nowhere has no set: it is all that it reaches. */
INLINE int has_set(const Closure *all, int32_t risk) { return all->begin[risk] != all->begin[risk + 1]; }

/* Adds a risk to a set in which it is not, and gives its weight. */
INLINE int64_t add_risk(uint64_t *own, int32_t risk, const int64_t *weights) {
    own[risk / 64] |= UINT64_C(1) << (risk % 64);
    return weights[risk];
}

/* Adds a set to another, and gives the weight of what was not in it. */
INLINE int64_t add_set(uint64_t *own, const uint64_t *other, int64_t words, const int64_t *weights) {
    int64_t word, sum = 0;
    for (word = 0; word < words; word++) {
        uint64_t added = other[word] & ~own[word];
        own[word] |= added;
        while (added) {
            sum += weights[64 * word + first_bit(added)];
            added &= added - 1;
        }
    }
    return sum;
}

/* What a finished component reaches: the largest set below it, then what the others add, then its own members. */
INLINE int64_t close_component(const Closure *all, int32_t name, const int32_t *members, int64_t count) {
    uint64_t *own = all->sets + name * all->words;
    int32_t base = (int32_t)all->size + 1, *below = all->below;
    int64_t i, edge, leading = 0, best = 0, sum = 0;
    for (i = 0; i < count; i++)
        for (edge = all->begin[members[i]]; edge < all->begin[members[i] + 1]; edge++) {
            below[leading] = all->live[edge];
            leading += all->named[all->live[edge]] != base + name;
        }
    for (i = 1; i < leading; i++)
        if (all->value[all->named[below[i]] - base] > all->value[all->named[below[best]] - base])
            best = i;
    if (leading && has_set(all, below[best])) {
        memcpy(own, all->sets + (all->named[below[best]] - base) * all->words, (size_t)all->words * sizeof *own);
        sum = all->value[all->named[below[best]] - base];
    } else {
        memset(own, 0, (size_t)all->words * sizeof *own);
    }
    for (i = 0; i < leading; i++) {
        if (own[below[i] / 64] >> (below[i] % 64) & 1)
            continue;
        if (has_set(all, below[i]))
            sum += add_set(own, all->sets + (all->named[below[i]] - base) * all->words, all->words, all->weights);
        else
            sum += add_risk(own, below[i], all->weights);
    }
    for (i = 0; i < count; i++)
        sum += add_risk(own, members[i], all->weights);
    return sum;
}

/* Finds the components, sinks first, so that what they lead to is closed before them (Tarjan, 1972, with one number a
 * risk: Pearce, 2016). number, next, open and path have an entry for each risk, open one more. */
INLINE void close_world(const Closure *all, int32_t *number, int32_t *next, int32_t *open, int32_t *path) {
    int32_t *named = all->named, base = (int32_t)all->size + 1, numbered = 0;
    const int32_t *begin = all->begin, *live = all->live;
    int64_t root, opened = 0;
    for (root = 0; root < all->size; root++) {
        named[root] = begin[root] == begin[root + 1] ? base + (int32_t)root : 0;
        all->value[root] = all->weights[root];
        next[root] = begin[root];
    }
    for (root = 0; root < all->size; root++) {
        int64_t depth = 0;
        if (named[root])
            continue;
        path[0] = (int32_t)root;
        named[root] = number[root] = ++numbered;
        while (depth >= 0) {
            int32_t risk = path[depth], least = named[risk], edge = next[risk], last = begin[risk + 1];
            int64_t bottom, i;
            for (; edge < last && named[live[edge]]; edge++)
                least = named[live[edge]] < least ? named[live[edge]] : least;
            named[risk] = least;
            next[risk] = edge;
            if (edge < last) {
                path[++depth] = live[edge];
                named[live[edge]] = number[live[edge]] = ++numbered;
                continue;
            }
            depth--;
            open[opened++] = risk;
            if (least < number[risk])
                continue;
            for (bottom = opened - 1; bottom && named[open[bottom - 1]] >= least;)
                bottom--;
            for (i = bottom; i < opened; i++)
                named[open[i]] = base + risk;
            all->value[risk] = close_component(all, risk, open + bottom, opened - bottom);
            opened = bottom;
        }
    }
}

/* scratch has 6 * size + 2 entries and two for each word of the network and one more, words three for each; live has two
 * for each slot, sets as many as risks for each 64 of them, value one for each risk. */
EXPORT WIDE void riskgraph_close(const Arcs *arcs, const Keys *keys, const int64_t *weights,
                                 const double *rates, int64_t *sums, double *squares, double *totals,
                                 int32_t *scratch, int32_t *live, uint64_t *words, uint64_t *sets, int64_t *value) {
    int64_t size = arcs->size, blocks = arcs->offsets[size] / 8, world, i;
    int32_t *begin = scratch, *named = begin + size + 1, *number = named + size, *next = number + size;
    int32_t *path = next + size, *open = path + size, *source = open + size + 1, *hits = source + blocks;
    Closure all = {size, (size + 63) / 64, weights, begin, live, named, live + arcs->offsets[size], sets, value};
    for (i = 0, world = 0; world < size; world++)
        for (; i < arcs->offsets[world + 1] / 8; i++)
            source[i] = (int32_t)world;
    for (world = 0; world < keys->count; world++) {
        double total = 0.0;
        draw_all(arcs, world_key(*keys, world), source, begin, live, words, words + blocks, words + 2 * blocks, hits);
        close_world(&all, number, next, open, path);
        for (i = 0; i < size; i++) {
            int64_t reached = value[named[i] - size - 1];
            sums[i] += reached;
            squares[i] += (double)reached * (double)reached;
            total += rates[i] * (double)reached;
        }
        totals[world] = total;
    }
}

