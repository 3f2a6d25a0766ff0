/* SPDX-License-Identifier: Apache-2.0 */
/* What waits for a second person, and how several patients might share the last places. Both are calm: nobody is alarmed. */
import { ActLines, ask, isUnderWay } from "./act-dialog";
import { facilityName } from "./alert";
import { openPatient } from "./choice";
import { ACTION } from "./codes";
import { act, health, now, state } from "./link";
import { minutes } from "./ranking";
import { waiting } from "./state";
import { numbered, shownSpan, t } from "./strings";
import type { PlanRow, Plan, Proposal } from "./wire";

const YES = 1, NO = 0;
const PatientLink = ({ id }: { id: string }) => {
    const patient = state.value.patients.get(id);
    return <button type="button" class="link callsign" onClick={() => openPatient(id)}>{patient?.callsign || t("patients.unnamed")}</button>;
};

function proposalLines(of: Proposal): string[] {
    const patient = of.encounter ? state.value.patients.get(of.encounter)?.callsign || t("patients.unnamed") : "";
    const why = [of.reason > 0 ? numbered("cause", of.reason) : "", of.text].filter(Boolean).join(": ");
    return [[patient, of.facility && facilityName(of.facility)].filter(Boolean).join(" → "), t("second.by", { who: of.person }), why].filter(Boolean);
}

function decide(of: Proposal, value: number): void {
    ask({
        title: t(value === YES ? "second.confirmTitle" : "second.refuseTitle", { what: numbered("did", of.what) }), lines: proposalLines(of), danger: value === NO,
        confirm: t(value === YES ? "second.confirm" : "second.refuse"), send: () => act({ what: ACTION.second, number: of.number, value }),
    });
}

function ProposalItem({ of }: { of: Proposal }) {
    const own = of.person === state.value.me?.person, under = isUnderWay((a) => a.what === ACTION.second && a.number === of.number);
    return (
        <li data-proposal={of.number}>
            <p>
                <strong>{numbered("did", of.what)}</strong> {of.encounter && <PatientLink id={of.encounter} />} {of.facility && <>→ <strong>{facilityName(of.facility)}</strong></>}
                <span class="countdown"> {shownSpan(of.untilMs - now.value)} <small>{t("alerts.left")}</small></span>
                <span class="quiet"> {t("second.by", { who: of.person })} {of.reason > 0 && numbered("cause", of.reason)} {of.text}</span>
            </p>
            {own ? <p class="quiet">{t("second.own")}</p> : (
                <div class="buttons">
                    <button type="button" class="primary" disabled={health.value === "lost" || under} data-second="1" onClick={() => decide(of, YES)}>{t("second.confirm")}</button>
                    <button type="button" disabled={health.value === "lost" || under} data-second="0" onClick={() => decide(of, NO)}>{t("second.refuse")}</button>
                </div>
            )}
        </li>
    );
}

export function Proposals() {
    const all = waiting(state.value, now.value);
    return (
        <>
            {all.length > 0 && (
                <section class="waits-second" aria-labelledby="second-title">
                    <h2 id="second-title">{t("second.title", { n: all.length })}</h2>
                    <ul>{all.map((p) => <ProposalItem key={p.number} of={p} />)}</ul>
                </section>
            )}
            <ActLines of={(a) => a.what === ACTION.second} label="second.lines" />
        </>
    );
}

/* --- plans ------------------------------------------------------------------------------------------------ */

const whereto = (facility: string, s: number): string => (facility ? `${facilityName(facility)} ${minutes(s)}` : t("plan.nowhere"));

function PlanLine({ of }: { of: PlanRow }) {
    const differs = of.together !== of.inTurn;
    return (
        <tr data-encounter={of.encounter}>
            <th scope="row"><PatientLink id={of.encounter} /></th>
            <td>{differs ? <strong>{whereto(of.together, of.togetherS)}</strong> : whereto(of.together, of.togetherS)}</td>
            <td>{whereto(of.inTurn, of.inTurnS)}</td>
        </tr>
    );
}

const planTitle = (of: Plan): string => `${numbered("service", of.service)}: ${t(of.differs ? "plan.differs" : "plan.same")}`;

function PlanTable({ of }: { of: Plan }) {
    return (
        <div data-plan={of.service}>
            <h3>{planTitle(of)}</h3>
            <table>
                <thead><tr><th scope="col">{t("patients.unit")}</th><th scope="col">{t("plan.together")}</th><th scope="col">{t("plan.inTurn")}</th></tr></thead>
                <tbody>{of.rows.map((r) => <PlanLine key={r.encounter} of={r} />)}</tbody>
            </table>
        </div>
    );
}

/** Patients that compete for the last places of a service: a proposal, which a dispatcher follows or not. */
export function Plans() {
    const plans = [...state.value.plans.values()];
    if (plans.length === 0) return null;
    return (
        <section class="plans" aria-labelledby="plans-title">
            <h2 id="plans-title" class="unseen">{t("plan.title")}</h2>
            <details>
                <summary><strong>{t("plan.title")}</strong> · {plans.map(planTitle).join("; ")}</summary>
                <p class="quiet">{t("plan.note")}</p>
                {plans.map((p) => <PlanTable key={p.service} of={p} />)}
            </details>
        </section>
    );
}
