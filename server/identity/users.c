/* SPDX-License-Identifier: Apache-2.0 */
#include "users.h"

#include <argon2.h>
#include <errno.h>
#include <fcntl.h>
#include <openssl/crypto.h>
#include <openssl/rand.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define SALT_BYTES 16u
#define DIGEST_BYTES 32u
#define FILE_BYTES_MAX ((size_t)JZ_USERS_MAX * 2 * JZ_USER_LINE_BYTES)

/* What a hash in the file may ask of us; a wrong line must not cost gigabytes at log-in. */
#define MEMORY_KIB_MAX 262144u
#define PASSES_MAX 10u
#define LANES_MAX 4u

struct jz_users {
    size_t count;
    struct jz_user user[];
};

static const char *const role_words[JZ_ROLE_COUNT] = {
    [JZ_ROLE_PARAMEDIC] = "paramedic",         [JZ_ROLE_DISPATCHER] = "dispatcher",
    [JZ_ROLE_RECEIVING] = "receiving",         [JZ_ROLE_CONSULTANT] = "consultant",
    [JZ_ROLE_ADMINISTRATOR] = "administrator", [JZ_ROLE_AUDITOR] = "auditor"};

const char *jz_role_name(enum jz_role role) {
    if (role <= JZ_ROLE_NONE || role >= JZ_ROLE_COUNT) return "";
    return role_words[role];
}

enum jz_role jz_role_of(const char *word) {
    for (int i = JZ_ROLE_NONE + 1; i < JZ_ROLE_COUNT; i++)
        if (strcmp(role_words[i], word) == 0) return (enum jz_role)i;
    return JZ_ROLE_NONE;
}

static enum jz_status refuse(struct jz_identity_error *error, uint32_t line, const char *text,
                             enum jz_status status) {
    error->line = line;
    snprintf(error->text, sizeof error->text, "%s", text);
    return status;
}

/* 1 .. 31 bytes of UTF-8 that need no escape anywhere. */
static bool name_is_good(const char *name) {
    size_t n = strlen(name);
    if (n == 0 || n >= JZ_USER_NAME_BYTES || name[0] == '#') return false;
    for (size_t i = 0; i < n; i++) {
        unsigned char c = (unsigned char)name[i];
        if (c < 0x20 || c == 0x7f || c == '"' || c == '\\') return false;
    }
    return true;
}

static bool is_id_byte(char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
}

static bool facility_is_good(enum jz_role role, const char *facility) {
    size_t n = strlen(facility);
    if (role != JZ_ROLE_RECEIVING) return n == 0;
    if (n == 0 || n >= JZ_USER_FACILITY_BYTES) return false;
    for (size_t i = 0; i < n; i++)
        if (!is_id_byte(facility[i])) return false;
    return strcmp(facility, "-") != 0;
}

static bool hash_is_good(const char *hash) {
    unsigned memory, passes, lanes;
    int at = 0;
    if (strlen(hash) >= JZ_USER_HASH_BYTES) return false;
    if (sscanf(hash, "$argon2id$v=19$m=%6u,t=%2u,p=%1u$%n", &memory, &passes, &lanes, &at) != 3 || at == 0)
        return false;
    return memory >= 8 && memory <= MEMORY_KIB_MAX && passes >= 1 && passes <= PASSES_MAX && lanes >= 1 &&
           lanes <= LANES_MAX && strchr(hash + at, '$') != NULL;
}

/* Splits in place at tabs. Exactly `count` fields, or false. */
static bool split(char *line, char **field, size_t count) {
    for (size_t i = 0; i < count; i++) {
        field[i] = line;
        line = strchr(line, '\t');
        if (i + 1 == count) return line == NULL;
        if (!line) return false;
        *line++ = 0;
    }
    return false;
}

#define WRONG_NAME "the name is empty, too long, or has a quote, backslash or control byte"
#define WRONG_ROLE                                                                                           \
    "no such role; there are paramedic, dispatcher, receiving, consultant, administrator and auditor"
#define WRONG_FACILITY "receiving needs a facility id, every other role has -"

