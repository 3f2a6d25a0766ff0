/* SPDX-License-Identifier: Apache-2.0 */
#include "travel_service.h"

#include <assert.h>
#include <ev.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "osrm.h"

struct pending {
    bool used;
    struct jz_encounter_id encounter;
    int32_t lat_e7, lon_e7;
    int64_t at_ms; /* departure, UTC */
    uint64_t token;
};

struct remembered {
    int64_t at_ms; /* 0: nothing */
    int32_t lat, lon;
    struct jz_travel travel;
};

struct jz_travel_service {
    struct jz_travel_service_config config;
    struct jz_web_client *web; /* NULL: no service */
    const struct jz_directory *directory;
    const struct jz_roads *roads;
    int64_t now_ms, rest_until_ms;
    bool failing;
    uint64_t next_token;
    uint32_t next_remembered;
    struct pending pending[JZ_WEB_IN_FLIGHT_MAX];
    struct remembered remembered[JZ_TRAVEL_CACHE_MAX];
};

/* --- what was answered before ------------------------------------------------------------------------------- */

static int32_t square(int32_t e7) {
    return e7 / JZ_TRAVEL_CACHE_E7;
}

static const struct jz_travel *recall(const struct jz_travel_service *s, int32_t lat_e7, int32_t lon_e7) {
    for (uint32_t i = 0; i < JZ_TRAVEL_CACHE_MAX; i++) {
        const struct remembered *r = &s->remembered[i];
        if (r->at_ms && s->now_ms - r->at_ms < JZ_TRAVEL_CACHE_MS && r->lat == square(lat_e7) &&
            r->lon == square(lon_e7))
            return &r->travel;
    }
    return NULL;
}

static void remember(struct jz_travel_service *s, const struct pending *p, const struct jz_travel *travel) {
    struct remembered *r = &s->remembered[s->next_remembered++ % JZ_TRAVEL_CACHE_MAX];
    *r = (struct remembered){
        .at_ms = s->now_ms, .lat = square(p->lat_e7), .lon = square(p->lon_e7), .travel = *travel};
}

/* --- answers ------------------------------------------------------------------------------------------------ */

/* Hospitals the service has no way to are answered by the road graph, and the provider says so. */
static void fill_in(const struct jz_travel_service *s, const struct pending *p, struct jz_travel *travel) {
    struct jz_travel embedded;
    bool filled = false;
    jz_roads_travel(s->roads, p->lat_e7, p->lon_e7, p->at_ms, &embedded);
    for (uint32_t f = 0; f < s->directory->facility_count; f++) {
        if (travel->seconds[f] != JZ_TRAVEL_NONE || embedded.seconds[f] == JZ_TRAVEL_NONE) continue;
        travel->seconds[f] = embedded.seconds[f];
        travel->uncertainty_s[f] = embedded.uncertainty_s[f];
        filled = true;
    }
    if (filled) snprintf(travel->provider, sizeof travel->provider, "osrm+%.26s", embedded.provider);
}

static void fails(struct jz_travel_service *s, const char *why) {
    s->rest_until_ms = s->now_ms + JZ_TRAVEL_REST_MS;
    if (!s->failing) s->config.changed(s->config.context, false, why);
    s->failing = true;
}

static void works(struct jz_travel_service *s) {
    if (s->failing) s->config.changed(s->config.context, true, "");
    s->failing = false;
}

static const char *read_answer(const struct jz_travel_service *s, const struct jz_web_answer *answer,
                               struct jz_travel *travel) {
    const char *why = answer->why;
    if (answer->status != JZ_OK) return why;
    if (answer->http != 200) return "the service did not answer with 200";
    return jz_osrm_answer(answer->body, answer->body_bytes, s->directory, travel, &why) == JZ_OK ? NULL : why;
}

