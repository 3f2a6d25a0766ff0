/* SPDX-License-Identifier: Apache-2.0 */
/* directory.yaml to struct jz_directory. Strict on purpose: an unknown key, word or source is refused with its
 * place, because a misspelt "confirmed" that passed in silence would be a hospital's claim that nobody made. */
#include <string.h>

#include "directory.h"
#include "yaml_doc.h"

#define DIRECTORY_VERSION 1u
#define SOURCES_MAX 64u
#define ACCURACY_M_MAX 20000u

enum fact_status { FACT_CONFIRMED, FACT_SOURCE, FACT_UNVERIFIED };
enum fact_value { VALUE_YES, VALUE_NO, VALUE_UNKNOWN };
static const char *const status_words[] = {"confirmed", "source", "unverified", NULL};
static const char *const value_words[] = {"yes", "no", "unknown", NULL};
static const char *const sim_words[] = {"yes", "no", NULL};

static const char *const root_keys[] = {"version",          "title", "capabilities", "sources", "facilities",
                                        "consult_partners", NULL};
static const char *const facility_keys[] = {"id",      "name",         "aliases",  "kind",
                                            "level",   "address",      "district", "position",
                                            "partner", "capabilities", "notes",    NULL};
static const char *const name_keys[] = {"zh", "en", NULL};
static const char *const fact_keys[] = {"v", "status", "ref", "by", "on", "note", NULL};
static const char *const capability_keys[] = {"v", "status", "ref", "by", "on", "sim", "note", NULL};
static const char *const position_keys[] = {"lat", "lon", "acc_m", "status", "ref", "by", "on", "note", NULL};
static const char *const partner_keys[] = {"zh", "en", "status", "ref", "by", "on", "note", NULL};

/* An id or key is what logs, URLs and rule packs spell: lower case ASCII, digits, and one joiner. */
static void plain_name(struct jz_doc *y, struct fy_node *at, const char *what, const char *text,
                       char joiner) {
    for (const char *c = text; *c; c++)
        if (!((*c >= 'a' && *c <= 'z') || (*c >= '0' && *c <= '9') || *c == joiner)) {
            jz_doc_fail(y, at, "%s \"%s\" may hold only a-z, 0-9 and '%c'", what, text, joiner);
            return;
        }
}

/* YYYY-MM-DD by shape; the calendar is the operator's. */
static void check_date(struct jz_doc *y, struct fy_node *at) {
    static const char shape[] = "dddd-dd-dd";
    char text[16];
    jz_doc_text(y, at, "on", text, sizeof text);
    bool good = strlen(text) == sizeof shape - 1u;
    for (size_t i = 0; good && shape[i]; i++)
        good = shape[i] == 'd' ? text[i] >= '0' && text[i] <= '9' : text[i] == shape[i];
    if (!good) jz_doc_fail(y, at, "on must be a date like 2026-11-20");
}

/* The status of a fact, with what that status owes: a source that exists, or who confirmed it and when. */
static enum fact_status read_status(struct jz_doc *y, struct fy_node *root, struct fy_node *fact) {
    char ref[32], by[96];
    uint32_t status = jz_doc_word(y, jz_doc_need(y, fact, "status"), "status", status_words);
    struct fy_node *named = jz_doc_get(y, fact, "ref");
    if (y->status == JZ_OK && status == FACT_SOURCE && !named)
        jz_doc_fail(y, fact, "status is source, but \"ref\" is missing; name it under sources");
    if (named) {
        jz_doc_text(y, named, "ref", ref, sizeof ref);
        if (y->status == JZ_OK && !jz_doc_get(y, jz_doc_get(y, root, "sources"), ref))
            jz_doc_fail(y, named, "ref \"%s\" is not listed under sources", ref);
    }
    if (y->status == JZ_OK && status == FACT_CONFIRMED) {
        jz_doc_text(y, jz_doc_need(y, fact, "by"), "by", by, sizeof by);
        check_date(y, jz_doc_need(y, fact, "on"));
    }
    return (enum fact_status)status;
}

