/* SPDX-License-Identifier: Apache-2.0 */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "command.h"
#include "users.h"

struct options {
    const char *file, *name, *role, *facility;
    bool replace;
};

static bool parse(int argc, char **argv, struct options *o) {
    struct {
        const char *flag;
        const char **value;
    } flag[] = {
        {"--file", &o->file}, {"--name", &o->name}, {"--role", &o->role}, {"--facility", &o->facility}};
    for (int i = 0; i < argc; i += 2) {
        bool known = strcmp(argv[i], "--replace") == 0;
        if (known) {
            o->replace = true;
            i--; /* it stands alone */
            continue;
        }
        if (i + 1 == argc) return false;
        for (size_t k = 0; k < sizeof flag / sizeof flag[0]; k++) {
            if (strcmp(argv[i], flag[k].flag) != 0) continue;
            *flag[k].value = argv[i + 1];
            known = true;
        }
        if (!known) return false;
    }
    return o->file && o->name && o->role;
}

static bool read_password(char *password, size_t bytes) {
    if (!fgets(password, (int)bytes, stdin)) return false;
    password[strcspn(password, "\r\n")] = 0;
    return true;
}

/* JZ_OK when the name is free. A file that is wrong somewhere may hold the name too: it is refused as well. */
static enum jz_status want_free(const struct options *o, struct jz_identity_error *error) {
    struct jz_users *users;
    if (access(o->file, F_OK) != 0) return JZ_OK;
    enum jz_status status = jz_users_load(o->file, &users, error);
    if (status != JZ_OK) return status;
    bool found = jz_users_find(users, o->name) != NULL;
    jz_users_free(users);
    if (!found) return JZ_OK;
    snprintf(error->text, sizeof error->text, "'%.60s' exists already; --replace to change it", o->name);
    return JZ_E_VALUE;
}

int jz_cmd_user_add(int argc, char **argv) {
    struct options o = {.facility = ""};
    struct jz_identity_error error = {.line = 0};
    char password[JZ_PASSWORD_BYTES_MAX + 2u];
    if (!parse(argc, argv, &o) || !read_password(password, sizeof password)) {
        fprintf(stderr,
                "usage: jingzhu user add --file FILE --name NAME --role ROLE [--facility ID] [--replace]   "
                "(password on "
                "standard input, %u to %u bytes)\nroles: paramedic dispatcher receiving consultant "
                "administrator auditor; receiving needs a facility of the directory\n",
                JZ_PASSWORD_BYTES_MIN, JZ_PASSWORD_BYTES_MAX);
        return 64;
    }
    enum jz_status status = o.replace ? JZ_OK : want_free(&o, &error);
    if (status == JZ_OK)
        status = jz_user_put(o.file, o.name, jz_role_of(o.role), o.facility, password, &error);
    memset(password, 0, sizeof password);
    if (status == JZ_OK) return 0;
    fprintf(stderr, "jingzhu user add: %s", o.file);
    if (error.line) fprintf(stderr, ":%u", error.line);
    fprintf(stderr, ": %s (%s)\n", error.text[0] ? error.text : jz_status_text(status),
            jz_status_name(status));
    return 1;
}