static void answered(void *context, const struct jz_web_answer *answer) {
    struct jz_travel_service *s = context;
    struct pending *p = NULL;
    for (uint32_t i = 0; i < JZ_WEB_IN_FLIGHT_MAX && !p; i++)
        if (s->pending[i].used && s->pending[i].token == answer->token) p = &s->pending[i];
    if (!p) return; /* asked for a directory that is no longer in force */
    struct jz_travel travel = {0};
    const char *why = read_answer(s, answer, &travel);
    if (why) {
        fails(s, why);
        jz_roads_travel(s->roads, p->lat_e7, p->lon_e7, p->at_ms, &travel);
    } else {
        works(s);
        fill_in(s, p, &travel);
        remember(s, p, &travel);
    }
    struct jz_encounter_id encounter = p->encounter;
    p->used = false;
    s->config.answered(s->config.context, encounter, &travel);
}

/* --- public ------------------------------------------------------------------------------------------------- */

struct jz_travel_service *jz_travel_service_open(struct ev_loop *loop,
                                                 const struct jz_travel_service_config *config) {
    assert(config->answered && config->changed);
    struct jz_travel_service *s = calloc(1, sizeof *s);
    if (!s) return NULL;
    s->config = *config;
    s->next_token = 1;
    if (!config->url[0]) return s;
    s->web = jz_web_client_open(loop, config->ca_file, answered, s);
    if (s->web) return s;
    free(s);
    return NULL;
}

void jz_travel_service_close(struct jz_travel_service *service) {
    if (!service) return;
    jz_web_client_close(service->web);
    free(service);
}

void jz_travel_service_use(struct jz_travel_service *service, const struct jz_directory *directory,
                           const struct jz_roads *roads) {
    service->directory = directory;
    service->roads = roads;
    memset(service->pending, 0, sizeof service->pending);
    memset(service->remembered, 0, sizeof service->remembered);
}

static bool is_pending(const struct jz_travel_service *s, struct jz_encounter_id encounter) {
    for (uint32_t i = 0; i < JZ_WEB_IN_FLIGHT_MAX; i++)
        if (s->pending[i].used && memcmp(&s->pending[i].encounter, &encounter, sizeof encounter) == 0)
            return true;
    return false;
}

/* @return false: it cannot be asked now, the embedded provider must do */
static bool ask_service(struct jz_travel_service *s, struct pending asked) {
    char url[JZ_WEB_URL_BYTES_MAX + 1];
    struct pending *p = NULL;
    for (uint32_t i = 0; i < JZ_WEB_IN_FLIGHT_MAX && !p; i++)
        if (!s->pending[i].used) p = &s->pending[i];
    if (!p || !jz_osrm_question(s->config.url, asked.lat_e7, asked.lon_e7, s->directory, url, sizeof url))
        return false;
    asked.used = true;
    asked.token = s->next_token++;
    struct jz_web_request request = {.url = url, .timeout_ms = JZ_TRAVEL_WAIT_MS, .token = asked.token};
    if (jz_web_client_send(s->web, &request) != JZ_OK) return false;
    *p = asked;
    return true;
}

bool jz_travel_service_ask(struct jz_travel_service *service, struct jz_encounter_id encounter,
                           int32_t lat_e7, int32_t lon_e7, int64_t now_ms, int64_t utc_ms,
                           struct jz_travel *out) {
    assert(service->directory && service->roads);
    service->now_ms = now_ms;
    if (service->web) {
        const struct jz_travel *known = recall(service, lat_e7, lon_e7);
        struct pending asked = {.encounter = encounter, .lat_e7 = lat_e7, .lon_e7 = lon_e7, .at_ms = utc_ms};
        if (known) {
            *out = *known;
            return true;
        }
        if (is_pending(service, encounter)) return false;
        if (now_ms >= service->rest_until_ms && ask_service(service, asked)) return false;
    }
    jz_roads_travel(service->roads, lat_e7, lon_e7, utc_ms, out);
    return true;
}
