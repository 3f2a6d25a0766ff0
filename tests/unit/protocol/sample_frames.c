/* SPDX-License-Identifier: Apache-2.0 */
#include "sample_frames.h"

#include "hex.h"

/* Frames are compared as bytes, so padding must be zero: copied from static storage, not from a temporary. */
#define SET(member, type, ...)                                                                               \
    do {                                                                                                     \
        static const struct type value = {__VA_ARGS__};                                                      \
        memcpy(&f->member, &value, sizeof value);                                                            \
    } while (0)
#define INIT(literal)                                                                                        \
    { literal, sizeof literal - 1 }
#define TEXT(literal) ((struct jz_text){literal, sizeof literal - 1})
enum { HR = 147842, SBP = 150021, DBP = 150022, TEMP = 150364, SPO2 = 150456, RR = 151562, AGE = 67108880 };
#define AT_MS INT64_C(1764000000000)

static void hello(struct jz_frame *f) {
    SET(hello, jz_hello, .version = 1, .epoch = 3405691582u, .software = INIT("jingzhu-device 0.1.0"));
}
static void hello_least(struct jz_frame *f) {
    SET(hello, jz_hello, .version = 1, .epoch = 1);
}
static void welcome_device(struct jz_frame *f) {
    SET(welcome, jz_welcome, .version = 1, .hello_ms = AT_MS - 40, .received_ms = AT_MS, .ack_level = 1);
    f->welcome.resume[0] = 12, f->welcome.resume[2] = 4711;
}
static void welcome_person(struct jz_frame *f) {
    welcome_device(f);
    memset(f->welcome.resume, 0, sizeof f->welcome.resume);
    f->welcome.ack_level = 2;
    f->welcome.person = TEXT("李静"), f->welcome.facility = TEXT("gz-first");
    f->welcome.role = JZ_ROLE_RECEIVING;
    f->welcome.has_simulation = f->welcome.simulation = true;
}
static void error_frame(struct jz_frame *f) {
    SET(error, jz_error, .status = JZ_E_VALUE, .refused_kind = 11, .has_seq = true, .lane = 2, .seq = 4712,
        .has_offset = true, .offset = 35, .text = INIT("a value is outside its range"));
}
static void error_least(struct jz_frame *f) {
    SET(error, jz_error, .status = JZ_E_EMPTY, .text = INIT("the message holds no frame"));
}
static void ack(struct jz_frame *f) {
    f->ack.level = 1, f->ack.seq[0] = 13, f->ack.seq[2] = 4712, f->ack.seq[3] = UINT64_C(9007199254740991);
}
static void clock_asked(struct jz_frame *f) {
    f->clock.answered = false;
}
static void clock_answered(struct jz_frame *f) {
    SET(clock, jz_clock, .answered = true, .received_ms = AT_MS + 61, .sent_ms = AT_MS + 62);
}
static void clock_estimate(struct jz_frame *f) {
    SET(clock, jz_clock, .has_estimate = true, .offset_ms = -1500, .uncertainty_ms = 20);
}
static void open_full(struct jz_frame *f) {
    f->open.complaint = JZ_COMPLAINT_CHEST_PAIN;
    f->open.facts.count = 2;
    f->open.facts.item[0] = (struct jz_fact){AGE, 58}, f->open.facts.item[1] = (struct jz_fact){AGE + 1, 1};
    f->open.callsign = TEXT("贵A-120-07");
    f->open.position.has = true;
    f->open.position.lat_e7 = 266470000, f->open.position.lon_e7 = 1066302000,
    f->open.position.accuracy_m = 12;
    f->open.position.at_ms = f->at_ms;
}
static void open_least(struct jz_frame *f) {
    f->open.complaint = JZ_COMPLAINT_PREGNANCY;
}
/* Onset of pain, 90 minutes before the frame. */
static void update_event(struct jz_frame *f) {
    f->update.facts.count = 1, f->update.facts.item[0] = (struct jz_fact){67109213, 5400};
}

