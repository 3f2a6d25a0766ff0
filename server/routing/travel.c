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

/* Percent of free flow by local hour. No measurements: planning figures for an ambulance, which loses less than the cars
 * it passes. From Monday to Friday rush hours at both ends of the working day; at the week's end none. */
static const uint8_t weekday_pct[24] = {100, 100, 100, 100, 100, 100, 105, 130, 140, 120, 115, 115,
                                        115, 115, 115, 115, 120, 140, 140, 125, 110, 105, 100, 100};
static const uint8_t weekend_pct[24] = {100, 100, 100, 100, 100, 100, 100, 100, 105, 110, 115, 115,
                                        115, 115, 115, 115, 115, 120, 120, 115, 110, 105, 100, 100};
#define HOUR_MS 3600000
#define LOCAL_AHEAD_H 8 /* UTC+8 */
#define THURSDAY 4      /* 1970-01-01; Sunday is 0 */

static int64_t local_hour(int64_t at_ms) {
    return at_ms / HOUR_MS + LOCAL_AHEAD_H;
}

uint32_t jz_travel_percent(int64_t at_ms) {
    if (at_ms <= 0) return 100;
    int64_t hour = local_hour(at_ms), day = (hour / 24 + THURSDAY) % 7;
    return day == 0 || day == 6 ? weekend_pct[hour % 24] : weekday_pct[hour % 24];
}

/* Rounded up, at least 1: 0 means "not known". Longer than a day is no answer, and none is given. What the time of day adds
 * is believed by half. */
static void answer(struct jz_travel *out, uint32_t facility, uint32_t pct, uint64_t ms,
                   uint64_t uncertainty_ms) {
    uint64_t slow_ms = ms * pct / 100u;
    uint64_t s = (slow_ms + 999u) / 1000u, u = (uncertainty_ms + (slow_ms - ms) / 2u + 999u) / 1000u;
    if (s > JZ_TRAVEL_S_MAX) return;
    out->seconds[facility] = s ? (uint32_t)s : 1u;
    out->uncertainty_s[facility] = u < JZ_TRAVEL_S_MAX ? (uint32_t)u : JZ_TRAVEL_S_MAX;
}

/* One third: nine in ten of the graph's own journeys are no slower than that. */
static void by_distance(const struct jz_roads *roads, struct jz_place from, uint32_t pct, uint32_t f,
                        struct jz_travel *out) {
    uint64_t ms =
        jz_leg_ms(jz_geo_distance_m(from, roads->facility[f]), JZ_MODEL_SINUOSITY_PCT, JZ_MODEL_KMH);
    answer(out, f, pct, ms, ms / 3u + access_ms(roads->accuracy_m[f]));
}

/* One fifth for free-flow planning speeds; the errors of both nodes and of the hospital's position as if they
 * had to be driven at access speed. */
static void by_road(const struct jz_roads *roads, struct jz_place from, uint32_t pct, uint32_t node,
                    uint64_t leg_ms, uint32_t f, struct jz_travel *out) {
    uint64_t ms = leg_ms + roads->ms[(size_t)node * roads->facility_count + f];
    uint32_t straight_m = jz_geo_distance_m(from, roads->facility[f]);
    if (straight_m <= JZ_DIRECT_M_MAX && access_ms(straight_m) < ms) ms = access_ms(straight_m);
    answer(out, f, pct, ms, ms / 5u + access_ms(2u * JZ_NODE_ERROR_M + roads->accuracy_m[f]));
}

/* The hour is named where it counts: a name of 28 bytes at most has room for it. */
static void name_provider(struct jz_travel *out, const char *name, uint32_t pct, int64_t at_ms) {
    size_t most = sizeof out->provider - 1u - (pct > 100u ? 3u : 0u);
    size_t bytes = strnlen(name, most);
    memcpy(out->provider, name, bytes);
    if (pct <= 100u) return;
    uint32_t hour = (uint32_t)(local_hour(at_ms) % 24);
    out->provider[bytes] = '@';
    out->provider[bytes + 1u] = (char)('0' + hour / 10u);
    out->provider[bytes + 2u] = (char)('0' + hour % 10u);
}

void jz_roads_travel(const struct jz_roads *roads, int32_t lat_e7, int32_t lon_e7, int64_t at_ms,
                     struct jz_travel *out) {
    assert(roads && out);
    memset(out, 0, sizeof *out);
    bool on_earth =
        lat_e7 >= -LAT_E7_MAX && lat_e7 <= LAT_E7_MAX && lon_e7 >= -LON_E7_MAX && lon_e7 <= LON_E7_MAX;
    if (!on_earth) {
        name_provider(out, "none", 100, at_ms);
        return;
    }
    struct jz_place from = {lat_e7, lon_e7};
    uint32_t distance_m, off = 0, pct = jz_travel_percent(at_ms);
    uint32_t node = jz_roads_nearest(roads, from, &distance_m);
    bool near_graph = node != UINT32_MAX && distance_m <= JZ_SNAP_M_MAX;
    for (uint32_t f = 0; f < roads->facility_count; f++) {
        bool road = near_graph && !roads->off_graph[f];
        if (road)
            by_road(roads, from, pct, node, access_ms(distance_m), f, out);
        else
            by_distance(roads, from, pct, f, out);
        off += !road;
    }
    bool all_off = !near_graph || off == roads->facility_count;
    name_provider(out,
                  all_off ? "great-circle"
                  : off   ? "road-graph+great-circle"
                          : roads->provider,
                  pct, at_ms);
}
