/* SPDX-License-Identifier: Apache-2.0 */
/** @file event_log.h  The catalogue of log events and the one way to write them: JSON lines on stderr.
 *
 *  A line has a number, a severity, a name and fields of fixed meaning. It never carries text from a peer, and
 *  nothing about a patient. docs/events.md is this table for people; a test keeps the two in step.
 *  Threads  Loop thread only. */
#ifndef JZ_EVENT_LOG_H
#define JZ_EVENT_LOG_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "jingzhu/status.h"

/* X(constant, number, severity, name, cause, what the operator does). Numbers never change meaning. */
#define JZ_LOG_LIST(X)                                                                                       \
    X(JZ_LOG_STARTED, 1001, INFO, "server.started", "the process is ready for peers", "nothing")             \
    X(JZ_LOG_STOPPED, 1002, INFO, "server.stopped", "the process was asked to stop", "nothing")              \
    X(JZ_LOG_CONFIG_REFUSED, 1003, ERROR, "config.refused", "a setting or a file it names is wrong",         \
      "correct the file and line named, start again")                                                        \
    X(JZ_LOG_RELOADED, 1004, INFO, "config.reloaded", "users and revoked serials were read again",           \
      "nothing")                                                                                             \
    X(JZ_LOG_RELOAD_REFUSED, 1005, ERROR, "config.reload_refused",                                           \
      "users or revoked file is wrong; the old ones stay in force",                                          \
      "correct the file and line named, send SIGHUP again")                                                  \
    X(JZ_LOG_SIMULATION, 1006, WARNING, "server.simulation", "simulation mode: assumed capabilities count",  \
      "never use for patients; set simulation = no")                                                         \
    X(JZ_LOG_LISTENING, 2001, INFO, "net.listening", "a listener is open", "nothing")                        \
    X(JZ_LOG_LIBRARY, 2002, ERROR, "net.library", "the network library failed to start",                     \
      "check that the libev plug-in of libwebsockets is installed and the ports are free")                   \
    X(JZ_LOG_TLS_FILES, 2003, ERROR, "net.tls_files", "certificate, key or authority refused",               \
      "check the files named in the configuration: PEM, readable, matching")                                 \
    X(JZ_LOG_TICKET_KEYS, 2004, WARNING, "net.ticket_keys", "TLS ticket keys cannot be kept in data_dir",    \
      "check data_dir; until then devices do full handshakes after a restart")                               \
    X(JZ_LOG_FULL, 2005, WARNING, "net.full", "the connection limit is reached; a newcomer was refused",     \
      "raise connections_max, or find who opens so many")                                                    \
    X(JZ_LOG_UPGRADE_REFUSED, 2006, WARNING, "net.upgrade_refused",                                          \
      "a WebSocket upgrade without certificate, ticket, origin or subprotocol",                              \
      "if it repeats, look for a misconfigured device or console")                                           \
    X(JZ_LOG_HANDSHAKE_SLOW, 2007, INFO, "net.handshake_slow", "no complete request in time; closed",        \
      "if it repeats, look at the network or for a slow-header attack")                                      \
    X(JZ_LOG_SESSION_OPENED, 2101, INFO, "net.session_opened", "a device or console said hello", "nothing")  \
    X(JZ_LOG_SESSION_CLOSED, 2102, INFO, "net.session_closed", "its connection ended", "nothing")            \
    X(JZ_LOG_FRAME_REFUSED, 2103, WARNING, "net.frame_refused",                                              \
      "a message or frame was refused; status says why", "update or repair the device named")                \
    X(JZ_LOG_SESSION_REFUSED, 2104, WARNING, "net.session_refused",                                          \
      "a connection was closed for the status named", "see the status in docs/protocol.md")                  \
    X(JZ_LOG_REPLACED, 2105, INFO, "net.replaced", "the same device connected again; the older one closed",  \
      "if it repeats every few seconds, two devices share a certificate: revoke it")                         \
    X(JZ_LOG_RATE, 2106, WARNING, "net.rate", "a device sends faster than its limit and is read slower",     \
      "if it lasts, check the device; device_rate is the limit")                                             \
    X(JZ_LOG_LAGGING, 2107, WARNING, "net.lagging", "a console is too slow; it gets the present state next", \
      "check that console's network")                                                                        \
    X(JZ_LOG_STALLED, 2108, WARNING, "net.stalled", "a peer took nothing for too long and was closed",       \
      "check that peer's network")                                                                           \
    X(JZ_LOG_PAUSED, 2109, WARNING, "net.paused", "reading stopped: the journal has no room",                \
      "check the disk's latency and space")                                                                  \
    X(JZ_LOG_RESUMED, 2110, INFO, "net.resumed", "reading goes on", "nothing")                               \
    X(JZ_LOG_LOGIN, 3001, INFO, "identity.login", "a person logged in", "nothing")                           \
    X(JZ_LOG_LOGIN_FAILED, 3002, WARNING, "identity.login_failed", "wrong name or password",                 \
      "if it repeats, ask the person or look for guessing")                                                  \
    X(JZ_LOG_LOGIN_LIMITED, 3003, WARNING, "identity.login_limited",                                         \
      "too many failures for a name or an address; refused unchecked",                                       \
      "wait 15 minutes; look for guessing from that network")                                                \
    X(JZ_LOG_LOGOUT, 3004, INFO, "identity.logout", "a person logged out", "nothing")                        \
    X(JZ_LOG_SESSION_EXPIRED, 3005, INFO, "identity.session_expired", "a log-in ran out; its pages closed",  \
      "nothing: log in again")                                                                               \
    X(JZ_LOG_CERTIFICATE, 3101, WARNING, "identity.certificate_refused",                                     \
      "a device certificate is not acceptable: identity, usage or revoked", "enrol the device again")        \
    X(JZ_LOG_REVOKED, 3102, WARNING, "identity.revoked", "a connected device or person lost its right",      \
      "nothing, if it was meant")                                                                            \
    X(JZ_LOG_REPLAYED, 4001, INFO, "journal.replayed", "the journal was replayed and checked", "nothing")    \
    X(JZ_LOG_STORE_FULL, 4002, ERROR, "journal.full", "the disk is full; nothing more is acknowledged",      \
      "free space; work resumes by itself")                                                                  \
    X(JZ_LOG_STORE_FAILED, 4003, ERROR, "journal.failed", "a commit failed; the process stops and replays",  \
      "check the disk before starting again")                                                                \
    X(JZ_LOG_REPLAY_FAILED, 4004, ERROR, "journal.replay_failed",                                            \
      "the journal could not be opened or replayed: its folder is missing or not "                           \
      "writable, another process holds it, it is damaged, or this version decides "                          \
      "differently; status says which",                                                                      \
      "see the status; stop the other process or correct data_dir; never delete a "                          \
      "journal: run the version that wrote it, or restore a copy")                                           \
    X(JZ_LOG_ACTIVATED, 4005, INFO, "rules.activated", "rule packs or directory were activated", "nothing")  \
    X(JZ_LOG_SNAPSHOT_FAILED, 4006, WARNING, "journal.snapshot_failed",                                      \
      "no snapshot was written at stop; the next start replays more", "check the disk's space")              \
    X(JZ_LOG_CLOCK_STEPPED, 4007, WARNING, "clock.stepped",                                                  \
      "the system clock stepped; the server goes on with its own time",                                      \
      "check time synchronisation; restart when convenient to take the new time")                            \
    X(JZ_LOG_RULES_REFUSED, 4008, ERROR, "rules.refused",                                                    \
      "rule packs were refused while serving; those in force stay",                                          \
      "correct the file and line named, activate again")                                                     \
    X(JZ_LOG_RULES_UNCHANGED, 4009, INFO, "rules.unchanged", "the rule packs are those in force already",    \
      "nothing")                                                                                             \
    X(JZ_LOG_SHADOW_LOADED, 4010, INFO, "rules.shadow_loaded", "shadow packs look on; they act on nothing",  \
      "nothing")                                                                                             \
    X(JZ_LOG_SHADOW_REFUSED, 4011, WARNING, "rules.shadow_refused",                                          \
      "shadow packs were refused; none look on, or those before do",                                         \
      "correct the file and line named, activate again")                                                     \
    X(JZ_LOG_SHADOW_DIFFERS, 4012, INFO, "rules.shadow_differs",                                             \
      "for some patient a rule of the shadow packs ends in another level",                                   \
      "nothing; this is what shadow packs are for")                                                          \
    X(JZ_LOG_MEASURE_LET_GO, 4013, WARNING, "measure.let_go",                                                \
      "a waveform was let go unmeasured, or a CTG under way begins anew or is not followed: more at once "   \
      "than there is memory "                                                                                \
      "for",                                                                                                 \
      "look at the trace yourself; if it repeats, tell the developers how many patients there were")         \
    X(JZ_LOG_MEASURE_REFUSED, 4014, WARNING, "measure.refused",                                              \
      "a measurement is on record and did not have its whole effect; status says why",                       \
      "see the status in docs/protocol.md; look at the trace yourself")                                      \
    X(JZ_LOG_LOOK_BACK_CUT, 4015, WARNING, "journal.look_back_cut",                                          \
      "after this start not all waveforms of patients under way were read back: too many records since",     \
      "their older traces are in the journal; what comes now is measured")                                   \
    X(JZ_LOG_TRAVEL_DOWN, 4016, WARNING, "travel.down",                                                      \
      "the travel time service gives no answer; the road graph answers instead, and every ranking says so",  \
      "check travel_url and the service; it is asked again every 15 s")                                      \
    X(JZ_LOG_TRAVEL_UP, 4017, INFO, "travel.up", "the travel time service answers again", "nothing")         \
    X(JZ_LOG_WEBHOOK_DOWN, 4018, WARNING, "webhook.down",                                                    \
      "the SMS gateway did not take a notice; unless it refused it, it is tried again for 10 min",           \
      "check webhook_url and the gateway; for 401 both clocks and the secret")                               \
    X(JZ_LOG_WEBHOOK_UP, 4019, INFO, "webhook.up", "the SMS gateway takes notices", "nothing")               \
    X(JZ_LOG_WEBHOOK_GIVEN_UP, 4020, ERROR, "webhook.given_up",                                              \
      "a notice was given up: refused by the gateway, not taken in 10 min, or a test that made room",        \
      "nobody was reached by it: telephone the hospital that the dispatcher's screen names; see "            \
      "webhook.down")                                                                                        \
    X(JZ_LOG_WEBHOOK_FULL, 4021, ERROR, "webhook.full", "no room for another notice; it was not sent",       \
      "telephone the hospital that the dispatcher's screen names; see webhook.down")

