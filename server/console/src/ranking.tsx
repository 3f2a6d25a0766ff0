/* SPDX-License-Identifier: Apache-2.0 */
/* Which hospital, why, what would change that, and the choice of a person. */
import { signal, useSignal } from "@preact/signals";
import { ActLines, ask, isUnderWay } from "./act-dialog";
import { facilityName } from "./alert";
import { ACTION, FLAG, PHASE, REASON } from "./codes";
import { OVERRIDE_REASONS, currentFacility, lossOf, type Loss } from "./dispatch-model";
import { act, health, now, state } from "./link";
import { needsOf } from "./needs";
import { Panel } from "./panel";
import { has, numbered, shownAge, shownTime, t, type Word } from "./strings";
import { ROLE, type Candidate, type Change, type Exclusion, type Patient, type Ranking } from "./wire";

export const minutes = (s: number): string => t("rank.minutes", { n: Math.round(s / 60) });
export const capabilityName = (id: string): string => (has(`capability.${id}`) ? t(`capability.${id}` as Word) : id);
const listOf = (words: readonly string[]): string => words.join(t("list.comma"));

/* --- words ------------------------------------------------------------------------------------------------ */

const FLAG_WORDS: readonly (readonly [number, Word])[] = [[FLAG.unsure, "flag.unsure"], [FLAG.expired, "flag.expired"], [FLAG.noNumber, "flag.noNumber"],
    [FLAG.full, "flag.full"], [FLAG.onward, "flag.onward"], [FLAG.meetsGoal, "flag.meetsGoal"]];
const flagWords = (flags: number): [number, string][] => FLAG_WORDS.filter(([bit]) => (flags & bit) !== 0).map(([bit, word]) => [bit, t(word)]);

export function exclusionWords(of: Pick<Exclusion, "why" | "capability" | "service">): string {
    const what = of.capability ? capabilityName(of.capability) : of.service > 0 ? numbered("service", of.service) : "";
    return `${t(`rank.why.${of.why}` as Word)} ${what}`.trim();
}

/** What is lost, in one line: "+9 min, no NICU". */
export function lossWords(of: Loss): string {
    const time = of.seconds === undefined ? t("loss.noTime") : of.seconds === 0 ? t("loss.sameTime") : t(of.seconds > 0 ? "loss.later" : "loss.sooner", { n: Math.round(Math.abs(of.seconds) / 60) });
    const lacks = of.lacks.map((name) => t("loss.lacks", { what: capabilityName(name) }));
    const excluded = of.exclusion && !of.lacks.includes(of.exclusion.capability) ? [exclusionWords(of.exclusion)] : [];
    const doubts = (of.candidate ? flagWords(of.candidate.flags & ~FLAG.meetsGoal) : []).map(([, words]) => words);
    return [time, ...lacks, ...excluded, ...doubts].join(t("list.comma"));
}

/* --- choosing --------------------------------------------------------------------------------------------- */

const mayChoose = (patient: Patient): boolean => state.value.me?.role === ROLE.dispatcher && patient.phase === PHASE.open && health.value !== "lost";
const isChoosing = (patient: Patient): boolean => isUnderWay((a) => a.what === ACTION.chooseDestination && a.encounter === patient.id);

/** Sends the patient to recommendation `n` (1 first). The first goes at once; any other opens the question for the reason. */
export function dispatch(patient: Patient, n: number): void {
    const candidate = patient.ranking?.candidates[n - 1];
    if (!candidate || !mayChoose(patient) || isChoosing(patient) || currentFacility(state.value, patient) === candidate.facility) return;
    if (n === 1) act({ what: ACTION.chooseDestination, encounter: patient.id, facility: candidate.facility });
    else override(patient, candidate.facility);
}

const picked = signal(""); /* the hospital that the open question is about */

function Options({ patient }: { patient: Patient }) {
    const ranking = patient.ranking;
    if (!ranking) return null;
    const all = [...ranking.candidates.map((c) => c.facility), ...ranking.exclusions.map((x) => x.facility)];
    const current = currentFacility(state.value, patient), loss = picked.value ? lossOf(state.value, patient, picked.value) : undefined;
    return (
        <>
            <label for="override-to">{t("override.to")}</label>
            <select id="override-to" value={picked.value} onChange={(e) => { picked.value = e.currentTarget.value; }}>
                <option value="">{t("answer.choose")}</option>
                {all.map((id, i) => (
                    <option key={id} value={id} disabled={id === current}>
                        {i < ranking.candidates.length ? `${i + 1} ` : ""}{facilityName(id)}{id === current ? ` · ${t("rank.current")}` : ""} · {lossWords(lossOf(state.value, patient, id))}
                    </option>
                ))}
            </select>
            {loss && (
                <div class="loss" data-testid="loss" role="status">
                    <p><span class="quiet">{t("override.lost", { first: facilityName(ranking.candidates[0]?.facility ?? "") })}</span> <strong>{lossWords(loss)}</strong></p>
                    {loss.unverified.length > 0 && <p class="unverified">{t("rank.unverified")}: {listOf(loss.unverified.map(capabilityName))}</p>}
                    {loss.second && <p class="hard-stop" data-testid="hard-stop">{t("override.second", { reason: numbered("cause", REASON.nearestResuscitation) })}</p>}
                </div>
            )}
        </>
    );
}