/* Facts that routing does not use are still checked, so that the file says of each whether to believe it. */
static void check_fact(struct jz_doc *y, struct fy_node *root, struct fy_node *facility, const char *key) {
    if (!jz_doc_get(y, facility, key)) return;
    struct fy_node *fact = jz_doc_mapping(y, facility, key);
    char text[160];
    jz_doc_only(y, fact, fact_keys);
    jz_doc_text(y, jz_doc_need(y, fact, "v"), key, text, sizeof text);
    read_status(y, root, fact);
}

/* Only an operator's confirmation counts in live mode; a public text ("source") does not. */
static enum jz_capability_state state_of(enum fact_value value, enum fact_status status, bool has_sim,
                                         bool sim, bool simulation) {
    if (status == FACT_CONFIRMED) return value == VALUE_YES ? JZ_CAPABILITY_CONFIRMED : JZ_CAPABILITY_ABSENT;
    if (!simulation || !has_sim) return JZ_CAPABILITY_UNKNOWN;
    return sim ? JZ_CAPABILITY_ASSUMED : JZ_CAPABILITY_ABSENT;
}

static uint8_t read_capability(struct jz_doc *y, struct fy_node *root, struct fy_node *fact, const char *key,
                               bool simulation) {
    if (y->status == JZ_OK && !fy_node_is_mapping(fact))
        jz_doc_fail(y, fact, "%s must be a mapping with v and status", key);
    jz_doc_only(y, fact, capability_keys);
    uint32_t value = jz_doc_word(y, jz_doc_need(y, fact, "v"), key, value_words);
    enum fact_status status = read_status(y, root, fact);
    struct fy_node *sim = jz_doc_get(y, fact, "sim");
    bool assumed = sim && jz_doc_word(y, sim, "sim", sim_words) == 0;
    if (y->status == JZ_OK && status == FACT_CONFIRMED && value == VALUE_UNKNOWN)
        jz_doc_fail(y, fact, "%s cannot be both confirmed and unknown", key);
    return (uint8_t)state_of((enum fact_value)value, status, sim != NULL, assumed, simulation);
}

static void read_capabilities(struct jz_doc *y, struct fy_node *root, struct fy_node *facility,
                              struct jz_directory *out, struct jz_facility *f) {
    struct fy_node *mapping = jz_doc_mapping(y, facility, "capabilities");
    void *at = NULL;
    struct fy_node_pair *pair;
    memset(f->capability, JZ_CAPABILITY_UNKNOWN, sizeof f->capability);
    while (mapping && y->status == JZ_OK && (pair = fy_node_mapping_iterate(mapping, &at))) {
        char key[sizeof out->capability[0]];
        jz_doc_text(y, fy_node_pair_key(pair), "a capability key", key, sizeof key);
        uint32_t index = jz_directory_capability_index(out, key);
        if (y->status == JZ_OK && index == UINT32_MAX)
            jz_doc_fail(y, fy_node_pair_key(pair), "\"%s\" is not in the list of capabilities", key);
        if (y->status != JZ_OK) return;
        f->capability[index] = read_capability(y, root, fy_node_pair_value(pair), key, out->simulation);
    }
}

static void read_name(struct jz_doc *y, struct fy_node *facility, struct jz_facility *f) {
    struct fy_node *name = jz_doc_mapping(y, facility, "name");
    jz_doc_only(y, name, name_keys);
    jz_doc_text(y, jz_doc_need(y, name, "zh"), "name zh", f->name_zh, sizeof f->name_zh);
    jz_doc_text(y, jz_doc_need(y, name, "en"), "name en", f->name_en, sizeof f->name_en);
}

static void read_position(struct jz_doc *y, struct fy_node *root, struct fy_node *facility,
                          struct jz_facility *f) {
    struct fy_node *position = jz_doc_mapping(y, facility, "position");
    jz_doc_only(y, position, position_keys);
    f->lat_e7 = jz_doc_degrees(y, jz_doc_need(y, position, "lat"), "lat", 90);
    f->lon_e7 = jz_doc_degrees(y, jz_doc_need(y, position, "lon"), "lon", 180);
    f->accuracy_m = jz_doc_uint(y, jz_doc_need(y, position, "acc_m"), "acc_m", 1, ACCURACY_M_MAX);
    if (y->status == JZ_OK && f->lat_e7 == 0 && f->lon_e7 == 0)
        jz_doc_fail(y, position, "0, 0 is no hospital; give the ambulance entrance");
    read_status(y, root, position);
}