static void update(struct jz_frame *f) {
    f->update.facts.count = 1, f->update.facts.item[0] = (struct jz_fact){AGE + 3, 231};
    f->update.callsign = TEXT("贵A-120-09");
}
static void close_handed_over(struct jz_frame *f) {
    f->close.reason = JZ_CLOSE_HANDED_OVER;
}
static void vitals(struct jz_frame *f) {
    static const struct jz_fact readings[] = {{HR, 112}, {SBP, 88}, {DBP, 54}, {TEMP, 365}, {RR, 24}};
    f->vitals.count = 5;
    memcpy(f->vitals.item, readings, sizeof readings);
    f->vitals.absent_count = 1, f->vitals.absent[0] = (struct jz_absent){SPO2, JZ_ABSENCE_PROBE_OFF};
}
static void vitals_nothing(struct jz_frame *f) {
    f->vitals.count = 0;
}
static void waveform(struct jz_frame *f) {
    static uint8_t coded[64];
    static const int32_t lead[8] = {-489, -488, -489, -486, -480, -477, -473, -470};
    size_t written;
    assert_int_equal(jz_wave_encode(lead, 1, 8, coded, sizeof coded, &written), JZ_OK);
    f->waveform.wave = JZ_WAVE_ECG, f->waveform.period_us = 2000, f->waveform.scale = 500;
    f->waveform.channel_count = 1, f->waveform.channel[0] = 131328, f->waveform.samples = 8;
    f->waveform.coded = (struct jz_bytes){coded, (uint32_t)written}, f->waveform.snapshot = 3;
}
static void finding(struct jz_frame *f) {
    SET(finding, jz_finding, .code = 67108868, .value = 1, .observer = JZ_OBSERVER_PHYSICIAN,
        .note = INIT("V2-V4"));
}
static void medication(struct jz_frame *f) {
    SET(medication, jz_medication, .drug = INIT("B01AC06"), .dose_ug = 300000, .route = JZ_ROUTE_ORAL);
}
static void milestone_now(struct jz_frame *f) {
    f->milestone.what = JZ_MILESTONE_ECG, f->milestone.happened_ms = f->at_ms;
}
static void milestone_earlier(struct jz_frame *f) {
    f->milestone.what = JZ_MILESTONE_FMC, f->milestone.happened_ms = f->at_ms - 240000;
}
static void position(struct jz_frame *f) {
    f->position.has = true, f->position.at_ms = f->at_ms;
    f->position.lat_e7 = 265783000, f->position.lon_e7 = 1067133000, f->position.accuracy_m = 8;
}
static void position_idle(struct jz_frame *f) {
    position(f);
    f->position.lat_e7 = -1, f->position.accuracy_m = 0;
    f->has_encounter = false;
    memset(&f->encounter, 0, sizeof f->encounter);
}
static void directive_destination(struct jz_frame *f) {
    f->directive.number = 7, f->directive.what = JZ_DIRECTIVE_DESTINATION;
    f->directive.facility = TEXT("gz-first"), f->directive.name_zh = TEXT("贵阳市第一人民医院");
    f->directive.name_en = TEXT("First People's Hospital"), f->directive.person = TEXT("李静");
    f->directive.alert_state = JZ_ALERT_ACCEPTED, f->directive.has_travel = true, f->directive.travel_s = 780;
}
static void directive_measure(struct jz_frame *f) {
    f->directive.number = 8, f->directive.what = JZ_DIRECTIVE_MEASURE, f->directive.measure_code = TEMP;
}
static void alert(struct jz_frame *f) {
    f->alert.id = 42, f->alert.facility = TEXT("gz-first"), f->alert.state = JZ_ALERT_DECLINED;
    f->alert.raised_ms = f->at_ms - 30000, f->alert.due_ms = f->at_ms + 30000;
    f->alert.priority = 1, f->alert.escalated = true, f->alert.person = TEXT("李静");
    f->alert.reason = JZ_DECLINE_OTHER, f->alert.reason_text = TEXT("停电");
    f->alert.condition_count = 2, f->alert.condition[0] = TEXT("stemi"),
    f->alert.condition[1] = TEXT("shock");
    f->alert.has_travel = true, f->alert.travel_s = 780, f->alert.occurrence = 2;
}
static void alert_least(struct jz_frame *f) {
    f->alert.id = 43, f->alert.facility = TEXT("gz-first"), f->alert.state = JZ_ALERT_RAISED;
    f->alert.raised_ms = f->at_ms, f->alert.due_ms = f->at_ms + 60000, f->alert.priority = 5,
    f->alert.occurrence = 1;
}
static void answer_accepts(struct jz_frame *f) {
    SET(answer, jz_alert_answer, .alert = 42, .to = JZ_ALERT_ACCEPTED);
}
static void answer_declines(struct jz_frame *f) {
    SET(answer, jz_alert_answer, .alert = 42, .to = JZ_ALERT_DECLINED, .reason = JZ_DECLINE_OTHER,
        .text = INIT("停电"));
}
static void answer_taken_back(struct jz_frame *f) {
    SET(answer, jz_alert_answer, .alert = 42, .to = JZ_ALERT_RAISED);
}
static void is_about_nobody(struct jz_frame *f) {
    f->has_encounter = false;
    memset(&f->encounter, 0, sizeof f->encounter);
}
static void action_chooses(struct jz_frame *f) {
    SET(action, jz_action, .what = JZ_ACTION_CHOOSE_DESTINATION, .facility = INIT("gz-first"),
        .reason = JZ_REASON_OTHER, .text = INIT("家属要求去曾手术的医院"));
}
static void action_diverts(struct jz_frame *f) {
    SET(action, jz_action, .what = JZ_ACTION_DIVERT, .facility = INIT("gz-first"),
        .code = JZ_SERVICE_CATH_LAB, .ms = AT_MS + 3600000, .reason = JZ_REASON_EQUIPMENT);
    is_about_nobody(f);
}
/* 0 is a number of places, and not the absence of one. */
static void action_no_place(struct jz_frame *f) {
    SET(action, jz_action, .what = JZ_ACTION_SET_CAPACITY, .code = JZ_SERVICE_NICU, .has_value = true);
    is_about_nobody(f);
}
static void action_corrects(struct jz_frame *f) {
    SET(action, jz_action, .what = JZ_ACTION_STAMP, .code = 67109207, .ms = AT_MS - 180000,
        .reason = JZ_REASON_CLOCK_WRONG);
}
static void action_birth(struct jz_frame *f) {
    SET(action, jz_action, .what = JZ_ACTION_BIRTH, .ms = AT_MS - 60000, .has_other = true);
    for (unsigned i = 0; i < 16; i++) f->action.other.byte[i] = (uint8_t)(0x20 + i);
}
static void action_receipt(struct jz_frame *f) {
    SET(action, jz_action, .what = JZ_ACTION_RECEIPT, .code = JZ_TEAM_CATH_LAB + 1, .has_value = true,
        .value = JZ_RECEIPT_READY, .number = 42);
    is_about_nobody(f);
}
static void action_asks(struct jz_frame *f) {
    static char question[JZ_TEXT_BYTES_MAX];
    static const char doubt[] = "疑前壁心梗，";
    for (unsigned i = 0; i < sizeof question - 2; i++) question[i] = doubt[i % (sizeof doubt - 1)];
    memcpy(question + sizeof question - 2, "?!", 2);
    f->action.what = JZ_ACTION_ASK_CONSULT, f->action.number = 3;
    f->action.text = (struct jz_text){question, sizeof question};
}
static void action_second(struct jz_frame *f) {
    SET(action, jz_action, .what = JZ_ACTION_SECOND, .has_value = true, .value = 1, .number = 17);
    is_about_nobody(f);
}
static void action_least(struct jz_frame *f) {
    f->action.what = JZ_ACTION_TAKE_CONSULT;
}

