/* SPDX-License-Identifier: Apache-2.0 */
/** @file users.h  The people who may log in, from a file of `name<TAB>role<TAB>facility<TAB>argon2id hash` lines.
 *
 *  Names are UTF-8 without control characters, quotes or backslashes, so they can stand in JSON and logs as they
 *  are. Roles are words: paramedic, dispatcher, receiving, consultant, administrator, auditor. The facility is the
 *  directory's id for `receiving`, and `-` for everybody else. Lines that start with # and empty lines are skipped.
 *  Threads  A loaded list is read-only: any thread. */
#ifndef JZ_USERS_H
#define JZ_USERS_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "jingzhu/frame.h" /* enum jz_role */

#define JZ_USERS_MAX 1024u
#define JZ_USER_NAME_BYTES 32u     /**< with the terminating 0 */
#define JZ_USER_FACILITY_BYTES 16u /**< likewise */
#define JZ_USER_HASH_BYTES 128u    /**< likewise */
#define JZ_USER_LINE_BYTES 256u    /**< likewise */
#define JZ_PASSWORD_BYTES_MIN 8u
#define JZ_PASSWORD_BYTES_MAX 128u

/* Argon2id: OWASP's second recommended setting; 26 ms and 19 MiB a log-in (docs/security.md). */
#define JZ_ARGON2_MEMORY_KIB 19456u
#define JZ_ARGON2_PASSES 2u
#define JZ_ARGON2_LANES 1u

struct jz_user {
    char name[JZ_USER_NAME_BYTES];
    enum jz_role role;
    char facility[JZ_USER_FACILITY_BYTES]; /**< "" unless role is JZ_ROLE_RECEIVING */
    char hash[JZ_USER_HASH_BYTES];
};
struct jz_users; /**< read-only list */

/** Where a file is wrong. */
struct jz_identity_error {
    uint32_t line; /**< 0: the file as a whole */
    char text[128];
};

/** @param[out] users  NULL on failure; free with jz_users_free.
 *  @param[out] error  Written on failure.
 *  @retval JZ_E_FILE  Cannot be read. @retval JZ_E_FORMAT  A line is wrong, a name repeats, or too many. */
JZ_MUST_CHECK enum jz_status jz_users_load(const char *file, struct jz_users **users,
                                           struct jz_identity_error *error);
void jz_users_free(struct jz_users *users);
size_t jz_users_count(const struct jz_users *users);
/** Borrowed from the list; NULL: nobody of that name. `users` may be NULL. */
const struct jz_user *jz_users_find(const struct jz_users *users, const char *name);

/** One line for the file, without newline, with a fresh random salt. Takes about 30 ms.
 *  @retval JZ_E_VALUE  Name, role, facility or password is not acceptable. @retval JZ_E_BUFFER  Too small. */
JZ_MUST_CHECK enum jz_status jz_user_line_make(const char *name, enum jz_role role, const char *facility,
                                               const char *password, char *buffer, size_t capacity);
/** Adds a person to the file or replaces the line of that name; other lines stay as they are. The file (mode 0600)
 *  is written beside the old one, synced and renamed over it: a crash leaves the old or the new one. */
JZ_MUST_CHECK enum jz_status jz_user_put(const char *file, const char *name, enum jz_role role,
                                         const char *facility, const char *password,
                                         struct jz_identity_error *error);
/** True when the password is the one of this hash. Any thread; about 30 ms. */
bool jz_password_matches(const char *hash, const char *password, size_t bytes);
/** A hash that no password matches, as costly to check: for names that do not exist. Static storage. */
const char *jz_password_decoy(void);
/** "dispatcher"; "" for JZ_ROLE_NONE and numbers that are none of ours. Static storage. */
const char *jz_role_name(enum jz_role role);
/** JZ_ROLE_NONE for a word that is no role. */
enum jz_role jz_role_of(const char *word);

#endif /* JZ_USERS_H */
