/* When each risk is reached: the earliest arrival over the live cascades of each world. */

#include "draws.h"

/* Who is reached in one world, in the order of their discovery, in queue; seen[risk] == mark for them. */
INLINE int64_t reach(const Arcs *arcs, uint64_t key, const int32_t *starts, int64_t starting, int32_t mark,
                     int32_t *seen, int32_t *queue) {
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
EXPORT int64_t riskgraph_arrivals(const Arcs *arcs, const Keys *keys, const int32_t *starts, int64_t starting,
                                  int32_t *risks, int64_t *times, int64_t room, int32_t *seen,
                                  int32_t *queue, int64_t *earliest, Arrival *heap) {
    int64_t world, i, filled = 0;
    for (world = 0; world < keys->count; world++) {
        uint64_t key = world_key(*keys, world);
        int64_t length = 0, found = reach(arcs, key, starts, starting, (int32_t)(world + 1), seen, queue);
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

