/* SPDX-License-Identifier: Apache-2.0 */
/** @file world.h  Rule packs and directory: read from files, carried in the journal, compiled for the core.
 *
 *  The journal holds their bytes, so that a replay needs no file but the journal. Loop thread only. */
#ifndef JZ_WORLD_H
#define JZ_WORLD_H
#include "core.h"
#include "jingzhu/pack_tests.h"

/** Bytes of one configuration as journaled, owned. */
struct jz_payload {
    uint8_t *data;
    size_t bytes;
};

/** What is active now. Programs and directories that were replaced are kept: the core may still hold their strings. */
struct jz_world {
    struct jz_program *program;
    struct jz_directory *directory;
    struct jz_payload packs, directory_source; /**< payloads of the active ones */
    struct jz_retired *retired;
};

/** A whole file of at most 512 KiB. @param[out] out  malloc'ed; the caller frees `data`. */
JZ_MUST_CHECK enum jz_status jz_file_read(const char *path, struct jz_payload *out,
                                          struct jz_pack_error *error);
/** @param folder  Every *.yaml below it, in name order.
 *  @param[out] payload  malloc'ed; the caller frees `data`. */
JZ_MUST_CHECK enum jz_status jz_packs_read(const char *folder, struct jz_payload *payload,
                                           struct jz_pack_error *error);
/** Compiles a payload. Any thread, one at a time. @param[out] program  Owned by the caller; NULL on failure. */
JZ_MUST_CHECK enum jz_status jz_packs_compile(struct jz_bytes payload, struct jz_program **program,
                                              struct jz_pack_error *error);
/** Runs the test cases that the packs of a payload carry. */
JZ_MUST_CHECK enum jz_status jz_packs_test(struct jz_bytes payload, struct jz_pack_tests *tests,
                                           struct jz_pack_error *error);
JZ_MUST_CHECK enum jz_status jz_directory_read(const char *file, bool simulation, struct jz_payload *payload,
                                               struct jz_pack_error *error);

/** Compiles a payload (of a file or of the journal) and makes it the active one. Takes a copy of the payload. */
JZ_MUST_CHECK enum jz_status jz_world_set_packs(struct jz_world *world, struct jz_bytes payload,
                                                struct jz_pack_error *error);
/** The same with what was compiled before. Takes the program, also on failure. */
JZ_MUST_CHECK enum jz_status jz_world_use_packs(struct jz_world *world, struct jz_bytes payload,
                                                struct jz_program *program, struct jz_pack_error *error);
JZ_MUST_CHECK enum jz_status jz_world_set_directory(struct jz_world *world, struct jz_bytes payload,
                                                    struct jz_pack_error *error);
/** Frees everything. */
void jz_world_deinit(struct jz_world *world);

#endif /* JZ_WORLD_H */
