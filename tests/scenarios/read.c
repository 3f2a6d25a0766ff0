/* SPDX-License-Identifier: Apache-2.0 */
/* A scenario file: its head, then statements with their times. */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "verbs.h"
#include "world.h"

#define LINE_BYTES 1024u   /* of the file */
#define SAYING_BYTES 4096u /* of lines that are one: a comma at the end goes on in the next */
#define SHANGHAI_MS (8 * INT64_C(3600000))

/* The head of a file: "key: text" lines before the first "at". */
struct head {
    bool has_story, has_why;
    int64_t start_ms;
};

static bool head_story(struct scene *s, struct head *head, const char *text) {
    (void)s;
    head->has_story = text[0] != 0;
    return head->has_story;
}

static bool head_why(struct scene *s, struct head *head, const char *text) {
    (void)s;
    head->has_why = text[0] != 0;
    return head->has_why;
}

static bool head_day(struct scene *s, struct head *head, const char *text) {
    char date[16];
    int hour, minute, used = 0;
    int64_t days;
    (void)s;
    if (sscanf(text, "%15s %2d:%2d%n", date, &hour, &minute, &used) != 3 || text[used] ||
        !word_date(date, &days) || hour > 23 || minute > 59)
        return false;
    head->start_ms = days * 86400000 + (hour * 60 + minute) * INT64_C(60000) - SHANGHAI_MS;
    return true;
}

static bool head_directory(struct scene *s, struct head *head, const char *text) {
    (void)head;
    if (strcmp(text, "live") != 0 && strcmp(text, "simulation") != 0) return false;
    snprintf(s->payload, sizeof s->payload, "%s\n", text);
    return true;
}

static bool head_capability(struct scene *s, struct head *head, const char *text) {
    char facility[16], capability[32], word[16], extra[2];
    size_t used = strlen(s->payload);
    (void)head;
    if (sscanf(text, "%15s %31s %15s %1s", facility, capability, word, extra) != 3) return false;
    int n = snprintf(s->payload + used, sizeof s->payload - used, "%s%s %s %s\n", used ? "" : "simulation\n",
                     facility, capability, word);
    return n < (int)(sizeof s->payload - used);
}

static bool head_place(struct scene *s, struct head *head, const char *text) {
    struct scene_place *p = &s->place[s->place_count];
    double lat, lon;
    int used = 0;
    (void)head;
    if (s->place_count == SCENE_PLACES_MAX ||
        sscanf(text, "%31s %lf %lf%n", p->name, &lat, &lon, &used) != 3 || text[used] || lat < 0 ||
        lat > 90 || lon < 0 || lon > 180)
        return false;
    p->lat_e7 = (int32_t)(lat * 1e7 + 0.5);
    p->lon_e7 = (int32_t)(lon * 1e7 + 0.5);
    s->place_count++;
    return true;
}

static const struct {
    const char *key;
    bool (*take)(struct scene *s, struct head *head, const char *text);
    const char *allowed;
} heads[] = {
    {"story:", head_story, "the story's title"},
    {"why:", head_why, "the paragraphs of the specification that it shows"},
    {"day:", head_day, "when 0:00 is, in Guiyang: 2026-03-02 08:00"},
    {"directory:", head_directory, "simulation or live"},
    {"capability:", head_capability,
     "hospital, capability, and absent, confirmed, assumed or unknown: gy-2 pci_24h absent"},
    {"place:", head_place, "a name without blanks, degrees north, degrees east: Kaiyang 27.0613 106.9612"},
};

static void head_line(struct scene *s, struct head *head, const char *line) {
    for (size_t i = 0; i < sizeof heads / sizeof heads[0]; i++) {
        size_t n = strlen(heads[i].key);
        if (strncmp(line, heads[i].key, n) != 0) continue;
        const char *text = line + n + strspn(line + n, " ");
        if (!heads[i].take(s, head, text)) scene_error(s, "%s wanted %s", heads[i].key, heads[i].allowed);
        return;
    }
    scene_error(s, "before the first \"at TIME\" stand only: story: why: day: directory: capability: place:");
}

/* --- statements ----------------------------------------------------------------------------------------------------------- */

