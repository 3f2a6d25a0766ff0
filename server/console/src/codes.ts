/* SPDX-License-Identifier: Apache-2.0 */
/* Numbers that stand in frames: enumerations of protocol/include/jingzhu/frame.h and comments of protocol/jingzhu.cddl.
 * A test reads both and checks every number below against them. */

export const ACTION = {
    chooseDestination: 1, setPriority: 2, standDown: 3, reopen: 4, merge: 5, birth: 6, transfer: 7, join: 8, identify: 9,
    divert: 10, endDivert: 11, setCapacity: 12, confirmCapability: 13, stamp: 14, receipt: 15, askConsult: 16, takeConsult: 17,
    passConsult: 18, answerConsult: 19, signHandover: 20, outcome: 21, second: 22, probeSounded: 23,
} as const;
export const REASON = {
    conditionChanged: 1, family: 2, road: 3, hospitalRefused: 4, specialty: 5, other: 6, nearestResuscitation: 7, falseCall: 8,
    duplicate: 9, mistake: 10, clockWrong: 11, equipment: 12, full: 13, staff: 14, power: 15, infection: 16,
} as const;
export const SERVICE = { ed: 1, cathLab: 2, theatre: 3, obstetrics: 4, icu: 5, nicu: 6, blood: 7 } as const;
/** In frames a team is numbered from 1; jingzhu/frame.h has the index from 0. */
export const TEAM = { ed: 1, cathLab: 2, obstetrics: 3, nicu: 4, blood: 5 } as const;
export const RECEIPT = { delivered: 1, displayed: 2, acknowledged: 3, ready: 4 } as const;
export const GRADE = { inform: 1, prepare: 2, activate: 3 } as const;
export const PHASE = { open: 1, arrived: 2, closed: 3, handedOver: 4, merged: 5 } as const;
export const KIN = { newborn: 1, mother: 2, mergedInto: 3, mergedFrom: 4 } as const;
export const SOURCE = { unknown: 0, event: 1, recording: 2, crew: 3, hospital: 4, dispatch: 5 } as const;
export const TARGET = { running: 1, dueSoon: 2, overdue: 3, met: 4, late: 5 } as const;
export const TRIAGE = { right: 1, tooHigh: 2, tooLow: 3 } as const;
export const DIAGNOSIS = {
    stemi: 1, nsteAcs: 2, dissection: 3, pulmonaryEmbolism: 4, otherCardiac: 5, preeclampsia: 6, haemorrhage: 7, preterm: 8,
    sepsis: 9, otherObstetric: 10, other: 11,
} as const;
export const CONSULT = { asked: 1, taken: 2, answered: 3, phone: 4, ended: 5 } as const;
export const CONCLUSION = { agree: 1, moreUrgent: 2, lessUrgent: 3, repeat: 4, other: 5 } as const;
export const PROPOSAL = { waits: 1, confirmed: 2, refused: 3, expired: 4 } as const;
export const PATH = { none: 0, sent: 1, alive: 2, dead: 3 } as const;
export const PLACES = { unknown: 0, known: 1, expired: 2 } as const;
export const CONFIRMATION = { absent: 1, roundTheClock: 2, officeHours: 3, closedNow: 4 } as const;
/** Sides of a handover. */
export const SIDE = { gives: 1, receives: 2 } as const;
/** Bits of a candidate's flags. */
export const FLAG = { unsure: 1, expired: 2, noNumber: 4, full: 8, onward: 16, meetsGoal: 32 } as const;
/** What the server says of an action that waits for a second person (jingzhu/status.h): no refusal. */
export const WAITS_FOR_SECOND = 412;
