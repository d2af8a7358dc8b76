/* Who is reached in worlds of which each reaches many: 512 of them at a time, a world a bit. */

#include "draws.h"

#define ROUNDS 10
#define WORDS 8
#define LANES (WORDS * 64)
#define PLANES 32

INLINE int64_t count_bits(uint64_t word) {
    word -= (word >> 1) & UINT64_C(0x5555555555555555);
    word = (word & UINT64_C(0x3333333333333333)) + ((word >> 2) & UINT64_C(0x3333333333333333));
    word = (word + (word >> 4)) & UINT64_C(0x0F0F0F0F0F0F0F0F);
    return (int64_t)((word * UINT64_C(0x0101010101010101)) >> 56);
}

#if defined(__GNUC__)
typedef uint64_t Vector __attribute__((vector_size(8 * WORDS)));
typedef uint64_t Half __attribute__((vector_size(4 * WORDS)));

/* Some bit of a vector, if it has any. */
INLINE uint64_t any_of(const Vector *words) {
    Half half[2];
    memcpy(half, words, sizeof half);
    half[0] |= half[1];
    return half[0][0] | half[0][1] | half[0][2] | half[0][3];
}
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
    if (!any_of(&open))
        return;
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

/* What one block of worlds is drawn in. reached has the worlds in which a risk is, told those in which the ones that it
 * leads to know it; masks the worlds in which the cascade of a slot is live, once drawn. order has the risks that were
 * reached in the order of their discovery, from 1 on, and place the place of each in it, or 0; a bit of waits is such a
 * place. */
typedef struct {
    uint64_t *reached;
    uint64_t *told;
    uint64_t *masks;
    uint8_t *drawn;
    uint64_t *waits;
    int32_t *order;
    int32_t *place;
    int64_t found;
} Lanes;

/* Adds the worlds of news in which a cascade is live to those that have reached its target. Says whether any is new. */
INLINE uint64_t pass_on(const uint64_t *news, const uint64_t *mask, uint64_t *reached) {
    uint64_t any = 0;
#if defined(__GNUC__)
    Vector added, live, there;
    memcpy(&added, news, sizeof added);
    memcpy(&live, mask, sizeof live);
    memcpy(&there, reached, sizeof there);
    added &= live & ~there;
    there |= added;
    memcpy(reached, &there, sizeof there);
    any = any_of(&added);
#else
    int j;
    for (j = 0; j < WORDS; j++) {
        uint64_t added = news[j] & mask[j] & ~reached[j];
        reached[j] |= added;
        any |= added;
    }
#endif
    return any != 0;
}

/* Lets a risk wait until it tells its news; any is 1 if it has some, else 0. */
INLINE void line_up(Lanes *room, int32_t risk, uint64_t any) {
    int64_t place = room->place[risk];
    if (any & (uint64_t)!place) {
        place = room->place[risk] = (int32_t)++room->found;
        room->order[place] = risk;
    }
    room->waits[place / 64] |= any << (place % 64);
}

/* Where the worlds begin: each at the starts, or each at its own root. */
INLINE void start_lanes(Lanes *room, int64_t lanes, const int32_t *starts, int64_t starting, const int32_t *roots) {
    uint64_t *reached = room->reached;
    int64_t i;
    int j;
    for (i = 0; roots && i < lanes; i++) {
        reached[(int64_t)roots[i] * WORDS + i / 64] |= UINT64_C(1) << (i % 64);
        line_up(room, roots[i], 1);
    }
    for (i = 0; !roots && i < starting; i++) {
        for (j = 0; j < WORDS; j++) {
            int64_t here = lanes - 64 * j;
            uint64_t part = here > 0 ? (UINT64_C(1) << here % 64) - 1 : 0;
            reached[(int64_t)starts[i] * WORDS + j] = here >= 64 ? ~UINT64_C(0) : part;
        }
        line_up(room, starts[i], 1);
    }
}

/* A risk that waits tells all that it leads to in which worlds it is newly reached. */
INLINE void tell(const Arcs *arcs, uint64_t block, Lanes *room, int32_t risk) {
    uint64_t *reached = room->reached, *masks = room->masks, news[WORDS];
    uint64_t *there = reached + (int64_t)risk * WORDS, *before = room->told + (int64_t)risk * WORDS;
    const int32_t *targets = arcs->targets;
    const uint64_t *thresholds = arcs->threshold;
    uint8_t *drawn = room->drawn;
    int64_t slot, last = arcs->offsets[risk + 1];
    int j;
    for (j = 0; j < WORDS; j++) {
        news[j] = there[j] & ~before[j];
        before[j] = there[j];
    }
    for (slot = arcs->offsets[risk]; slot < last; slot++) {
        uint64_t threshold = thresholds[slot], *mask = masks + slot * WORDS;
        if (!threshold)
            continue;
        if (!drawn[slot]) {
            draw_mask(mix(block + ((uint64_t)slot + 1) * GOLDEN), threshold, mask);
            if (threshold >> BITS)
                memset(mask, 255, sizeof news);
            drawn[slot] = 1;
        }
        line_up(room, targets[slot], pass_on(news, mask, reached + (int64_t)targets[slot] * WORDS));
    }
}

