/* SPDX-License-Identifier: Apache-2.0 */
/** @file explore.c  Every order of events, over the true core.
 *
 *      explore [PATIENTS [DEPTH [TIMES]]]
 *
 *  Breadth first: all states that can be reached by one event, by two, by three ... from where time has passed TIMES times
 *  and nobody did anything (4: the next hospital is asked; 12: nobody is left to ask). Two states that can have the same
 *  futures are one (world_hash). In each the rules of check.c are asked; the first that does not hold is printed with the
 *  shortest way to it, and the process ends with 1. No randomness: every run is the same run. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "world.h"

#define DEPTH_MAX 64u
#define REST_EVERY 4096u

static void *must(void *memory) {
    if (memory) return memory;
    fputs("no memory\n", stderr);
    exit(2);
}

/* --- states that are known -------------------------------------------------------------------------------------------- */

struct known {
    struct world_hash *hash; /* open addressing; all zero: free */
    uint64_t mask, count;
};

static uint64_t place_of(const struct known *k, struct world_hash h) {
    uint64_t at = h.a & k->mask;
    while ((k->hash[at].a || k->hash[at].b) && (k->hash[at].a != h.a || k->hash[at].b != h.b))
        at = (at + 1u) & k->mask;
    return at;
}

static void grow(struct known *k) {
    struct known wider = {.mask = k->mask ? k->mask * 2u + 1u : 65535u};
    wider.hash = must(calloc(wider.mask + 1u, sizeof *wider.hash));
    for (uint64_t i = 0; k->hash && i <= k->mask; i++)
        if (k->hash[i].a || k->hash[i].b) wider.hash[place_of(&wider, k->hash[i])] = k->hash[i];
    wider.count = k->count;
    free(k->hash);
    *k = wider;
}

/* @return true: it was not known before. */
static bool learn(struct known *k, struct world_hash h) {
    if (!k->hash || k->count * 2u > k->mask) grow(k);
    uint64_t at = place_of(k, h);
    if (k->hash[at].a || k->hash[at].b) return false;
    k->hash[at] = h;
    k->count++;
    return true;
}

/* --- one layer of states, each as what differs from the first ------------------------------------------------------------ */

struct layer {
    uint64_t *word; /* runs: place << 32 | length, then so many words; a place beyond the state ends it */
    size_t used, capacity;
    struct step {
        size_t at;       /* of the state in `word` */
        uint32_t parent; /* index in the layer before */
        uint32_t event;
    } * step;
    uint32_t count, room;
};

static void put(struct layer *l, uint64_t word) {
    if (l->used == l->capacity) {
        l->capacity = l->capacity ? l->capacity * 2u : 65536u;
        l->word = must(realloc(l->word, l->capacity * sizeof *l->word));
    }
    l->word[l->used++] = word;
}

static void add(struct layer *l, const uint64_t *first, const uint64_t *state, size_t words, uint32_t parent,
                uint32_t event) {
    if (l->count == l->room) {
        l->room = l->room ? l->room * 2u : 1024u;
        l->step = must(realloc(l->step, l->room * sizeof *l->step));
    }
    l->step[l->count++] = (struct step){l->used, parent, event};
    for (size_t i = 0; i < words; i++) {
        if (state[i] == first[i]) continue;
        size_t from = i;
        while (i < words && state[i] != first[i]) i++;
        put(l, (uint64_t)from << 32 | (i - from));
        for (size_t k = from; k < i; k++) put(l, state[k]);
    }
    put(l, (uint64_t)words << 32);
}

static void get(const struct layer *l, uint32_t index, const uint64_t *first, uint64_t *state, size_t words) {
    const uint64_t *at = &l->word[l->step[index].at];
    memcpy(state, first, words * sizeof *state);
    while (*at >> 32 < words) {
        size_t length = (uint32_t)*at;
        memcpy(&state[*at >> 32], at + 1, length * sizeof *state);
        at += length + 1u;
    }
}

/* --- the search --------------------------------------------------------------------------------------------------------- */

struct search {
    struct world w;
    struct known known;
    struct layer layer[DEPTH_MAX + 1u]; /* states of the newest only; of the others how they were reached */
    size_t words;
    uint64_t *first, *before, *after;
    uint64_t transitions;
};

