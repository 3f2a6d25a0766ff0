/* SPDX-License-Identifier: Apache-2.0 */
/** @file story.h  A patient's course as text: what is measured, found, given and reached, and when.
 *
 *  One line an event: `m:ss verb key=value ...`; `#` starts a comment; "quotes" hold blanks; UTF-8 allowed.
 *  Times ascend. Values are physical, by the field names of protocol/fields/ (`temp_c=36.8`), or its words
 *  (`acvpu=V`, `chest_pain=yes`). A fact or finding may also be an event: the seconds since (`pain_onset=5400`).
 *
 *      open complaint=chest_pain|pregnancy [callsign=] [lat= lon=] [<fact>=...]
 *      update <fact>=...                            vitals <vital>=...
 *      vitals file=CSV every=S seconds=S [from=S]   numerics at one row a second: HR, PULSE, RESP, SpO2
 *      absent field=<vital> why=probe_off|out_of_range|artefact|not_attached|failed
 *      ecg record=WFDB seconds=S [from=S] [lane=snapshot|bulk]
 *      ctg file=CSV minutes=M [from=S]
 *      finding <finding>=VALUE [observer=crew|physician|machine] [note=]
 *      medication drug=ATC dose_mg=MG route=oral|sublingual|iv|im|sc|inhaled [note=]
 *      milestone what=fmc|ecg|ecg_read|left_scene|door|handover|wire|needle|decision_delivery|delivery
 *      position lat= lon= [accuracy_m=]
 *      await accepted                               the story's clock stands still until a hospital accepted
 *      close reason=handed_over|stood_down|refused|died
 *
 *  Files are relative to the story's folder.
 */
#ifndef JZ_STORY_H
#define JZ_STORY_H
#include "jingzhu/frame.h"

#define JZ_STORY_BYTES_MAX 65536u
#define JZ_STORY_ITEMS_MAX 256u
#define JZ_STORY_WORDS_MAX 28u
#define JZ_STORY_TEXT_MAX 160u
#define JZ_STORY_MS_MAX (24 * 3600 * 1000)
#define JZ_STORY_ERROR_MAX 320u

enum jz_story_verb {
    JZ_STORY_NONE,
    JZ_STORY_OPEN,
    JZ_STORY_UPDATE,
    JZ_STORY_VITALS,
    JZ_STORY_ABSENT,
    JZ_STORY_ECG,
    JZ_STORY_CTG,
    JZ_STORY_FINDING,
    JZ_STORY_MEDICATION,
    JZ_STORY_MILESTONE,
    JZ_STORY_POSITION,
    JZ_STORY_AWAIT,
    JZ_STORY_CLOSE
};

struct jz_story_item {
    enum jz_story_verb verb;
    uint32_t line;
    int32_t at_ms;                /**< since the story's start */
    uint32_t enums[2];            /**< complaint, absence, route, milestone or reason; observer */
    struct jz_facts facts;        /**< facts, vitals, or the one finding or absent field */
    char text[JZ_STORY_TEXT_MAX]; /**< callsign, drug */
    char note[JZ_STORY_TEXT_MAX];
    char file[JZ_STORY_TEXT_MAX]; /**< recording, as written */
    bool has_lat, has_lon;
    int32_t lat_e7, lon_e7;
    uint32_t accuracy_m, dose_ug;
    uint32_t from_s, every_s, length_s;
    uint8_t lane;
    uint32_t snapshot; /**< ECG in lane 1: counted through the story from 1 */
};

struct jz_story {
    char folder[256];
    uint32_t crc; /**< of the text: tells whether an outbox belongs to this story */
    uint32_t count;
    struct jz_story_item item[JZ_STORY_ITEMS_MAX];
    char error[JZ_STORY_ERROR_MAX]; /**< "file:line: what is wrong; what to do" */
};

/** Reads and checks a story. @retval JZ_E_FILE, JZ_E_FORMAT  `error` says what, where and the cure. */
JZ_MUST_CHECK enum jz_status jz_story_load(const char *path, struct jz_story *out);
/** The same from memory; `name` stands in errors. `text` is altered. */
JZ_MUST_CHECK enum jz_status jz_story_parse(const char *name, char *text, struct jz_story *out);

#endif /* JZ_STORY_H */
