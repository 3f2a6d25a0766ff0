/* SPDX-License-Identifier: Apache-2.0 */
/** @file osrm.h  Question and answer of an OSRM-compatible `table` service: from one place to every hospital.
 *
 *  Source  OSRM HTTP API v1, service "table": durations in seconds, null where there is no way; sources and
 *          destinations with the distance in metres from the place asked to the road it was put on.
 *  Threads Any; nothing global. osrm_answer allocates while it parses and frees before it returns. */
#ifndef JZ_OSRM_H
#define JZ_OSRM_H
#include <stdbool.h>

#include "travel.h"

#define JZ_OSRM_SNAP_M_MAX                                                                                   \
    5000u /**< a place farther than this from every road of the service is no answer (PROJ) */

/** Writes "BASE/table/v1/driving/LON,LAT;...?sources=0&annotations=duration". @return false: does not fit. */
bool jz_osrm_question(const char *base, int32_t lat_e7, int32_t lon_e7, const struct jz_directory *directory,
                      char *url, size_t capacity);
/** Reads the answer for that directory. The way between a place and its road is added at access speed.
 *  @param[out] out  `provider` "osrm"; hospitals without an answer have JZ_TRAVEL_NONE. Zero on failure.
 *  @param[out] why  What is wrong with the answer, for the log. Static storage; "" on success.
 *  @retval JZ_E_FORMAT  not an answer to this question */
JZ_MUST_CHECK enum jz_status jz_osrm_answer(const char *json, size_t bytes,
                                            const struct jz_directory *directory, struct jz_travel *out,
                                            const char **why);

#endif /* JZ_OSRM_H */
