/* SPDX-License-Identifier: Apache-2.0 */
/* From a position to every facility: a leg to the nearest node, then the table the loader worked out. */
#include "travel.h"

#include <assert.h>
#include <string.h>

#include "roads.h"

#define LAT_E7_MAX 900000000
#define LON_E7_MAX 1800000000

uint64_t jz_leg_ms(uint32_t distance_m, uint32_t sinuosity_pct, uint32_t kmh) {
    return (uint64_t)distance_m * sinuosity_pct * 36u / kmh; /* m * pct / 100 * 3600 / kmh = ms */
}

uint32_t jz_roads_nearest(const struct jz_roads *roads, struct jz_place place, uint32_t *distance_m) {
    uint32_t best = UINT32_MAX;
    *distance_m = UINT32_MAX;
    for (uint32_t n = 0; n < roads->node_count; n++) {
        uint32_t d = jz_geo_distance_m(place, roads->node[n]);
        if (d >= *distance_m) continue;
        *distance_m = d;
        best = n;
    }
    return best;
}

static uint64_t access_ms(uint32_t distance_m) {
    return jz_leg_ms(distance_m, JZ_ACCESS_SINUOSITY_PCT, JZ_ACCESS_KMH);
}

/* Rounded up, at least 1: 0 means "not known". Longer than a day is no answer, and none is given. */
static void answer(struct jz_travel *out, uint32_t facility, uint64_t ms, uint64_t uncertainty_ms) {
    uint64_t s = (ms + 999u) / 1000u, u = (uncertainty_ms + 999u) / 1000u;
    if (s > JZ_TRAVEL_S_MAX) return;
    out->seconds[facility] = s ? (uint32_t)s : 1u;
    out->uncertainty_s[facility] = u < JZ_TRAVEL_S_MAX ? (uint32_t)u : JZ_TRAVEL_S_MAX;
}

/* One third: nine in ten of the graph's own journeys are no slower than that. */
static void by_distance(const struct jz_roads *roads, struct jz_place from, uint32_t f,
                        struct jz_travel *out) {
    uint64_t ms =
        jz_leg_ms(jz_geo_distance_m(from, roads->facility[f]), JZ_MODEL_SINUOSITY_PCT, JZ_MODEL_KMH);
    answer(out, f, ms, ms / 3u + access_ms(roads->accuracy_m[f]));
}

/* One fifth for free-flow planning speeds; the errors of both nodes and of the hospital's position as if they
 * had to be driven at access speed. */
static void by_road(const struct jz_roads *roads, struct jz_place from, uint32_t node, uint64_t leg_ms,
                    uint32_t f, struct jz_travel *out) {
    uint64_t ms = leg_ms + roads->ms[(size_t)node * roads->facility_count + f];
    uint32_t straight_m = jz_geo_distance_m(from, roads->facility[f]);
    if (straight_m <= JZ_DIRECT_M_MAX && access_ms(straight_m) < ms) ms = access_ms(straight_m);
    answer(out, f, ms, ms / 5u + access_ms(2u * JZ_NODE_ERROR_M + roads->accuracy_m[f]));
}

static void name_provider(struct jz_travel *out, const char *name) {
    size_t bytes = strnlen(name, sizeof out->provider - 1u);
    memcpy(out->provider, name, bytes);
}

void jz_roads_travel(const struct jz_roads *roads, int32_t lat_e7, int32_t lon_e7, struct jz_travel *out) {
    assert(roads && out);
    memset(out, 0, sizeof *out);
    bool on_earth =
        lat_e7 >= -LAT_E7_MAX && lat_e7 <= LAT_E7_MAX && lon_e7 >= -LON_E7_MAX && lon_e7 <= LON_E7_MAX;
    if (!on_earth) {
        name_provider(out, "none");
        return;
    }
    struct jz_place from = {lat_e7, lon_e7};
    uint32_t distance_m, off = 0;
    uint32_t node = jz_roads_nearest(roads, from, &distance_m);
    bool near_graph = node != UINT32_MAX && distance_m <= JZ_SNAP_M_MAX;
    for (uint32_t f = 0; f < roads->facility_count; f++) {
        bool road = near_graph && !roads->off_graph[f];
        if (road)
            by_road(roads, from, node, access_ms(distance_m), f, out);
        else
            by_distance(roads, from, f, out);
        off += !road;
    }
    bool all_off = !near_graph || off == roads->facility_count;
    name_provider(out, all_off ? "great-circle" : off ? "road-graph+great-circle" : roads->provider);
}