/** Asks whereto instead, and why. @param facility  chosen already; "": to be chosen  @param first  a reason that is known already */
export function override(patient: Patient, facility = "", first = 0): void {
    if (!mayChoose(patient)) return;
    picked.value = facility;
    ask({
        title: t("override.title", { who: patient.callsign || t("patients.unnamed") }), reasons: OVERRIDE_REASONS, first, danger: true, confirm: t("override.confirm"),
        form: () => <Options patient={state.value.patients.get(patient.id) ?? patient} />,
        ready: () => picked.value !== "" && picked.value !== currentFacility(state.value, patient),
        send: ({ reason, text }) => act({ what: ACTION.chooseDestination, encounter: patient.id, facility: picked.value, reason, text }),
    });
}

/* --- the list --------------------------------------------------------------------------------------------- */

const MARKS: Readonly<Record<number, readonly [string, Word]>> = { 0: ["✗", "mark.absent"], 1: ["✓", "mark.confirmed"], 2: ["?", "mark.assumed"], 3: ["?", "mark.unknown"] };

/* What of the needed the hospital has: by sign and word, never by colour alone. */
function Capabilities({ patient, facility }: { patient: Patient; facility: string }) {
    const of = state.value.facilities.get(facility)?.capabilities, needs = needsOf(patient.conditions, patient.complaint);
    if (needs.length === 0) return null;
    return (
        <ul class="capabilities">{needs.map((name) => {
            const known = of?.get(name) ?? 3, [sign, word] = MARKS[known] ?? ["?", "mark.unknown" as const];
            return <li key={name} class={`mark-${known}`}><span aria-hidden="true">{sign}</span> {capabilityName(name)}{known !== 1 && <small> {t(word)}</small>}</li>;
        })}</ul>
    );
}

function CandidateRow({ patient, of, n }: { patient: Patient; of: Candidate; n: number }) {
    const current = currentFacility(state.value, patient) === of.facility, chosen = patient.chosen?.facility === of.facility;
    const dispatcher = state.value.me?.role === ROLE.dispatcher, arriveMs = (patient.ranking?.ms ?? 0) + of.travelS * 1000;
    return (
        <tr class={current ? "chosen" : ""} data-candidate={of.facility}>
            <td class="number">{n}</td>
            <td>
                <strong>{facilityName(of.facility)}</strong> {current && <span class="tagged">{t("rank.current")}</span>} {chosen && <span class="tagged">{t("rank.chosenBy", { who: patient.chosen?.person ?? "" })}</span>}
                <Capabilities patient={patient} facility={of.facility} />
                {flagWords(of.flags).map(([bit, words]) => <span key={bit} class={bit === FLAG.meetsGoal ? "good" : "unverified"} data-flag={bit}>{words}</span>)}
            </td>
            <td class="number">{of.travelS > 0 ? <>{minutes(of.travelS)}<div class="quiet">{patient.phase === PHASE.open ? shownTime(arriveMs).slice(0, 5) : ""}</div></> : <span class="doubtful-text">{t("rank.noTravel")}</span>}</td>
            <td class="number">{of.treatmentS > 0 ? <>{minutes(of.treatmentS)} ±{Math.round(of.uncertaintyS / 60)}<div class="quiet">{of.cases > 0 ? t("rank.own", { n: of.cases, m: Math.round(of.doorS / 60) }) : t("rank.planned", { m: Math.round(of.doorS / 60) })}</div></> : "–"}</td>
            <td>{of.confirmed ? t("rank.verified") : <span class="unverified">{t("rank.unverified")}</span>}</td>
            {dispatcher && <td><button type="button" class={n === 1 ? "primary" : ""} data-dispatch={n} disabled={!mayChoose(patient) || current || isChoosing(patient)} onClick={() => dispatch(patient, n)}>
                {t("rank.go")} <kbd>{n === 1 ? "Enter" : n}</kbd></button></td>}
        </tr>
    );
}

function changeWords(of: Change): string {
    const hospital = facilityName(of.facility), n = Math.round(of.seconds / 60);
    if (of.kind === 1) return t("change.margin", { hospital, n });
    if (of.kind === 2) return t("change.places", { hospital, n });
    return t("change.excluded", { hospital, n, why: exclusionWords(of) });
}

