/* SPDX-License-Identifier: Apache-2.0 */
/* Every word on the screen, Chinese first: the common ones here, those of one screen in words/. The only files with Han text;
 * `npm run check` sees to it. */
import { signal } from "@preact/signals";
import fields, { type FieldRow } from "jz:fields";
import { ADMIN_WORDS } from "./words/admin";
import type { CONSULT_WORDS } from "./words/consult";
import { DISPATCH_WORDS } from "./words/dispatch";
import type { HOSPITAL_WORDS } from "./words/hospital";
import type { PAPER_WORDS } from "./words/paper";

const COMMON_WORDS = {
    "app.title": ["京筑急救", "Jingzhu"],
    "app.dispatcher": ["调度台", "Dispatch"],
    "app.receiving": ["接诊预警", "Receiving"],
    "app.consultant": ["远程会诊", "Remote consult"],
    "app.observer": ["观察席(只读)", "Observer (read only)"],
    "app.secondary": ["辅助报警显示,床旁监护为准", "Secondary display: the bedside monitor stays primary"],
    "app.language": ["English", "中文"],
    "app.help": ["帮助", "Help"],
    "app.logout": ["退出", "Log out"],
    "app.serverTime": ["服务器时间", "server time"],
    "app.simulation": ["SIMULATION 模拟演练 – 能力未核实", "SIMULATION 模拟演练 – capabilities not verified"],
    "app.misunderstood": ["收到无法理解的数据", "Data not understood"],
    "app.skip": ["跳到病例详情", "Skip to patient"],
    "part.failed": ["这一部分未能载入", "This part of the page could not be loaded"],
    "part.again": ["再试一次", "Try again"],
    "login.title": ["登录", "Log in"],
    "login.name": ["姓名", "Name"],
    "login.password": ["密码", "Password"],
    "login.go": ["登录", "Log in"],
    "login.busy": ["正在登录…", "Logging in…"],
    "login.wrong": ["姓名或密码不正确", "Name or password is wrong"],
    "login.often": ["失败次数过多,请 15 分钟后再试", "Too many failures; try again in 15 minutes"],
    "login.unreachable": ["无法连接服务器,请检查网络", "The server cannot be reached; check the network"],
    "login.other": ["服务器未接受登录 ({n})", "The server did not accept the log-in ({n})"],
    "sound.test": ["测试声音", "Test sound"],
    "sound.heard": ["声音已启用。如没有听到五声,请检查音量", "Sound is on. If you did not hear five tones, check the volume"],
    "sound.off": ["声音未启用", "Sound is off"],
    "sound.enable": ["点此启用", "Turn it on"],
    "sound.on": ["声音", "Sound"],
    "sound.mute": ["静音 60 秒", "Mute 60 s"],
    "sound.muted": ["静音中 {n} 秒", "Muted {n} s"],
    "link.live": ["链路正常", "Link live"],
    "link.late": ["数据延迟", "Data late"],
    "link.lost": ["数据已中断", "Data lost"],
    "link.noCommands": ["重新连接中。恢复前不能应答,请用电话", "Reconnecting. Answers are refused until then: use the phone"],
    "link.loading": ["正在读取…", "Loading…"],
    "alarm.unanswered": ["未应答 {n}", "{n} unanswered"],
    "alarm.escalated": ["已升级", "Escalated"],
    "alarm.call": ["无人应答,请打电话", "Nobody answered: phone them"],
    "alarm.next": ["下一个 (G)", "Next (G)"],
    "patients.title": ["患者", "Patients"],
    "patients.none": ["目前没有患者", "No patients now"],
    "patients.select": ["请从列表中选择一名患者", "Choose a patient from the list"],
    "patients.priority": ["级", "Pri."],
    "patients.unit": ["车辆", "Unit"],
    "patients.complaint": ["主诉", "Complaint"],
    "patients.condition": ["判定", "Findings"],
    "patients.destination": ["目标医院", "Destination"],
    "patients.alert": ["预警", "Alert"],
    "patients.countdown": ["倒计时", "Time left"],
    "patients.last": ["数据", "Data"],
    "patients.unnamed": ["未报车号", "No callsign"],
    "patients.asking": ["询问中: {hospital}", "asking: {hospital}"],
    "patients.noDestination": ["尚无医院接收", "No hospital yet"],
    "patients.call": ["无人接收,请打电话", "Nobody accepted: call"],
    "patients.more": ["未显示的患者", "Patients not shown"],
    "complaint.1": ["胸痛", "Chest pain"],
    "complaint.2": ["高危孕产妇", "High-risk pregnancy"],
    "phase.1": ["途中", "Under way"],
    "phase.2": ["已到院", "Arrived"],
    "phase.3": ["已结束", "Closed"],
    "alerts.title": ["预警", "Alerts"],
    "alerts.none": ["没有预警", "No alerts"],
    "alerts.ended": ["已结束的预警", "Ended alerts"],
    "alerts.facility": ["医院", "Hospital"],
    "alerts.state": ["状态", "State"],
    "alerts.person": ["应答人", "Person"],
    "alerts.reason": ["原因", "Reason"],
    "alerts.travel": ["车程 {n} 分", "{n} min away"],
    "alerts.new": ["新预警", "New alert"],
    "alerts.left": ["剩余", "left"],
    "alerts.overdue": ["超时", "overdue"],
    "alerts.open": ["查看", "Open"],
    "state.1": ["已发出", "Raised"],
    "state.2": ["已送达", "Delivered"],
    "state.3": ["已查看", "Seen"],
    "state.4": ["已接收", "Accepted"],
    "state.5": ["不能接收", "Declined"],
    "state.6": ["准备中", "Preparing"],
    "state.7": ["已到院", "Arrived"],
    "state.8": ["已交接", "Handed over"],
    "state.9": ["已撤回", "Withdrawn"],
    "state.10": ["已过时", "Expired"],
    "answer.accept": ["接收", "Accept"],
    "answer.decline": ["不能接收", "Decline"],
    "answer.preparing": ["开始准备", "Preparing"],
    "answer.arrived": ["患者已到", "Arrived"],
    "answer.handedOver": ["完成交接", "Handed over"],
    "answer.declineTitle": ["不能接收:请说明原因", "Decline: give the reason"],
    "answer.reason": ["原因", "Reason"],
    "answer.choose": ["请选择…", "Choose…"],
    "answer.text": ["说明", "In words"],
    "answer.textRequired": ["说明(必填)", "In words (required)"],
    "answer.confirm": ["确认不能接收", "Confirm decline"],
    "answer.cancel": ["取消", "Cancel"],
    "answer.sent": ["“{s}”已发送,等待服务器确认…", "“{s}” sent, waiting for the server…"],
    "answer.durable": ["“{s}”服务器已记录", "“{s}” recorded by the server"],
    "answer.lost": ["“{s}”未送达,请再操作一次", "“{s}” did not arrive: do it again"],
    "answer.refused": ["“{s}”未被接受:{why}", "“{s}” was refused: {why}"],
    "answer.nothing": ["没有选中可应答的预警", "No alert is chosen that can be answered"],
    "reason.1": ["无床位", "No bed"],
    "reason.2": ["导管室占用", "Cath lab busy"],
    "reason.3": ["团队不在位", "Team not available"],
    "reason.4": ["无新生儿监护床位", "No NICU cot"],
    "reason.5": ["血源不足", "No blood"],
    "reason.6": ["正在分流", "On diversion"],
    "reason.7": ["其他", "Other"],
    "answer.takeBack": ["撤销接收", "Take back"],
    "answer.known": ["已知悉", "We know"],
    "answer.limitTitle": ["有条件接收:请说明限制", "Accept with limits: say which"],
    "answer.limitConfirm": ["确认有条件接收", "Accept with this limit"],
    "limit.2": ["30 分钟内无导管室", "No cath lab within 30 min"],
    "limit.4": ["无新生儿监护床位", "No NICU cot"],
    "limit.5": ["血源不足", "No blood"],
    "limit.7": ["其他", "Other"],
    "status.205": ["操作太快,请稍后再试", "Too fast; try again shortly"],
    "status.304": ["顺序有误,请刷新页面", "Out of order; reload the page"],
    "status.404": ["没有这条预警", "No such alert"],
    "status.405": ["预警已变化,请再看一次", "The alert has moved on; look again"],
    "status.406": ["需要说明原因", "A reason is required"],
    "status.407": ["病例已结束", "The case is closed"],
    "status.501": ["服务器磁盘已满,请通知值班工程师", "The server's disk is full; call the engineer"],
    "status.801": ["您的角色没有这个权限", "Your role may not do this"],
    "status.other": ["错误 {n}", "Error {n}"],
    "vitals.title": ["生命体征与资料", "Vitals and facts"],
    "vitals.none": ["还没有数据", "Nothing measured yet"],
    "vitals.field": ["项目", "Field"],
    "vitals.value": ["数值", "Value"],
    "vitals.age": ["多久以前", "Age"],
    "vitals.note": ["说明", "Note"],
    "vitals.more": ["另有 {n} 项较早的未显示", "{n} older ones not shown"],
    "validity.1": ["有效", "Valid"],
    "validity.2": ["已过期", "Stale"],
    "validity.3": ["探头脱落", "Probe off"],
    "validity.4": ["超出可能范围", "Out of range"],
    "validity.5": ["干扰", "Artefact"],
    "validity.6": ["收缩压与舒张压矛盾", "Pair inconsistent"],
    "validity.7": ["未测量", "Not measured"],
    "age.seconds": ["{n} 秒前", "{n} s ago"],
    "age.minutes": ["{n} 分前", "{n} min ago"],
    "age.hours": ["{n} 小时前", "{n} h ago"],
    "value.yes": ["是", "Yes"],
    "value.no": ["否", "No"],
    "value.acvpu.1": ["A 清醒", "A alert"],
    "value.acvpu.2": ["C 新发意识模糊", "C new confusion"],
    "value.acvpu.3": ["V 呼唤有反应", "V voice"],
    "value.acvpu.4": ["P 疼痛有反应", "P pain"],
    "value.acvpu.5": ["U 无反应", "U unresponsive"],
    "value.sex.1": ["男", "Male"],
    "value.sex.2": ["女", "Female"],
    "value.pregnancy.1": ["未孕", "Not pregnant"],
    "value.pregnancy.2": ["妊娠", "Pregnant"],
    "value.pregnancy.3": ["产后", "Post partum"],
    "value.risk_colour.1": ["绿", "Green"],
    "value.risk_colour.2": ["黄", "Yellow"],
    "value.risk_colour.3": ["橙", "Orange"],
    "value.risk_colour.4": ["红", "Red"],
    "value.purple": ["紫", "Purple"],
    "value.weeks": ["{w} 周 {d} 天", "{w} w {d} d"],
    "value.years": ["{n} 岁", "{n} y"],
    "assess.title": ["评估", "Assessments"],
    "assess.none": ["还没有评估", "No assessment yet"],
    "assess.status.1": ["成立", "Fired"],
    "assess.status.2": ["不成立", "Not fired"],
    "assess.status.3": ["不适用", "Not applicable"],
    "assess.status.4": ["资料不足,无法评估", "Cannot evaluate"],
    "assess.score": ["评分", "Score"],
    "assess.atLeast": ["至少", "at least"],
    "assess.missing": ["缺", "Missing"],
    "assess.next": ["下一项请测", "Measure next"],
    "assess.why": ["依据", "Why"],
    "assess.rule": ["规则", "Rule"],
    "assess.source": ["出处", "Source"],
    "assess.points": ["分", "Points"],
    "assess.item": ["评分项", "Item"],
    "assess.reason": ["判定依据", "a reason"],
    "assess.possible": ["资料补全后最坏可能", "At worst, once known"],
    "assess.stale": ["已过期的资料", "Stale"],
    "assess.mayAct": ["资料不全,尚不能排除 ({n})", "Data missing, cannot be ruled out ({n})"],
    "assess.others": ["其他提示 ({n})", "Other results ({n})"],
    "assess.more": ["另有 {n} 条未显示", "{n} more not shown"],
    "assess.time": ["时间", "Time"],
    "assess.unsigned": ["未经临床签署", "Not signed by a clinician"],
    "assess.machine": ["机器提示,由医师判断", "Machine prompt; a physician decides"],
    "clock.title": ["时间节点", "Milestones"],
    "clock.since": ["首次医疗接触后", "Since first medical contact"],
    "clock.noFmc": ["首次医疗接触时间未知", "First medical contact unknown"],
    "milestone.1": ["首次医疗接触", "First medical contact"],
    "milestone.2": ["首份心电图", "First ECG"],
    "milestone.3": ["心电图判读", "ECG read"],
    "milestone.4": ["离开现场", "Left scene"],
    "milestone.5": ["到达医院", "Arrived (door)"],
    "milestone.6": ["交接", "Handed over"],
    "milestone.7": ["导丝通过", "Wire"],
    "milestone.8": ["溶栓给药", "Needle"],
    "milestone.9": ["决定分娩", "Decision for delivery"],
    "milestone.10": ["胎儿娩出", "Delivery"],
    "rank.title": ["医院推荐", "Hospital ranking"],
    "rank.none": ["没有可用的医院,请人工协调", "No hospital can take this patient: arrange by hand"],
    "rank.order": ["序", "No."],
    "rank.travel": ["车程", "Travel"],
    "rank.treatment": ["到治疗", "To treatment"],
    "rank.unverified": ["能力未核实", "Not verified"],
    "rank.verified": ["能力已确认", "Confirmed"],
    "rank.excluded": ["排除", "Excluded"],
    "rank.provider": ["路程来源", "Travel times"],
    "rank.goal.0": ["无时间目标", "No time goal"],
    "rank.goal.1": ["首选可达到时间目标", "The first meets the time goal"],
    "rank.goal.2": ["没有医院能达到时间目标", "No hospital meets the time goal"],
    "rank.why.1": ["缺少", "Lacks"],
    "rank.why.2": ["分流中", "Diverting"],
    "rank.why.3": ["已拒绝", "Declined"],
    "rank.why.4": ["未核实", "Not verified"],
    "rank.minutes": ["{n} 分", "{n} min"],
    "capability.chest_pain_centre": ["胸痛中心", "Chest pain centre"],
    "capability.adult_patients": ["收治成人", "Takes adults"],
    "capability.pci_24h": ["24 小时急诊 PCI", "24 h PCI"],
    "capability.thrombolysis": ["溶栓", "Thrombolysis"],
    "capability.cardiac_surgery": ["心脏外科", "Cardiac surgery"],
    "capability.ecmo": ["ECMO", "ECMO"],
    "capability.obstetrics_emergency": ["产科急诊", "Obstetric emergency"],
    "capability.critical_maternal_centre": ["危重孕产妇救治中心", "Critical maternal centre"],
    "capability.nicu_critical_neonatal_centre": ["危重新生儿救治中心", "Critical neonatal centre"],
    "capability.interventional_radiology": ["介入放射", "Interventional radiology"],
    "capability.blood_bank": ["血库", "Blood bank"],
    "capability.adult_icu": ["成人重症", "Adult ICU"],
    "capability.infectious_obstetrics": ["感染产科", "Infectious obstetrics"],
    "capability.paediatric_icu": ["儿童重症", "Paediatric ICU"],
    "conditions.title": ["需求", "Needs"],
    "condition.R01": ["STEMI 或等同", "STEMI or equivalent"],
    "condition.OB-HTN": ["子痫/重度子痫前期/高血压急症", "Eclampsia, severe pre-eclampsia, hypertensive emergency"],
    "condition.OB-RED": ["妊娠风险红色", "Pregnancy risk red"],
    "condition.OB-NICU": ["孕 24 周及以上(新生儿救治)", "24 weeks or more (newborn care)"],
    "ecg.title": ["心电图", "ECG"],
    "ecg.snapshot": ["12 导联记录", "12-lead recording"],
    "ecg.live": ["实时", "Live"],
    "ecg.none": ["还没有心电图", "No ECG yet"],
    "ecg.layout": ["12 行 / 3×4", "12 rows / 3×4"],
    "ecg.scale": ["25 mm/s  10 mm/mV  屏幕未校准", "25 mm/s  10 mm/mV  screen not calibrated"],
    "ecg.text": ["心电图 {n} 导联,记录于 {time},{s} 秒", "ECG, {n} leads, recorded {time}, {s} s"],
    "ctg.title": ["胎心监护", "CTG"],
    "ctg.none": ["还没有胎心监护", "No CTG yet"],
    "ctg.scale": ["{n} cm/min  30 bpm/cm  屏幕未校准", "{n} cm/min  30 bpm/cm  screen not calibrated"],
    "ctg.speed": ["1 / 3 cm/min", "1 / 3 cm/min"],
    "ctg.text": ["胎心 {fhr} 次/分,宫缩 {toco} ({age}),共 {m} 分钟", "FHR {fhr} /min, toco {toco} ({age}), {m} min shown"],
    "measured.title": ["机器测量", "Measured by machine"],
    "measured.none": ["尚未测量", "Not measured yet"],
    "measured.quality": ["可信度", "Quality"],
    "measured.other": ["测量结果属于另一份记录", "This is of another recording"],
    "measured.unreadable": ["无法判读:请立即重做心电图", "Cannot be read: repeat the ECG now"],
    "measured.st": ["ST(J点),µV", "ST at J, µV"],
    "measured.leads": ["不可用导联", "Leads not used"],
    "measured.ecgNothing": ["未达到任何标准;不能据此排除", "No criterion is met; that rules nothing out"],
    "measured.ctgNothing": ["尚不能分类", "Not classed yet"],
    "measured.ctgLittle": ["可读信号太少", "Too little can be read"],
    "measured.note": ["不是诊断,须医师判读", "Not a diagnosis; needs a physician's reading"],
    "measured.rate": ["心率", "Rate"],
    "measured.pr": ["PR", "PR"],
    "measured.qrs": ["QRS", "QRS"],
    "measured.qtc": ["QTc", "QTc"],
    "measured.axis": ["电轴", "Axis"],
    "measured.rhythm.regular": ["节律规则", "regular"],
    "measured.rhythm.irregular": ["节律绝对不齐", "irregularly irregular"],
    "measured.rhythm.pause": ["停搏 ≥2 秒", "pause of 2 s or more"],
    "measured.rhythm.wideFast": ["宽 QRS 心动过速", "wide-complex tachycardia"],
    "measured.rhythm.vf": ["疑似室颤:请看患者", "VF suspected: look at the patient"],
    "measured.rhythm.flat": ["无心电活动:请看患者", "no electrical activity: look at the patient"],
    "measured.rhythm.paced": ["起搏", "paced"],
    "measured.conduction.lbbb": ["左束支阻滞图形", "LBBB pattern"],
    "measured.conduction.rbbb": ["右束支阻滞图形", "RBBB pattern"],
    "measured.conduction.ivcd": ["室内传导延迟", "intraventricular delay"],
    "measured.trouble.off": ["脱落", "off"],
    "measured.trouble.saturated": ["饱和", "saturated"],
    "measured.trouble.noisy": ["噪声", "noisy"],
    "measured.trouble.wander": ["基线漂移", "baseline wander"],
    "measured.trouble.short": ["太短", "too short"],
    "measured.trouble.unsteady": ["不稳定", "unsteady"],
    "measured.trouble.unknown": ["不可用", "not usable"],
    "measured.trouble.absent": ["未记录", "not recorded"],
    "trend.title": ["趋势", "Trend"],
    "trend.none": ["还没有趋势", "No trend yet"],
    "trend.text": ["跨度 {m} 分钟,{n} 行,最后一行 {age}", "{m} min, {n} rows, last row {age}"],
    "trend.table": ["趋势数据表", "Trend as a table"],
    "help.title": ["键盘", "Keyboard"],
    "help.rows": ["上一行 / 下一行", "Previous / next row"],
    "help.open": ["打开", "Open"],
    "help.accept": ["接收选中的预警", "Accept the chosen alert"],
    "help.decline": ["不能接收(先填原因)", "Decline (asks for the reason)"],
    "help.unanswered": ["到下一条未应答预警", "Next unanswered alert"],
    "help.mute": ["静音 60 秒", "Mute for 60 s"],
    "help.back": ["返回 / 关闭", "Back / close"],
    "help.close": ["关闭", "Close"],
} as const satisfies Record<string, readonly [zh: string, en: string]>;
const FIRST_WORDS = { ...COMMON_WORDS, ...DISPATCH_WORDS, ...ADMIN_WORDS };

