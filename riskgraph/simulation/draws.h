/* What all inner loops of the simulation share: the arrays that come in and go out, and the draws, which are those of
 * draws.py bit for bit.
 *
 * Plain C99 without Python's headers, loaded by kernel.py; each file is one function, whose meaning worlds.py or lanes.py
 * gives, and the tests hold the one against the other. Nothing here allocates, and all sums that several calls add to
 * are whole numbers or are made in the order of the worlds, so no result depends on threads. Compile without contraction
 * of a * b + c, which rounds once where numpy rounds twice.
 */

#ifndef RISKGRAPH_DRAWS_H
#define RISKGRAPH_DRAWS_H

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

#define GOLDEN UINT64_C(0x9E3779B97F4A7C15)
#define REFINE UINT64_C(0xD1B54A32D192ED03)
#define LOSS UINT64_C(0x8CB92BA72F3D8DD7)
#define HIGH_BITS UINT64_C(0x8080808080808080)
#define BITS 56
#define UNKNOWN (-1)
#define STRATA_BITS 10

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

/* Worlds that follow one another: the key of world i is that of counter origin + (i + 1) * GOLDEN. */
typedef struct {
    uint64_t origin;
    int64_t count;
} Keys;

INLINE int first_bit(uint64_t word) {
#if defined(_MSC_VER)
    unsigned long place;
    _BitScanForward64(&place, word);
    return (int)place;
#else
    return __builtin_ctzll(word);
#endif
}

INLINE uint64_t mix(uint64_t value) {
    value = (value ^ (value >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    value = (value ^ (value >> 27)) * UINT64_C(0x94D049BB133111EB);
    return value ^ (value >> 31);
}

INLINE uint64_t world_key(Keys keys, int64_t world) { return mix(keys.origin + ((uint64_t)world + 1) * GOLDEN); }

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

/* Eight cascades share a word: those of a risk are the words from its first one to the first one of the next risk. */
INLINE uint32_t first_word(const Arcs *arcs, int64_t risk) { return (uint32_t)((uint64_t)arcs->offsets[risk] / 8); }

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

#endif
