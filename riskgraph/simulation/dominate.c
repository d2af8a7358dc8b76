/* What each risk and each cascade stands for, in each world from its root: the weight of what is reached only by it. */

#include "draws.h"

/* The number of the risk with the least semidominator on the way up from v, among those numbered above i. */
INLINE int32_t least(int32_t v, int32_t i, int32_t *ancestor, int32_t *label, const int32_t *semi, int32_t *way) {
    int64_t length = 0;
    int32_t at = v;
    while (ancestor[at] > i) {
        way[length++] = at;
        at = ancestor[at];
    }
    while (length) {
        int32_t below = way[--length];
        if (semi[label[at]] < semi[label[below]])
            label[below] = label[at];
        ancestor[below] = ancestor[at];
        at = below;
    }
    return label[v];
}

/* The dominator tree of each live world from its root (semi-NCA: Georgiadis, Tarjan and Werneck, 2006). seen holds
 * zeros; scratch has 14 * size + 1 entries, slots and sources one for each slot, sums size, next size. */
EXPORT void riskgraph_dominate(const Arcs *arcs, const Keys *keys, const int32_t *roots,
                               const int64_t *weights, int64_t *risk_sums, double *risk_squares, int64_t *arc_sums,
                               double *arc_squares, int32_t *seen, int32_t *scratch, int32_t *slots, int32_t *sources,
                               int64_t *sums, int64_t *next, int64_t *begin, int64_t *end) {
    int64_t size = arcs->size, world, i, e;
    int32_t *number = scratch, *vertex = scratch + size, *parent = scratch + 2 * size, *ancestor = scratch + 3 * size;
    int32_t *label = scratch + 4 * size, *semi = scratch + 5 * size, *idom = scratch + 6 * size;
    int32_t *way = scratch + 7 * size, *first = scratch + 8 * size, *below = scratch + 10 * size;
    int32_t *order = scratch + 11 * size, *free_ = scratch + 12 * size, *entry = scratch + 13 * size;
    for (world = 0; world < keys->count; world++) {
        uint64_t key = world_key(*keys, world);
        int32_t mark = (int32_t)(world + 1), found = 0, k;
        int64_t filled = 0, depth = 0, root = roots[world];
        /* A depth-first walk that draws the cascades of a risk when it gets there; next[risk] is where it stands. */
        seen[root] = mark;
        parent[0] = 0;
        way[0] = (int32_t)root;
        number[root] = 0;
        vertex[found++] = (int32_t)root;
        begin[root] = -1;
        while (depth >= 0) {
            int32_t risk = way[depth];
            if (begin[risk] < 0) {
                int64_t block = arcs->offsets[risk] / 8, last = arcs->offsets[risk + 1] / 8;
                begin[risk] = next[risk] = filled;
                for (; block < last; block++) {
                    uint64_t drawn = mix(key + ((uint64_t)block + 1) * GOLDEN);
                    uint64_t left = candidates(arcs->packed[block], drawn);
                    while (left) {
                        int place = first_bit(left) >> 3;
                        left &= left - 1;
                        if (is_live(arcs, key, drawn, block, place))
                            slots[filled++] = (int32_t)(8 * block + place);
                    }
                }
                end[risk] = filled;
            }
            if (next[risk] == end[risk]) {
                depth--;
                continue;
            }
            k = arcs->targets[slots[next[risk]]];
            entry[found] = slots[next[risk]++];
            if (seen[k] != mark) {
                seen[k] = mark;
                begin[k] = -1;
                number[k] = found;
                parent[found] = number[risk];
                vertex[found++] = k;
                way[++depth] = k;
            }
        }
        if (filled == found - 1) {
            /* Every cascade found a risk: the walk is the tree, and each cascade of it the only way in. */
            for (k = 0; k < found; k++)
                sums[k] = weights[vertex[k]];
            for (k = found - 1; k >= 0; k--) {
                int64_t sum = sums[k];
                double square = (double)sum * (double)sum;
                risk_sums[vertex[k]] += sum;
                risk_squares[vertex[k]] += square;
                if (!k)
                    break;
                sums[parent[k]] += sum;
                arc_sums[entry[k]] += sum;
                arc_squares[entry[k]] += square;
            }
            continue;
        }
        /* The entries of each risk, by number: first[k] to first[k + 1] in sources. */
        memset(first, 0, ((size_t)found + 2) * sizeof *first);
        for (e = 0; e < filled; e++)
            first[number[arcs->targets[slots[e]]] + 2]++;
        for (k = 2; k <= found; k++)
            first[k] += first[k - 1];
        for (k = 0; k < found; k++)
            for (e = begin[vertex[k]]; e < end[vertex[k]]; e++)
                sources[first[number[arcs->targets[slots[e]]] + 1]++] = k;
        for (k = 0; k < found; k++) {
            ancestor[k] = parent[k];
            label[k] = semi[k] = k;
            idom[k] = parent[k];
            below[k] = 1;
            sums[k] = weights[vertex[k]];
        }
        for (k = found - 1; k > 0; k--)
            for (e = first[k]; e < first[k + 1]; e++) {
                int32_t source = sources[e];
                int32_t reach_ = source <= k ? source : semi[least(source, k, ancestor, label, semi, way)];
                if (reach_ < semi[k])
                    semi[k] = reach_;
            }
        for (k = 1; k < found; k++)
            while (idom[k] > semi[k])
                idom[k] = idom[idom[k]];
        for (k = found - 1; k > 0; k--) {
            sums[idom[k]] += sums[k];
            below[idom[k]] += below[k];
        }
        order[0] = 0;
        free_[0] = 1;
        for (k = 1; k < found; k++) {
            order[k] = free_[idom[k]];
            free_[idom[k]] += below[k];
            free_[k] = order[k] + 1;
        }
        for (k = 0; k < found; k++) {
            risk_sums[vertex[k]] += sums[k];
            risk_squares[vertex[k]] += (double)sums[k] * (double)sums[k];
            if (k)
                next[k] = -1;
        }
        /* A cascade is the only way in if all others come from what the risk itself leads to. */
        for (i = 0; i < found; i++)
            for (e = begin[vertex[i]]; e < end[vertex[i]]; e++) {
                k = number[arcs->targets[slots[e]]];
                if (k && (order[i] < order[k] || order[i] >= order[k] + below[k]))
                    next[k] = next[k] == -1 ? slots[e] : -2;
            }
        for (k = 1; k < found; k++)
            if (next[k] >= 0) {
                arc_sums[next[k]] += sums[k];
                arc_squares[next[k]] += (double)sums[k] * (double)sums[k];
            }
    }
}
