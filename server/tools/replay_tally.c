/* SPDX-License-Identifier: Apache-2.0 */
#include "replay_tally.h"

#include <stdlib.h>
#include <string.h>

#include "jingzhu/codec.h"
#include "jingzhu/rules.h"
#include "tool_json.h"

#define NAME_BYTES 64u /* ids of rules, levels and conditions are at most 63 bytes (loader) */
#define BUCKETS 4096u
#define NONE UINT32_MAX

/* Kinds and keys as server/core/decision.c writes them. */
enum decision_kind { ASSESSMENT = 1, PRIORITY = 2 };
enum decision_key {
    KEY_KIND = 3,
    KEY_ENCOUNTER = 4,
    KEY_FIRST = 5,
    KEY_CONDITIONS = 6,
    KEY_STATUS = 7,
    KEY_LEVEL = 10
};

/** Numbers of names, in the order they came. */
struct numbers {
    uint32_t *item;
    uint32_t count, capacity;
};
/** What one side decided about one patient. Priority and conditions are latched: the last record has them
 *  all. */
struct verdict {
    uint8_t priority;                  /* 0: none on record */
    struct numbers conditions, levels; /* levels: every "rule level" that ever fired */
};
struct patient {
    uint8_t id[16];
    uint32_t next; /* in its bucket */
    struct verdict verdict[2];
};
struct jz_tally {
    char (*name)[2u * NAME_BYTES];
    uint32_t name_count, name_capacity;
    struct patient *patient;
    uint32_t patient_count, patient_capacity;
    uint32_t bucket[BUCKETS];
};

struct jz_tally *jz_tally_new(void) {
    struct jz_tally *t = calloc(1, sizeof *t);
    if (t) memset(t->bucket, 0xff, sizeof t->bucket);
    return t;
}

void jz_tally_free(struct jz_tally *t) {
    if (!t) return;
    for (uint32_t i = 0; i < t->patient_count; i++)
        for (int side = 0; side < 2; side++) {
            free(t->patient[i].verdict[side].conditions.item);
            free(t->patient[i].verdict[side].levels.item);
        }
    free(t->patient);
    free(t->name);
    free(t);
}

/* Room for one more; doubles. */
static bool grow(void **items, uint32_t count, uint32_t *capacity, size_t bytes) {
    if (count < *capacity) return true;
    uint32_t more = *capacity ? *capacity * 2u : 16u;
    void *moved = realloc(*items, more * bytes);
    if (!moved) return false;
    *items = moved;
    *capacity = more;
    return true;
}

/* --- names and patients --------------------------------------------------------------------------------- */

/* A few hundred names: looked through from the first. @return NONE: no memory. */
static uint32_t number_of(struct jz_tally *t, const char *name) {
    for (uint32_t i = 0; i < t->name_count; i++)
        if (strcmp(t->name[i], name) == 0) return i;
    if (!grow((void **)&t->name, t->name_count, &t->name_capacity, sizeof *t->name)) return NONE;
    snprintf(t->name[t->name_count], sizeof *t->name, "%s", name);
    return t->name_count++;
}

static bool has(const struct numbers *n, uint32_t number) {
    for (uint32_t i = 0; i < n->count; i++)
        if (n->item[i] == number) return true;
    return false;
}

static bool add(struct numbers *n, uint32_t number) {
    if (number == NONE) return false;
    if (has(n, number)) return true;
    if (!grow((void **)&n->item, n->count, &n->capacity, sizeof *n->item)) return false;
    n->item[n->count++] = number;
    return true;
}

