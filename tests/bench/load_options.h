/* SPDX-License-Identifier: Apache-2.0 */
/** @file load_options.h  What the load generator is told on its command line. */
#ifndef JZ_BENCH_LOAD_OPTIONS_H
#define JZ_BENCH_LOAD_OPTIONS_H
#include <stdbool.h>
#include <stdint.h>

#define LOAD_WINDOW_MAX 200u

struct load_options {
    const char *ca, *ca_key;   /**< authority of the server's and of the devices' certificates, PEM */
    const char *server, *name; /**< labels for the report */
    uint32_t round;            /**< which repeat this is, for the report: ratios are taken within a round */
    uint32_t port, pid;        /**< of the server */
    uint32_t connections;
    uint32_t window; /**< closed loop: unacknowledged messages a device */
    uint32_t rate;   /**< open loop: messages a second, all devices together; 0: closed loop */
    uint32_t warm_ms, measure_ms;
};

/** `--name value` pairs. @return false: said on stderr what is wrong. */
bool load_options_parse(int argc, char **argv, struct load_options *options);

#endif /* JZ_BENCH_LOAD_OPTIONS_H */
