// The page: takes the files, shows each step, the verdict and the recounted tables. Every text is put in as text.
import { session } from "./session.js";

const STEPS = {
  files: "Các tệp của gói chứng cứ",
  chain: "Sổ cái: mỗi dòng mang mã của dòng trước",
  checkpoints: "Các điểm chốt: chữ ký và mã của toàn bộ sổ cái",
  key: "Khóa công bố",
  rules: "Thể lệ chấm",
  events: "Diễn biến cuộc thi theo thể lệ",
  recount: "Xếp hạng và giải tính lại từ các phiếu chấm",
  document: "Bảng trao giải đã công bố",
  tables: "Hai bảng standings.csv và awards.csv",
  marks: "Dấu xác thực in trên giấy",
  proofs: "Biên nhận của từng dòng",
};
const STATES = { waiting: "Chưa kiểm tra", running: "Đang kiểm tra…", right: "✓ Đúng", wrong: "✗ Sai", unreadable: "✗ Không kiểm được", none: "Chưa đối chiếu" };
const MOST_ROWS = 1000; // of a table: more would stop the page while it draws them
const byId = (id) => document.getElementById(id);
const numbers = new Intl.NumberFormat("vi-VN");

function element(name, text, className = "") {
  const made = document.createElement(name);
  made.textContent = text;
  if (className) made.className = className;
  return made;
}

function showStep(key, state, text = "") {
  const line = byId(`step-${key}`);
  line.dataset.state = state;
  line.querySelector(".state").textContent = STATES[state];
  line.querySelector(".found").textContent = text;
}

function drawSteps() {
  const lines = Object.entries(STEPS).map(([key, title]) => {
    const line = element("li", "");
    line.id = `step-${key}`;
    line.append(element("span", "", "state"), element("b", title), element("small", "", "found"));
    return line;
  });
  byId("step-list").replaceChildren(...lines);
  for (const key of Object.keys(STEPS)) showStep(key, "waiting");
}

function showVerdict(state, sentence, note = "") {
  byId("verdict").dataset.state = state;
  byId("sentence").textContent = sentence;
  byId("note").textContent = note;
  byId("progress").hidden = state !== "running";
}

function table(id, header, rows, empty) {
  const [head, body] = [element("tr", ""), element("tbody", "")];
  head.append(...header.map(([title, className]) => Object.assign(element("th", title, className), { scope: "col" })));
  for (const cells of rows) {
    const line = element("tr", "");
    line.append(...cells.map((cell, at) => (cell instanceof Node ? cell : element("td", cell, header[at][1]))));
    body.append(line);
  }
  const top = element("thead", "");
  top.append(head);
  byId(id).replaceChildren(top, body);
  byId(`${id}-empty`).textContent = rows.length ? "" : empty;
}

function workCell({ code, title, author }) {
  const cell = element("td", "", "work");
  cell.append(element("span", code, "code"), element("b", title));
  if (author) cell.append(element("small", author));
  return cell;
}

function showTables({ contest, awards, notGiven, standings }) {
  byId("contest").textContent = contest;
  const money = (amount) => `${numbers.format(BigInt(amount))} đồng`;
  const given = awards.map((award) => [award.prize, workCell(award), money(award.amount)]);
  table("awards", [["Giải", "prize"], ["Tác phẩm", "work"], ["Số tiền", "number"]], given, "Không có giải nào được trao.");
  byId("not-given").textContent = notGiven.map(({ prize, quantity }) => `Không trao ${quantity} ${prize}.`).join(" ");
  const placed = standings.slice(0, MOST_ROWS).map((row) => [row.place === null ? "–" : String(row.place), workCell(row), row.score ?? "–", String(row.sheets)]);
  table("standings", [["Hạng", "number"], ["Tác phẩm", "work"], ["Điểm", "number"], ["Số phiếu", "number"]], placed, "Không có tác phẩm nào.");
  const rest = standings.length - placed.length;
  byId("standings-rest").textContent = rest ? `Còn ${numbers.format(rest)} tác phẩm nữa, cũng đã khớp: xem standings.csv.` : "";
  byId("tables").hidden = false;
}

const WHAT_NOW = "Các bước sau đó không được kiểm tra. Hãy tải lại gói chứng cứ từ trang công bố; nếu vẫn sai, hãy hỏi Ban Tổ chức.";
const NO_MARK = "Chưa so với dấu xác thực nào. Nếu cả sổ cái bị viết lại rồi ký lại, chỉ dấu xác thực in từ trước mới cho thấy: hãy gõ ở bước 2.";

function showDone(done) {
  const { verdict, sentence, result, marks, proofs } = done;
  if (verdict === "proved") {
    showStep("proofs", "right", proofs);
    return showVerdict("right", `ĐÚNG: ${proofs}.`, "Chỉ kiểm tra biên nhận, theo khóa trong key.txt; không kiểm tra kết quả.");
  }
  if (verdict === "wrong") return showVerdict(verdict, `SAI: ${sentence}`, WHAT_NOW);
  if (verdict !== "right") return showVerdict(verdict, `KHÔNG KIỂM ĐƯỢC: ${sentence}`);
  showStep("proofs", proofs ? "right" : "none", proofs || "không có biên nhận nào trong các tệp đã chọn");
  showTables(result);
  shown = result;
  showMarks(marks);
}

