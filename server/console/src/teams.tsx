/* SPDX-License-Identifier: Apache-2.0 */
/* Roll-call of the teams that an alert calls: who has heard of the patient, who comes, who is ready. */
import { ActLines } from "./act-dialog";
import { ACTION, RECEIPT } from "./codes";
import { isTeamLate, readyOf } from "./hospital-model";
import { act, health, now, state } from "./link";
import { Panel } from "./panel";
import { numbered, shownTime, t } from "./strings";
import type { Acting } from "./state";
import { ALERT, type Alert, type Team } from "./wire";

const STEPS = [RECEIPT.delivered, RECEIPT.displayed, RECEIPT.acknowledged, RECEIPT.ready];
const isOf = (alert: Alert) => (a: Acting): boolean => a.what === ACTION.receipt && a.number === alert.id;

/* A receipt only goes forward. One that was sent must not be sent again. */
function Step({ alert, team, step }: { alert: Alert; team: Team; step: number }) {
    const done = team.receipt >= step, newest = team.receipt === step;
    const sent = [...state.value.acting.values()].some((a) => a.phase === "sent" && isOf(alert)(a) && a.code === team.team && (a.value ?? 0) >= step);
    const who = newest ? [team.person, shownTime(team.ms)].filter(Boolean).join(" ") : "";
    return (
        <button type="button" data-receipt={step} aria-pressed={done} disabled={done || sent || health.value === "lost"}
            class={`step ${done ? "done" : ""} ${step === RECEIPT.ready ? "ready" : ""}`}
            aria-label={t("ward.step", { team: numbered("team", team.team), step: `${numbered("receipt", step)} ${who}` })}
            onClick={() => act({ what: ACTION.receipt, number: alert.id, code: team.team, value: step })}>
            {done ? "✓ " : ""}{numbered("receipt", step)}
            {who && <small>{who}</small>}
        </button>
    );
}

function TeamRow({ alert, team }: { alert: Alert; team: Team }) {
    const late = isTeamLate(alert, team, now.value);
    return (
        <li class={`team ${late ? "late" : ""}`} data-team={team.team} data-ready={team.receipt === RECEIPT.ready}>
            <strong class="name">{numbered("team", team.team)}{!team.needed && <small class="quiet"> {t("ward.teamExtra")}</small>}</strong>
            <span class="steps">{STEPS.map((step) => <Step key={step} alert={alert} team={team} step={step} />)}</span>
            {late && <strong class="escalated reminder">** {t(team.reminded ? "ward.teamReminded" : "ward.teamLate")}</strong>}
        </li>
    );
}

/** How many of the needed teams are ready, in words; empty where none is called. */
export function TeamCount({ alert }: { alert: Alert }) {
    const { ready, needed } = readyOf(alert), late = alert.teams.some((x) => isTeamLate(alert, x, now.value));
    if (needed === 0 || alert.state === ALERT.handedOver) return null;
    const comes = alert.acceptedMs !== undefined;
    return (
        <p class={`team-count ${late ? "escalated" : ready === needed ? "complete" : ""}`} data-testid="team-count">
            {comes ? t("ward.teamCount", { n: ready, m: needed }) : t("ward.teamCalled", { teams: alert.teams.filter((x) => x.needed).map((x) => numbered("team", x.team)).join(" ") })}
            {late && <> ** {t("ward.teamLate")}</>}
        </p>
    );
}

/** The roll-call, once the hospital has accepted. */
export function Teams({ alert }: { alert: Alert }) {
    const called = alert.state === ALERT.accepted || alert.state === ALERT.preparing || alert.state === ALERT.arrived;
    if (!called || alert.teams.length === 0) return null;
    return (
        <Panel title="ward.teams" id="teams">
            <ul>{alert.teams.map((team) => <TeamRow key={team.team} alert={alert} team={team} />)}</ul>
            <ActLines of={isOf(alert)} label="ward.teams" />
        </Panel>
    );
}
