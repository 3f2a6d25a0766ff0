/* SPDX-License-Identifier: Apache-2.0 */
/** @file jingzhu/status.h  What can go wrong, named once: enum, wire number, name and text.
 *
 *  The numbers travel in `error` frames and stand in log events, so they never change meaning.
 *  Ranges: 1xx wire, 2xx limit, 3xx session, 4xx clinical, 5xx store, 6xx link, 7xx config,
 *  8xx authority.
 */
#ifndef JZ_STATUS_H
#define JZ_STATUS_H

#define JZ_MUST_CHECK __attribute__((warn_unused_result))

/* X(name, number, English sentence: what is wrong and what to do) */
#define JZ_STATUS_LIST(X)                                                                                    \
    X(JZ_OK, 0, "done")                                                                                      \
    X(JZ_E_TRUNCATED, 101, "the message ends inside an item; send whole frames")                             \
    X(JZ_E_INDEFINITE, 102, "indefinite length is not allowed; send definite lengths")                       \
    X(JZ_E_NOT_CANONICAL, 103, "not in the shortest form; encode deterministically")                         \
    X(JZ_E_KEY_ORDER, 104, "map keys are not in ascending order or repeat; sort them")                       \
    X(JZ_E_TYPE, 105, "an item has the wrong type for its key; see jingzhu.cddl")                            \
    X(JZ_E_RESERVED, 106, "tag, float or reserved item; the protocol uses none")                             \
    X(JZ_E_UTF8, 107, "text is not valid UTF-8")                                                             \
    X(JZ_E_UNKNOWN_KIND, 108, "unknown frame kind; this server speaks version 1")                            \
    X(JZ_E_MISSING_KEY, 109, "a required key is absent; see jingzhu.cddl")                                   \
    X(JZ_E_VALUE, 110, "a value is outside its range; see jingzhu.cddl")                                     \
    X(JZ_E_TEXT_MESSAGE, 111, "text WebSocket message; send binary CBOR")                                    \
    X(JZ_E_NOT_FRAME, 112, "not a frame: a frame is a map that starts with key 0")                           \
    X(JZ_E_EMPTY, 113, "the message holds no frame")                                                         \
    X(JZ_E_MESSAGE_SIZE, 201, "the message is longer than the limit; send it in parts")                      \
    X(JZ_E_DEPTH, 202, "nested deeper than the limit")                                                       \
    X(JZ_E_COUNT, 203, "more items than the limit")                                                          \
    X(JZ_E_STRING_SIZE, 204, "a string is longer than the limit")                                            \
    X(JZ_E_RATE, 205, "too many messages; slow down and resend")                                             \
    X(JZ_E_FULL, 206, "no room for another one of these; tell the operator")                                 \
    X(JZ_E_BUFFER, 207, "the caller's buffer is too small")                                                  \
    X(JZ_E_BEFORE_HELLO, 301, "a frame came before hello; say hello first")                                  \
    X(JZ_E_VERSION, 302, "protocol version is not supported; update the software")                           \
    X(JZ_E_HELLO_AGAIN, 303, "a second hello on one connection")                                             \
    X(JZ_E_SEQUENCE, 304, "the sequence number went back; go on from the last acknowledged")                 \
    X(JZ_E_REPLACED, 305, "the same identity connected again; this connection is closed")                    \
    X(JZ_E_DIRECTION, 306, "this kind of frame is not accepted from this side")                              \
    X(JZ_E_UNKNOWN_FIELD, 401, "unknown metric, finding or fact code; it was kept, not used")                \
    X(JZ_E_IMPLAUSIBLE, 402, "value outside what can be; it was kept, not believed")                         \
    X(JZ_E_INCOMPLETE, 403, "an input is missing; act on the lower bound at least")                          \
    X(JZ_E_UNKNOWN_ALERT, 404, "no such alert")                                                              \
    X(JZ_E_TRANSITION, 405, "the alert is past that state; look at it again")                                \
    X(JZ_E_REASON, 406, "a reason is required")                                                              \
    X(JZ_E_ENCOUNTER_CLOSED, 407, "the encounter is closed; open a new one")                                 \
    X(JZ_E_UNKNOWN_ENCOUNTER, 408, "no such encounter")                                                      \
    X(JZ_E_UNKNOWN_CODE, 409, "a code this version does not know")                                           \
    X(JZ_E_CHART_FULL, 410, "too many different fields are known of this patient; it was kept, not used")    \
    X(JZ_E_UNKNOWN_FACILITY, 411, "no such hospital in the directory")                                       \
    X(JZ_E_SECOND_PERSON, 412, "this waits for a second person, who must confirm it")                        \
    X(JZ_E_SAME_PERSON, 413, "the second person must be another one")                                        \
    X(JZ_E_PHASE, 414, "the patient is past that, or not there yet; look at the case again")                 \
    X(JZ_E_TIME_ORDER, 415, "impossible: before what it must follow, or in the future; correct one of them") \
    X(JZ_E_UNKNOWN_PROPOSAL, 416, "nothing of that number waits for a second person")                        \
    X(JZ_E_STORE_FULL, 501, "the disk is full; nothing more is acknowledged until there is room")            \
    X(JZ_E_STORE_IO, 502, "the disk failed; the process stops and replays")                                  \
    X(JZ_E_STORE_FENCED, 503, "another holder took this shard")                                              \
    X(JZ_E_STORE_UNKNOWN, 504, "outcome unknown; ask again with the same key")                               \
    X(JZ_E_STORE_TOO_BIG, 505, "record longer than the journal takes")                                       \
    X(JZ_E_STORE_CHAIN, 506, "the hash chain does not match: the journal was altered or damaged")            \
    X(JZ_E_STORE_ORDER, 507, "a new key sorts before one already stored for its source")                     \
    X(JZ_E_REPLAY, 508, "replay computed a decision that is not the one on record")                          \
    X(JZ_E_STORE_BUSY, 509, "another process has this journal open; stop it first")                          \
    X(JZ_E_LINK, 601, "connection lost")                                                                     \
    X(JZ_E_TLS, 602, "TLS refused: check certificate, time and authority")                                   \
    X(JZ_E_TIMEOUT, 603, "no answer in time")                                                                \
    X(JZ_E_CONFIG, 701, "configuration is wrong; see the line named")                                        \
    X(JZ_E_FILE, 702, "cannot read or write the file named")                                                 \
    X(JZ_E_FORMAT, 703, "file is not in the expected format")                                                \
    X(JZ_E_PACK, 704, "rule pack refused; see file, line and cure")                                          \
    X(JZ_E_MEMORY, 705, "out of memory at start; lower the configured limits")                               \
    X(JZ_E_DENIED, 801, "not allowed for this role")                                                         \
    X(JZ_E_REVOKED, 802, "this certificate is revoked or unknown; enrol again")                              \
    X(JZ_E_LOGIN, 803, "name or password is wrong, or too many tries")

enum jz_status {
#define JZ_STATUS_ENUM(name, number, text) name = (number),
    JZ_STATUS_LIST(JZ_STATUS_ENUM)
#undef JZ_STATUS_ENUM
};

/** Constant name, e.g. "JZ_E_DEPTH"; "JZ_?" for a number that is none of ours. Static storage. */
const char *jz_status_name(enum jz_status status);
/** The English sentence; never NULL. Static storage. Consoles translate by number. */
const char *jz_status_text(enum jz_status status);

#endif /* JZ_STATUS_H */
