/* SPDX-License-Identifier: Apache-2.0 */
/** @file hasher.h  Password checks on two worker threads, so that the loop never waits 30 ms for one. */
#ifndef JZ_NET_HASHER_H
#define JZ_NET_HASHER_H
#include "users.h"

struct ev_loop;

#define HASHER_THREADS 2u
#define HASHER_WAITING_MAX 16u

/** One check. Owned by whoever holds it: submitter, hasher, then the done callback. */
struct hash_job {
    struct hash_job *next;
    void *owner; /**< NULL: whoever asked is gone. Loop thread only */
    char hash[JZ_USER_HASH_BYTES], name[JZ_USER_NAME_BYTES], password[JZ_PASSWORD_BYTES_MAX + 1];
    uint8_t address[16];
    bool matches;
};
/** On the loop thread; the job is the callback's to free (hash_job_free). */
typedef void (*hasher_done)(void *context, struct hash_job *job);

struct hasher;
JZ_MUST_CHECK enum jz_status hasher_open(struct hasher **hasher, struct ev_loop *loop, hasher_done done,
                                         void *context);
/** Waits for checks under way; jobs that are left are freed without `done`. */
void hasher_close(struct hasher *hasher);
/** @return false: too many are waiting; the job stays the caller's. */
bool hasher_submit(struct hasher *hasher, struct hash_job *job);
/** Wipes and frees. NULL is allowed. */
void hash_job_free(struct hash_job *job);

#endif /* JZ_NET_HASHER_H */