const struct sample samples[] = {
    {JZ_FRAME_HELLO, "full", hello},
    {JZ_FRAME_HELLO, "least", hello_least},
    {JZ_FRAME_WELCOME, "device", welcome_device},
    {JZ_FRAME_WELCOME, "person", welcome_person},
    {JZ_FRAME_ERROR, "full", error_frame},
    {JZ_FRAME_ERROR, "least", error_least},
    {JZ_FRAME_ACK, "three lanes", ack},
    {JZ_FRAME_CLOCK, "asked", clock_asked},
    {JZ_FRAME_CLOCK, "answered", clock_answered},
    {JZ_FRAME_CLOCK, "estimate", clock_estimate},
    {JZ_FRAME_ENCOUNTER_OPEN, "full", open_full},
    {JZ_FRAME_ENCOUNTER_OPEN, "least", open_least},
    {JZ_FRAME_ENCOUNTER_UPDATE, "full", update},
    {JZ_FRAME_ENCOUNTER_UPDATE, "event", update_event},
    {JZ_FRAME_ENCOUNTER_CLOSE, "handed over", close_handed_over},
    {JZ_FRAME_VITALS, "five readings and a probe off", vitals},
    {JZ_FRAME_VITALS, "nothing", vitals_nothing},
    {JZ_FRAME_WAVEFORM, "one lead", waveform},
    {JZ_FRAME_FINDING, "full", finding},
    {JZ_FRAME_MEDICATION, "aspirin", medication},
    {JZ_FRAME_MILESTONE, "now", milestone_now},
    {JZ_FRAME_MILESTONE, "earlier", milestone_earlier},
    {JZ_FRAME_POSITION, "on a mission", position},
    {JZ_FRAME_POSITION, "idle", position_idle},
    {JZ_FRAME_DIRECTIVE, "destination", directive_destination},
    {JZ_FRAME_DIRECTIVE, "measure", directive_measure},
    {JZ_FRAME_ALERT, "declined", alert},
    {JZ_FRAME_ALERT, "least", alert_least},
    {JZ_FRAME_ALERT_ANSWER, "accepts", answer_accepts},
    {JZ_FRAME_ALERT_ANSWER, "declines", answer_declines},
    {JZ_FRAME_ALERT_ANSWER, "taken back", answer_taken_back},
    {JZ_FRAME_ACTION, "choose destination", action_chooses},
    {JZ_FRAME_ACTION, "divert", action_diverts},
    {JZ_FRAME_ACTION, "no place left", action_no_place},
    {JZ_FRAME_ACTION, "stamp corrected", action_corrects},
    {JZ_FRAME_ACTION, "birth", action_birth},
    {JZ_FRAME_ACTION, "receipt", action_receipt},
    {JZ_FRAME_ACTION, "the longest question", action_asks},
    {JZ_FRAME_ACTION, "second person", action_second},
    {JZ_FRAME_ACTION, "least", action_least},
};
const unsigned sample_count = sizeof samples / sizeof samples[0];

