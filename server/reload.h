/* SPDX-License-Identifier: Apache-2.0 */
/** @file reload.h  Rule packs read, tested and compiled beside the loop, which goes on serving meanwhile.
 *
 *  Threads  One worker while a reload is under way; all calls and `done` on the loop thread. Nobody else
 *           compiles packs in that time. */
#ifndef JZ_RELOAD_H
#define JZ_RELOAD_H
#include "world.h"

struct ev_loop;
struct jz_reload;

/** One folder of packs. What `done` keeps it sets to NULL or zero; the rest is freed. */
struct jz_loaded {
    enum jz_status status; /**< JZ_OK, or why nothing of the folder can be used: see `error` */
    struct jz_pack_error error;
    struct jz_payload payload;
    struct jz_program *program;
};
typedef void (*jz_reload_done)(void *context, const char *person, struct jz_loaded *packs,
                               struct jz_loaded *shadow);

/** Reads a folder, runs the tests its packs carry, and compiles it. Any thread.
 *  @param[out] out  Free with jz_loaded_free. */
void jz_packs_load(const char *folder, struct jz_loaded *out);
void jz_loaded_free(struct jz_loaded *loaded);

/** @param loop, done, context  Borrowed for the reload's life. @return NULL: out of memory. */
struct jz_reload *jz_reload_open(struct ev_loop *loop, jz_reload_done done, void *context);
/** Waits for a worker under way; its result is dropped. NULL is allowed. */
void jz_reload_close(struct jz_reload *reload);
/** Starts one; `done` is told once. @param shadow  A second folder; "": none.
 *  @retval JZ_E_FULL  One is under way. */
JZ_MUST_CHECK enum jz_status jz_reload_start(struct jz_reload *reload, const char *packs, const char *shadow,
                                             const char *person);

#endif /* JZ_RELOAD_H */