static const char *read_user(char *line, struct jz_user *user) {
    char *field[4];
    if (!split(line, field, 4)) return "want name, role, facility and hash with a tab between each";
    if (!name_is_good(field[0])) return WRONG_NAME;
    user->role = jz_role_of(field[1]);
    if (user->role == JZ_ROLE_NONE) return WRONG_ROLE;
    if (strcmp(field[2], "-") == 0) field[2] = field[2] + 1;
    if (!facility_is_good(user->role, field[2])) return WRONG_FACILITY;
    if (!hash_is_good(field[3])) return "not an argon2id hash that is accepted here; use `jingzhu user add`";
    snprintf(user->name, sizeof user->name, "%s", field[0]);
    snprintf(user->facility, sizeof user->facility, "%s", field[2]);
    snprintf(user->hash, sizeof user->hash, "%s", field[3]);
    return NULL;
}

static enum jz_status take_line(struct jz_users *users, char *line, uint32_t number,
                                struct jz_identity_error *error) {
    struct jz_user user = {.name = ""};
    if (*line == 0 || *line == '#') return JZ_OK;
    const char *wrong = read_user(line, &user);
    if (wrong) return refuse(error, number, wrong, JZ_E_FORMAT);
    if (jz_users_find(users, user.name))
        return refuse(error, number, "this name has a line already", JZ_E_FORMAT);
    if (users->count == JZ_USERS_MAX) return refuse(error, number, "too many people", JZ_E_FORMAT);
    users->user[users->count++] = user;
    return JZ_OK;
}

/* Whole file, terminated; the caller frees. */
static enum jz_status slurp(const char *file, char **text, struct jz_identity_error *error) {
    FILE *in = fopen(file, "re");
    *text = NULL;
    if (!in) return refuse(error, 0, strerror(errno), JZ_E_FILE);
    char *buffer = malloc(FILE_BYTES_MAX + 1);
    size_t n = buffer ? fread(buffer, 1, FILE_BYTES_MAX + 1, in) : 0;
    bool bad = !buffer || ferror(in) || n > FILE_BYTES_MAX || memchr(buffer, 0, n);
    fclose(in);
    if (bad) {
        free(buffer);
        return refuse(error, 0, "cannot be read, is too long, or holds a zero byte", JZ_E_FILE);
    }
    buffer[n] = 0;
    *text = buffer;
    return JZ_OK;
}

enum jz_status jz_users_load(const char *file, struct jz_users **users, struct jz_identity_error *error) {
    char *text, *next;
    uint32_t number = 0;
    *users = NULL;
    enum jz_status status = slurp(file, &text, error);
    if (status) return status;
    struct jz_users *list = calloc(1, sizeof *list + JZ_USERS_MAX * sizeof list->user[0]);
    if (!list) status = refuse(error, 0, "out of memory", JZ_E_MEMORY);
    for (char *line = text; status == JZ_OK && line; line = next) {
        next = strchr(line, '\n');
        if (next) *next++ = 0;
        status = take_line(list, line, ++number, error);
    }
    free(text);
    if (status)
        jz_users_free(list);
    else
        *users = list;
    return status;
}

void jz_users_free(struct jz_users *users) {
    free(users);
}

size_t jz_users_count(const struct jz_users *users) {
    return users->count;
}

const struct jz_user *jz_users_find(const struct jz_users *users, const char *name) {
    for (size_t i = 0; users && i < users->count; i++)
        if (strcmp(users->user[i].name, name) == 0) return &users->user[i];
    return NULL;
}