/* Which kinds carry an encounter: all from 8 up but the alert's answer; what a position or an action is about may be nobody. */
static void put_header(enum jz_frame_kind kind, struct jz_frame *out) {
    memset(out, 0, sizeof *out);
    out->kind = kind;
    if (kind != JZ_FRAME_ACK) out->at_ms = AT_MS;
    out->has_encounter = kind >= JZ_FRAME_ENCOUNTER_OPEN && kind != JZ_FRAME_ALERT_ANSWER;
    for (unsigned i = 0; i < 16 && out->has_encounter; i++) out->encounter.byte[i] = (uint8_t)(0x10 + i);
    if (!jz_frame_is_stored(kind)) return;
    out->lane = kind == JZ_FRAME_VITALS     ? JZ_LANE_VITALS
                : kind == JZ_FRAME_WAVEFORM ? JZ_LANE_SNAPSHOT
                                            : JZ_LANE_URGENT;
    out->seq = 4712;
}

void sample_build(const struct sample *sample, struct jz_frame *out) {
    put_header(sample->kind, out);
    sample->build(out);
}

/* --- random frames ------------------------------------------------------------------------------ */
static int64_t between(uint64_t *random, int64_t min, int64_t max) {
    uint64_t pick = next_random(random) >> 11;
    if (pick % 8 == 0) return min; /* bounds are where mistakes are */
    if (pick % 8 == 1) return max;
    return min + (int64_t)(pick / 8 % ((uint64_t)(max - min) + 1));
}

static struct jz_text some_text(uint64_t *random) {
    static const char storage[] =
        "北京 and Guiyang: 贵阳 \"quoted\\\" 急救 ....................................";
    static const uint32_t lengths[] = {0, 3, 6, 7, 10, 60};
    uint32_t length = lengths[next_random(random) % 6];
    return (struct jz_text){storage, length};
}

static struct jz_text maybe_text(uint64_t *random) {
    return next_random(random) & 1024 ? some_text(random) : (struct jz_text){NULL, 0};
}