function showMarks(marks) {
  if (!marks || !shown) return;
  showStep("marks", marks.state, marks.text || "chưa gõ dấu xác thực nào");
  const { size, last, checkpoints, standings, awards } = shown;
  const ledger = `${numbers.format(size)} dòng sổ cái, dấu cuối ${last}; ${checkpoints} điểm chốt đã ký`;
  const right = `ĐÚNG: ${ledger}; ${numbers.format(standings.length)} tác phẩm và ${awards.length} giải khớp từng byte với tính lại.`;
  if (marks.state === "wrong") showVerdict("wrong", `SAI: ${marks.text}`, "Mọi bước khác đều đúng, nhưng sổ cái này không phải là sổ cái mà dấu xác thực ghi lại.");
  else if (marks.state === "unreadable") showVerdict("unreadable", `KHÔNG KIỂM ĐƯỢC: ${marks.text}`);
  else showVerdict("right", right, marks.state === "right" ? `Dấu xác thực đúng: ${marks.text}.` : NO_MARK);
}

let shown = null; // what the last right bundle showed
let given = [];
let worker = null;

function receive(message) {
  if (message.kind === "step") showStep(message.step, message.state, message.text);
  else if (message.kind === "marks") showMarks(message.marks);
  else if (message.kind === "done") showDone(message);
  else {
    byId("progress").value = message.done;
    showStep(message.step, "running", `${numbers.format(message.size)} dòng`);
  }
}

/** Starts a worker from this page's own script; without one, the page itself computes and says nothing meanwhile. */
function started(source) {
  try {
    const made = new Worker(URL.createObjectURL(new Blob([source], { type: "text/javascript" })));
    made.addEventListener("message", ({ data }) => receive(data));
    made.addEventListener("error", () => showVerdict("unreadable", "KHÔNG KIỂM ĐƯỢC: trình duyệt không đủ bộ nhớ, hoặc quá cũ."));
    return made;
  } catch {
    const answer = session(receive, () => new Promise((done) => setTimeout(done)));
    return { postMessage: answer, terminate() {} };
  }
}

function check(source) {
  worker?.terminate(); // a check that still runs is of other files
  worker = started(source);
  shown = null;
  byId("tables").hidden = true;
  byId("chosen").textContent = given.length === 1 ? given[0].path : `${given.length} tệp`;
  byId("progress").value = 0;
  for (const key of Object.keys(STEPS)) showStep(key, "waiting");
  showVerdict("running", "Đang kiểm tra…");
  worker.postMessage({ kind: "check", given, marks: byId("marks").value });
}

/** What was dropped, a file or every file of a folder: [{path, file}]. */
async function droppedFiles(entry, folder = "") {
  if (entry instanceof File) return [{ path: entry.name, file: entry }];
  const path = folder + entry.name;
  if (entry.isFile) return [{ path, file: await new Promise((done, failed) => entry.file(done, failed)) }];
  const reader = entry.createReader();
  const found = [];
  for (;;) {
    const some = await new Promise((done, failed) => reader.readEntries(done, failed));
    if (!some.length) return found;
    for (const each of some) found.push(...(await droppedFiles(each, `${path}/`)));
  }
}

export function startPage(source) {
  drawSteps();
  const take = (files) => {
    given = files;
    if (files.length) check(source);
  };
  for (const id of ["files", "folder"]) {
    byId(id).addEventListener("change", () => {
      take(Array.from(byId(id).files, (file) => ({ path: file.webkitRelativePath || file.name, file })));
      byId(id).value = ""; // the same file can be chosen again
    });
    byId(`choose-${id}`).addEventListener("click", () => byId(id).click());
  }
  byId("marks-form").addEventListener("submit", (event) => {
    event.preventDefault();
    if (shown) worker.postMessage({ kind: "marks", marks: byId("marks").value });
    else if (given.length) check(source); // the marks are compared once the rest is right
    else showVerdict("waiting", "Chưa kiểm tra: hãy chọn gói chứng cứ ở bước 1 trước.");
  });
  const dropZone = byId("drop");
  for (const name of ["dragover", "drop"]) addEventListener(name, (event) => event.preventDefault());
  addEventListener("dragover", () => dropZone.classList.add("over"));
  for (const name of ["dragleave", "drop", "dragend"]) addEventListener(name, () => dropZone.classList.remove("over"));
  addEventListener("drop", async ({ dataTransfer }) => {
    const dropped = Array.from(dataTransfer.items, (item) => item.webkitGetAsEntry?.() ?? item.getAsFile()).filter(Boolean);
    try {
      take((await Promise.all(dropped.map((each) => droppedFiles(each)))).flat());
    } catch {
      showVerdict("unreadable", "KHÔNG KIỂM ĐƯỢC: không đọc được những gì được thả vào.");
    }
  });
}
