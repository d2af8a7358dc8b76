/* The inner loops of the simulation: arrays in, counts and sums out. worlds.py and lanes.py say what each function means,
 * bit for bit; the tests hold the one against the other.
 *
 * Plain C99 without Python's headers, loaded by kernel.py. Nothing here allocates, and all sums that several blocks add
 * to are whole numbers or are made in the order of the worlds, so no result depends on threads. Compile without
 * contraction of a * b + c, which rounds once where numpy rounds twice.
 */

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#if defined(_MSC_VER)
#include <intrin.h>
#define EXPORT __declspec(dllexport)
#define INLINE static __forceinline
#else
#define EXPORT __attribute__((visibility("default")))
#define INLINE static inline __attribute__((always_inline))
#endif

/* On Linux the loader picks the widest vectors that the machine has. */
#if defined(__x86_64__) && defined(__GLIBC__) && defined(__GNUC__) && __GNUC__ >= 12
#define WIDE __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define WIDE
#endif

#define VERSION 2
#define GOLDEN UINT64_C(0x9E3779B97F4A7C15)
#define REFINE UINT64_C(0xD1B54A32D192ED03)
#define LOSS UINT64_C(0x8CB92BA72F3D8DD7)
#define HIGH_BITS UINT64_C(0x8080808080808080)
#define BITS 56
#define UNKNOWN (-1)
#define TOGETHER 64
#define CHUNK 64
#define ROUNDS 10
#define WORDS 8
#define LANES (WORDS * 64)
#define STRATA_BITS 10
#define PLANES 32

typedef struct {
    int64_t size;
    const int64_t *offsets;
    const int32_t *targets;
    const uint64_t *threshold;
    const uint64_t *packed;
    const int64_t *delay;
} Arcs;

typedef struct {
    const int64_t *mean;
    const int64_t *low;
    const double *span;
    const int32_t *shape;
    const double *table;
    int64_t certain; /* whether no loss is drawn */
} Amounts;

typedef struct {
    int64_t *counts;
    int32_t *sizes;
    int64_t *means;
    int64_t *losses;
} Spread;

INLINE int first_bit(uint64_t word) {
#if defined(_MSC_VER)
    unsigned long place;
    _BitScanForward64(&place, word);
    return (int)place;
#else
    return __builtin_ctzll(word);
#endif
}

INLINE int64_t count_bits(uint64_t word) {
    word -= (word >> 1) & UINT64_C(0x5555555555555555);
    word = (word & UINT64_C(0x3333333333333333)) + ((word >> 2) & UINT64_C(0x3333333333333333));
    word = (word + (word >> 4)) & UINT64_C(0x0F0F0F0F0F0F0F0F);
    return (int64_t)((word * UINT64_C(0x0101010101010101)) >> 56);
}

