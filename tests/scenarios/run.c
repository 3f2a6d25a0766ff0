/* SPDX-License-Identifier: Apache-2.0 */
/* scenarios FILE...            plays scenario files: exit 0, all is as expected; 1, something is not; 2, wrong use
 * scenarios --refused FILE...  files that must not pass: their line "wants: ..." is in what is said of them
 * scenarios --verbs            everything that a scenario can say, as README.md has it
 * scenarios --check README.md  whether it has it */
#include <stdlib.h>
#include <string.h>

#include "verbs.h"
#include "world.h"

static void row(FILE *to, const char *about, const char *says, const char *help) {
    fprintf(to, "| `%s%s", about, about[0] ? " " : "");
    for (const char *at = says; *at; at++) fprintf(to, *at == '|' ? "\\|" : "%c", *at);
    fprintf(to, "` | %s |\n", help);
}

static void verb_table(FILE *to, const char *title, const struct verb *v) {
    fprintf(to, "\n### %s\n\n| say | meaning |\n|---|---|\n", title);
    for (; v->pattern; v++) row(to, "", v->pattern, v->help);
}

static void tables(FILE *to) {
    static const struct hope *const hopes[] = {rule_hopes,  alert_hopes, case_hopes,
                                               route_hopes, care_hopes,  region_hopes};
    verb_table(to, "An ambulance or clinic", device_verbs);
    verb_table(to, "A hospital", hospital_verbs);
    verb_table(to, "Whoever may", action_verbs);
    verb_table(to, "What happens around them", world_verbs);
    fprintf(to, "\n### What can be expected\n\n| say | meaning |\n|---|---|\n");
    for (size_t i = 0; i < sizeof hopes / sizeof hopes[0]; i++)
        for (const struct hope *h = hopes[i]; h->says; h++) row(to, h->about, h->says, h->help);
}

/* The tables of the README are those of the program. */
static int check(const char *path) {
    struct jz_payload readme;
    struct jz_pack_error error;
    char *wanted = NULL;
    size_t bytes;
    FILE *to = open_memstream(&wanted, &bytes);
    if (!to || jz_file_read(path, &readme, &error) != JZ_OK) return 1;
    tables(to);
    fclose(to);
    char *text = calloc(1, readme.bytes + 1);
    if (!text) return 1;
    memcpy(text, readme.data, readme.bytes);
    bool same = strstr(text, wanted) != NULL;
    if (!same) fprintf(stderr, "%s: its tables are not those of `scenarios --verbs`; put those in\n", path);
    free(text);
    free(wanted);
    free(readme.data);
    return same ? 0 : 1;
}

static bool play(const struct world_files *files, const char *path) {
    char *said = NULL;
    size_t bytes;
    FILE *to = open_memstream(&said, &bytes);
    if (!to) return false;
    bool good = scenario_play(files, path, to);
    fclose(to);
    fprintf(good ? stdout : stderr, "%s", said);
    free(said);
    return good;
}

static bool wants(const char *path, char *out, size_t capacity) {
    struct jz_payload file;
    struct jz_pack_error error;
    if (jz_file_read(path, &file, &error) != JZ_OK) return false;
    const char *at = memmem(file.data, file.bytes, "\nwants: ", 8);
    if (at) snprintf(out, capacity, "%.*s", (int)strcspn(at + 8, "\n"), at + 8);
    free(file.data);
    return at != NULL;
}

static bool is_refused(const struct world_files *files, const char *path) {
    char wanted[256];
    char *said = NULL;
    size_t bytes;
    FILE *to = open_memstream(&said, &bytes);
    if (!to || !wants(path, wanted, sizeof wanted)) return false;
    bool good = scenario_play(files, path, to);
    fclose(to);
    bool refused = !good && strstr(said, wanted) != NULL;
    if (!refused)
        fprintf(stderr, "%s: wanted \"%s\", and it says:\n%s\n", path, wanted,
                good ? "all is as expected" : said);
    free(said);
    return refused;
}

int main(int count, char **words) {
    struct world_files files;
    const char *option = count > 1 && strncmp(words[1], "--", 2) == 0 ? words[1] : "";
    if (strcmp(option, "--verbs") == 0) {
        tables(stdout);
        return 0;
    }
    if (count == 3 && strcmp(option, "--check") == 0) return check(words[2]);
    bool refused = strcmp(option, "--refused") == 0, good = true;
    if (count < 2 + refused || (option[0] && !refused)) {
        fprintf(stderr, "scenarios FILE... | --refused FILE... | --verbs | --check README.md\n");
        return 2;
    }
    if (!world_files_open(&files, JZ_SOURCE_DIR)) return 1;
    for (int i = 1 + refused; i < count; i++)
        good = (refused ? is_refused(&files, words[i]) : play(&files, words[i])) && good;
    world_files_close(&files);
    return good ? 0 : 1;
}