export type Word = keyof typeof FIRST_WORDS | keyof typeof HOSPITAL_WORDS | keyof typeof PAPER_WORDS | keyof typeof CONSULT_WORDS;
type Pair = readonly [zh: string, en: string];
const WORDS = new Map<string, Pair>(Object.entries(FIRST_WORDS));
/** The words of a part of the page that is loaded later come with it. */
export const addWords = (words: Readonly<Record<string, Pair>>): void => Object.entries(words).forEach(([word, pair]) => WORDS.set(word, pair));
export type Language = "zh" | "en";
const STORED = "jz.language";

function stored(): Language {
    try { return localStorage.getItem(STORED) === "en" ? "en" : "zh"; } catch { return "zh"; }
}
export const language = signal<Language>(stored());

export function setLanguage(next: Language): void {
    language.value = next;
    document.documentElement.lang = next === "zh" ? "zh-CN" : "en";
    try { localStorage.setItem(STORED, next); } catch { /* private mode: the choice lasts for this page */ }
}

/** @param values  replace {name}; they stay text wherever they are shown. */
export function t(word: Word, values: Record<string, string | number> = {}): string {
    const [zh, en] = WORDS.get(word) ?? [word, word];
    return (language.value === "zh" ? zh : en).replace(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? ""));
}
export const has = (word: string): word is Word => WORDS.has(word);
/** A word made from a number that came over the wire; the bare number if this version does not know it. */
export const numbered = (stem: string, n: number | string): string => {
    const word = `${stem}.${n}`;
    return has(word) ? t(word) : String(n);
};
export const either = (zh: string, en: string): string => (language.value === "zh" ? zh || en : en || zh);
export const statusText = (n: number): string => (has(`status.${n}`) ? t(`status.${n}` as Word) : t("status.other", { n }));