enum jz_status jz_user_line_make(const char *name, enum jz_role role, const char *facility,
                                 const char *password, char *buffer, size_t capacity) {
    uint8_t salt[SALT_BYTES];
    char hash[JZ_USER_HASH_BYTES];
    size_t bytes = strlen(password);
    if (capacity) *buffer = 0;
    if (!name_is_good(name) || jz_role_name(role)[0] == 0 || !facility_is_good(role, facility))
        return JZ_E_VALUE;
    if (bytes < JZ_PASSWORD_BYTES_MIN || bytes > JZ_PASSWORD_BYTES_MAX) return JZ_E_VALUE;
    if (RAND_bytes(salt, (int)sizeof salt) != 1) return JZ_E_CONFIG;
    if (argon2id_hash_encoded(JZ_ARGON2_PASSES, JZ_ARGON2_MEMORY_KIB, JZ_ARGON2_LANES, password, bytes, salt,
                              sizeof salt, DIGEST_BYTES, hash, sizeof hash) != ARGON2_OK)
        return JZ_E_MEMORY;
    int n = snprintf(buffer, capacity, "%s\t%s\t%s\t%s", name, jz_role_name(role), *facility ? facility : "-",
                     hash);
    return n > 0 && (size_t)n < capacity ? JZ_OK : JZ_E_BUFFER;
}

/* The first field that jz_user_line_make would not take; NULL: all are good. */
static const char *wrong_field(const char *name, enum jz_role role, const char *facility,
                               const char *password) {
    size_t bytes = strlen(password);
    if (!name_is_good(name)) return WRONG_NAME;
    if (jz_role_name(role)[0] == 0) return WRONG_ROLE;
    if (!facility_is_good(role, facility)) return "receiving needs a facility id, every other role has none";
    if (bytes < JZ_PASSWORD_BYTES_MIN) return "the password is too short";
    return bytes > JZ_PASSWORD_BYTES_MAX ? "the password is too long" : NULL;
}

static bool is_line_of(const char *line, size_t bytes, const char *name) {
    size_t n = strlen(name);
    return bytes > n && memcmp(line, name, n) == 0 && line[n] == '\t';
}

/* Every line but the one of that name, then the new one. */
static bool write_lines(FILE *out, const char *old, const char *name, const char *line) {
    while (*old) {
        size_t bytes = strcspn(old, "\n");
        if (!is_line_of(old, bytes, name)) fprintf(out, "%.*s\n", (int)bytes, old);
        old += bytes + (old[bytes] == '\n');
    }
    fprintf(out, "%s\n", line);
    return fflush(out) == 0 && !ferror(out) && fsync(fileno(out)) == 0;
}

static enum jz_status replace_file(const char *file, const char *old, const char *name, const char *line,
                                   struct jz_identity_error *error) {
    char beside[4096];
    if (snprintf(beside, sizeof beside, "%s.new", file) >= (int)sizeof beside)
        return refuse(error, 0, "the path is too long", JZ_E_FILE);
    int fd = open(beside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    FILE *out = fd < 0 ? NULL : fdopen(fd, "w");
    if (!out) {
        enum jz_status status = refuse(error, 0, strerror(errno), JZ_E_FILE);
        if (fd >= 0) close(fd);
        return status;
    }
    bool good = write_lines(out, old, name, line);
    good = fclose(out) == 0 && good;
    if (good && rename(beside, file) == 0) return JZ_OK;
    enum jz_status status = refuse(error, 0, strerror(errno), JZ_E_FILE);
    unlink(beside);
    return status;
}

enum jz_status jz_user_put(const char *file, const char *name, enum jz_role role, const char *facility,
                           const char *password, struct jz_identity_error *error) {
    char line[JZ_USER_LINE_BYTES];
    char *old = NULL;
    const char *wrong = wrong_field(name, role, facility, password);
    if (wrong) return refuse(error, 0, wrong, JZ_E_VALUE);
    enum jz_status status = jz_user_line_make(name, role, facility, password, line, sizeof line);
    if (status) return refuse(error, 0, jz_status_text(status), status);
    if (access(file, F_OK) == 0) {
        status = slurp(file, &old, error);
        if (status) return status;
    }
    status = replace_file(file, old ? old : "", name, line, error);
    free(old);
    return status;
}

bool jz_password_matches(const char *hash, const char *password, size_t bytes) {
    if (bytes == 0 || bytes > JZ_PASSWORD_BYTES_MAX) return false;
    return argon2id_verify(hash, password, bytes) == ARGON2_OK;
}

/* Salt and digest are all zero bits: finding a password for them is breaking Argon2id. */
const char *jz_password_decoy(void) {
    return "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$"
           "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
}
