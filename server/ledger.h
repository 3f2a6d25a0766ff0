/* SPDX-License-Identifier: Apache-2.0 */
/** @file ledger.h  Journal and core kept in step: replay at start, batches after it, snapshots between.
 *
 *  The one rule: nothing leaves before the commit that holds it. While a commit is under way no further event is
 *  applied, so what the views show at release is exactly what is durable. Loop thread only. */
#ifndef JZ_LEDGER_H
#define JZ_LEDGER_H
#include "core.h"
#include "journal.h"
#include "look_back.h"
#include "world.h"

struct jz_ledger;

/** What a batch did, told after its commit. */
struct jz_released {
    const uint32_t *touched; /**< encounter slots whose views changed */
    uint32_t touched_count;
    bool urgent; /**< show it at once */
    bool directory_changed;
    uint64_t facilities;      /**< bit per facility whose view changed */
    bool consults, proposals; /**< likewise, of all that are under way */
};

/** One event of a committed batch. */
struct jz_released_event {
    uint64_t token; /**< what came with the event */
    enum jz_event_kind kind;
    enum jz_frame_kind frame_kind;
    enum jz_status status; /**< JZ_OK, or why it had no effect; stored in either case */
    bool duplicate;        /**< was stored before */
    uint8_t lane;
    uint64_t seq;
    struct jz_encounter_id encounter;
    int64_t at_ms;            /**< the frame's own time on the server's clock (jz_core_time) */
    struct jz_bytes original; /**< the frame as it came; valid during the call */
};
typedef void (*jz_event_released)(void *context, const struct jz_released_event *event);
typedef void (*jz_batch_released)(void *context, const struct jz_released *released);

struct jz_ledger_config {
    const char *journal_url;
    struct jz_core_limits
        limits; /**< all 0: those of the newest snapshot, else the defaults (tools that read) */
    uint32_t shard;
    uint32_t snapshot_every; /**< records between snapshots; 0: only when asked */
    bool ignore_snapshots;   /**< replay from the first record */
    const struct jz_hooks *hooks;
    void *context;
    jz_event_released event_released; /**< may be NULL */
    jz_batch_released batch_released; /**< may be NULL */
};

/** Opens the journal, loads the newest usable snapshot, replays the rest and checks every decision on record.
 *  @param[out] error  What and where, for the log. */
JZ_MUST_CHECK enum jz_status jz_ledger_open(struct jz_ledger **ledger, const struct jz_ledger_config *config,
                                            struct jz_pack_error *error);
void jz_ledger_close(struct jz_ledger *ledger);

/** Are these the packs in force? */
bool jz_ledger_has_packs(const struct jz_ledger *ledger, struct jz_payload payload);
/** Activates packs or a directory if they differ from those on record. Before any peer is let in.
 *  @param person  Who answers for it, on record with it. */
JZ_MUST_CHECK enum jz_status jz_ledger_activate(struct jz_ledger *ledger, enum jz_event_kind kind,
                                                struct jz_payload payload, const char *person,
                                                struct jz_pack_error *error);
/** Puts other packs in force under patients who are under way; waits for a commit under way, not for its own.
 *  @param program  Compiled from the payload; taken, also on failure.
 *  @param[out] changed  false: those on record are the same.
 *  @return not JZ_OK: what was in force stays. */
JZ_MUST_CHECK enum jz_status jz_ledger_replace_packs(struct jz_ledger *ledger, struct jz_payload payload,
                                                     struct jz_program *program, const char *person,
                                                     bool *changed, struct jz_pack_error *error);

/** Takes an event into the current batch. What it points to is borrowed for the call: it is copied if it must wait.
 *  @return JZ_E_FULL: no room, for this patient or for anything; close the sender, who resumes from its last ack. */
JZ_MUST_CHECK enum jz_status jz_ledger_submit(struct jz_ledger *ledger, const struct jz_event *event,
                                              uint64_t token);
/** End of a loop round: starts a commit if there is something to commit. Storage failure is fatal: see `failed`. */
void jz_ledger_flush(struct jz_ledger *ledger);
/** The journal's descriptor is readable. */
void jz_ledger_service(struct jz_ledger *ledger);
int jz_ledger_fd(const struct jz_ledger *ledger);
/** Not JZ_OK once a commit failed: the process must stop and replay. JZ_E_STORE_FULL is not fatal: see has_room. */
enum jz_status jz_ledger_failed(const struct jz_ledger *ledger);
/** False while events wait for a commit: pause reading from sockets. */
bool jz_ledger_has_room(const struct jz_ledger *ledger);
/** Something in the batch should not wait for company. */
bool jz_ledger_urgent(const struct jz_ledger *ledger);
/** When jz_ledger_tick has something to do, at the earliest; INT64_MAX: never. */
int64_t jz_ledger_wake(const struct jz_ledger *ledger);
/** Brings the DEADLINE event if one is due. Also tries a batch again that found the disk full. */
void jz_ledger_tick(struct jz_ledger *ledger);
/** The disk is full: the batch is tried again at every tick, nothing is acknowledged meanwhile. */
bool jz_ledger_blocked(const struct jz_ledger *ledger);
/** True when everything applied is durable, so views may be sent. */
bool jz_ledger_settled(const struct jz_ledger *ledger);
/** Last durable sequence of a peer's lane (not counting what is applied but not yet committed). */
uint64_t jz_ledger_watermark(const struct jz_ledger *ledger, const uint8_t peer[16], uint32_t epoch,
                             uint8_t lane);

/** Shows the inputs received since `since_ms` in the order in which they were applied, but no more than the newest
 *  `records_max` records (decisions are counted and not shown). Before any peer is let in: it reads on the loop thread.
 *  @param[out] cut  true: there were more records than that since then */
JZ_MUST_CHECK enum jz_status jz_ledger_recall(const struct jz_ledger *ledger, int64_t since_ms,
                                              uint64_t records_max, jz_event_recalled each, void *context,
                                              bool *cut);

const struct jz_core *jz_ledger_core(const struct jz_ledger *ledger);
const struct jz_world *jz_ledger_world(const struct jz_ledger *ledger);
uint64_t jz_ledger_offset(const struct jz_ledger *ledger); /**< durable records */
/** SHA-256 of the core's canonical state. */
void jz_ledger_state_hash(const struct jz_ledger *ledger, uint8_t hash[32]);
JZ_MUST_CHECK enum jz_status jz_ledger_snapshot(struct jz_ledger *ledger);
void jz_ledger_stats(const struct jz_ledger *ledger, struct jz_journal_stats *out);

#endif /* JZ_LEDGER_H */
