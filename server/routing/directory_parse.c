/* SPDX-License-Identifier: Apache-2.0 */
/* directory.yaml to struct jz_directory. Strict on purpose: an unknown key, word or source is refused with its
 * place, because a misspelt "confirmed" that passed in silence would be a hospital's claim that nobody made. */
#include <string.h>

#include "directory.h"
#include "jingzhu/yaml.h"

#define DIRECTORY_VERSION 1u
#define SOURCES_MAX 64u
#define ACCURACY_M_MAX 20000u

enum fact_status { FACT_CONFIRMED, FACT_SOURCE, FACT_UNVERIFIED };
enum fact_value { VALUE_YES, VALUE_NO, VALUE_UNKNOWN };
static const char *const status_words[] = {"confirmed", "source", "unverified", NULL};
static const char *const value_words[] = {"yes", "no", "unknown", NULL};

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
static void plain_name(struct jz_yaml *y, struct fy_node *at, const char *what, const char *text,
                       char joiner) {
    for (const char *c = text; *c; c++)
        if (!((*c >= 'a' && *c <= 'z') || (*c >= '0' && *c <= '9') || *c == joiner)) {
            jz_yaml_refuse(y, at, "%s \"%s\" may hold only a-z, 0-9 and '%c'", what, text, joiner);
            return;
        }
}

/* YYYY-MM-DD by shape; the calendar is the operator's. */
static void check_date(struct jz_yaml *y, struct fy_node *at) {
    static const char shape[] = "dddd-dd-dd";
    char text[16];
    jz_yaml_text(y, at, "on", text, sizeof text);
    bool good = strlen(text) == sizeof shape - 1u;
    for (size_t i = 0; good && shape[i]; i++)
        good = shape[i] == 'd' ? text[i] >= '0' && text[i] <= '9' : text[i] == shape[i];
    if (!good) jz_yaml_refuse(y, at, "on must be a date like 2026-11-20");
}

/* The status of a fact, with what that status owes: a source that exists, or who confirmed it and when. */
static enum fact_status read_status(struct jz_yaml *y, struct fy_node *root, struct fy_node *fact) {
    char ref[32], by[96];
    uint32_t status = jz_yaml_choice(y, jz_yaml_need(y, fact, "status"), "status", status_words);
    struct fy_node *named = jz_yaml_get(fact, "ref");
    if (!y->refused && status == FACT_SOURCE && !named)
        jz_yaml_refuse(y, fact, "status is source, but 'ref' is missing; name it under sources");
    if (named) {
        jz_yaml_text(y, named, "ref", ref, sizeof ref);
        if (!y->refused && !jz_yaml_get(jz_yaml_get(root, "sources"), ref))
            jz_yaml_refuse(y, named, "ref \"%s\" is not listed under sources", ref);
    }
    if (!y->refused && status == FACT_CONFIRMED) {
        jz_yaml_text(y, jz_yaml_need(y, fact, "by"), "by", by, sizeof by);
        check_date(y, jz_yaml_need(y, fact, "on"));
    }
    return (enum fact_status)status;
}

/* Facts that routing does not use are still checked, so that the file says of each whether to believe it. */
static void check_fact(struct jz_yaml *y, struct fy_node *root, struct fy_node *facility, const char *key) {
    if (!jz_yaml_get(facility, key)) return;
    struct fy_node *fact = jz_yaml_map(y, facility, key);
    char text[160];
    jz_yaml_only(y, fact, fact_keys);
    jz_yaml_text(y, jz_yaml_need(y, fact, "v"), key, text, sizeof text);
    read_status(y, root, fact);
}

/* Only an operator's confirmation counts in live mode; a public text ("source") does not. */
static enum jz_capability_state state_of(enum fact_value value, enum fact_status status, bool has_sim,
                                         bool sim, bool simulation) {
    if (status == FACT_CONFIRMED) return value == VALUE_YES ? JZ_CAPABILITY_CONFIRMED : JZ_CAPABILITY_ABSENT;
    if (!simulation || !has_sim) return JZ_CAPABILITY_UNKNOWN;
    return sim ? JZ_CAPABILITY_ASSUMED : JZ_CAPABILITY_ABSENT;
}

