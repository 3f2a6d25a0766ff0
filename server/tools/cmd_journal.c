/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "ledger.h"
#include "tool_journal.h"

#define TEXT_BYTES (256u * 1024u)

static int complain(const char *what, const struct jz_pack_error *error, enum jz_status status) {
    fprintf(stderr, "jingzhu %s: %s: %s (%s)\n", what, error->file,
            error->text[0] ? error->text : jz_status_text(status), jz_status_name(status));
    return status == JZ_E_FILE ? 70 : 1;
}

static enum jz_status open_ledger(const char *dir, bool ignore_snapshots, struct jz_ledger **ledger,
                                  struct jz_pack_error *error) {
    char url[512];
    snprintf(url, sizeof url, "sqlite:%s/journal.db", dir);
    struct jz_ledger_config config = {.journal_url = url, .ignore_snapshots = ignore_snapshots};
    return jz_ledger_open(ledger, &config, error);
}

static enum jz_status hash_of(const char *dir, bool ignore_snapshots, uint8_t hash[32], uint64_t *records,
                              struct jz_pack_error *error) {
    struct jz_ledger *ledger;
    enum jz_status status = open_ledger(dir, ignore_snapshots, &ledger, error);
    if (status != JZ_OK) return status;
    jz_ledger_state_hash(ledger, hash);
    *records = jz_ledger_offset(ledger);
    jz_ledger_close(ledger);
    return JZ_OK;
}

int jz_cmd_journal_verify(int argc, char **argv) {
    struct jz_pack_error error;
    uint8_t whole[32], short_cut[32];
    uint64_t records = 0;
    if (argc != 1) return fprintf(stderr, "usage: jingzhu journal verify DIR\n"), 64;
    if (!jz_tool_journal_is_there("journal verify", argv[0])) return 70;
    enum jz_status status = hash_of(argv[0], true, whole, &records, &error);
    if (status == JZ_OK) status = hash_of(argv[0], false, short_cut, &records, &error);
    if (status != JZ_OK) return complain("journal verify", &error, status);
    if (memcmp(whole, short_cut, sizeof whole) != 0) {
        fprintf(stderr,
                "jingzhu journal verify: the snapshot leads to another state than the whole journal\n");
        return 1;
    }
    printf("{\"records\":%llu,\"state\":\"", (unsigned long long)records);
    for (int i = 0; i < 32; i++) printf("%02x", whole[i]);
    printf("\"}\n");
    return 0;
}

struct listing {
    uint64_t left;
    bool raw;
};

static bool print_record(void *context, uint64_t offset, const uint8_t key[16], const uint8_t *body,
                         uint32_t bytes) {
    static char text[TEXT_BYTES];
    struct listing *listing = context;
    size_t written;
    printf("%llu ", (unsigned long long)offset);
    for (int i = 0; i < 16; i++) printf("%02x", key[i]);
    if (listing->raw) {
        putchar(' ');
        for (uint32_t i = 0; i < bytes; i++) printf("%02x", body[i]);
        putchar('\n');
    } else if (jz_diagnostic(body, bytes, text, sizeof text, &written) == JZ_OK) {
        printf(" %s\n", text);
    } else {
        printf(" (%u bytes)\n", bytes);
    }
    return --listing->left > 0;
}

int jz_cmd_journal_list(int argc, char **argv) {
    struct jz_journal *journal;
    struct jz_pack_error error = {.line = 0};
    struct listing listing = {.left = UINT64_MAX};
    uint64_t number[2] = {0, UINT64_MAX};
    int numbers = 0;
    for (int i = 1; i < argc && numbers < 2; i++) {
        if (strcmp(argv[i], "--raw") == 0)
            listing.raw = true;
        else
            number[numbers++] = strtoull(argv[i], NULL, 10);
    }
    if (argc < 1 || argc > 4) {
        fprintf(stderr, "usage: jingzhu journal list DIR [--raw] [FROM [MAX]]\n");
        return 64;
    }
    snprintf(error.file, sizeof error.file, "%s", argv[0]);
    listing.left = number[1] ? number[1] : 1;
    if (jz_tool_journal_open(&journal, "journal list", argv[0]) != JZ_OK) return 70;
    enum jz_status status = jz_journal_read(journal, 0, number[0], number[1], print_record, &listing, NULL);
    jz_journal_close(journal);
    return status == JZ_OK ? 0 : complain("journal list", &error, status);
}
