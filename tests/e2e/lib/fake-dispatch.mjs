/* SPDX-License-Identifier: Apache-2.0 */
/* Canned frames of a dispatcher's screen for the stand-in server: clocks, ranking, hospitals' places, proposals, plans, and a
 * list of 200. Synthetic; the hospitals are the stand-in's four. */
import { chestPain, idOf, pregnancy } from "./fake-server.mjs";

const m = (...pairs) => new Map(pairs);
const MIN = 60000;
export const FIELD = { fmc: 67109203, ecg: 67109204, left: 67109206, door: 67109207 };
export const AT = { "gz-1": [265960000, 1067160000], "gz-2": [265850000, 1067380000], "gz-3": [266230000, 1066460000], "gz-4": [265770000, 1067070000] };

/** One of many patients: `n` from 3 upwards, of every urgency in turn. */
export function another(n, now, more = []) {
    const patient = n % 3 === 0 ? pregnancy(now, `贵A·120-${n}`) : chestPain(now, `贵A·120-${n}`);
    patient.set(4, Uint8Array.from({ length: 16 }, (_, i) => (i === 15 ? n & 255 : i === 14 ? 1 + (n >> 8) : 0))).set(8, 1 + (n % 5)).set(11, now - n * 1000);
    patient.set(18, []).delete(17);
    patient.set(20, []).set(21, []);
    patient.set(19, [265000000 + (n * 7919) % 2000000, 1066000000 + (n * 104729) % 2000000, now - (n % 4) * 40000]);
    for (const [key, value] of more) patient.set(key, value);
    return patient;
}

/** The ranking with all that it can say: gz-1 first, gz-2 second and full, gz-3 without PCI, gz-4 diverting. */
export const richRanking = (now) => m([0, now - 20000], [1, "road-graph-schematic"], [2, [["gz-1", 720, 3900, 240, false, 3180, 7, 32], ["gz-2", 900, 4440, 300, true, 3400, 0, 2 + 8]]],
    [3, [["gz-3", 1, "pci_24h", 0], ["gz-4", 2, "", 2]]], [4, 1], [5, 7200], [7, [3, 2, "gz-3"]], [8, [2, 2, 5040, 6600]],
    [9, [["gz-2", 1, 0, "", 0, 540], ["gz-3", 3, 1, "pci_24h", 0, 420]]], [10, ["gz-2", 960]]);

/** Clocks and milestones: one running out, one that is predicted to be missed, one met; the first contact was corrected. */
export function withCase(patient, now) {
    patient.set(17, richRanking(now));
    patient.set(28, [["CLOCK-FMC-ECG", "首次医疗接触到心电图", "First contact to ECG", now - 16 * MIN, now - 6 * MIN, 4, 0, null],
        ["CLOCK-FMC-WIRE", "首次医疗接触到导丝通过", "First contact to wire", now - 16 * MIN, now + 104 * MIN, 1, 1, now + 112 * MIN],
        ["CLOCK-SCENE", "现场停留", "Time on scene", now - 14 * MIN, now - 2 * MIN, 3, 3, null]]);
    patient.set(29, [[FIELD.fmc, now - 16 * MIN, now - 18 * MIN, 5, 2000, 1], [FIELD.ecg, now - 10 * MIN, now - 10 * MIN, 2, 0, 0]]);
    patient.set(34, "T-0421");
    patient.set(36, 2);
    return patient;
}

const DAY = 86400000;
/** A hospital with places: NICU known, cath lab expired, ED yellow, obstetrics diverted, and a path of `path`. */
export const hospital = (n, zh, en, now, { path = 2, cath = 2, capabilities = [["pci_24h", 1], ["cardiac_surgery", 2], ["chest_pain_centre", 1], ["obstetrics_emergency", 1], ["nicu_critical_neonatal_centre", 1]] } = {}) =>
    m([0, 25], [8, `gz-${n}`], [9, zh], [10, en], [11, AT[`gz-${n}`][0]], [12, AT[`gz-${n}`][1]], [14, capabilities],
        [15, [[1, 1, 1, 0, "李静", now - 10 * MIN, now + 50 * MIN, 0, 0, ""], [2, cath, 2, 1, "李静", now - 130 * MIN, now - 70 * MIN, 0, 0, ""],
            [4, 1, 1, 0, "王敏", now - 5 * MIN, now + 55 * MIN, now + 34 * MIN, 12, "王敏"], [6, 1, 1, 2, "李静", now - 3 * MIN, now + 57 * MIN, 0, 0, ""], [5, 1, -1, 0, "李静", now - 3 * MIN, now + DAY / 2, 0, 0, ""]]],
        [17, [path, now - 60000, path === 3 ? now - 20 * MIN : now - 59000, path === 3 ? 4 : 0]]);
export const hospitals = (now) => [hospital(1, "贵州省人民医院", "Guizhou Provincial People's Hospital", now), hospital(2, "贵阳市第二人民医院", "Guiyang Second People's Hospital", now, { cath: 1, capabilities: [["pci_24h", 2], ["cardiac_surgery", 0], ["chest_pain_centre", 3]] }),
    hospital(3, "贵阳市第三人民医院", "Guiyang Third People's Hospital", now, { path: 3, capabilities: [["pci_24h", 0], ["thrombolysis", 1]] }),
    hospital(4, "贵阳市妇幼保健院", "Guiyang Maternal and Child Hospital", now, { path: 0 })];

export const proposal = (number, now, { what = 1, encounter = idOf(1), by = "王敏", facility = "gz-3", reason = 2, text = "家属坚持", state = 1 } = {}) =>
    m([0, 28], [3, now], ...(encounter ? [[4, encounter]] : []), [8, number], [9, what], [10, by], [11, now - 20000], [12, now + 280000], [13, facility], [14, reason], [15, text], [16, state]);

export const plan = (now) => m([0, 29], [3, now], [8, 2], [9, [[idOf(1), "gz-1", 2400, "gz-2", 3900], [idOf(2), "gz-2", 3000, "gz-1", 2700]]], [10, true]);

export const consult = (now, state, more = []) => m([0, 27], [3, now], [4, idOf(1)], [8, 9], [9, state], [10, now - 60000], [11, now + 60000], [12, now + 540000], [13, "调度员"],
    [15, "下壁 ST 段抬高,是否加做右胸导联?"], [20, false], [21, 1], ...more);

/** An alert with all that the ladder and the teams can say. */
export const fullAlert = (id, encounter, facility, state, now, more = []) => m([0, 21], [3, now], [4, encounter], [8, id], [9, facility], [10, state], [11, now - 75000], [12, now - 15000], [13, 1], [14, true],
    [18, ["R01"]], [19, 720], [20, 2], [21, 3], [22, [[1, true, 4, now - 40000, "张伟", false], [2, true, 1, now - 60000, "", true], [5, false, 0, 0, "", false]]], [23, 3], [24, true], [25, false], [26, false], ...more);
