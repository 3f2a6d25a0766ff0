/* SPDX-License-Identifier: Apache-2.0 */
/** @file jingzhu/limits.h  Every bound on what a peer can make us hold, loop over or nest.
 *
 *  A number here is part of the protocol: changing one changes what a device may send.
 *  Each limit has a test at the limit and one over it.
 */
#ifndef JZ_LIMITS_H
#define JZ_LIMITS_H

/* The wire. */
#define JZ_MESSAGE_BYTES_MAX 16384u /**< one WebSocket message */
#define JZ_FRAMES_PER_MESSAGE_MAX 64u
#define JZ_DEPTH_MAX 6u /**< nested maps and arrays in one frame */
#define JZ_MAP_PAIRS_MAX 64u
#define JZ_ARRAY_ITEMS_MAX 64u
#define JZ_TEXT_BYTES_MAX 512u /**< one text string */
#define JZ_BYTES_MAX 12288u    /**< one byte string: waveform samples are the longest */

/* One frame. */
#define JZ_LANE_COUNT 4u
#define JZ_READINGS_PER_FRAME_MAX 24u
#define JZ_FACTS_PER_FRAME_MAX 24u
#define JZ_REASON_TEXT_MIN 5u /**< characters, where the reason is "other" (console.md 6) */
#define JZ_CHANNELS_MAX 12u   /**< leads in one waveform segment */
#define JZ_SAMPLES_PER_CHANNEL_MAX 1024u
#define JZ_SAMPLES_PER_SEGMENT_MAX 6144u

/* One patient: the readings, rules and alerts the core keeps for it. */
#define JZ_FIELDS_MAX 1024u       /**< rows of protocol/fields/ */
#define JZ_SPIKE_FIELDS_MAX 8u    /**< rows of them with a spike gate */
#define JZ_RULES_MAX 448u         /**< rules in all loaded packs together; a multiple of 64 */
#define JZ_ITEMS_PER_RULE_MAX 32u /**< items of one score */
#define JZ_CONDITIONS_MAX 64u     /**< rows of the routing needs */
#define JZ_CAPABILITIES_MAX 32u
#ifndef JZ_FACILITIES_MAX
#define JZ_FACILITIES_MAX 64u /**< a region; more for a library of its own, up to 16384 */
#endif

#endif /* JZ_LIMITS_H */