static uint32_t random_facts(uint64_t *random, struct jz_fact *item) {
    uint32_t count = (uint32_t)between(random, 0, JZ_FACTS_PER_FRAME_MAX), code = 0;
    for (uint32_t i = 0; i < count; i++) {
        code += (uint32_t)between(random, 1, 100000000);
        item[i] = (struct jz_fact){code, (int32_t)between(random, INT32_MIN, INT32_MAX)};
    }
    return count;
}

static void random_place(uint64_t *random, struct jz_frame *f, struct jz_point *place) {
    place->has = true, place->at_ms = f->at_ms;
    place->lat_e7 = (int32_t)between(random, -900000000, 900000000);
    place->lon_e7 = (int32_t)between(random, -1800000000, 1800000000);
    place->accuracy_m = (uint32_t)between(random, 0, 100000);
}

static void random_session(enum jz_frame_kind kind, uint64_t *random, struct jz_frame *f) {
    if (kind == JZ_FRAME_HELLO) {
        f->hello.version = (uint16_t)between(random, 1, 65535);
        f->hello.epoch = (uint32_t)between(random, 1, UINT32_MAX);
        f->hello.software = maybe_text(random);
    } else if (kind == JZ_FRAME_WELCOME) {
        welcome_person(f);
        for (unsigned i = 0; i < JZ_LANE_COUNT; i++)
            f->welcome.resume[i] = (uint64_t)between(random, 0, INT64_C(9007199254740991));
        f->welcome.person = maybe_text(random);
        f->welcome.role = (enum jz_role)between(random, 0, 6);
        f->welcome.simulation = next_random(random) & 64;
    } else if (kind == JZ_FRAME_ERROR) {
        error_frame(f);
        f->error.refused_kind = (uint32_t)between(random, 0, UINT32_MAX);
        f->error.text = some_text(random);
        f->error.has_offset = next_random(random) & 64;
        if (!f->error.has_offset) f->error.offset = 0;
    } else if (kind == JZ_FRAME_ACK) {
        for (unsigned i = 0; i < JZ_LANE_COUNT; i++)
            f->ack.seq[i] = (uint64_t)between(random, i == 0, INT64_C(9007199254740991));
        f->ack.level = (uint8_t)between(random, 1, 2);
    } else {
        clock_estimate(f);
        f->clock.offset_ms = (int32_t)between(random, -86400000, 86400000);
    }
}

static void random_signal(enum jz_frame_kind kind, uint64_t *random, struct jz_frame *f) {
    static uint8_t coded[JZ_BYTES_MAX];
    if (kind == JZ_FRAME_VITALS) {
        f->vitals.count = random_facts(random, f->vitals.item);
        f->vitals.absent_count = random_facts(random, (struct jz_fact *)(void *)f->vitals.absent);
        for (uint32_t i = 0; i < f->vitals.absent_count; i++)
            f->vitals.absent[i].why = (enum jz_absence)between(random, 1, 5);
        return;
    }
    waveform(f);
    f->waveform.channel_count = (uint32_t)between(random, 1, 12);
    for (uint32_t i = 0; i < f->waveform.channel_count; i++)
        f->waveform.channel[i] = (uint32_t)between(random, 1, UINT32_MAX);
    f->waveform.samples = (uint32_t)between(random, 1, 512);
    f->waveform.coded = (struct jz_bytes){coded, (uint32_t)between(random, 1, JZ_BYTES_MAX)};
    f->waveform.snapshot = (uint32_t)between(random, 0, UINT32_MAX);
}

static void random_report(enum jz_frame_kind kind, uint64_t *random, struct jz_frame *f) {
    if (kind == JZ_FRAME_FINDING) {
        finding(f);
        f->finding.value = (int32_t)between(random, INT32_MIN, INT32_MAX);
        f->finding.observer = (enum jz_observer)between(random, 0, 3);
        f->finding.note = maybe_text(random);
    } else if (kind == JZ_FRAME_MEDICATION) {
        medication(f);
        f->medication.dose_ug = (uint32_t)between(random, 1, 1000000000);
        f->medication.note = maybe_text(random);
    } else if (kind == JZ_FRAME_MILESTONE) {
        f->milestone.what = (enum jz_milestone)between(random, 1, 10);
        f->milestone.happened_ms = between(random, 1, INT64_C(4102444800000));
    } else {
        random_place(random, f, &f->position);
    }
}

