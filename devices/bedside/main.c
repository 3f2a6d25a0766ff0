/* SPDX-License-Identifier: Apache-2.0 */
/* jingzhu-bedside: plays a story file as a patient. Events go to stdout as JSON lines, words to stderr.
 * Exit 0: played and all acknowledged (or, lingering, asked to stop). 1: a fault. 2: wrong call or story. */
#include <getopt.h>
#include <libwebsockets.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

#include "own.h"
#include "player.h"
#include "report.h"
#include "story_word.h"

enum { HOST_MAX = 256, BATCH_FRAMES_MAX = 64, IDLE_MS = 200, FULL_DISK_WAIT_MS = 1000, EXIT_USAGE = 2 };

struct options {
    char host[HOST_MAX];
    uint16_t port;
    const char *ca, *cert, *key, *outbox, *story, *packs;
    uint32_t speed, backoff_permille;
    int64_t start_ms; /* -1: default */
    bool start_now, linger;
};

struct bedside {
    struct options options;
    struct jz_story story;
    struct jz_plan plan;
    struct jz_player player;
    struct jz_device *device;
    struct jz_own *own;
    uint32_t own_cursor; /* emissions that `own` knows: a commit that failed is played again */
};

static volatile sig_atomic_t stop_asked;
static void on_signal(int number) {
    (void)number;
    stop_asked = 1;
}