static struct patient *patient_of(struct jz_tally *t, const uint8_t id[16]) {
    uint32_t hash;
    memcpy(&hash, id, sizeof hash);
    uint32_t *bucket = &t->bucket[(hash ^ hash >> 16) % BUCKETS];
    for (uint32_t at = *bucket; at != NONE; at = t->patient[at].next)
        if (memcmp(t->patient[at].id, id, 16) == 0) return &t->patient[at];
    if (!grow((void **)&t->patient, t->patient_count, &t->patient_capacity, sizeof *t->patient)) return NULL;
    struct patient *p = &t->patient[t->patient_count];
    memset(p, 0, sizeof *p);
    memcpy(p->id, id, sizeof p->id);
    p->next = *bucket;
    *bucket = t->patient_count++;
    return p;
}

/* --- records -------------------------------------------------------------------------------------------- */

/* What is read of a decision; the rest is passed over. */
struct decision {
    uint64_t kind, first_number, status;
    struct jz_bytes encounter;
    char first[NAME_BYTES], level[NAME_BYTES];
    uint32_t condition_count;
    char condition[JZ_CONDITIONS_MAX][NAME_BYTES];
};

static void read_name(struct jz_reader *r, char out[NAME_BYTES]) {
    struct jz_text text = jz_read_text(r);
    snprintf(out, NAME_BYTES, "%.*s", (int)text.bytes, text.data ? text.data : "");
}

static void read_conditions(struct jz_reader *r, struct decision *d) {
    d->condition_count = jz_read_array(r);
    if (d->condition_count > JZ_CONDITIONS_MAX) r->status = JZ_E_COUNT;
    for (uint32_t i = 0; i < d->condition_count && r->status == JZ_OK; i++) read_name(r, d->condition[i]);
}

static void read_pair(struct jz_reader *r, struct decision *d) {
    uint64_t key = jz_read_uint(r);
    bool assessment = d->kind == ASSESSMENT, priority = d->kind == PRIORITY;
    if (key == KEY_KIND)
        d->kind = jz_read_uint(r);
    else if (key == KEY_ENCOUNTER)
        d->encounter = jz_read_bytes(r);
    else if (key == KEY_FIRST && assessment)
        read_name(r, d->first);
    else if (key == KEY_FIRST && priority)
        d->first_number = jz_read_uint(r);
    else if (key == KEY_CONDITIONS && priority)
        read_conditions(r, d);
    else if (key == KEY_STATUS && assessment)
        d->status = jz_read_uint(r);
    else if (key == KEY_LEVEL && assessment)
        read_name(r, d->level);
    else
        jz_read_skip(r);
}

static bool take(struct jz_tally *t, struct verdict *v, const struct decision *d) {
    char both[2u * NAME_BYTES];
    bool room = true;
    if (d->kind == PRIORITY) {
        v->priority = (uint8_t)d->first_number;
        for (uint32_t i = 0; i < d->condition_count; i++)
            room &= add(&v->conditions, number_of(t, d->condition[i]));
    } else if (d->status == JZ_RULE_FIRED) {
        snprintf(both, sizeof both, "%s %s", d->first, d->level);
        room = add(&v->levels, number_of(t, both));
    }
    return room;
}

bool jz_tally_decision(struct jz_tally *t, enum jz_side side, const uint8_t *body, uint32_t bytes) {
    struct jz_reader r;
    struct decision d = {.kind = 0};
    jz_reader_init(&r, body, bytes);
    uint32_t pairs = jz_read_map(&r);
    for (uint32_t i = 0; i < pairs && r.status == JZ_OK; i++) read_pair(&r, &d);
    if ((d.kind != ASSESSMENT && d.kind != PRIORITY) || d.encounter.bytes != 16 || r.status != JZ_OK)
        return true;
    struct patient *p = patient_of(t, d.encounter.data);
    return p && take(t, &p->verdict[side], &d);
}

/* --- report --------------------------------------------------------------------------------------------- */

struct totals {
    uint32_t differ, more_urgent, less_urgent, conditions, levels;
};

static uint32_t count_lacking(const struct numbers *of, const struct numbers *in) {
    uint32_t count = 0;
    for (uint32_t i = 0; i < of->count; i++) count += !has(in, of->item[i]);
    return count;
}

