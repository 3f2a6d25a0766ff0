/* SPDX-License-Identifier: Apache-2.0 */
/** @file travel_service.h  Travel times from the operator's routing service, and from the road graph when it is silent.
 *
 *  A ranking waits for its answer, so the wait is short: after JZ_TRAVEL_WAIT_MS the embedded provider answers, and for
 *  JZ_TRAVEL_REST_MS nobody asks a service that failed. The answer names who gave it. Loop thread only. */
#ifndef JZ_TRAVEL_SERVICE_H
#define JZ_TRAVEL_SERVICE_H
#include <stdbool.h>

#include "jingzhu/frame.h"
#include "travel.h"
#include "web_client.h"

#define JZ_TRAVEL_WAIT_MS 800u
#define JZ_TRAVEL_REST_MS 15000
#define JZ_TRAVEL_CACHE_MS 60000 /**< traffic changes slower than this, and an ambulance moves a kilometre */
#define JZ_TRAVEL_CACHE_E7 10000 /**< places within about 100 m share an answer */
#define JZ_TRAVEL_CACHE_MAX 32u

struct jz_travel_service;

typedef void (*jz_travel_answered)(void *context, struct jz_encounter_id encounter,
                                   const struct jz_travel *travel);
/** Told when the service starts to fail and when it answers again: for the log. @param why "" when it answers */
typedef void (*jz_travel_changed)(void *context, bool up, const char *why);

struct jz_travel_service_config {
    const char *url; /**< "" : no service, the embedded provider alone; else kept for the service's life */
    const char *ca_file; /**< see jz_web_client_open */
    jz_travel_answered answered;
    jz_travel_changed changed;
    void *context;
};

/** @param loop  Borrowed. @return NULL: out of memory. */
struct jz_travel_service *jz_travel_service_open(struct ev_loop *loop,
                                                 const struct jz_travel_service_config *config);
void jz_travel_service_close(struct jz_travel_service *service);
/** Sets directory and road graph (borrowed until the next call); what is under way for the old ones is dropped, and its
 *  encounters must be asked for again. */
void jz_travel_service_use(struct jz_travel_service *service, const struct jz_directory *directory,
                           const struct jz_roads *roads);
/** Asks for one encounter; a second question before the first is answered is that question.
 *  @param now_ms  a clock that does not jump
 *  @param utc_ms  departure, for the time of day; 0: not known
 *  @return true: answered at once, in `out`; false: `answered` will be told, exactly once */
bool jz_travel_service_ask(struct jz_travel_service *service, struct jz_encounter_id encounter,
                           int32_t lat_e7, int32_t lon_e7, int64_t now_ms, int64_t utc_ms,
                           struct jz_travel *out);

#endif /* JZ_TRAVEL_SERVICE_H */