static void print_way(const struct search *s, uint32_t depth, uint32_t index, uint32_t last) {
    uint32_t event[DEPTH_MAX];
    for (uint32_t d = depth; d > 0; d--) {
        event[d - 1u] = s->layer[d].step[index].event;
        index = s->layer[d].step[index].parent;
    }
    for (uint32_t d = 0; d < depth; d++) printf("  %2u  %s\n", d + 1u, world_event_name(&s->w, event[d]));
    printf("  %2u  %s\n", depth + 1u, world_event_name(&s->w, last));
}

static void check(const struct search *s, uint32_t depth, uint32_t index, uint32_t event) {
    const char *broken = world_broken(&s->w);
    if (!broken) return;
    printf("does not hold: %s\n", broken);
    print_way(s, depth, index, event);
    exit(1);
}

static void follow(struct search *s, uint32_t depth, uint32_t index, uint32_t event) {
    world_load(&s->w, (const uint8_t *)s->before);
    if (!world_apply(&s->w, event)) return;
    if (++s->transitions % REST_EVERY == 0) world_check_rest(&s->w);
    check(s, depth, index, event);
    if (!learn(&s->known, world_hash(&s->w))) return;
    world_save(&s->w, (uint8_t *)s->after);
    add(&s->layer[depth + 1u], s->first, s->after, s->words, index, event);
}

static void expand(struct search *s, uint32_t depth) {
    struct layer *l = &s->layer[depth];
    uint32_t events = world_events(&s->w);
    for (uint32_t i = 0; i < l->count; i++) {
        get(l, i, s->first, s->before, s->words);
        for (uint32_t event = 0; event < events; event++) follow(s, depth, i, event);
    }
    free(l->word);
    l->word = NULL;
}

static void begin(struct search *s, uint32_t patients, uint32_t times) {
    memset(s, 0, sizeof *s);
    world_open(&s->w, patients);
    for (uint32_t i = 0; i < times && !world_broken(&s->w); i++) world_apply(&s->w, world_events(&s->w) - 1u);
    s->words = world_bytes(&s->w) / sizeof(uint64_t);
    s->first = must(calloc(s->words, sizeof *s->first));
    s->before = must(calloc(s->words, sizeof *s->before));
    s->after = must(calloc(s->words, sizeof *s->after));
    world_save(&s->w, (uint8_t *)s->first);
    if (world_broken(&s->w)) {
        printf("does not hold from the beginning: %s\n", world_broken(&s->w));
        exit(1);
    }
    learn(&s->known, world_hash(&s->w));
    add(&s->layer[0], s->first, s->first, s->words, 0, 0);
}

static void finish(struct search *s) {
    for (uint32_t d = 0; d <= DEPTH_MAX; d++) {
        free(s->layer[d].word);
        free(s->layer[d].step);
    }
    free(s->known.hash);
    free(s->first);
    free(s->before);
    free(s->after);
    world_close(&s->w);
}

static uint32_t number_of(const char *text, uint32_t least, uint32_t most) {
    char *end = NULL;
    unsigned long value = strtoul(text, &end, 10);
    if (!*text || *end || value < least || value > most) {
        fprintf(stderr, "explore [PATIENTS 1..%u [DEPTH 1..%u [TIMES 0..%u]]]\n", WORLD_PATIENTS_MAX,
                DEPTH_MAX, DEPTH_MAX);
        exit(2);
    }
    return (uint32_t)value;
}

int main(int argc, char **argv) {
    static struct search s;
    uint32_t patients = argc > 1 ? number_of(argv[1], 1, WORLD_PATIENTS_MAX) : 1u;
    uint32_t depth = argc > 2 ? number_of(argv[2], 1, DEPTH_MAX) : 6u;
    uint32_t times = argc > 3 ? number_of(argv[3], 0, DEPTH_MAX) : 0u;
    begin(&s, patients, times);
    for (uint32_t d = 0; d < depth && s.layer[d].count; d++) {
        expand(&s, d);
        printf("depth %2u: %u new states, %llu in all, %llu transitions\n", d + 1u, s.layer[d + 1u].count,
               (unsigned long long)s.known.count, (unsigned long long)s.transitions);
        fflush(stdout);
    }
    world_check_rest(&s.w);
    printf("%u patient(s), %u events: every rule holds\n", patients, world_events(&s.w));
    finish(&s);
    return 0;
}
