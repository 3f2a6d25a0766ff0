/* SPDX-License-Identifier: Apache-2.0 */
/** @file travel.h  How long from here to each hospital. The embedded provider: a road graph, no network.
 *
 *  The answer names its provider and its uncertainty, and is journaled as an event: replay never asks again.
 *  The model's numbers and where they come from are in docs/routing.md.
 */
#ifndef JZ_TRAVEL_H
#define JZ_TRAVEL_H
#include "directory.h"

#define JZ_TRAVEL_NONE 0u      /**< seconds: no answer for this facility */
#define JZ_TRAVEL_S_MAX 86400u /**< a longer journey is no answer */

#define JZ_ROADS_BYTES_MAX 4194304u /**< of the JSON text */
#define JZ_ROADS_NODES_MAX 4096u
#define JZ_ROADS_EDGES_MAX 16384u
#define JZ_ROADS_EDGE_M_MAX 200000u /**< one edge */
#define JZ_ROADS_KMH_MAX 130u

struct jz_travel {
    char provider[32]; /**< "road-graph-schematic", "great-circle@08"; see jz_roads_travel */
    uint32_t seconds[JZ_FACILITIES_MAX]; /**< by facility index; JZ_TRAVEL_NONE: unknown; else 1..86400 */
    uint32_t uncertainty_s[JZ_FACILITIES_MAX];
};

struct jz_roads; /**< the graph with the time from every node to every facility, worked out once at load */

/** Reads the graph and works out all times. Load time only; allocates. The result belongs to this directory:
 *  load anew when another one is activated.
 *  @param json  The schematic road graph (nodes, edges). NULL: no graph, distance model only.
 *  @param directory  Borrowed for the call; positions are copied.
 *  @param[out] roads  Free with jz_roads_free. NULL on failure.
 *  @param[out] error  Written on failure: file, line, column, cure.
 *  @retval JZ_E_CONFIG  Not a usable graph: bad field, unknown node, a part that no road reaches.
 *  @retval JZ_E_MEMORY  No memory for it. */
JZ_MUST_CHECK enum jz_status jz_roads_load(const char *name, const char *json, size_t bytes,
                                           const struct jz_directory *directory, struct jz_roads **roads,
                                           struct jz_pack_error *error);
void jz_roads_free(struct jz_roads *roads); /**< NULL is allowed */
/** What a journey takes at a time of day, in percent of free flow; local time is UTC+8. 100 where the time is not known.
 *  @param at_ms  since 1970; 0 or less: not known */
uint32_t jz_travel_percent(int64_t at_ms);
/** From a WGS-84 position (1e-7 degree). Pure, integers only, any thread.
 *  Falls back to a great-circle model farther than 15 km from the graph, and says so: provider is the graph's
 *  own name; that name's place is taken by "great-circle" where the model answered for all, and by
 *  "road-graph+great-circle" where it answered for hospitals that lie off the graph; "none" for a position that
 *  is not on Earth. Where the time of day lengthens the journeys the local hour follows: "great-circle@08".
 *  @param at_ms    departure, since 1970; 0 or less: not known, free flow
 *  @param[out] out  Fully written. */
void jz_roads_travel(const struct jz_roads *roads, int32_t lat_e7, int32_t lon_e7, int64_t at_ms,
                     struct jz_travel *out);

#endif /* JZ_TRAVEL_H */