INLINE uint64_t mix(uint64_t value) {
    value = (value ^ (value >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    value = (value ^ (value >> 27)) * UINT64_C(0x94D049BB133111EB);
    return value ^ (value >> 31);
}

/* The high bit of each byte in which the threshold is at least the drawn one. */
INLINE uint64_t candidates(uint64_t threshold, uint64_t drawn) {
    uint64_t difference = (threshold | HIGH_BITS) - (drawn & ~HIGH_BITS);
    return ((threshold & ~drawn) | (~(threshold ^ drawn) & difference)) & HIGH_BITS;
}

INLINE int is_live(const Arcs *arcs, uint64_t key, uint64_t drawn, int64_t block, int place) {
    uint64_t first = (arcs->packed[block] >> (8 * place)) & 255;
    int64_t slot = 8 * block + place;
    if (((drawn >> (8 * place)) & 255) != first)
        return 1;
    return (mix((key ^ REFINE) + ((uint64_t)slot + 1) * GOLDEN) >> 16) < arcs->threshold[slot] - (first << (BITS - 8));
}

INLINE int64_t draw_loss(const Amounts *amounts, uint64_t key, int64_t risk) {
    uint64_t word;
    double span = amounts->span[risk];
    if (span == 0.0)
        return amounts->low[risk];
    word = mix((key ^ LOSS) + ((uint64_t)risk + 1) * GOLDEN);
    return amounts->low[risk] +
           (int64_t)(span * amounts->table[((int64_t)amounts->shape[risk] << STRATA_BITS) +
                                           (int64_t)(word >> (64 - STRATA_BITS))]);
}

EXPORT int32_t riskgraph_version(void) { return VERSION; }

/* The keys of the worlds after the first one of a base. */
EXPORT WIDE void riskgraph_keys(uint64_t base, uint64_t first, int64_t count, uint64_t *keys) {
    int64_t i;
    for (i = 0; i < count; i++)
        keys[i] = mix(base + (first + (uint64_t)i + 1) * GOLDEN);
}

/* Who is reached in up to TOGETHER worlds, walked side by side so that the processor works on many words at a time. A
 * bit of reached[risk] is a world; visits has each risk and world, queue each block of cascades and world that is drawn.
 * Both are packed: the number times TOGETHER, plus the world. */
typedef struct {
    uint64_t *reached;
    uint32_t *visits;
    uint32_t *queue;
    int64_t found; /* visits */
    int64_t tail;  /* of the queue */
} Walk;

/* Draws all that is queued, and what that leads to. */
INLINE void follow(const Arcs *arcs, const uint64_t *keys, Walk *walk) {
    const int64_t *offsets = arcs->offsets;
    const int32_t *targets = arcs->targets;
    const uint64_t *packed = arcs->packed;
    uint64_t drawn[CHUNK], left[CHUNK], *reached = walk->reached;
    uint32_t *visits = walk->visits, *queue = walk->queue;
    int32_t hits[CHUNK];
    int64_t found = walk->found, tail = walk->tail, head = 0, i, block, world;
    while (head < tail) {
        const uint32_t *part = queue + head;
        int64_t count = tail - head < CHUNK ? tail - head : CHUNK, hit = 0;
        for (i = 0; i < count; i++) {
            uint32_t at = part[i] / TOGETHER;
            drawn[i] = mix(keys[part[i] % TOGETHER] + ((uint64_t)at + 1) * GOLDEN);
            left[i] = candidates(packed[at], drawn[i]);
        }
        for (i = 0; i < count; i++) {
            hits[hit] = (int32_t)i;
            hit += left[i] != 0;
        }
        for (i = 0; i < hit; i++) {
            uint64_t word = drawn[hits[i]], open = left[hits[i]];
            int64_t from = part[hits[i]] / TOGETHER;
            world = part[hits[i]] % TOGETHER;
            do {
                int place = first_bit(open) >> 3;
                int32_t risk = targets[8 * from + place];
                open &= open - 1;
                if (!(reached[risk] >> world & 1) && is_live(arcs, keys[world], word, from, place)) {
                    int64_t last = offsets[risk + 1] / 8;
                    reached[risk] |= UINT64_C(1) << world;
                    visits[found++] = (uint32_t)(risk * TOGETHER + world);
                    block = offsets[risk] / 8;
                    /* Most risks have at most eight cascades: one word, written without asking whether it is there. */
                    queue[tail] = (uint32_t)(block * TOGETHER + world);
                    tail += block < last;
                    while (++block < last)
                        queue[tail++] = (uint32_t)(block * TOGETHER + world);
                }
            } while (open);
        }
        head += count;
    }
    walk->found = found;
    walk->tail = tail;
}

/* starts are different ones. counts and reached hold zeros; visits has room for TOGETHER times every risk, queue
 * for that of every word and one more. Where losses are certain they are not written: they are the means. Gives the
 * words that were drawn. */
EXPORT WIDE int64_t riskgraph_spread(const Arcs *arcs, const uint64_t *keys, int64_t worlds, const int32_t *starts,
                                     int64_t starting, const int32_t *roots, const Amounts *amounts, const Spread *out,
                                     uint64_t *reached, uint32_t *visits, uint32_t *queue) {
    const int64_t *offsets = arcs->offsets, *mean = amounts->mean;
    int64_t *counts = out->counts, first, block, world, i, own = 0, work = 0;
    if (roots)
        starting = 0;
    for (i = 0; i < starting; i++) {
        counts[starts[i]] = worlds;
        own += mean[starts[i]];
    }
    for (first = 0; first < worlds; first += TOGETHER) {
        int64_t count = worlds - first < TOGETHER ? worlds - first : TOGETHER;
        int64_t *means = out->means + first, *losses = out->losses + first;
        int32_t *sizes = out->sizes + first;
        Walk walk = {reached, visits, queue, 0, 0};
        for (i = 0; i < starting; i++) {
            reached[starts[i]] = ~UINT64_C(0);
            for (block = offsets[starts[i]] / 8; block < offsets[starts[i] + 1] / 8; block++, walk.tail += count)
                for (world = 0; world < count; world++)
                    queue[walk.tail + world] = (uint32_t)(block * TOGETHER + world);
        }
        for (world = 0; world < count; world++) {
            sizes[world] = (int32_t)starting;
            means[world] = own;
        }
        for (world = 0; roots && world < count; world++) {
            int32_t risk = roots[first + world];
            reached[risk] |= UINT64_C(1) << world;
            visits[walk.found++] = (uint32_t)(risk * TOGETHER + world);
            for (block = offsets[risk] / 8; block < offsets[risk + 1] / 8; block++)
                queue[walk.tail++] = (uint32_t)(block * TOGETHER + world);
        }
        follow(arcs, keys + first, &walk);
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
                losses[world] += draw_loss(amounts, keys[first + world], starts[i]);
        for (i = 0; i < walk.found; i++)
            losses[visits[i] % TOGETHER] +=
                draw_loss(amounts, keys[first + visits[i] % TOGETHER], visits[i] / TOGETHER);
    }
    return work;
}

/* Who is reached in one world, in the order of their discovery, in queue; seen[risk] == mark for them. */
INLINE int64_t reach(const Arcs *arcs, uint64_t key, const int32_t *starts, int64_t starting, int32_t mark,
                     int32_t *seen, int32_t *queue, int64_t *work) {
    int64_t head = 0, tail = 0, i;
    for (i = 0; i < starting; i++) {
        if (seen[starts[i]] != mark) {
            seen[starts[i]] = mark;
            queue[tail++] = starts[i];
        }
    }
    while (head < tail) {
        int32_t risk = queue[head++];
        int64_t block = arcs->offsets[risk] / 8, last = arcs->offsets[risk + 1] / 8;
        *work += last - block;
        for (; block < last; block++) {
            uint64_t drawn = mix(key + ((uint64_t)block + 1) * GOLDEN);
            uint64_t left = candidates(arcs->packed[block], drawn);
            while (left) {
                int place = first_bit(left) >> 3;
                int32_t target = arcs->targets[8 * block + place];
                left &= left - 1;
                if (seen[target] != mark && is_live(arcs, key, drawn, block, place)) {
                    seen[target] = mark;
                    queue[tail++] = target;
                }
            }
        }
    }
    return tail;
}

typedef struct {
    int64_t time;
    int64_t risk;
} Arrival;

INLINE int is_before(Arrival a, Arrival b) { return a.time < b.time || (a.time == b.time && a.risk < b.risk); }

static void push(Arrival *heap, int64_t *length, Arrival arrival) {
    int64_t place = (*length)++;
    while (place && is_before(arrival, heap[(place - 1) / 2])) {
        heap[place] = heap[(place - 1) / 2];
        place = (place - 1) / 2;
    }
    heap[place] = arrival;
}

static Arrival pop(Arrival *heap, int64_t *length) {
    Arrival top = heap[0], last = heap[--(*length)];
    int64_t place = 0, child;
    while ((child = 2 * place + 1) < *length) {
        if (child + 1 < *length && is_before(heap[child + 1], heap[child]))
            child++;
        if (!is_before(heap[child], last))
            break;
        heap[place] = heap[child];
        place = child;
    }
    heap[place] = last;
    return top;
}

static int compare_risks(const void *a, const void *b) {
    int32_t first = *(const int32_t *)a, second = *(const int32_t *)b;
    return (first > second) - (first < second);
}

/* Gives the number of arrivals, or -1 if they are more than room; seen and heap as in reach, heap with room for every
 * slot and start, earliest for every risk. The risks of a world come sorted. */
EXPORT int64_t riskgraph_arrivals(const Arcs *arcs, const uint64_t *keys, int64_t worlds, const int32_t *starts,
                                  int64_t starting, int32_t *risks, int64_t *times, int64_t room, int32_t *seen,
                                  int32_t *queue, int64_t *earliest, Arrival *heap) {
    int64_t world, i, filled = 0, work = 0;
    for (world = 0; world < worlds; world++) {
        uint64_t key = keys[world];
        int64_t length = 0, found = reach(arcs, key, starts, starting, (int32_t)(world + 1), seen, queue, &work);
        if (filled + found > room)
            return -1;
        for (i = 0; i < found; i++)
            earliest[queue[i]] = UNKNOWN;
        for (i = 0; i < starting; i++) {
            Arrival start = {0, starts[i]};
            push(heap, &length, start);
        }
        while (length) {
            Arrival now = pop(heap, &length);
            int64_t block = arcs->offsets[now.risk] / 8, last = arcs->offsets[now.risk + 1] / 8;
            if (earliest[now.risk] != UNKNOWN)
                continue;
            earliest[now.risk] = now.time;
            for (; block < last; block++) {
                uint64_t drawn = mix(key + ((uint64_t)block + 1) * GOLDEN);
                uint64_t left = candidates(arcs->packed[block], drawn);
                while (left) {
                    int place = first_bit(left) >> 3;
                    int64_t slot = 8 * block + place;
                    left &= left - 1;
                    if (arcs->delay[slot] != UNKNOWN && is_live(arcs, key, drawn, block, place) &&
                        earliest[arcs->targets[slot]] == UNKNOWN) {
                        Arrival next;
                        next.time = now.time + arcs->delay[slot];
                        next.risk = arcs->targets[slot];
                        push(heap, &length, next);
                    }
                }
            }
        }
        qsort(queue, (size_t)found, sizeof *queue, compare_risks);
        for (i = 0; i < found; i++) {
            risks[filled] = queue[i];
            times[filled++] = earliest[queue[i]];
        }
    }
    return filled;
}

#if defined(__GNUC__)
typedef uint64_t Vector __attribute__((vector_size(8 * WORDS)));
#endif

/* The worlds in which a uniform number is below the threshold. ROUNDS bits of it are drawn for all worlds, the highest
 * first; where they are those of the threshold, 46 more are drawn for that world alone. */
INLINE void draw_mask(uint64_t key, uint64_t threshold, uint64_t *live) {
    uint64_t undecided[WORDS], left = threshold << (64 - BITS);
    int round, j;
#if defined(__GNUC__)
    Vector found = {0}, open = ~found, counter = key + (Vector){1, 2, 3, 4, 5, 6, 7, 8} * GOLDEN;
    for (round = 0; round < ROUNDS; round++, left <<= 1, counter += WORDS * GOLDEN) {
        uint64_t bit = (uint64_t)0 - (left >> 63);
        Vector word = (counter ^ (counter >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
        word = (word ^ (word >> 27)) * UINT64_C(0x94D049BB133111EB);
        word ^= (word >> 31) ^ bit;
        found |= open & word & bit;
        open &= ~word;
    }
    memcpy(live, &found, sizeof found);
    memcpy(undecided, &open, sizeof open);
#else
    memset(live, 0, sizeof undecided);
    memset(undecided, 255, sizeof undecided);
    for (round = 0; round < ROUNDS; round++, left <<= 1) {
        uint64_t bit = (uint64_t)0 - (left >> 63);
        for (j = 0; j < WORDS; j++) {
            uint64_t word = mix(key + (uint64_t)(round * WORDS + j + 1) * GOLDEN) ^ bit;
            live[j] |= undecided[j] & word & bit;
            undecided[j] &= ~word;
        }
    }
#endif
    for (j = 0; j < WORDS; j++)
        for (; undecided[j]; undecided[j] &= undecided[j] - 1) {
            int lane = first_bit(undecided[j]);
            uint64_t word = mix((key ^ REFINE) + (uint64_t)(64 * j + lane + 1) * GOLDEN);
            live[j] |= (uint64_t)(word >> (64 - BITS + ROUNDS) < left >> (64 - BITS + ROUNDS)) << lane;
        }
}

/* Adds a mask of worlds to their sizes, which are held bit by bit. */
INLINE void add_lanes(uint64_t planes[PLANES][WORDS], const uint64_t *mask) {
    uint64_t carry[WORDS];
    int plane, j;
    memcpy(carry, mask, sizeof carry);
    for (plane = 0; plane < PLANES; plane++) {
        uint64_t any = 0;
        for (j = 0; j < WORDS; j++) {
            uint64_t next = planes[plane][j] & carry[j];
            planes[plane][j] ^= carry[j];
            carry[j] = next;
            any |= next;
        }
        if (!any)
            break;
    }
}

INLINE void tally_lanes(const Amounts *amounts, int64_t size, const uint64_t *keys, int64_t lanes,
                        const uint64_t *reached, const Spread *out) {
    uint64_t planes[PLANES][WORDS];
    int64_t means[LANES], losses[LANES], risk, lane;
    int j, plane;
    memset(planes, 0, sizeof planes);
    memset(means, 0, sizeof means);
    memset(losses, 0, sizeof losses);
    for (risk = 0; risk < size; risk++) {
        const uint64_t *mask = reached + risk * WORDS;
        int64_t mean = amounts->mean[risk], low = amounts->low[risk], count = 0;
        for (j = 0; j < WORDS; j++)
            count += count_bits(mask[j]);
        if (!count)
            continue;
        out->counts[risk] += count;
        add_lanes(planes, mask);
        if (mean) {
            for (j = 0; j < WORDS; j++) {
                uint64_t word = mask[j];
                int64_t *sum = means + 64 * j;
                for (lane = 0; lane < 64; lane++)
                    sum[lane] += -(int64_t)((word >> lane) & 1) & mean;
            }
        }
        if (amounts->certain)
            continue;
        if (amounts->span[risk] == 0.0) {
            for (j = 0; j < WORDS && low; j++) {
                uint64_t word = mask[j];
                int64_t *sum = losses + 64 * j;
                for (lane = 0; lane < 64; lane++)
                    sum[lane] += -(int64_t)((word >> lane) & 1) & low;
            }
        } else {
            for (j = 0; j < WORDS; j++) {
                uint64_t left = mask[j];
                while (left) {
                    lane = 64 * j + first_bit(left);
                    left &= left - 1;
                    losses[lane] += draw_loss(amounts, keys[lane], risk);
                }
            }
        }
    }
    for (lane = 0; lane < lanes; lane++) {
        int32_t size = 0;
        for (plane = 0; plane < PLANES - 1; plane++)
            size |= (int32_t)((planes[plane][lane / 64] >> (lane % 64)) & 1) << plane;
        out->sizes[lane] = size;
        out->means[lane] = means[lane];
        if (!amounts->certain)
            out->losses[lane] = losses[lane];
    }
}

/* Adds the worlds of news in which a cascade is live to those that have reached its target. Says whether any is new. */
INLINE uint8_t pass_on(const uint64_t *news, const uint64_t *mask, uint64_t *reached) {
    uint64_t any = 0;
    int j;
#if defined(__GNUC__)
    Vector added, live, there;
    memcpy(&added, news, sizeof added);
    memcpy(&live, mask, sizeof live);
    memcpy(&there, reached, sizeof there);
    added &= live & ~there;
    there |= added;
    memcpy(reached, &there, sizeof there);
    for (j = 0; j < WORDS; j++)
        any |= added[j];
#else
    for (j = 0; j < WORDS; j++) {
        uint64_t added = news[j] & mask[j] & ~reached[j];
        reached[j] |= added;
        any |= added;
    }
#endif
    return any != 0;
}

/* At most LANES worlds. reached, told, waits and drawn hold zeros; drawn has an entry for each slot, masks WORDS, queue
 * one more than risks. told are the worlds in which those that a risk leads to know that it is reached. */
EXPORT WIDE void riskgraph_lanes(const Arcs *arcs, uint64_t block, const uint64_t *keys, int64_t lanes,
                                 const int32_t *starts, int64_t starting, const int32_t *roots, const Amounts *amounts,
                                 const Spread *out, uint64_t *reached, uint64_t *told, uint8_t *waits, int32_t *queue,
                                 uint64_t *masks, uint8_t *drawn) {
    int64_t head = 0, tail = 0, i, slot, size = arcs->size;
    int j;
    for (i = 0; i < (roots ? lanes : starting); i++) {
        int32_t risk = roots ? roots[i] : starts[i];
        uint64_t *there = reached + (int64_t)risk * WORDS;
        if (roots) {
            there[i / 64] |= UINT64_C(1) << (i % 64);
        } else {
            for (j = 0; j < WORDS; j++) {
                int64_t here = lanes - 64 * j;
                there[j] = here >= 64 ? ~UINT64_C(0) : here > 0 ? (UINT64_C(1) << here) - 1 : 0;
            }
        }
        queue[tail] = risk;
        tail += !waits[risk];
        waits[risk] = 1;
    }
    tail = tail > size ? 0 : tail;
    while (head != tail) {
        int32_t risk = queue[head];
        int64_t last = arcs->offsets[risk + 1];
        uint64_t news[WORDS], *there = reached + (int64_t)risk * WORDS, *before = told + (int64_t)risk * WORDS;
        for (j = 0; j < WORDS; j++) {
            news[j] = there[j] & ~before[j];
            before[j] = there[j];
        }
        waits[risk] = 0;
        head = head == size ? 0 : head + 1;
        for (slot = arcs->offsets[risk]; slot < last; slot++) {
            uint64_t threshold = arcs->threshold[slot], *mask = masks + slot * WORDS;
            int32_t target = arcs->targets[slot];
            uint8_t any;
            if (!threshold)
                continue;
            if (!drawn[slot]) {
                draw_mask(mix(block + ((uint64_t)slot + 1) * GOLDEN), threshold, mask);
                if (threshold >> BITS)
                    memset(mask, 255, sizeof news);
                drawn[slot] = 1;
            }
            any = pass_on(news, mask, reached + (int64_t)target * WORDS);
            queue[tail] = target;
            tail += any & !waits[target];
            tail = tail > size ? 0 : tail;
            waits[target] |= any;
        }
    }
    tally_lanes(amounts, size, keys, lanes, reached, out);
}

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
EXPORT WIDE void riskgraph_close(const Arcs *arcs, const uint64_t *keys, int64_t worlds, const int64_t *weights,
                                 const double *rates, int64_t *sums, double *squares, double *totals,
                                 int32_t *scratch, int32_t *live, uint64_t *words, uint64_t *sets, int64_t *value) {
    int64_t size = arcs->size, blocks = arcs->offsets[size] / 8, world, i;
    int32_t *begin = scratch, *named = begin + size + 1, *number = named + size, *next = number + size;
    int32_t *path = next + size, *open = path + size, *source = open + size + 1, *hits = source + blocks;
    Closure all = {size, (size + 63) / 64, weights, begin, live, named, live + arcs->offsets[size], sets, value};
    for (i = 0, world = 0; world < size; world++)
        for (; i < arcs->offsets[world + 1] / 8; i++)
            source[i] = (int32_t)world;
    for (world = 0; world < worlds; world++) {
        double total = 0.0;
        draw_all(arcs, keys[world], source, begin, live, words, words + blocks, words + 2 * blocks, hits);
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
EXPORT void riskgraph_dominate(const Arcs *arcs, const uint64_t *keys, int64_t worlds, const int32_t *roots,
                               const int64_t *weights, int64_t *risk_sums, double *risk_squares, int64_t *arc_sums,
                               double *arc_squares, int32_t *seen, int32_t *scratch, int32_t *slots, int32_t *sources,
                               int64_t *sums, int64_t *next, int64_t *begin, int64_t *end) {
    int64_t size = arcs->size, world, i, e;
    int32_t *number = scratch, *vertex = scratch + size, *parent = scratch + 2 * size, *ancestor = scratch + 3 * size;
    int32_t *label = scratch + 4 * size, *semi = scratch + 5 * size, *idom = scratch + 6 * size;
    int32_t *way = scratch + 7 * size, *first = scratch + 8 * size, *below = scratch + 10 * size;
    int32_t *order = scratch + 11 * size, *free_ = scratch + 12 * size, *entry = scratch + 13 * size;
    for (world = 0; world < worlds; world++) {
        uint64_t key = keys[world];
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
