// What the rows amount to: the sheets that count, readings, decisions, and each row checked against the rules.
import { NEWER, Unreadable, canonical, compareTexts, must } from "./bytes.js";
import { mayFollowConfirmation, mustBeKnown } from "./events.js";
import { Readings, countGroups } from "./interactions.js";
import { drawnCodes, listHash } from "./judging-codes.js";
import { awardsOf } from "./prizes.js";
import { standingsOf } from "./standings.js";

const NOT_ASSIGNED = "phiếu của người không chấm tác phẩm này";
const FROZEN = "ghi sau khi lượt tương tác đã chốt";

/** The state of the contest after the rows that were given to `take`. */
export class Replay {
  works = new Map(); // work -> judge -> marks in the order of the criteria: the sheets that count
  out = new Set(); // works that were withdrawn or disqualified
  assigned = new Map(); // judge -> works
  recused = new Map(); // judge -> works
  revisions = new Map(); // judge -> work -> number of the last revision
  readings = new Readings();
  decisions = new Map();
  lists = new Map(); // closed lists of finalists
  chief = null;
  closed = false;
  frozen = false;
  confirmed = null;
  published = null;

  constructor(rules, fingerprint) {
    this.rules = rules;
    this.fingerprint = fingerprint;
  }

  /** Adds a row. Throws Wrong or Unreadable. */
  take(row) {
    mustBeKnown(row);
    const { seq, event } = row;
    must((seq === 1) === (event === "contest.opened"), `Sổ cái, dòng ${seq}: cuộc thi được mở ở dòng 1 và chỉ ở đó.`);
    must(!this.confirmed || mayFollowConfirmation(event), `Sổ cái, dòng ${seq}: ghi sau khi bảng trao giải đã xác nhận.`);
    const wrong = ACTS[event]?.(this, row.payload, row);
    must(!wrong, `Sổ cái, dòng ${seq}: ${wrong}.`);
  }

  competes = (entry) => this.works.has(entry) && !this.out.has(entry);

  counts() {
    return this.readings.counts(this.rules, this.competes);
  }

  /** Standings and awards of the state: {rows, awards, undecided, notGiven, unused}. */
  recount() {
    const panels = new Map([...this.works].filter(([entry]) => !this.out.has(entry)));
    const { groups, rows } = standingsOf(this.rules, panels, this.chief);
    const decisions = [...this.decisions.values()].sort((one, other) => one.decision - other.decision);
    return { rows, panels, ...awardsOf(this.rules, { score: groups, interaction: countGroups(this.counts()) }, decisions) };
  }

  isAssigned(judge, entry) {
    return this.assigned.get(judge)?.has(entry) && !this.recused.get(judge)?.has(entry) && this.competes(entry);
  }

  /** Why no prize can be decided yet; nothing where it can. */
  undecidable() {
    return this.rules.needsCounts && !this.frozen ? "quyết định giải khi lượt tương tác chưa chốt" : undefined;
  }
}

function setOf(map, key) {
  if (!map.has(key)) map.set(key, new Set());
  return map.get(key);
}

/** The marks of a sheet in the order of the criteria; null where one is missing, too many or off the rubric. */
function marksOf({ criteria }, marks) {
  const found = criteria.map(({ key }) => (Object.hasOwn(marks, key) ? marks[key] : -1));
  const fits = criteria.every(({ max, step }, at) => found[at] >= 0 && found[at] <= max && found[at] % step === 0);
  return fits && Object.keys(marks).length === criteria.length ? found : null;
}

function sealed(state, { judge, entry, marks, revision, watched_share: watched }, { actor }) {
  if (actor !== judge || !state.isAssigned(judge, entry)) return NOT_ASSIGNED;
  const found = marksOf(state.rules, marks);
  if (!found) return "điểm thiếu, vượt khung hoặc sai bước";
  if (watched < state.rules.watchedShare) return "phiếu nộp khi chưa xem đủ phim";
  const revisions = state.revisions.get(judge) ?? new Map();
  const panel = state.works.get(entry);
  const again = panel.has(judge) || revision !== (revisions.get(entry) ?? 0) + 1;
  if (again || state.closed) return "phiếu nộp lại, hoặc nộp sau khi đóng";
  panel.set(judge, found);
  state.revisions.set(judge, revisions.set(entry, revision));
}

function returned(state, { judge, entry }, { actor }) {
  if (state.closed) return "phiếu bị rút sau khi vòng chấm đã đóng";
  if (actor === judge) return "giám khảo tự trả lại phiếu của mình";
  if (!state.isAssigned(judge, entry) || !state.works.get(entry).delete(judge)) return "trả lại một phiếu không được tính";
}

