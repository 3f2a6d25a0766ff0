/* SPDX-License-Identifier: Apache-2.0 */
/** @file show.h  What each console and device is shown, and when: views of durable state, coalesced for slow peers.
 *
 *  Who may see what stands here and nowhere else. Nothing is sent while something applied is not yet durable: callers come
 *  here after a commit, or when the ledger is settled. Loop thread only. */
#ifndef JZ_SHOW_H
#define JZ_SHOW_H
#include "ledger.h"
#include "net.h"
#include "waves.h"

struct jz_show;

/** @param ledger, net, waves, hooks  borrowed for its life  @return NULL: no memory */
struct jz_show *jz_show_open(struct jz_ledger *ledger, struct jz_waves *waves, const struct jz_hooks *hooks,
                             uint32_t encounters_max);
/** Consoles and devices are let in from now on. */
void jz_show_start(struct jz_show *show, struct jz_net *net);
void jz_show_close(struct jz_show *show);

/** After a commit: directives and what is urgent at once, the rest soon. */
void jz_show_released(struct jz_show *show, const struct jz_released *released);
/** A durable waveform segment to whoever sees its patient. */
void jz_show_waveform(struct jz_show *show, const struct jz_released_event *event);
/** Every tick: what was held back, snapshots under way, heartbeats. */
void jz_show_tick(struct jz_show *show);
/** A peer is ready, or its queue was full and has drained: it is told everything it may see. */
void jz_show_ready(struct jz_show *show, uint64_t session, const struct jz_session_info *info);
/** Goes on with snapshots under way. */
void jz_show_advance(struct jz_show *show);

#endif /* JZ_SHOW_H */