static int64_t clock_ms(clockid_t which) {
    struct timespec now;
    clock_gettime(which, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* --- the call ------------------------------------------------------------------------------------------------- */

static const char usage[] =
    "jingzhu-bedside --server wss://HOST:PORT --ca FILE --cert FILE --key FILE --outbox FILE --story FILE\n"
    "                [--speed 1..3600] [--start now|MS] [--linger] [--backoff-permille 1..1000]\n"
    "                [--packs FOLDER]   what the device says of an ECG it measured, by these rule packs\n";

/* "wss://host:port", also with /device behind it. */
static bool parse_server(const char *text, struct options *out) {
    if (strncmp(text, "wss://", 6) != 0) return false;
    const char *host = text + 6, *colon = strrchr(host, ':');
    if (!colon || colon == host || (size_t)(colon - host) >= sizeof out->host) return false;
    char port_text[8] = {0};
    size_t digits = strcspn(colon + 1, "/");
    uint32_t port;
    if (digits >= sizeof port_text || (colon[1 + digits] && strcmp(colon + 1 + digits, "/device") != 0))
        return false;
    memcpy(port_text, colon + 1, digits);
    if (!jz_story_count(port_text, 1, 65535, &port)) return false;
    memcpy(out->host, host, (size_t)(colon - host));
    out->port = (uint16_t)port;
    return true;
}

static bool parse_start(const char *text, struct options *out) {
    out->start_now = strcmp(text, "now") == 0;
    if (out->start_now) return true;
    char *end;
    out->start_ms = strtoll(text, &end, 10);
    return end != text && *end == 0 && out->start_ms >= 0 && out->start_ms <= 4102444800000;
}

static bool parse_option(int option, struct options *out) {
    const char **const texts[] = {['a'] = &out->ca,     ['c'] = &out->cert,  ['k'] = &out->key,
                                  ['o'] = &out->outbox, ['t'] = &out->story, ['p'] = &out->packs};
    if (option == 'l') out->linger = true;
    if (option == 'l') return true;
    if (option == 's') return parse_server(optarg, out);
    if (option == 'n') return jz_story_count(optarg, 1, JZ_PLAYER_SPEED_MAX, &out->speed);
    if (option == 'b') return jz_story_count(optarg, 1, 1000, &out->backoff_permille);
    if (option == 'm') return parse_start(optarg, out);
    if (option < 0 || (size_t)option >= sizeof texts / sizeof texts[0] || !texts[option]) return false;
    *texts[option] = optarg;
    return true;
}

static bool parse_options(int count, char **words, struct options *out) {
    static const struct option table[] = {{"server", 1, NULL, 's'}, {"ca", 1, NULL, 'a'},
                                          {"cert", 1, NULL, 'c'},   {"key", 1, NULL, 'k'},
                                          {"outbox", 1, NULL, 'o'}, {"story", 1, NULL, 't'},
                                          {"speed", 1, NULL, 'n'},  {"start", 1, NULL, 'm'},
                                          {"linger", 0, NULL, 'l'}, {"backoff-permille", 1, NULL, 'b'},
                                          {"packs", 1, NULL, 'p'},  {NULL, 0, NULL, 0}};
    *out = (struct options){.speed = 1, .backoff_permille = 1000, .start_ms = -1};
    for (int option; (option = getopt_long(count, words, "", table, NULL)) != -1;)
        if (!parse_option(option, out)) return false;
    return optind == count && out->port && out->ca && out->cert && out->key && out->outbox && out->story;
}

/* --- starting ------------------------------------------------------------------------------------------------- */

static bool is_acceptance(enum jz_alert_state state) {
    return state == JZ_ALERT_ACCEPTED || state == JZ_ALERT_PREPARING || state == JZ_ALERT_ARRIVED ||
           state == JZ_ALERT_HANDED_OVER;
}

static void on_notice(void *context, const struct jz_notice *notice) {
    struct bedside *bedside = context;
    jz_report_notice(stdout, notice);
    if (notice->kind != JZ_NOTICE_DIRECTIVE) return;
    bool own =
        memcmp(&notice->frame->encounter, &bedside->player.encounter, sizeof(struct jz_encounter_id)) == 0;
    if (own && is_acceptance(notice->frame->directive.alert_state)) bedside->player.accepted = true;
}

static enum jz_status open_device(struct bedside *bedside) {
    const struct options *options = &bedside->options;
    struct jz_device_config config = {.host = options->host,
                                      .port = options->port,
                                      .ca_path = options->ca,
                                      .cert_path = options->cert,
                                      .key_path = options->key,
                                      .outbox_path = options->outbox,
                                      .software = "jingzhu-bedside 0.1.0",
                                      .backoff_permille = options->backoff_permille,
                                      .notify = on_notice,
                                      .context = bedside};
    enum jz_status status = jz_device_open(&config, &bedside->device);
    if (status != JZ_OK)
        fprintf(stderr, "jingzhu-bedside: cannot start (outbox %s, certificate %s): %s\n", options->outbox,
                options->cert, jz_status_text(status));
    return status;
}

static enum jz_status begin(struct bedside *bedside) {
    const struct options *options = &bedside->options;
    uint8_t note[JZ_DEVICE_NOTE_BYTES_MAX], random[16];
    int64_t mono = clock_ms(CLOCK_MONOTONIC), utc = clock_ms(CLOCK_REALTIME);
    if (getrandom(random, sizeof random, 0) != (ssize_t)sizeof random) return JZ_E_CONFIG;
    jz_player_begin(&bedside->player, &bedside->story, &bedside->plan, options->speed, options->start_ms,
                    random, mono, utc);
    if (options->start_now) bedside->player.start_ms = utc;
    uint32_t bytes = jz_device_note(bedside->device, note);
    if (bytes == 0) return JZ_OK;
    enum jz_status status = jz_player_resume(&bedside->player, note, bytes, mono);
    if (status != JZ_OK)
        fprintf(stderr, "jingzhu-bedside: %s belongs to another story; give this one its own outbox\n",
                options->outbox);
    return status;
}

/* --- playing -------------------------------------------------------------------------------------------------- */

/* The crew read their ECG at once: it is measured here as it is at the server. */
static void look(struct bedside *bedside, const struct jz_frame *frame) {
    if (bedside->player.cursor < bedside->own_cursor) return;
    bedside->own_cursor = bedside->player.cursor + 1u;
    jz_own_frame(bedside->own, frame);
    bool ecg =
        frame->kind == JZ_FRAME_WAVEFORM && frame->waveform.wave == JZ_WAVE_ECG && frame->waveform.snapshot;
    if (ecg && jz_player_ends_item(&bedside->player)) jz_own_report(bedside->own, stdout);
}

/* All that is due goes into the outbox, with the cursor, in one commit. */
static enum jz_status put_due(struct bedside *bedside, int64_t mono, int64_t utc, uint32_t *count) {
    struct jz_frame frame;
    for (*count = 0; *count < BATCH_FRAMES_MAX; (*count)++) {
        uint64_t pending = jz_device_pending(bedside->device) + *count;
        enum jz_status status = jz_player_next(&bedside->player, mono, utc, pending, &frame);
        if (status == JZ_E_EMPTY) return JZ_OK;
        if (status == JZ_OK) status = jz_device_put(bedside->device, &frame);
        /* A patient does not wait, and bulk has only its share of the outbox: the trace gets a gap, the rest goes on. */
        if (status == JZ_E_STORE_FULL && frame.lane == JZ_LANE_BULK) {
            fprintf(stderr, "jingzhu-bedside: no room for a waveform segment, left out\n");
            status = JZ_OK;
        }
        if (status != JZ_OK) return status;
        look(bedside, &frame);
        jz_player_done(&bedside->player);
    }
    return JZ_OK;
}

static enum jz_status play_due(struct bedside *bedside) {
    uint8_t note[JZ_PLAYER_NOTE_BYTES];
    uint32_t cursor = bedside->player.cursor, count = 0;
    enum jz_status status = put_due(bedside, clock_ms(CLOCK_MONOTONIC), clock_ms(CLOCK_REALTIME), &count);
    if (status == JZ_OK && count == 0 && bedside->player.cursor == cursor) return JZ_OK;
    jz_player_note(&bedside->player, note);
    if (status == JZ_OK) status = jz_device_commit(bedside->device, note, sizeof note);
    if (status == JZ_OK) return JZ_OK;
    jz_device_abort(bedside->device);
    bedside->player.cursor = cursor;
    return status;
}

static bool is_over(const struct bedside *bedside) {
    if (!jz_player_finished(&bedside->player) || jz_device_pending(bedside->device) > 0) return false;
    return !bedside->options.linger || jz_player_closed(&bedside->player);
}

static enum jz_status play(struct bedside *bedside) {
    int64_t not_before = 0;
    while (!stop_asked && !is_over(bedside)) {
        int64_t mono = clock_ms(CLOCK_MONOTONIC);
        enum jz_status status = mono < not_before ? JZ_OK : play_due(bedside);
        if (status == JZ_E_STORE_FULL) {
            fprintf(stderr, "jingzhu-bedside: %s\n", jz_status_text(status));
            not_before = mono + FULL_DISK_WAIT_MS;
        } else if (status != JZ_OK) {
            fprintf(stderr, "jingzhu-bedside: %s %s\n", jz_status_text(status), bedside->story.error);
            return status;
        }
        uint32_t wait = jz_player_wait_ms(&bedside->player, clock_ms(CLOCK_MONOTONIC), IDLE_MS);
        status = jz_device_service(bedside->device, wait);
        if (status != JZ_OK) return status;
    }
    return JZ_OK;
}

static int run(struct bedside *bedside) {
    if (open_device(bedside) != JZ_OK) return EXIT_FAILURE;
    if (begin(bedside) != JZ_OK) return EXIT_USAGE;
    enum jz_status status = play(bedside);
    if (status != JZ_OK) {
        fprintf(stderr, "jingzhu-bedside: stopped: %s\n", jz_status_text(status));
        return EXIT_FAILURE;
    }
    bool over = is_over(bedside);
    if (over)
        jz_report_done(stdout, jz_player_frames(&bedside->player), jz_device_quarantined(bedside->device),
                       bedside->player.encounter);
    bool finished = jz_player_finished(&bedside->player) && jz_device_pending(bedside->device) == 0;
    return finished ? EXIT_SUCCESS : EXIT_FAILURE;
}

int main(int count, char **words) {
    static struct bedside bedside;
    if (!parse_options(count, words, &bedside.options)) {
        fputs(usage, stderr);
        return EXIT_USAGE;
    }
    struct sigaction action = {.sa_handler = on_signal};
    sigaction(SIGTERM, &action, NULL);
    sigaction(SIGINT, &action, NULL);
    lws_set_log_level(LLL_ERR, NULL);
    if (jz_story_load(bedside.options.story, &bedside.story) != JZ_OK ||
        jz_plan_make(&bedside.story, &bedside.plan) != JZ_OK) {
        fprintf(stderr, "jingzhu-bedside: %s\n", bedside.story.error);
        return EXIT_USAGE;
    }
    struct jz_pack_error error;
    if (jz_own_open(bedside.options.packs, &bedside.own, &error) != JZ_OK) {
        fprintf(stderr, "jingzhu-bedside: %s:%d: %s\n", error.file, error.line, error.text);
        jz_own_close(bedside.own);
        return EXIT_USAGE;
    }
    int result = run(&bedside);
    jz_device_close(bedside.device);
    jz_own_close(bedside.own);
    return result;
}
