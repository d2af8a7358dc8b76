/* Who is reached in worlds of which each reaches few. */

#include "draws.h"

#define VERSION 3
#define TOGETHER 64

EXPORT int32_t riskgraph_version(void) { return VERSION; }

/* Who is reached in up to TOGETHER worlds, walked side by side so that the processor works on many words at a time. A
 * bit of reached[risk] is a world; visits has each risk and world, queue each word of cascades and world to draw. Both
 * are packed: the number times TOGETHER, plus the world. */
typedef struct {
    const uint64_t *keys;
    uint64_t *reached;
    uint32_t *visits;
    uint32_t *queue;
    int64_t found; /* visits */
    int64_t tail;  /* of the queue */
} Walk;

/* Follows the live cascades of up to TOGETHER words that were drawn: drawn, and the candidates among them. */
INLINE void follow(const Arcs *arcs, Walk *walk, const uint32_t *part, int64_t count, const uint64_t *drawn,
                   const uint64_t *left) {
    uint64_t *reached = walk->reached;
    uint32_t *visits = walk->visits, *queue = walk->queue;
    int64_t found = walk->found, tail = walk->tail, hit = 0, i;
    int32_t hits[TOGETHER];
    for (i = 0; i < count; i++) {
        hits[hit] = (int32_t)i;
        hit += left[i] != 0;
    }
    for (i = 0; i < hit; i++) {
        uint64_t open = left[hits[i]];
        uint32_t from = part[hits[i]] / TOGETHER, world = part[hits[i]] % TOGETHER;
        do {
            int place = first_bit(open) >> 3;
            int32_t risk = arcs->targets[8 * (int64_t)from + place];
            open &= open - 1;
            if (!(reached[risk] >> world & 1) && is_live(arcs, walk->keys[world], drawn[hits[i]], from, place)) {
                uint32_t first = first_word(arcs, risk), own = first_word(arcs, risk + 1) - first, word;
                reached[risk] |= UINT64_C(1) << world;
                visits[found++] = (uint32_t)risk * TOGETHER + world;
                /* Hardly a risk has more than 16 cascades: two words are written without asking how many there are. */
                queue[tail] = first * TOGETHER + world;
                queue[tail + 1] = (first + 1) * TOGETHER + world;
                if (own > 2)
                    for (word = 2; word < own; word++)
                        queue[tail + word] = (first + word) * TOGETHER + world;
                tail += own;
            }
        } while (open);
    }
    walk->found = found;
    walk->tail = tail;
}

/* Draws one word in the first worlds. */
INLINE void draw_word(const Arcs *arcs, Walk *walk, uint32_t word, int64_t worlds) {
    uint64_t drawn[TOGETHER], left[TOGETHER], packed = arcs->packed[word], counter = ((uint64_t)word + 1) * GOLDEN;
    uint32_t part[TOGETHER];
    int64_t i;
    for (i = 0; i < worlds; i++) {
        part[i] = word * TOGETHER + (uint32_t)i;
        drawn[i] = mix(walk->keys[i] + counter);
        left[i] = candidates(packed, drawn[i]);
    }
    follow(arcs, walk, part, worlds, drawn, left);
}

/* Draws all that is queued, and what that leads to. */
INLINE void draw_queue(const Arcs *arcs, Walk *walk) {
    const uint64_t *packed = arcs->packed, *keys = walk->keys;
    uint64_t drawn[TOGETHER], left[TOGETHER];
    int64_t head = 0, i;
    while (head < walk->tail) {
        const uint32_t *part = walk->queue + head;
        int64_t count = walk->tail - head < TOGETHER ? walk->tail - head : TOGETHER;
        for (i = 0; i < count; i++) {
            uint32_t word = part[i] / TOGETHER;
            drawn[i] = mix(keys[part[i] % TOGETHER] + ((uint64_t)word + 1) * GOLDEN);
            left[i] = candidates(packed[word], drawn[i]);
        }
        follow(arcs, walk, part, count, drawn, left);
        head += count;
    }
}

/* starts are different ones. counts and reached hold zeros; visits has room for TOGETHER times every risk, queue
 * for that of every word and two more. Where losses are certain they are not written: they are the means. Gives the
 * number of words that were drawn. */
EXPORT WIDE int64_t riskgraph_spread(const Arcs *arcs, const Keys *keys, const int32_t *starts, int64_t starting,
                                     const int32_t *roots, const Amounts *amounts, const Spread *out,
                                     uint64_t *reached, uint32_t *visits, uint32_t *queue) {
    const int64_t *mean = amounts->mean;
    int64_t *counts = out->counts, first, world, i, own = 0, work = 0;
    if (roots)
        starting = 0;
    for (i = 0; i < starting; i++) {
        counts[starts[i]] = keys->count;
        own += mean[starts[i]];
    }
    for (first = 0; first < keys->count; first += TOGETHER) {
        int64_t count = keys->count - first < TOGETHER ? keys->count - first : TOGETHER;
        int64_t *means = out->means + first, *losses = out->losses + first;
        int32_t *sizes = out->sizes + first;
        uint64_t own_keys[TOGETHER];
        Walk walk = {own_keys, reached, visits, queue, 0, 0};
        uint32_t word;
        for (world = 0; world < count; world++) {
            own_keys[world] = world_key(*keys, first + world);
            sizes[world] = (int32_t)starting;
            means[world] = own;
        }
        for (i = 0; i < starting; i++)
            reached[starts[i]] = ~UINT64_C(0);
        for (i = 0; i < starting; i++)
            for (word = first_word(arcs, starts[i]); word < first_word(arcs, starts[i] + 1); word++, work += count)
                draw_word(arcs, &walk, word, count);
        for (world = 0; roots && world < count; world++) {
            int32_t risk = roots[first + world];
            reached[risk] |= UINT64_C(1) << world;
            visits[walk.found++] = (uint32_t)(risk * TOGETHER + world);
            for (word = first_word(arcs, risk); word < first_word(arcs, risk + 1); word++)
                queue[walk.tail++] = word * TOGETHER + (uint32_t)world;
        }
        draw_queue(arcs, &walk);
        for (i = 0; i < starting; i++)
            reached[starts[i]] = 0;
        for (i = 0; i < walk.found; i++) {
            uint32_t risk = visits[i] / TOGETHER, at = visits[i] % TOGETHER;
            reached[risk] = 0;
            counts[risk]++;
            sizes[at]++;
            means[at] += mean[risk];
        }
        work += walk.tail;
        if (amounts->certain)
            continue;
        for (world = 0; world < count; world++)
            for (i = 0, losses[world] = 0; i < starting; i++)
                losses[world] += draw_loss(amounts, own_keys[world], starts[i]);
        for (i = 0; i < walk.found; i++)
            losses[visits[i] % TOGETHER] +=
                draw_loss(amounts, own_keys[visits[i] % TOGETHER], visits[i] / TOGETHER);
    }
    return work;
}