static uint8_t read_capability(struct jz_yaml *y, struct fy_node *root, struct fy_node *fact, const char *key,
                               bool simulation) {
    if (!y->refused && !jz_yaml_is_map(fact))
        jz_yaml_refuse(y, fact, "%s must be a map with v and status", key);
    jz_yaml_only(y, fact, capability_keys);
    uint32_t value = jz_yaml_choice(y, jz_yaml_need(y, fact, "v"), key, value_words);
    enum fact_status status = read_status(y, root, fact);
    struct fy_node *sim = jz_yaml_get(fact, "sim");
    bool assumed = sim && jz_yaml_bool(y, sim);
    if (!y->refused && status == FACT_CONFIRMED && value == VALUE_UNKNOWN)
        jz_yaml_refuse(y, fact, "%s cannot be both confirmed and unknown", key);
    return (uint8_t)state_of((enum fact_value)value, status, sim != NULL, assumed, simulation);
}

static void read_capabilities(struct jz_yaml *y, struct fy_node *root, struct fy_node *facility,
                              struct jz_directory *out, struct jz_facility *f) {
    struct fy_node *mapping = jz_yaml_map(y, facility, "capabilities");
    void *at = NULL;
    struct fy_node_pair *pair;
    memset(f->capability, JZ_CAPABILITY_UNKNOWN, sizeof f->capability);
    while (mapping && !y->refused && (pair = fy_node_mapping_iterate(mapping, &at))) {
        char key[sizeof out->capability[0]];
        jz_yaml_text(y, fy_node_pair_key(pair), "a capability key", key, sizeof key);
        uint32_t index = jz_directory_capability_index(out, key);
        if (!y->refused && index == UINT32_MAX)
            jz_yaml_refuse(y, fy_node_pair_key(pair), "\"%s\" is not in the list of capabilities", key);
        if (y->refused) return;
        f->capability[index] = read_capability(y, root, fy_node_pair_value(pair), key, out->simulation);
    }
}

static void read_name(struct jz_yaml *y, struct fy_node *facility, struct jz_facility *f) {
    struct fy_node *name = jz_yaml_map(y, facility, "name");
    jz_yaml_only(y, name, name_keys);
    jz_yaml_text(y, jz_yaml_need(y, name, "zh"), "name zh", f->name_zh, sizeof f->name_zh);
    jz_yaml_text(y, jz_yaml_need(y, name, "en"), "name en", f->name_en, sizeof f->name_en);
}

static void read_position(struct jz_yaml *y, struct fy_node *root, struct fy_node *facility,
                          struct jz_facility *f) {
    struct fy_node *position = jz_yaml_map(y, facility, "position");
    jz_yaml_only(y, position, position_keys);
    f->lat_e7 = jz_yaml_degrees(y, jz_yaml_need(y, position, "lat"), "lat", 90);
    f->lon_e7 = jz_yaml_degrees(y, jz_yaml_need(y, position, "lon"), "lon", 180);
    f->accuracy_m =
        (uint32_t)jz_yaml_number(y, jz_yaml_need(y, position, "acc_m"), "acc_m", 1, ACCURACY_M_MAX);
    if (!y->refused && f->lat_e7 == 0 && f->lon_e7 == 0)
        jz_yaml_refuse(y, position, "0, 0 is no hospital; give the ambulance entrance");
    read_status(y, root, position);
}

static void read_partner(struct jz_yaml *y, struct fy_node *root, struct fy_node *facility,
                         struct jz_facility *f) {
    if (!jz_yaml_get(facility, "partner")) return;
    struct fy_node *partner = jz_yaml_map(y, facility, "partner");
    jz_yaml_only(y, partner, partner_keys);
    jz_yaml_text(y, jz_yaml_need(y, partner, "zh"), "partner zh", f->partner_zh, sizeof f->partner_zh);
    read_status(y, root, partner);
}

