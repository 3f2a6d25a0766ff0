/* SPDX-License-Identifier: Apache-2.0 */
/* jingzhud: the dispatch server. Start, run the loop, stop. */
#include <ev.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "dispatch.h"
#include "event_log.h"

static void on_stop(struct ev_loop *loop, struct ev_signal *signal, int events) {
    (void)signal;
    (void)events;
    ev_break(loop, EVBREAK_ALL);
}

static void on_hangup(struct ev_loop *loop, struct ev_signal *signal, int events) {
    (void)loop;
    (void)events;
    jz_dispatch_reload(signal->data);
}

static int complain(const struct jz_pack_error *error, enum jz_status status) {
    fprintf(stderr, "jingzhud: %s", error->file);
    if (error->line) fprintf(stderr, ":%d", error->line);
    if (error->column) fprintf(stderr, ":%d", error->column);
    fprintf(stderr, ": %s (%s)\n", error->text[0] ? error->text : jz_status_text(status),
            jz_status_name(status));
    return status == JZ_E_CONFIG || status == JZ_E_FILE || status == JZ_E_PACK ? 78 : 70;
}

static void say_ready(const struct jz_dispatch *dispatch, const struct jz_config *config) {
    uint8_t hash[32];
    uint64_t records = jz_dispatch_replayed(dispatch, hash);
    printf("{\"event\":\"ready\",\"device_port\":%d,\"console_port\":%d,\"simulation\":%s,\"records\":%llu,"
           "\"state\":\"",
           jz_dispatch_port(dispatch, JZ_SIDE_DEVICE), jz_dispatch_port(dispatch, JZ_SIDE_CONSOLE),
           config->simulation ? "true" : "false", (unsigned long long)records);
    for (int i = 0; i < 32; i++) printf("%02x", hash[i]);
    printf("\"}\n");
    fflush(stdout);
}

static int serve(const struct jz_config *config) {
    struct jz_pack_error error = {.file = "event loop"};
    struct jz_dispatch *dispatch;
    struct ev_loop *loop = ev_loop_new(EVFLAG_AUTO);
    struct ev_signal term, interrupt, hangup;
    signal(SIGPIPE, SIG_IGN);
    enum jz_status status = loop ? jz_dispatch_open(&dispatch, config, loop, NULL, &error) : JZ_E_MEMORY;
    if (status != JZ_OK) {
        if (loop) ev_loop_destroy(loop);
        return complain(&error, status);
    }
    ev_signal_init(&term, on_stop, SIGTERM);
    ev_signal_init(&interrupt, on_stop, SIGINT);
    ev_signal_init(&hangup, on_hangup, SIGHUP);
    hangup.data = dispatch;
    ev_signal_start(loop, &term);
    ev_signal_start(loop, &interrupt);
    ev_signal_start(loop, &hangup);
    say_ready(dispatch, config);
    jz_log(JZ_LOG_STARTED, NULL);
    if (config->simulation) jz_log(JZ_LOG_SIMULATION, NULL);
    ev_run(loop, 0);
    jz_log(JZ_LOG_STOPPED, NULL);
    ev_signal_stop(loop, &term);
    ev_signal_stop(loop, &interrupt);
    ev_signal_stop(loop, &hangup);
    jz_dispatch_close(dispatch);
    ev_loop_destroy(loop);
    return 0;
}

int main(int argc, char **argv) {
    struct jz_config config;
    struct jz_pack_error error;
    if (argc == 2 && strcmp(argv[1], "--print-config") == 0) {
        jz_config_print();
        return 0;
    }
    if (argc != 3 || strcmp(argv[1], "--config") != 0) {
        fprintf(stderr, "usage: jingzhud --config FILE\n       jingzhud --print-config   (every setting, "
                        "with its default)\n");
        return 64;
    }
    enum jz_status status = jz_config_load(argv[2], &config, &error);
    return status == JZ_OK ? serve(&config) : complain(&error, status);
}