/* What the routing advises beside the order: all of it proposals. */
function Advice({ of }: { of: Ranking }) {
    const { wayOut, reperfusion, better, together } = of;
    return (
        <ul class="advice">
            {of.nearest && <li>{t("rank.nearest")}</li>}
            {reperfusion && (
                <li data-testid="reperfusion">
                    <strong>{numbered("reperfusion", reperfusion.what)}</strong>
                    {reperfusion.row > 0 && <span class="quiet"> {t("reperfusion.row", { n: reperfusion.row })}</span>}
                    {reperfusion.sinceDiagnosisS > 0 && <span> {t("reperfusion.diagnosis", { n: Math.round(reperfusion.sinceDiagnosisS / 60) })}</span>}
                    {reperfusion.sinceContactS > 0 && <span> {t("reperfusion.contact", { n: Math.round(reperfusion.sinceContactS / 60) })}</span>}
                </li>
            )}
            {wayOut && <li data-testid="way-out"><strong>{numbered("wayout", wayOut.what)}{wayOut.facility && `: ${facilityName(wayOut.facility)}`}</strong> <span class="quiet">({numbered("wayoutwhy", wayOut.why)})</span></li>}
            {better && <li class="better"><strong>{t("rank.better", { hospital: facilityName(better.facility), n: Math.round(better.savesS / 60) })}</strong></li>}
            {together && <li>{together.facility ? t("together.at", { hospital: facilityName(together.facility), n: Math.round(together.costsS / 60) }) : t("together.apart", { why: numbered("together.why", together.why) })}</li>}
        </ul>
    );
}

const SHOWN = 4; /* the rest is one press away, and their digits hold all the same */

function Table({ patient, of }: { patient: Patient; of: Ranking }) {
    const all = useSignal(false), current = currentFacility(state.value, patient), rest = of.candidates.length - SHOWN;
    const isShown = (c: Candidate, i: number) => all.value || i < SHOWN || c.facility === current || c.facility === patient.chosen?.facility;
    return (
        <><div class="scroll" tabIndex={0} role="region" aria-labelledby="ranking-title">
            <table class="ranked">
                <thead><tr>
                    <th scope="col">{t("rank.order")}</th><th scope="col">{t("alerts.facility")}</th><th scope="col">{t("rank.travel")}</th>
                    <th scope="col">{t("rank.treatment")}</th><th scope="col">{t("vitals.note")}</th>
                    {state.value.me?.role === ROLE.dispatcher && <th scope="col">{t("rank.dispatch")}</th>}
                </tr></thead>
                <tbody>{of.candidates.map((c, i) => isShown(c, i) && <CandidateRow key={c.facility} patient={patient} of={c} n={i + 1} />)}</tbody>
            </table>
        </div>
        {rest > 0 && <button type="button" class="link" aria-expanded={all.value} data-testid="all-candidates" onClick={() => { all.value = !all.value; }}>{t(all.value ? "rank.fewer" : "rank.all", { n: of.candidates.length })}</button>}</>
    );
}

const RANKING_OLD_MS = 5 * 60000; /* each new position asks for travel times anew: for so long nothing was heard of where it is (PROJ) */

export function RankingPanel({ patient }: { patient: Patient }) {
    const of = patient.ranking, dispatcher = state.value.me?.role === ROLE.dispatcher;
    if (!of) return null;
    const ageMs = now.value - of.ms, old = patient.phase === PHASE.open && ageMs > RANKING_OLD_MS;
    return (
        <Panel title="rank.title" id="ranking">
            <p class={of.goal === 2 ? "problem" : "quiet"}>
                {t(`rank.goal.${of.goal}` as Word)}{of.goalS !== undefined && ` (${t("rank.goalOf", { n: Math.round(of.goalS / 60) })})`} · {t("rank.provider")}: {of.provider} <span class={old ? "doubtful-text" : ""}>{shownTime(of.ms)} ({shownAge(ageMs)})</span>
            </p>
            <Advice of={of} />
            {of.candidates.length === 0 ? <p class="problem">{t("rank.none")}</p> : <Table patient={patient} of={of} />}
            {dispatcher && <div class="buttons"><button type="button" disabled={!mayChoose(patient)} data-testid="override" onClick={() => override(patient)}>{t("override.open")} <kbd>O</kbd></button></div>}
            <ActLines of={(a) => a.encounter === patient.id && a.what === ACTION.chooseDestination} label="rank.title" />
            {of.changes.length > 0 && <details open><summary>{t("change.title")}</summary><ul>{of.changes.map((c, i) => <li key={i}>{changeWords(c)}</li>)}</ul></details>}
            {of.exclusions.length > 0 && (
                <details>
                    <summary>{t("rank.excluded")} ({of.exclusions.length})</summary>
                    <ul>{of.exclusions.map((e) => <li key={e.facility}>{facilityName(e.facility)}: {exclusionWords(e)}</li>)}</ul>
                </details>
            )}
            {patient.chosen && <p class="chosen-by">{t("rank.chosen", { hospital: facilityName(patient.chosen.facility), who: patient.chosen.person })}
                {patient.chosen.reason > 0 && ` · ${numbered("cause", patient.chosen.reason)}`}</p>}
        </Panel>
    );
}