function recused(state, { judge, entry }) {
  if (state.closed) return "phiếu bị rút sau khi vòng chấm đã đóng";
  if (!state.isAssigned(judge, entry)) return NOT_ASSIGNED;
  setOf(state.recused, judge).add(entry);
  state.works.get(entry).delete(judge);
}

function assigned(state, { judge, entries, chief }) {
  if (!entries.every((entry) => state.works.has(entry))) return "phân công một tác phẩm không có";
  if (chief && state.chief !== null && state.chief !== judge) return "có hai Trưởng Ban Giám khảo";
  if (chief) state.chief = judge;
  for (const entry of entries) setOf(state.assigned, judge).add(entry);
}

function unassigned(state, { judge, entries }) {
  if (state.revisions.has(judge)) return "bỏ phân công một giám khảo đã nộp phiếu";
  for (const entry of entries) setOf(state.assigned, judge).delete(entry);
}

function drawn(state, { number, sha256, seed, codes }) {
  const list = state.lists.get(number);
  if (!list || number !== state.lists.size || list.sha256 !== sha256) return "bốc thăm theo danh sách khác với danh sách đã chốt";
  const given = Object.entries(codes).sort(([one], [other]) => compareTexts(one, other));
  const prefix = given.length ? given[0][1].slice(0, given[0][1].lastIndexOf("-")) : "";
  const again = [...drawnCodes(list, seed, prefix)];
  if (canonical(again) !== canonical(given)) return "bốc thăm lại theo danh sách và con số đã ghi cho mã chấm khác";
}

function listClosed(state, list) {
  if (listHash(list) !== list.sha256) return "danh sách chung kết không mang mã đã ghi";
  state.lists.set(list.number, list);
}

function finalistChanged(state, { entry, kind }, { seq }) {
  const kinds = ["withdraw", "disqualify", "reinstate", "correct", "film"];
  must(kinds.includes(kind), `Sổ cái, dòng ${seq}: không biết thay đổi ${kind.slice(0, 60)}; ${NEWER}`, Unreadable);
  if (!state.works.has(entry)) return "thay đổi một tác phẩm không có";
  if (kind === "withdraw" || kind === "disqualify") state.out.add(entry);
  if (kind === "reinstate") state.out.delete(entry);
}

function frozen(state, { counted }) {
  if (state.frozen) return FROZEN;
  const counts = [...state.counts()].sort(([one], [other]) => compareTexts(one, other));
  const same = counts.length === counted.length && counts.every(([entry, count], at) => entry === counted[at][0] && count === BigInt(counted[at][1]));
  if (!same) return "lượt tương tác đã chốt khác với số liệu đã xác nhận";
  state.frozen = true;
}

function decided(state, decision) {
  if (state.decisions.has(decision.decision)) return "một quyết định được ghi hai lần";
  if (decision.kind !== "choose" && decision.kind !== "withhold") return "quyết định không phải là chọn hay không trao";
  state.decisions.set(decision.decision, decision);
  return state.undecidable();
}

function confirmed(state, payload) {
  if (payload.rule_card !== state.fingerprint) return "giải được xác nhận theo thể lệ chấm khác";
  state.confirmed = payload;
  return state.undecidable();
}

function published(state, payload) {
  if (payload.document !== state.confirmed?.document) return "kết quả được công bố không phải bảng trao giải đã xác nhận";
  if (state.published) return "kết quả được công bố khi đang công bố";
  state.published = payload;
}

function retracted(state, { publication }) {
  if (state.published?.publication !== publication) return "thu hồi một lần công bố không còn hiệu lực";
  state.published = null;
}

const ACTS = {
  "entry.added": (state, { entry }) => {
    if (state.works.has(entry)) return "một tác phẩm được thêm hai lần";
    state.works.set(entry, new Map());
  },
  "finals.list_closed": listClosed,
  "finals.drawn": drawn,
  "finalist.change_confirmed": finalistChanged,
  "judge.assigned": assigned,
  "judge.unassigned": unassigned,
  "recusal.declared": recused,
  "sheet.sealed": sealed,
  "sheet.returned": returned,
  "judging.closed": (state) => {
    state.closed = true;
  },
  "reading.entered": (state, _, row) => (state.frozen ? FROZEN : state.readings.enter(state.rules, row)),
  "reading.confirmed": (state, _, row) => (state.frozen ? FROZEN : state.readings.review(row, true)),
  "reading.rejected": (state, _, row) => (state.frozen ? FROZEN : state.readings.review(row, false)),
  "interactions.frozen": frozen,
  "interactions.reopened": (state) => {
    if (!state.frozen) return "mở lại lượt tương tác chưa chốt";
    state.frozen = false;
  },
  "decision.made": decided,
  "decision.revoked": (state, { decision }) => {
    if (!state.decisions.delete(decision)) return "hủy một quyết định không có";
  },
  "awards.confirmed": confirmed,
  "result.published": published,
  "result.retracted": retracted,
};
