// The register of events of the result chain: for each, the fields that are read here, by version of its payload.
import { NEWER, Unreadable, bytesOfHex, isCount, isObject, isText, must } from "./bytes.js";

const isTexts = (value) => Array.isArray(value) && value.every(isText);
const isFingerprint = (value) => isText(value) && /^sha256:[0-9a-f]{64}$/.test(value);
const isKey = (value) => bytesOfHex(value)?.length === 32;
const isMarks = (value) => isObject(value) && Object.values(value).every(isCount);
const isCodes = (value) => isObject(value) && Object.values(value).every(isText);
const isCounted = (value) => Array.isArray(value) && value.every((pair) => Array.isArray(pair) && pair.length === 2 && isText(pair[0]) && isCount(pair[1]));
const isAwards = (value) => Array.isArray(value) && value.every((each) => isObject(each) && isText(each.prize) && isText(each.entry) && isCount(each.amount));
const isOptional = (test) => (value) => value === undefined || value === null || test(value);
const isFlag = (value) => value === undefined || typeof value === "boolean";

const PAIR = { judge: isText, entry: isText };
const WORK = { entry: isText };
const ASSIGNED = { judge: isText, entries: isTexts };
const REVIEWED = { entry: isText, reading: isCount };
const READING = { entry: isText, taken_at: isCount, reactions: isCount, comments: isCount, shares: isCount, views: isCount };

/** Event -> the fields of version 1, 2, … */
const EVENTS = {
  "contest.opened": [{ contest: isText, rule_card: isFingerprint }],
  "entry.added": [WORK],
  "entry.corrected": [WORK],
  "entry.film_replaced": [WORK],
  "finals.list_closed": [{ number: isCount, works: isTexts, taken: isTexts, sha256: isText }],
  "finals.drawn": [{ number: isCount, sha256: isText, seed: isText, codes: isCodes }],
  "finalist.change_confirmed": [{ entry: isText, kind: isText }],
  "judge.assigned": [{ ...ASSIGNED, chief: isFlag }],
  "judge.unassigned": [ASSIGNED],
  "recusal.declared": [PAIR],
  "sheet.sealed": [{ ...PAIR, revision: isCount, marks: isMarks, watched_share: isCount }],
  "sheet.returned": [PAIR],
  "judging.closed": [{}],
  "reading.entered": [READING, { ...READING, corrects: isOptional(isCount) }],
  "reading.confirmed": [REVIEWED],
  "reading.rejected": [REVIEWED],
  "interactions.frozen": [{ counted: isCounted }, { counted: isCounted }],
  "interactions.reopened": [{}],
  "decision.made": [{ decision: isCount, prize: isText, kind: isText, entries: isTexts, quantity: isCount }],
  "decision.revoked": [{ decision: isCount }],
  "awards.confirmed": [{ document: isFingerprint, rule_card: isFingerprint, awards: isAwards }],
  "result.published": [{ publication: isCount, document: isFingerprint, public: isFingerprint }],
  "retraction.proposed": [{}],
  "retraction.declined": [{}],
  "result.retracted": [{ publication: isCount }],
  "signing_key.recorded": [{ key: isKey }],
  "checkpoint.made": [{}, {}],
};
/** Events that decide nothing about the awards: they may follow the confirmation. */
const AFTER_CONFIRMATION = new Set(["result.published", "retraction.proposed", "retraction.declined", "result.retracted", "signing_key.recorded", "checkpoint.made"]);

/** Throws Unreadable for an event or a version that this page does not know, and Wrong for a payload of another shape. */
export function mustBeKnown({ seq, event, version, payload }) {
  const versions = Object.hasOwn(EVENTS, event) ? EVENTS[event] : [];
  const fields = versions[version - 1];
  must(fields, `Sổ cái, dòng ${seq}: không biết sự kiện ${event.slice(0, 60)} bản ${version}; ${NEWER}`, Unreadable);
  const shaped = Object.entries(fields).every(([name, test]) => test(payload[name]));
  must(shaped, `Sổ cái, dòng ${seq}: không viết đúng khuôn.`);
}

export const mayFollowConfirmation = (event) => AFTER_CONFIRMATION.has(event);