static void read_partner(struct jz_doc *y, struct fy_node *root, struct fy_node *facility,
                         struct jz_facility *f) {
    if (!jz_doc_get(y, facility, "partner")) return;
    struct fy_node *partner = jz_doc_mapping(y, facility, "partner");
    jz_doc_only(y, partner, partner_keys);
    jz_doc_text(y, jz_doc_need(y, partner, "zh"), "partner zh", f->partner_zh, sizeof f->partner_zh);
    read_status(y, root, partner);
}

static void read_id(struct jz_doc *y, struct fy_node *facility, const struct jz_directory *out,
                    struct jz_facility *f) {
    struct fy_node *id = jz_doc_need(y, facility, "id");
    jz_doc_text(y, id, "id", f->id, sizeof f->id);
    plain_name(y, id, "id", f->id, '-');
    if (y->status == JZ_OK && jz_directory_facility(out, f->id, strlen(f->id)) != UINT32_MAX)
        jz_doc_fail(y, id, "id \"%s\" is used twice; every facility needs its own", f->id);
}

static void read_facility(struct jz_doc *y, struct fy_node *root, struct fy_node *facility,
                          struct jz_directory *out) {
    static const char *const facts[] = {"level", "address", "district"};
    struct jz_facility *f = &out->facility[out->facility_count];
    if (!fy_node_is_mapping(facility)) {
        jz_doc_fail(y, facility, "a facility must be a mapping that starts with \"id\"");
        return;
    }
    jz_doc_only(y, facility, facility_keys);
    read_id(y, facility, out, f);
    read_name(y, facility, f);
    read_position(y, root, facility, f);
    read_partner(y, root, facility, f);
    for (size_t i = 0; i < sizeof facts / sizeof *facts; i++) check_fact(y, root, facility, facts[i]);
    read_capabilities(y, root, facility, out, f);
    out->facility_count++;
}

static void read_facilities(struct jz_doc *y, struct fy_node *root, struct jz_directory *out) {
    struct fy_node *list = jz_doc_sequence(y, root, "facilities", 1, JZ_FACILITIES_MAX), *item;
    void *at = NULL;
    while (list && y->status == JZ_OK && (item = fy_node_sequence_iterate(list, &at)))
        read_facility(y, root, item, out);
}

static void read_keys(struct jz_doc *y, struct fy_node *root, struct jz_directory *out) {
    struct fy_node *list = jz_doc_sequence(y, root, "capabilities", 1, JZ_CAPABILITIES_MAX), *item;
    void *at = NULL;
    while (list && y->status == JZ_OK && (item = fy_node_sequence_iterate(list, &at))) {
        char *key = out->capability[out->capability_count];
        jz_doc_text(y, item, "a capability key", key, sizeof out->capability[0]);
        plain_name(y, item, "capability", key, '_');
        if (y->status == JZ_OK && jz_directory_capability_index(out, key) != UINT32_MAX)
            jz_doc_fail(y, item, "capability \"%s\" is listed twice", key);
        out->capability_count++;
    }
}

static void check_sources(struct jz_doc *y, struct fy_node *root) {
    if (!jz_doc_get(y, root, "sources")) return;
    struct fy_node *sources = jz_doc_mapping(y, root, "sources");
    if (sources && fy_node_mapping_item_count(sources) > (int)SOURCES_MAX)
        jz_doc_fail(y, sources, "more than %u sources", SOURCES_MAX);
}

enum jz_status jz_directory_parse(const char *name, const char *yaml, size_t bytes, bool simulation,
                                  struct jz_directory *out, struct jz_pack_error *error) {
    struct jz_doc y;
    memset(out, 0, sizeof *out);
    out->simulation = simulation;
    struct fy_node *root = jz_doc_open(&y, name, yaml, bytes, JZ_DIRECTORY_BYTES_MAX, error);
    jz_doc_only(&y, root, root_keys);
    if (root)
        jz_doc_uint(&y, jz_doc_need(&y, root, "version"), "version", DIRECTORY_VERSION, DIRECTORY_VERSION);
    check_sources(&y, root);
    read_keys(&y, root, out);
    read_facilities(&y, root, out);
    jz_doc_close(&y);
    if (y.status != JZ_OK) memset(out, 0, sizeof *out);
    return y.status;
}