static bool same_set(const struct numbers *a, const struct numbers *b) {
    return count_lacking(a, b) == 0 && count_lacking(b, a) == 0;
}

static int by_text(const void *a, const void *b) {
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Names of `of` that are not in `in`, sorted: the order in which rules fire is no news. */
static void put_lacking(struct jz_json *j, const char *key, const struct jz_tally *t,
                        const struct numbers *of, const struct numbers *in) {
    const char **name = calloc(of->count + 1u, sizeof *name);
    uint32_t count = 0;
    for (uint32_t i = 0; name && i < of->count; i++)
        if (!has(in, of->item[i])) name[count++] = t->name[of->item[i]];
    if (name) qsort(name, count, sizeof *name, by_text);
    jz_json_open(j, key, '[');
    for (uint32_t i = 0; i < count; i++) jz_json_text(j, NULL, name[i]);
    jz_json_close(j, ']');
    free(name);
}

static void put_sets(struct jz_json *j, const char *key, const struct jz_tally *t, const struct numbers *was,
                     const struct numbers *is) {
    jz_json_open(j, key, '{');
    put_lacking(j, "gained", t, is, was);
    put_lacking(j, "lost", t, was, is);
    jz_json_close(j, '}');
}

static void put_priority(struct jz_json *j, const struct verdict *was, const struct verdict *is) {
    jz_json_open(j, "priority", '{');
    jz_json_int(j, "record", was->priority);
    jz_json_int(j, "new", is->priority);
    jz_json_close(j, '}');
}

static void put_patient(const struct jz_tally *t, const struct patient *p, FILE *out) {
    struct jz_json j = {out, false};
    char id[33];
    const struct verdict *was = &p->verdict[JZ_SIDE_RECORD], *is = &p->verdict[JZ_SIDE_NEW];
    for (int i = 0; i < 16; i++) snprintf(id + 2 * i, 3, "%02x", p->id[i]);
    jz_json_open(&j, NULL, '{');
    jz_json_text(&j, "patient", id);
    put_priority(&j, was, is);
    put_sets(&j, "conditions", t, &was->conditions, &is->conditions);
    put_sets(&j, "levels", t, &was->levels, &is->levels);
    jz_json_close(&j, '}');
    putc('\n', out);
}

/* Priority 0 is none on record, which is less urgent than any. */
static int urgency(uint8_t priority) {
    return priority ? 6 - priority : 0;
}

static void count_patient(const struct patient *p, struct totals *n) {
    const struct verdict *was = &p->verdict[JZ_SIDE_RECORD], *is = &p->verdict[JZ_SIDE_NEW];
    bool conditions = !same_set(&was->conditions, &is->conditions),
         levels = !same_set(&was->levels, &is->levels);
    int more = urgency(is->priority) - urgency(was->priority);
    n->more_urgent += more > 0;
    n->less_urgent += more < 0;
    n->conditions += conditions;
    n->levels += levels;
    n->differ += more != 0 || conditions || levels;
}

uint32_t jz_tally_report(const struct jz_tally *t, FILE *out) {
    struct totals n = {0};
    struct jz_json j = {out, false};
    for (uint32_t i = 0; i < t->patient_count; i++) {
        uint32_t before = n.differ;
        count_patient(&t->patient[i], &n);
        if (n.differ != before) put_patient(t, &t->patient[i], out);
    }
    jz_json_open(&j, NULL, '{');
    jz_json_int(&j, "patients", t->patient_count);
    jz_json_int(&j, "differ", n.differ);
    jz_json_int(&j, "more_urgent", n.more_urgent);
    jz_json_int(&j, "less_urgent", n.less_urgent);
    jz_json_int(&j, "conditions_differ", n.conditions);
    jz_json_int(&j, "levels_differ", n.levels);
    jz_json_close(&j, '}');
    putc('\n', out);
    return n.differ;
}
