/* SPDX-License-Identifier: Apache-2.0 */
/** @file script.h  One text for when the path to a hospital's board is dead: to be sent as one SMS, or read out on the
 *  telephone.
 *
 *  Content  clinical-chest-pain 11.3 item 8, clinical-obstetric 14.3 (pre-alert); ATMIST for chest pain, newborns and
 *           whatever else, SBAR in pregnancy and after birth. Titles of conditions, rules and levels are the packs' own,
 *           names of fields and words those of protocol/.
 *  Privacy  No name, number or address: age, sex, weeks and the last four digits of the encounter's id, which a person
 *           at the board or the dispatcher can find the case by.
 *  Off      To a hospital whose alert was withdrawn or ran out, both texts say only that, and the case. To one on standby
 *           they say that nobody is sent there yet.
 *  Safety   What is not known is said to be not known. A value past its freshness is given with its age, one that was
 *           not believed is not given. A priority that no rule proposed and no person set is not told as a 5. Nothing is
 *           called normal but a cardiotocogram, while its class is complete and current or a clinician's reading is.
 *  Purity   No I/O, clock, allocation or global state; bounded time. Not for every event: field names are looked up.
 *  Always   UTF-8, terminated, without control characters but the "\n" between sections; nothing is cut within a
 *           character, a number or an item.
 */
#ifndef JZ_SCRIPT_H
#define JZ_SCRIPT_H
#include "core.h"

#define JZ_SCRIPT_NO_FACILITY UINT32_MAX /**< nobody was asked yet: arrival is not known */
#define JZ_SCRIPT_SMS_UCS2 70u           /**< characters of one SMS in Chinese (3GPP TS 23.038, UCS2) */
#define JZ_SCRIPT_SMS_GSM7 160u          /**< septets of one SMS in English (3GPP TS 23.038, 6.2.1) */
#define JZ_SCRIPT_SMS_BYTES 321u   /**< any such SMS fits, with its 0: a septet can be two bytes of UTF-8 */
#define JZ_SCRIPT_READ_BYTES 4096u /**< what the project's packs and fields can make of a patient fits */

/** One SMS: priority, who, main condition, worst vital signs, arrival, case code, and the wish for an answer. Items are
 *  added by importance while there is room; a condition whose name is too long is named by its code.
 *  Chinese: at most JZ_SCRIPT_SMS_UCS2 UTF-16 units. English: at most JZ_SCRIPT_SMS_GSM7 septets, only characters of the
 *  GSM 7 bit alphabet: others are written with them where that is usual, else "?".
 *  @param slot      below jz_core_encounter_count
 *  @param facility  index in the directory whom the text is for, or JZ_SCRIPT_NO_FACILITY
 *  @param now_ms    UTC; freshness is judged and ages are counted at it
 *  @return bytes written without the 0; 0 where capacity is 0 and nothing is written */
size_t jz_script_sms(const struct jz_core *core, uint32_t slot, uint32_t facility, int64_t now_ms,
                     enum jz_language language, char *out, size_t capacity);

/** The same behind words of the caller's ("exercise: ", why it is sent), which come first and take their room from the rest:
 *  all of it together is one SMS. Words that do not fit into one by themselves are left out.
 *  @param lead  UTF-8, terminated, with its own punctuation; "" for none */
size_t jz_script_sms_led(const struct jz_core *core, uint32_t slot, uint32_t facility, int64_t now_ms,
                         enum jz_language language, const char *lead, char *out, size_t capacity);

/** To be read out, half a minute to a minute: every section of ATMIST or SBAR is there, with "not known" where nothing is. A
 *  buffer that is too small for all ends the text before the first item that does not fit, and the text says so.
 *  Parameters and result as of jz_script_sms. */
size_t jz_script_read(const struct jz_core *core, uint32_t slot, uint32_t facility, int64_t now_ms,
                      enum jz_language language, char *out, size_t capacity);

#endif /* JZ_SCRIPT_H */