/* --- fields and values ---------------------------------------------------------------------------------- */

const table = signal(new Map<number, FieldRow>(fields.map((row) => [row.code, row])));
export const fieldOf = (code: number): FieldRow | undefined => table.value.get(code);
/** Of general.csv: what the page itself speaks of. */
export const codeOf = (field: string): number => fields.find((row) => row.field === field)?.code ?? 0;

/** The rest of the table; until it is here, its fields show as numbers. Tries again after a failure. */
export async function loadFields(retryMs = 5000): Promise<void> {
    try {
        const { default: more } = await import("./fields");
        table.value = new Map([...table.value, ...more.map((row): [number, FieldRow] => [row.code, row])]);
    } catch {
        setTimeout(() => void loadFields(retryMs), retryMs);
    }
}
export const fieldName = (code: number): string => {
    const row = fieldOf(code);
    return row ? either(row.zh, row.en) : `#${code}`;
};

const UNITS: Readonly<Record<string, string>> = {
    "mm[Hg]": "mmHg", Cel: "°C", a: "", d: "", "1": "", "10*9/L": "×10⁹/L", "umol/L": "µmol/L",
};
/** UCUM as people write it; what stands in braces alone is no unit, behind one it says of what. */
const unitOf = (ucum: string): string => UNITS[ucum] ?? ucum.replace(/^\{.*\}$/, "").replace(/\{(.*?)\}/g, " $1");
const DAY_MS = 86400000;