static void random_encounter(enum jz_frame_kind kind, uint64_t *random, struct jz_frame *f) {
    if (kind == JZ_FRAME_ENCOUNTER_OPEN) {
        f->open.complaint = (enum jz_complaint)between(random, 1, 2);
        f->open.facts.count = random_facts(random, f->open.facts.item);
        f->open.callsign = maybe_text(random);
        if (next_random(random) & 64) random_place(random, f, &f->open.position);
    } else if (kind == JZ_FRAME_ENCOUNTER_UPDATE) {
        f->update.facts.count = random_facts(random, f->update.facts.item);
        f->update.callsign = maybe_text(random);
    } else {
        f->close.reason = (enum jz_close_reason)between(random, 1, 4);
    }
}

static void random_action(uint64_t *random, struct jz_frame *f) {
    f->action.what = (enum jz_action_code)between(random, 1, JZ_ACTION_COUNT - 1);
    f->action.facility = maybe_text(random);
    f->action.code = (uint32_t)between(random, 0, UINT32_MAX);
    f->action.has_value = next_random(random) & 64;
    if (f->action.has_value) f->action.value = (int32_t)between(random, INT32_MIN, INT32_MAX);
    f->action.ms = between(random, 0, INT64_C(4102444800000));
    f->action.reason = (uint8_t)between(random, 0, JZ_REASON_COUNT - 1);
    f->action.text = maybe_text(random);
    f->action.has_other = next_random(random) & 64;
    for (unsigned i = 0; i < 16 && f->action.has_other; i++)
        f->action.other.byte[i] = (uint8_t)(next_random(random) >> 32);
    f->action.number = (uint64_t)between(random, 0, INT64_C(9007199254740991));
    if (next_random(random) & 64) is_about_nobody(f);
}

static void random_server(enum jz_frame_kind kind, uint64_t *random, struct jz_frame *f) {
    if (kind == JZ_FRAME_DIRECTIVE) {
        directive_destination(f);
        f->directive.number = (uint64_t)between(random, 1, INT64_C(9007199254740991));
        f->directive.person = maybe_text(random);
        f->directive.measure_code = (uint32_t)between(random, 0, UINT32_MAX);
    } else if (kind == JZ_FRAME_ALERT) {
        alert(f);
        f->alert.condition_count = (uint32_t)between(random, 0, JZ_CONDITIONS_MAX);
        for (uint32_t i = 0; i < JZ_CONDITIONS_MAX; i++)
            f->alert.condition[i] =
                i < f->alert.condition_count ? some_text(random) : (struct jz_text){NULL, 0};
        f->alert.raised_ms = between(random, 0, INT64_C(4102444800000));
        f->alert.due_ms = between(random, 0, INT64_C(4102444800000));
        f->alert.reason = (uint8_t)between(random, 0, 20);
        f->alert.escalated = next_random(random) & 64;
    } else if (kind == JZ_FRAME_ALERT_ANSWER) {
        f->answer.alert = (uint64_t)between(random, 1, INT64_C(9007199254740991));
        f->answer.to = (enum jz_alert_state)between(random, 1, 8);
        f->answer.text = maybe_text(random);
    } else {
        random_action(random, f);
    }
}

void sample_random(enum jz_frame_kind kind, uint64_t *random, struct jz_frame *out) {
    put_header(kind, out);
    if (kind != JZ_FRAME_ACK) out->at_ms = between(random, 1, INT64_C(4102444800000));
    if (jz_frame_is_stored(kind)) {
        out->lane = (uint8_t)between(random, 0, 3);
        out->seq = (uint64_t)between(random, 1, INT64_C(9007199254740991));
    }
    if (kind <= JZ_FRAME_CLOCK)
        random_session(kind, random, out);
    else if (kind <= JZ_FRAME_ENCOUNTER_CLOSE)
        random_encounter(kind, random, out);
    else if (kind <= JZ_FRAME_WAVEFORM)
        random_signal(kind, random, out);
    else if (kind <= JZ_FRAME_POSITION)
        random_report(kind, random, out);
    else
        random_server(kind, random, out);
}