static void read_id(struct jz_yaml *y, struct fy_node *facility, const struct jz_directory *out,
                    struct jz_facility *f) {
    struct fy_node *id = jz_yaml_need(y, facility, "id");
    jz_yaml_text(y, id, "id", f->id, sizeof f->id);
    plain_name(y, id, "id", f->id, '-');
    if (!y->refused && jz_directory_facility(out, f->id, strlen(f->id)) != UINT32_MAX)
        jz_yaml_refuse(y, id, "id \"%s\" is used twice; every facility needs its own", f->id);
}

/* What kind a hospital is says nothing of what it can do, but for one: a children's hospital takes no adult. */
static void read_kind(struct jz_yaml *y, struct fy_node *facility, struct jz_facility *f) {
    char kind[32] = "";
    struct fy_node *node = jz_yaml_get(facility, "kind");
    if (node) jz_yaml_text(y, node, "kind", kind, sizeof kind);
    f->children_only = strcmp(kind, "children") == 0;
}

static void read_facility(struct jz_yaml *y, struct fy_node *root, struct fy_node *facility,
                          struct jz_directory *out) {
    static const char *const facts[] = {"level", "address", "district"};
    struct jz_facility *f = &out->facility[out->facility_count];
    if (!jz_yaml_is_map(facility)) {
        jz_yaml_refuse(y, facility, "a facility must be a map that starts with \"id\"");
        return;
    }
    jz_yaml_only(y, facility, facility_keys);
    read_id(y, facility, out, f);
    read_name(y, facility, f);
    read_kind(y, facility, f);
    read_position(y, root, facility, f);
    read_partner(y, root, facility, f);
    for (size_t i = 0; i < sizeof facts / sizeof *facts; i++) check_fact(y, root, facility, facts[i]);
    read_capabilities(y, root, facility, out, f);
    out->facility_count++;
}

static void read_facilities(struct jz_yaml *y, struct fy_node *root, struct jz_directory *out) {
    struct fy_node *list = jz_yaml_list(y, root, "facilities", 1, JZ_FACILITIES_MAX), *item;
    void *at = NULL;
    while (list && !y->refused && (item = fy_node_sequence_iterate(list, &at)))
        read_facility(y, root, item, out);
}

static void read_keys(struct jz_yaml *y, struct fy_node *root, struct jz_directory *out) {
    struct fy_node *list = jz_yaml_list(y, root, "capabilities", 1, JZ_CAPABILITIES_MAX), *item;
    void *at = NULL;
    while (list && !y->refused && (item = fy_node_sequence_iterate(list, &at))) {
        char *key = out->capability[out->capability_count];
        jz_yaml_text(y, item, "a capability key", key, sizeof out->capability[0]);
        plain_name(y, item, "capability", key, '_');
        if (!y->refused && jz_directory_capability_index(out, key) != UINT32_MAX)
            jz_yaml_refuse(y, item, "capability \"%s\" is listed twice", key);
        out->capability_count++;
    }
}

static void check_sources(struct jz_yaml *y, struct fy_node *root) {
    if (!jz_yaml_get(root, "sources")) return;
    struct fy_node *sources = jz_yaml_map(y, root, "sources");
    if (sources && fy_node_mapping_item_count(sources) > (int)SOURCES_MAX)
        jz_yaml_refuse(y, sources, "more than %u sources", SOURCES_MAX);
}

enum jz_status jz_directory_parse(const char *name, const char *yaml, size_t bytes, bool simulation,
                                  struct jz_directory *out, struct jz_pack_error *error) {
    struct jz_yaml y;
    memset(out, 0, sizeof *out);
    out->simulation = simulation;
    struct jz_pack_source source = {name, yaml, bytes};
    struct fy_node *root = jz_yaml_open(&y, &source, JZ_DIRECTORY_BYTES_MAX, error);
    jz_yaml_only(&y, root, root_keys);
    (void)jz_yaml_number(&y, jz_yaml_need(&y, root, "version"), "version", DIRECTORY_VERSION,
                         DIRECTORY_VERSION);
    check_sources(&y, root);
    read_keys(&y, root, out);
    read_facilities(&y, root, out);
    jz_yaml_close(&y);
    if (y.refused) memset(out, 0, sizeof *out);
    return y.status;
}