/** A word of an enumeration: as people say it, else as the table and the rule packs have it. */
function wordOf(row: FieldRow, value: number): string {
    const word = `value.${row.field}.${value}`;
    if (has(word)) return t(word);
    const pair = row.words.split(" ").find((text) => text.endsWith(`=${value}`));
    return pair ? pair.slice(0, pair.indexOf("=")) : String(value);
}

/** A wire value as people read it, with its unit. */
export function shownValue(code: number, value: number): string {
    const row = fieldOf(code);
    if (!row) return String(value);
    if (row.unit === "{bool}") return t(value ? "value.yes" : "value.no");
    if (row.unit === "{enum}") return wordOf(row, value);
    if (row.field === "ga_days") return t("value.weeks", { w: Math.floor(value / 7), d: value % 7 });
    if (row.field === "age_years") return t("value.years", { n: value });
    if (row.unit === "{date}") return new Date(value * DAY_MS).toISOString().slice(0, 10);
    const digits = row.scale > 1 ? Math.round(Math.log10(row.scale)) : 0;
    return `${(value / row.scale).toFixed(digits)} ${unitOf(row.unit)}`.trim();
}

/** A reading; of an event, when it happened. */
export const shownReading = (code: number, value: number, ms: number): string =>
    fieldOf(code)?.kind === "e" ? shownTime(ms) : shownValue(code, value);

export function shownAge(ms: number): string {
    const s = Math.max(0, Math.floor(ms / 1000));
    if (s < 100) return t("age.seconds", { n: s });
    if (s < 6000) return t("age.minutes", { n: Math.floor(s / 60) });
    return t("age.hours", { n: Math.floor(s / 3600) });
}

const pad = (n: number) => String(n).padStart(2, "0");
/** 83 s is "01:23"; an hour and more shows hours. */
export function shownSpan(ms: number): string {
    const s = Math.max(0, Math.floor(ms / 1000)), h = Math.floor(s / 3600);
    return `${h > 0 ? `${h}:` : ""}${pad(Math.floor(s / 60) % 60)}:${pad(s % 60)}`;
}
export function shownTime(ms: number): string {
    const at = new Date(ms);
    return `${pad(at.getHours())}:${pad(at.getMinutes())}:${pad(at.getSeconds())}`;
}
