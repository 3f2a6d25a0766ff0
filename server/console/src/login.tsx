/* SPDX-License-Identifier: Apache-2.0 */
import { useSignal } from "@preact/signals";
import { login } from "./link";
import { audible, enableSound, play } from "./sound";
import { t, type Word } from "./strings";

const REFUSALS: Readonly<Record<number, Word>> = { 0: "login.unreachable", 401: "login.wrong", 429: "login.often" };

async function testSound(): Promise<void> {
    if (await enableSound()) play("test");
}

export function Login() {
    const busy = useSignal(false), refusal = useSignal<number | undefined>(undefined), tested = useSignal(false);
    const submit = async (event: SubmitEvent) => {
        event.preventDefault();
        const form = new FormData(event.currentTarget as HTMLFormElement);
        busy.value = true;
        void enableSound();
        const status = await login(String(form.get("name") ?? "").trim(), String(form.get("password") ?? ""));
        busy.value = false;
        refusal.value = status === 200 ? undefined : status;
    };
    return (
        <main class="login">
            <form onSubmit={submit}>
                <h1>{t("app.title")}</h1>
                <label for="name">{t("login.name")}</label>
                <input id="name" name="name" autocomplete="username" required maxLength={64} />
                <label for="password">{t("login.password")}</label>
                <input id="password" name="password" type="password" autocomplete="current-password" required maxLength={256} />
                <button type="submit" class="primary" disabled={busy.value}>{t(busy.value ? "login.busy" : "login.go")}</button>
                <p class="problem" role="alert">
                    {refusal.value !== undefined && t(REFUSALS[refusal.value] ?? "login.other", { n: refusal.value })}
                </p>
                <button type="button" id="sound-test" onClick={() => { tested.value = true; void testSound(); }}>
                    {t("sound.test")}
                </button>
                <p role="status">{tested.value && t(audible.value ? "sound.heard" : "sound.off")}</p>
                <p class="quiet">{t("app.secondary")}</p>
            </form>
        </main>
    );
}