static void timed(struct scene *s, struct part *part) {
    int64_t ms;
    const char *text = part->at + 1 < part->end ? part->words->word[part->at + 1] : "";
    if (!word_time(text, &ms)) {
        scene_error(s, "\"%s\": wanted a time: 4:30 (minutes:seconds) or 1:04:30", text);
    } else if (s->start_ms + ms < s->now_ms) {
        scene_error(s, "%s lies before what was told already", text);
    } else {
        part->at += 2;
        scene_run_to(s, s->start_ms + ms);
    }
}

static void statement(struct scene *s, const char *line, bool *begun, const struct head *head) {
    struct words words;
    const char *wrong = words_split(line, &words);
    if (wrong) {
        scene_error(s, "%s", wrong);
        return;
    }
    struct part part = {&words, 0, words.count};
    if (!*begun) scene_begin(s, head->start_ms);
    *begun = true;
    if (strcmp(words.word[0], "at") == 0) timed(s, &part);
    if (s->broken || words_end(&part)) return;
    if (strcmp(words.word[part.at], "expect") == 0)
        expect_line(s, part);
    else
        act_line(s, part);
    if (!s->broken) scene_run_to(s, s->now_ms); /* what follows at once */
}

static const char *trimmed(char *line) {
    size_t n = strlen(line);
    while (n && (line[n - 1] == '\n' || line[n - 1] == '\r' || line[n - 1] == ' ')) line[--n] = 0;
    return line + strspn(line, " \t");
}

/* The next line that says something, with those that it goes on in. @return false: the end, or too long */
static bool next_saying(struct scene *s, FILE *file, char saying[SAYING_BYTES]) {
    char buffer[LINE_BYTES];
    size_t used = 0;
    saying[0] = 0;
    while (!s->broken && fgets(buffer, sizeof buffer, file)) {
        s->line++;
        const char *line = trimmed(buffer);
        size_t n = strlen(line);
        if (n == 0 || *line == '#') continue;
        if (strncmp(line, "wants: ", 7) == 0) break; /* for --refused */
        if (n + 2 > SAYING_BYTES - used || (!feof(file) && strlen(buffer) == sizeof buffer - 1)) {
            scene_error(s, "the line is too long");
            return false;
        }
        used += (size_t)snprintf(saying + used, SAYING_BYTES - used, "%s%s", used ? " " : "", line);
        if (saying[used - 1] != ',') return true;
    }
    return used > 0;
}

static void read_lines(struct scene *s, FILE *file) {
    char line[SAYING_BYTES];
    bool begun = false;
    int64_t days;
    struct head head = {0};
    if (!word_date("2026-03-01", &days)) abort();
    head.start_ms =
        days * 86400000 - 2 * INT64_C(3600000); /* six on a Sunday morning in Guiyang: the roads are free */
    while (next_saying(s, file, line) && !s->broken) {
        if (begun || strncmp(line, "at ", 3) == 0)
            statement(s, line, &begun, &head);
        else
            head_line(s, &head, line);
    }
    if (s->broken) return;
    if (!head.has_story || !head.has_why) scene_error(s, "the head needs story: and why:");
    if (!begun || s->expectations == 0) scene_error(s, "a scenario without \"expect\" shows nothing");
}

bool scenario_play(const struct world_files *files, const char *path, FILE *to) {
    static struct scene s;
    FILE *file = fopen(path, "r");
    if (!file || !scene_open(&s, files, path, to)) {
        fprintf(to, "%s: cannot be read\n", path);
        if (file) fclose(file);
        return false;
    }
    read_lines(&s, file);
    fclose(file);
    if (s.failures > SCENE_FAILURES_SHOWN)
        fprintf(to, "%s: %u expectations failed, %u are shown\n", path, s.failures, SCENE_FAILURES_SHOWN);
    bool good = !s.broken && s.failures == 0;
    if (!s.broken) good = scene_replays(&s) && good;
    if (good)
        fprintf(to, "%s: %u expectations, %zu events, replayed twice\n", path, s.expectations,
                s.record_count);
    scene_close(&s);
    return good;
}