/* In the order of discovery, again and again until nobody waits: so much news is told together. */
INLINE void spread_lanes(const Arcs *arcs, uint64_t block, Lanes *room) {
    int64_t word;
    int none = 0;
    while (!none) {
        none = 1;
        for (word = 0; 64 * word <= room->found; word++) {
            uint64_t later = ~UINT64_C(0);
            while (room->waits[word] & later) {
                int bit = first_bit(room->waits[word] & later);
                later = ~UINT64_C(1) << bit;
                room->waits[word] ^= UINT64_C(1) << bit;
                tell(arcs, block, room, room->order[64 * word + bit]);
                none = 0;
            }
        }
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

/* Adds an amount to the sums of the worlds of a mask. */
INLINE void add_amount(int64_t *sums, const uint64_t *mask, int64_t amount) {
    int64_t lane; /* as wide as what it shifts, or compilers do not make vectors of it */
    int j;
    for (j = 0; j < WORDS; j++) {
        uint64_t word = mask[j];
        int64_t *sum = sums + 64 * j;
        for (lane = 0; lane < 64; lane++)
            sum[lane] += -(int64_t)((word >> lane) & 1) & amount;
    }
}

/* What the worlds of a block come to; keys has one for each of them. */
INLINE void tally_lanes(const Amounts *amounts, const Lanes *room, const uint64_t *keys, int64_t lanes,
                        const Spread *out) {
    uint64_t planes[PLANES][WORDS];
    int64_t means[LANES], losses[LANES], place, lane;
    int j, plane;
    memset(planes, 0, sizeof planes);
    memset(means, 0, sizeof means);
    memset(losses, 0, sizeof losses);
    for (place = 1; place <= room->found; place++) {
        int32_t risk = room->order[place];
        const uint64_t *mask = room->reached + (int64_t)risk * WORDS;
        for (j = 0; j < WORDS; j++)
            out->counts[risk] += count_bits(mask[j]);
        add_lanes(planes, mask);
        if (amounts->mean[risk])
            add_amount(means, mask, amounts->mean[risk]);
        if (amounts->certain)
            continue;
        if (amounts->span[risk] == 0.0) {
            if (amounts->low[risk])
                add_amount(losses, mask, amounts->low[risk]);
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

/* Blocks of LANES worlds, the last of which may be smaller, each of which has a key of its own. reached, told and masks
 * have WORDS for each risk or slot, drawn one for each slot, order and place one more than risks, waits a bit for each
 * of these. counts holds zeros. */
EXPORT WIDE void riskgraph_lanes(const Arcs *arcs, const Keys *blocks, const Keys *keys, const int32_t *starts,
                                 int64_t starting, const int32_t *roots, const Amounts *amounts, const Spread *out,
                                 uint64_t *reached, uint64_t *told, uint64_t *masks, uint8_t *drawn, uint64_t *waits,
                                 int32_t *order, int32_t *place) {
    int64_t size = arcs->size, block, lane;
    memset(waits, 0, ((size_t)size / 64 + 1) * sizeof *waits);
    for (block = 0; block < blocks->count; block++) {
        int64_t first = block * LANES, lanes = keys->count - first < LANES ? keys->count - first : LANES;
        Spread part = {out->counts, out->sizes + first, out->means + first, out->losses + first};
        Lanes room = {reached, told, masks, drawn, waits, order, place, 0};
        uint64_t own_keys[LANES];
        memset(reached, 0, (size_t)size * WORDS * sizeof *reached);
        memset(told, 0, (size_t)size * WORDS * sizeof *told);
        memset(drawn, 0, (size_t)arcs->offsets[size]);
        memset(place, 0, (size_t)size * sizeof *place);
        for (lane = 0; lane < lanes; lane++)
            own_keys[lane] = world_key(*keys, first + lane);
        start_lanes(&room, lanes, starts, starting, roots ? roots + first : roots);
        spread_lanes(arcs, world_key(*blocks, block), &room);
        tally_lanes(amounts, &room, own_keys, lanes, &part);
    }
}
