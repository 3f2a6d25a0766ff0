/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include <ctype.h>
#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "webhook.h"

#define LINE_BYTES 512u

enum setting_type { TEXT, NUMBER, YES_NO };

struct setting {
    const char *key, *preset, *meaning;
    enum setting_type type;
    size_t offset;
    long min, max;
};

#define TEXT_SETTING(name, preset, meaning)                                                                  \
    { #name, preset, meaning, TEXT, offsetof(struct jz_config, name), 0, 0 }
#define NUMBER_SETTING(name, preset, min, max, meaning)                                                      \
    { #name, preset, meaning, NUMBER, offsetof(struct jz_config, name), min, max }
#define YES_NO_SETTING(name, preset, meaning)                                                                \
    { #name, preset, meaning, YES_NO, offsetof(struct jz_config, name), 0, 1 }

static const struct setting settings[] = {
    TEXT_SETTING(data_dir, "/var/lib/jingzhu", "where the journal lives; a local file system"),
    TEXT_SETTING(listen, "0.0.0.0", "address to listen on"),
    NUMBER_SETTING(device_port, "8443", 0, 65535, "port for devices (mutual TLS); 0: any free one"),
    NUMBER_SETTING(console_port, "8444", 0, 65535, "port for consoles (HTTPS); 0: any free one"),
    TEXT_SETTING(tls_cert, "/etc/jingzhu/server.pem", "the server's certificate chain, PEM"),
    TEXT_SETTING(tls_key, "/etc/jingzhu/server.key", "its private key, PEM"),
    TEXT_SETTING(device_ca, "/etc/jingzhu/device-ca.pem", "authority that signs device certificates, PEM"),
    TEXT_SETTING(users, "/etc/jingzhu/users", "people, one a line; see `jingzhu user add`"),
    TEXT_SETTING(revoked, "", "serials of revoked device certificates, one a line, hexadecimal; empty: none"),
    TEXT_SETTING(directory, "/usr/share/jingzhu/guiyang-directory.yaml", "hospitals and what each can do"),
    TEXT_SETTING(roads, "/usr/share/jingzhu/guiyang-roads.json", "road graph; empty: distance model only"),
    TEXT_SETTING(travel_url, "",
                 "OSRM-compatible table service that is asked for travel times, http:// or https://; empty: "
                 "the road graph alone"),
    TEXT_SETTING(travel_ca, "", "authority of that service's certificate, PEM; empty: those of the system"),
    TEXT_SETTING(webhook_url, "",
                 "the city's SMS or WeCom gateway, told what a board cannot be told; https://, or http:// to "
                 "this machine; empty: none; see docs/webhook.md"),
    TEXT_SETTING(webhook_ca, "", "authority of that gateway's certificate, PEM; empty: those of the system"),
    TEXT_SETTING(webhook_secret, "",
                 "file with the key that signs notices, for its owner's eyes only; needed with webhook_url"),
    TEXT_SETTING(packs, "/usr/share/jingzhu/packs", "folder of rule packs"),
    TEXT_SETTING(packs_shadow, "",
                 "a second folder of rule packs that only looks on: differences go to the log; empty: none"),
    TEXT_SETTING(operator, "",
                 "person on record for packs activated at start and by SIGHUP, at most 31 bytes; empty: the "
                 "system's name of who runs the server"),
    TEXT_SETTING(console_dir, "/usr/share/jingzhu/console", "the built web console"),
    YES_NO_SETTING(
        simulation, "no",
        "yes: unconfirmed capabilities count as assumed, and every screen behind the log-in says so"),
    NUMBER_SETTING(encounters_max, "4096", 1, 1000000, "encounters held in memory"),
    NUMBER_SETTING(peers_max, "20000", 1, 1000000, "devices and console pages whose progress is remembered"),
    NUMBER_SETTING(connections_max, "12000", 1, 100000, "connections at once"),
    NUMBER_SETTING(device_rate, "20", 1, 1000000,
                   "messages a second a device may send; above, reading slows down"),
    NUMBER_SETTING(device_burst, "100", 1, 1000000, "messages a device may send at once"),
    NUMBER_SETTING(snapshot_every, "100000", 0, 100000000, "records between snapshots; 0: only at stop"),
    NUMBER_SETTING(commit_spacing_us, "1000", 0, 1000000,
                   "least time between commits under load, microseconds"),
};
#define SETTING_COUNT (sizeof settings / sizeof settings[0])

static enum jz_status refuse(struct jz_pack_error *error, const char *file, int line, const char *format,
                             const char *what) {
    memset(error, 0, sizeof *error);
    snprintf(error->file, sizeof error->file, "%s", file);
    error->line = line;
    snprintf(error->text, sizeof error->text, format, what);
    return JZ_E_CONFIG;
}

static bool set_number(int *to, const char *value, long min, long max) {
    char *end;
    errno = 0;
    long number = strtol(value, &end, 10);
    if (errno || *value == 0 || *end || number < min || number > max) return false;
    *to = (int)number;
    return true;
}

static bool set_yes_no(int *to, const char *value) {
    *to = strcmp(value, "yes") == 0;
    return *to || strcmp(value, "no") == 0;
}

static bool set(struct jz_config *config, const struct setting *s, const char *value) {
    char *to = (char *)config + s->offset;
    switch (s->type) {
    case TEXT: return snprintf(to, JZ_CONFIG_TEXT, "%s", value) < (int)JZ_CONFIG_TEXT;
    case NUMBER: return set_number((int *)(void *)to, value, s->min, s->max);
    case YES_NO: return set_yes_no((int *)(void *)to, value);
    }
    return false;
}

static char *trim(char *text) {
    while (isspace((unsigned char)*text)) text++;
    char *end = text + strlen(text);
    while (end > text && isspace((unsigned char)end[-1])) *--end = 0;
    return text;
}

static const struct setting *find(const char *key) {
    for (size_t i = 0; i < SETTING_COUNT; i++)
        if (strcmp(settings[i].key, key) == 0) return &settings[i];
    return NULL;
}

static enum jz_status refuse_value(struct jz_pack_error *error, const char *file, int number,
                                   const struct setting *s, const char *value) {
    char text[LINE_BYTES + 64];
    switch (s->type) {
    case TEXT: return refuse(error, file, number, "'%s' is too long", value);
    case YES_NO: return refuse(error, file, number, "'%s' is neither yes nor no", value);
    case NUMBER: break;
    }
    snprintf(text, sizeof text, "'%.80s' is not a number from %ld to %ld", value, s->min, s->max);
    return refuse(error, file, number, "%s", text);
}

/* What a file has said so far: the line of each setting, 0 for none. */
struct reading {
    const char *file;
    int line[SETTING_COUNT];
};

static enum jz_status read_line(struct jz_config *config, struct reading *reading, int number, char *line,
                                struct jz_pack_error *error) {
    char *text = trim(line), *equals = strchr(text, '='), twice[96];
    if (*text == 0 || *text == '#') return JZ_OK;
    if (!equals) return refuse(error, reading->file, number, "'%s' is not `key = value`", text);
    *equals = 0;
    const char *key = trim(text), *value = trim(equals + 1);
    const struct setting *s = find(key);
    if (!s)
        return refuse(error, reading->file, number,
                      "no setting is called '%s'; `jingzhud --print-config` lists them", key);
    int *seen = &reading->line[s - settings];
    if (*seen) {
        snprintf(twice, sizeof twice, "'%s' is set in line %d already; keep one of the two", key, *seen);
        return refuse(error, reading->file, number, "%s", twice);
    }
    *seen = number;
    return set(config, s, value) ? JZ_OK : refuse_value(error, reading->file, number, s, value);
}

static enum jz_status check_ports(const struct jz_config *config, const struct reading *reading,
                                  struct jz_pack_error *error) {
    if (config->device_port == 0 || config->device_port != config->console_port) return JZ_OK;
    int device = reading->line[find("device_port") - settings],
        console = reading->line[find("console_port") - settings];
    return refuse(error, reading->file, device > console ? device : console, "%s",
                  "device_port and console_port are the same; each needs its own (0: any free one)");
}

static enum jz_status check_travel(const struct jz_config *config, const struct reading *reading,
                                   struct jz_pack_error *error) {
    const char *url = config->travel_url;
    if (!url[0] || strncmp(url, "http://", 7) == 0 || strncmp(url, "https://", 8) == 0) return JZ_OK;
    return refuse(error, reading->file, reading->line[find("travel_url") - settings],
                  "'%s' is no address of a routing service; it begins with http:// or https://", url);
}

static enum jz_status check_webhook(const struct jz_config *config, const struct reading *reading,
                                    struct jz_pack_error *error) {
    if (!config->webhook_url[0]) return JZ_OK;
    int line = reading->line[find("webhook_url") - settings];
    const char *why = jz_webhook_url_refused(config->webhook_url);
    if (why) return refuse(error, reading->file, line, "webhook_url: %s", why);
    if (config->webhook_secret[0]) return JZ_OK;
    return refuse(error, reading->file, line, "%s",
                  "webhook_url needs webhook_secret; make one with `openssl rand -hex 32`");
}

enum jz_status jz_config_load(const char *file, struct jz_config *config, struct jz_pack_error *error) {
    char line[LINE_BYTES];
    enum jz_status status = JZ_OK;
    struct reading reading = {.file = file};
    memset(config, 0, sizeof *config);
    for (size_t i = 0; i < SETTING_COUNT; i++)
        if (!set(config, &settings[i], settings[i].preset))
            return refuse(error, file, 0, "preset of %s", settings[i].key);
    FILE *in = fopen(file, "r");
    if (!in) {
        refuse(error, file, 0, "%s", strerror(errno));
        return JZ_E_FILE;
    }
    for (int number = 1; status == JZ_OK && fgets(line, sizeof line, in); number++) {
        if (!strchr(line, '\n') && !feof(in))
            status = refuse(error, file, number, "%s", "the line is too long");
        else
            status = read_line(config, &reading, number, line, error);
    }
    fclose(in);
    if (status == JZ_OK) status = check_ports(config, &reading, error);
    if (status == JZ_OK) status = check_travel(config, &reading, error);
    return status == JZ_OK ? check_webhook(config, &reading, error) : status;
}

void jz_config_print(void) {
    for (size_t i = 0; i < SETTING_COUNT; i++)
        printf("# %s\n%s = %s\n\n", settings[i].meaning, settings[i].key, settings[i].preset);
}