enum jz_log_event {
#define JZ_LOG_ENUM(constant, number, severity, name, cause, action) constant = (number),
    JZ_LOG_LIST(JZ_LOG_ENUM)
#undef JZ_LOG_ENUM
};

/** All optional; zero is "absent". Strings come from the configuration or from constants, never from a peer. */
struct jz_log_fields {
    enum jz_status status;
    const char *side;    /**< "device" or "console" */
    uint64_t session;    /**< handle, as in net.h */
    const uint8_t *peer; /**< 16 bytes: device UUID or digest of a person's name */
    uint32_t kind;       /**< number of a frame kind */
    uint64_t count;
    const char *file; /**< a configured file */
    uint32_t line;
    const char *detail; /**< a constant of ours, what our own library said at start, or what is wrong in a
                             configured file; cut at 200 bytes */
};

/** Rows of the catalogue, in order; for the test that checks docs/events.md. */
struct jz_log_row {
    enum jz_log_event event;
    const char *severity, *name, *cause, *action;
};
/** @return false past the end. */
bool jz_log_row(size_t index, struct jz_log_row *out);

#define JZ_LOG_LINE_BYTES_MAX 1024u
#define JZ_LOG_BURST 20u /**< lines of one event in a window; the rest is counted in `suppressed` */
#define JZ_LOG_WINDOW_MS 10000u

/** Writes one line, at most JZ_LOG_BURST an event and window. `fields` may be NULL. */
void jz_log(enum jz_log_event event, const struct jz_log_fields *fields);
/** Where lines go instead of stderr (tests); NULL: stderr again. `line` has no newline. */
typedef void (*jz_log_write)(void *context, const char *line);
void jz_log_sink(jz_log_write write, void *context);

#endif /* JZ_EVENT_LOG_H */
