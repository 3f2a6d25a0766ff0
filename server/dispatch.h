/* SPDX-License-Identifier: Apache-2.0 */
/** @file dispatch.h  Between network and ledger: frames in, and after each commit acks, alerts and views out.
 *
 *  Loop thread only. */
#ifndef JZ_DISPATCH_H
#define JZ_DISPATCH_H
#include "config.h"
#include "ledger.h"
#include "net.h"

struct jz_dispatch;

/** Opens journal and core, replays, activates packs and directory, then listens.
 *  @param loop  Borrowed; the caller runs it.
 *  @param[out] error  Which file, record or setting, and the cure. */
JZ_MUST_CHECK enum jz_status jz_dispatch_open(struct jz_dispatch **dispatch, const struct jz_config *config,
                                              struct ev_loop *loop, const struct jz_hooks *hooks,
                                              struct jz_pack_error *error);
/** Stops listening, commits what was taken, writes a snapshot. NULL is allowed. */
void jz_dispatch_close(struct jz_dispatch *dispatch);
int jz_dispatch_port(const struct jz_dispatch *dispatch, enum jz_side side);
/** Users, revoked devices and rule packs anew (SIGHUP). Packs are read and tested beside the loop; what is wrong is in
 *  the log, and what was in force stays. */
void jz_dispatch_reload(struct jz_dispatch *dispatch);
/** Records on the journal when it was opened, and the hash of the state they led to: what a replay elsewhere must give. */
uint64_t jz_dispatch_replayed(const struct jz_dispatch *dispatch, uint8_t state_hash[32]);

#endif /* JZ_DISPATCH_H */
