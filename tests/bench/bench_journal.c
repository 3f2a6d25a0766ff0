/* SPDX-License-Identifier: Apache-2.0 */
/* Storage: the journal beside a bare append and fdatasync of the same bytes on the same disk, in turns.
 *
 *   bench_journal FOLDER [REPEATS]     one JSON line; FOLDER must exist and is left with two files in it
 *
 * Both write the same batches of records; what the journal adds is its order, its duplicate check, its hash
 * chain and a database that can be read. */
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "histogram.h"
#include "journal.h"
#include "measure.h"

#define RECORDS 100u /* a commit */
#define RECORD_BYTES 200u
#define COMMITS 400u /* a repeat */
#define REPEATS_MAX 25u
#define DEADLINE_MS 10000u

struct side {
    const char *name;
    double rows_per_s[REPEATS_MAX], cpu_us[REPEATS_MAX];
    struct histogram commit_ns;
    int (*commit)(void *context);
    void *context;
};

struct raw {
    int fd;
    uint8_t bytes[RECORDS * RECORD_BYTES];
};
struct log {
    struct jz_journal *journal;
    struct jz_lease lease;
    uint64_t next;
    int done; /* 1: stored, -1: not */
    uint8_t body[RECORDS][RECORD_BYTES];
    struct jz_record record[RECORDS];
};

static int commit_raw(void *context) {
    struct raw *raw = context;
    return write(raw->fd, raw->bytes, sizeof raw->bytes) == (ssize_t)sizeof raw->bytes &&
           fdatasync(raw->fd) == 0;
}

static void on_done(void *context, const struct jz_appended *results, size_t count) {
    struct log *log = context;
    log->done = 1;
    for (size_t i = 0; i < count; i++)
        if (results[i].status != JZ_OK || results[i].duplicate) log->done = -1;
}

/* One source whose sequence rises: the last eight bytes of the key, big endian. */
static void number_records(struct log *log) {
    for (uint32_t i = 0; i < RECORDS; i++, log->next++)
        for (uint32_t b = 0; b < 8; b++) log->record[i].key[8 + b] = (uint8_t)(log->next >> (56 - 8 * b));
}

static int commit_journal(void *context) {
    struct log *log = context;
    log->done = 0;
    number_records(log);
    if (jz_journal_append(log->journal, &log->lease, log->record, RECORDS, DEADLINE_MS, on_done, log) !=
        JZ_OK)
        return 0;
    while (log->done == 0) {
        struct pollfd fd = {.fd = jz_journal_fd(log->journal), .events = POLLIN};
        if (poll(&fd, 1, (int)DEADLINE_MS) <= 0) return 0;
        jz_journal_service(log->journal);
    }
    return log->done == 1;
}

static int run(struct side *side, uint32_t repeat) {
    int64_t cpu = measure_cpu_ns(0), start = measure_now_ns(), last = start;
    for (uint32_t i = 0; i < COMMITS; i++) {
        if (!side->commit(side->context)) return 0;
        int64_t now = measure_now_ns();
        histogram_add(&side->commit_ns, (uint64_t)(now - last));
        last = now;
    }
    double rows = (double)COMMITS * RECORDS;
    side->rows_per_s[repeat] = rows * 1e9 / (double)(last - start);
    side->cpu_us[repeat] = (double)(measure_cpu_ns(0) - cpu) / 1e3 / rows;
    return 1;
}

static int open_raw(struct raw *raw, const char *folder) {
    char path[512];
    snprintf(path, sizeof path, "%s/raw", folder);
    for (size_t i = 0; i < sizeof raw->bytes; i++) raw->bytes[i] = (uint8_t)(i * 31);
    raw->fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0600);
    return raw->fd >= 0;
}

static int open_log(struct log *log, const char *folder) {
    char url[512];
    snprintf(url, sizeof url, "sqlite:%s/journal.db", folder);
    memset(log->body, 0xa5, sizeof log->body);
    log->next = 1;
    for (uint32_t i = 0; i < RECORDS; i++)
        log->record[i] = (struct jz_record){.key = {1}, .body = log->body[i], .bytes = RECORD_BYTES};
    if (jz_journal_open(&log->journal, url, NULL) != JZ_OK) return 0;
    return jz_journal_lease(log->journal, 0, 3600000, &log->lease) == JZ_OK;
}

static void report_side(struct side *side, uint32_t repeats) {
    double low = side->rows_per_s[0], high = low;
    for (uint32_t i = 1; i < repeats; i++) {
        if (side->rows_per_s[i] < low) low = side->rows_per_s[i];
        if (side->rows_per_s[i] > high) high = side->rows_per_s[i];
    }
    printf("\"%s\":{\"rows_per_s\":%.0f,\"least\":%.0f,\"most\":%.0f,\"cpu_us\":%.3f,\"p50_us\":%.1f,\"p99_"
           "us\":%.1f},",
           side->name, measure_median(side->rows_per_s, repeats), low, high,
           measure_median(side->cpu_us, repeats), (double)histogram_percentile(&side->commit_ns, 0.5) / 1e3,
           (double)histogram_percentile(&side->commit_ns, 0.99) / 1e3);
}

static int measure(struct side side[2], uint32_t repeats) {
    double ratio[REPEATS_MAX];
    for (uint32_t i = 0; i < repeats; i++) {
        if (!run(&side[0], i) || !run(&side[1], i)) return 0;
        ratio[i] = side[1].rows_per_s[i] / side[0].rows_per_s[i];
    }
    printf("{\"bench\":\"journal\",\"records\":%u,\"record_bytes\":%u,\"repeats\":%u,", RECORDS, RECORD_BYTES,
           repeats);
    report_side(&side[0], repeats);
    report_side(&side[1], repeats);
    printf("\"ratio\":%.3f}\n", measure_median(ratio, repeats));
    return 1;
}

int main(int argc, char **argv) {
    static struct raw raw = {.fd = -1};
    static struct log log;
    static struct side side[2] = {{.name = "raw", .commit = commit_raw, .context = &raw},
                                  {.name = "journal", .commit = commit_journal, .context = &log}};
    unsigned long repeats = argc > 2 ? strtoul(argv[2], NULL, 10) : 5;
    if (argc < 2 || repeats < 1 || repeats > REPEATS_MAX) {
        fprintf(stderr, "usage: bench_journal FOLDER [REPEATS]   (1 to %u)\n", REPEATS_MAX);
        return 64;
    }
    int good = open_raw(&raw, argv[1]) && open_log(&log, argv[1]) && measure(side, (uint32_t)repeats);
    if (!good) fprintf(stderr, "bench_journal: %s cannot be written to, or a commit failed\n", argv[1]);
    jz_journal_close(log.journal);
    if (raw.fd >= 0) close(raw.fd);
    return good ? 0 : 70;
}
