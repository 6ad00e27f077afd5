#!/usr/bin/env python3
"""Checks a bundle of evidence without the desk that wrote it: Python 3.8 or later, its standard library, nothing else.

    python3 -I verify.py [FOLDER_OR_ZIP] [--printed 187:7f3a91c208d45be1]   a bundle; without a name, in this folder
    python3 -I verify.py [FOLDER_OR_ZIP] --proof receipt.json               one row, without the other rows

Prints one line: "ĐÚNG: …" (status 0), "SAI: …" (1: the evidence contradicts itself or a printed mark) or "KHÔNG KIỂM
ĐƯỢC: …" (2: no answer). docs/evidence.md describes every file. Points are hundredths, times UTC ms, ranks doubled."""
import argparse, base64, collections, datetime, decimal, functools, hashlib, json, os, re, sys, zipfile
from bisect import bisect_left, bisect_right
from fractions import Fraction
from itertools import groupby, zip_longest

FILES = {"bundle.json", "ledger.jsonl", "rule-card.json", "key.txt", "document.json", "standings.csv", "awards.csv"}
NEWER = "cần bản verify.py mới hơn."
class Wrong(Exception): """What is wrong, in a sentence, and the exit status."""
def must(holds, sentence, status=1):
    if not holds: raise Wrong(sentence, status)

# --- 1. Signatures: Ed25519 (RFC 8032), checking only ----------------------------------------------------------------
P, ORDER = 2**255 - 19, 2**252 + 27742317777372353535851937790883648493
D, ROOT_OF_MINUS_ONE = -121665 * pow(121666, -1, P) % P, pow(2, (P - 1) // 4, P)
NOTE = re.compile("(([^\n+ ]+)\n([1-9][0-9]{0,11})\n([A-Za-z0-9+/]{43}=)\n)\n— \\2 ([A-Za-z0-9+/]{91}=)\n")
def add(x, y, u, v):
    product = D * x * y * u * v
    return (x * v + u * y) * pow(1 + product, -1, P) % P, (y * v + x * u) * pow(1 - product, -1, P) % P
def times(number, point):
    rest = times(number >> 1, add(*point, *point)) if number else (0, 1)
    return add(*rest, *point) if number & 1 else rest
def decoded(raw):  # the point that 32 bytes encode; None where they encode none (5.1.3)
    y, odd = int.from_bytes(raw, "little") & (2**255 - 1), raw[31] >> 7
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    roots = [sign * each * pow(square, (P + 3) // 8, P) % P for sign in (1, -1) for each in (1, ROOT_OF_MINUS_ONE)]
    return next(((x, y) for x in roots if y < P and x & 1 == odd and (x * x - square) % P == 0), None)

def signature_holds(public, message, signature):  # R = sB - hA, for the signature (R, s) by the key A (5.1.7)
    base, key, s = decoded(b"\x58" + 31 * b"\x66"), decoded(public), int.from_bytes(signature[32:], "little")
    if key is None or len(signature) != 64 or s >= ORDER: return False
    h = int.from_bytes(hashlib.sha512(signature[:32] + public + message).digest(), "little") % ORDER
    x, y = add(*times(s, base), *times(h, (P - key[0], key[1])))
    return (y | (x & 1) << 255).to_bytes(32, "little") == signature[:32]

def key_line(origin, public):  # a key of 32 bytes as a verifier key (C2SP), "name+hash+key"
    key_hash = hashlib.sha256(origin.encode() + b"\n\x01" + public).hexdigest()[:8]
    return f"{origin}+{key_hash}+{base64.b64encode(bytes([1]) + public).decode()}"
def checkpoint(note, key):  # the size and the Merkle root of a signed note (C2SP), checked by a verifier key
    found, (name, key_hash, public) = NOTE.fullmatch(note), key.split("+", 2)
    must(found, "Điểm chốt không viết đúng khuôn.")
    text, origin, size, root, signed = found.groups()
    signature, public = base64.b64decode(signed), base64.b64decode(public)[1:]
    must(origin == name and signature[:4].hex() == key_hash and base64.b64encode(signature).decode() == signed,
         f"Điểm chốt {size} dòng: do khóa khác ký, hoặc không viết đúng khuôn.")  # base64 has spare bits
    must(signature_holds(public, text.encode(), signature[4:]), f"Điểm chốt {size} dòng: chữ ký sai.")
    return int(size), base64.b64decode(root)

# --- 2. The chain: each row names the hash of the row before it; the checkpoints state Merkle roots (RFC 6962) --------
DECODER = json.JSONDecoder(parse_float=int, parse_constant=int)  # so that 1.5 and NaN are errors
ENCODER = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))
ROW = ["actor", "at", "chain", "event", "payload", "prev", "seq", "version"]
def leaf_hash(line): return hashlib.sha256(b"\x00ban-giam-khao-ledger-v1\n" + line).digest()
def node_hash(left, right): return hashlib.sha256(b"\x01" + left + right).digest()
def hash_of(hashes, number): return hashes[32 * number - 32 : 32 * number].hex()
def sha256_of(data): return "sha256:" + hashlib.sha256(data).hexdigest()
def parsed(name, line, fields=None):  # JSON in its one form, so that nobody reads something else in the same bytes
    try:
        value = DECODER.decode(line.decode())
        canonical = ENCODER.encode(value).encode() + b"\n" == line and fields in (None, list(value))
    except (ValueError, RecursionError): canonical = False
    must(canonical, f"{name}: không viết đúng khuôn.")
    return value

def chained(lines, sizes, hashes, roots):  # the rows, checked; fills hashes (32 bytes each) and roots, {size: root}
    prev, at, subtrees = "0" * 64, 0, []
    for number, line in enumerate(lines, 1):
        where = f"Sổ cái, dòng {number}"
        row = parsed(where, line, ROW)
        found, place = row["seq"] == number, f"{where}: mang số {row['seq']}; "
        must(found or any(b'"seq":%d,' % number in later for later in lines), place + "có dòng bị bỏ hoặc bị thêm.")
        must(found, place + "hai dòng bị đổi chỗ.")
        must(row["at"] >= at, f"{where}: thời gian lùi lại so với dòng trước.")
        must((row["prev"], row["chain"]) == (prev, "result"), f"{where}: không nối với dòng trước.")
        tree = leaf_hash(line[:-1])
        hashes += tree
        prev, at, joined = tree.hex(), row["at"], number - 1
        while joined & 1: tree, joined = node_hash(subtrees.pop(), tree), joined >> 1
        subtrees.append(tree)
        if number in sizes: roots[number] = functools.reduce(lambda right, left: node_hash(left, right), subtrees[::-1])
        yield row

# --- 3. The recount: what the rows amount to by the rule card, in whole numbers ---------------------------------------
interned = functools.lru_cache(None)(lambda value: value)  # one object for every equal value: it saves memory
class Rules:  # the rule card; weights are whole numbers: a total is in units of 1/(100·scale) of a point
    def __init__(self, card):
        must(card["version"] == 1, f"Thể lệ chấm bản {card['version']}: {NEWER}", 2)
        self.card, self.scale, scoring = card, 1, card["scoring"]
        self.marks = {each["key"]: range(0, each["max"] + 1, each["step"]) for each in card["criteria"]}
        weights = [Fraction(each["weight"]) for each in card["criteria"]]
        for weight in weights: self.scale *= (self.scale * weight).denominator
        self.weights = [int(self.scale * weight) for weight in weights]
        self.method, self.trim, self.decimals = scoring["method"], scoring["trim"], scoring["decimals"]
        self.by_ranks = self.method in ("rank_sum", "rank_mean")
        self.least = max(scoring["min_sheets"], 2 * self.trim + 1 if self.method == "trimmed_mean" else 1)
    def total(self, marks): return sum(weight * mark for weight, mark in zip(self.weights, marks))
    def mean(self, numbers, scale):  # of numbers in units of 1/scale, half up to a whole number of the last decimal
        return (2 * sum(numbers) * 10 ** self.decimals + len(numbers) * scale) // (2 * len(numbers) * scale)
    def score(self, values):  # of a work, from the totals of its sheets or from its ranks
        if self.method == "rank_sum": return self.mean([sum(values)], 2)
        cut = {"mean": 0, "rank_mean": 0, "trimmed_mean": self.trim, "median": (len(values) - 1) // 2}[self.method]
        return self.mean(sorted(values)[cut : len(values) - cut], 2 if self.by_ranks else 100 * self.scale)
    def rungs(self, panel, chief):  # a work's numbers on the ladder; None where the chief judge has no sheet on it
        numbers = {f"criterion:{key}": self.mean(marks, 100) for key, marks in zip(self.marks, zip(*panel.values()))}
        numbers["chief"] = self.mean([self.total(panel[chief])], 100 * self.scale) if chief in panel else None
        return [numbers[name] for name in self.card["ties"]["ladder"]]
    def standings(self, panels, chief):  # groups, best first, and scores; `panels`: {work: {judge: marks}}
        panels = {work: panel for work, panel in panels.items() if len(panel) >= self.least}
        values = {work: {judge: self.total(marks) for judge, marks in panel.items()} for work, panel in panels.items()}
        values = ranks_of(values) if self.by_ranks else values
        scores = {work: self.score(each.values()) for work, each in values.items()}
        rungs = {work: self.rungs(panel, chief) for work, panel in panels.items()}
        uneven = self.method == "rank_sum" and len({frozenset(each) for each in values.values()}) > 1
        groups = blocks(values, 1 if self.decimals else 2) if uneven else tied_groups(scores, not self.by_ranks)
        return [part for group in groups for part in break_ties(*group, rungs)], scores

def tied_groups(values, descending=True):  # groups (works, equal) of works with equal values, where `equal` is True
    order = sorted(sorted(values), key=values.get, reverse=descending)
    return [(list(works), True) for _, works in groupby(order, key=values.get)]
def break_ties(works, equal, rungs):  # a group, split by the first rung that differs, each part by all rungs again
    for numbers in zip(*map(rungs.get, works)) if equal else ():
        if None not in numbers and len(set(numbers)) > 1:
            return [end for part in tied_groups(dict(zip(works, numbers))) for end in break_ties(*part, rungs)]
    return [(sorted(works), equal)]
def ranks_of(totals):  # twice the ranks, {work: {judge: rank}}; equal totals share the mean of their ranks
    given = collections.defaultdict(list)
    for judge, total in sorted(each for panel in totals.values() for each in panel.items()): given[judge].append(total)
    return {work: {judge: 2 * len(given[judge]) + 1 - bisect_left(given[judge], mine) - bisect_right(given[judge], mine)
                   for judge, mine in panel.items()} for work, panel in totals.items()}
def blocks(ranks, gap):  # groups (works, equal), best first, where judges left works out: they could be anywhere
    # A work is ahead of another where its sum of ranks is smaller by `gap` in every case; else they are in one group.
    marked, last = collections.Counter(judge for given in ranks.values() for judge in given), 2 * len(ranks)
    absent = {judge: last - 2 * count for judge, count in marked.items()}  # twice the number of works left out
    best = {work: sum(given.get(judge, 2) for judge in absent) for work, given in ranks.items()}
    worst = {work: sum(given.get(j, last - more) + more for j, more in absent.items()) for work, given in ranks.items()}
    def behind(one, other):  # the most by which the sum of `one` can exceed that of `other`
        better = [judge for judge, rank in ranks[one].items() if rank <= ranks[other].get(judge, 0)]
        return worst[one] - best[other] - sum(absent[judge] for judge in better)
    order, bests, found, reach = sorted(ranks, key=best.get), sorted(best.values()), [], -1
    for index, work in enumerate(order):
        if index > reach: found.append([])
        found[-1].append(work)
        candidates = range(bisect_left(bests, worst[work] + gap) - 1, max(index, reach), -1)
        reach = next((other for other in candidates if behind(work, order[other]) > -gap), max(index, reach))
    return [(works, all(behind(works[0], w) == behind(w, works[0]) == 0 for w in works[1:])) for works in found]

def allocate(card, ranked, decisions):  # [(prize, work, amount)], best group first; a tie is pooled or split by choice
    choices, awards = [each for each in decisions if each["kind"] == "choose"], []
    withheld = collections.Counter(each["prize"] for each in decisions for _ in range(each["quantity"]))
    for by, groups in ranked.items():
        slots = [p for p in card["prizes"] if p["by"] == by for _ in range(p["quantity"] - withheld[p["key"]])]
        for works, equal in groups:
            while works and slots:
                prize, winners, free, amount = slots[0], works, slots.count(slots[0]), slots[0]["amount"]
                if len(works) > free and equal and card["ties"]["then"] == "share":
                    amount = sum(each["amount"] for each in slots[: len(works)]) // len(works)
                elif len(works) > free:
                    fitting = [each for each in choices if each["prize"] == prize["key"] and
                               len(each["entries"]) == free == len(set(each["entries"]) & set(works))]
                    must(fitting, f"{prize['name']}: {', '.join(works)} đồng hạng mà không có quyết định chọn.")
                    choices.remove(fitting[0])
                    winners = [work for work in works if work in fitting[0]["entries"]]
                awards += [(prize["key"], work, amount) for work in winners]
                slots, works = slots[len(winners) :], [work for work in works if work not in winners]
    must(not choices, "Có quyết định của Ban Tổ chức không khớp với các tác phẩm đồng hạng.")
    return awards

EVENTS = {"checkpoint.made": 2, "reading.entered": 2, "interactions.frozen": 2, **dict.fromkeys((  # newest versions
    "contest.opened", "entry.added", "entry.corrected", "entry.film_replaced", "finals.list_closed", "finals.drawn",
    "judge.assigned", "judge.unassigned", "recusal.declared", "sheet.sealed", "sheet.returned", "judging.closed",
    "finalist.change_confirmed", "reading.confirmed", "reading.rejected", "interactions.reopened", "decision.made",
    "decision.revoked", "awards.confirmed", "result.published", "result.retracted", "retraction.proposed",
    "retraction.declined", "signing_key.recorded"), 1)}
PUBLICATION = ("result.", "retraction.", "checkpoint.", "signing_key.")  # these may follow the confirmation
UNDOES = {"result.retracted": "result.published", "interactions.reopened": "interactions.frozen"}

class Record:  # what the rows tell: sheets that count, readings, decisions, keys, the last payload of every event
    def __init__(self, card):
        self.card, self.panels, self.assigned, self.readings, self.decisions, self.keys = card, {}, {}, {}, {}, {}
        self.excluded, self.checkpoints, self.chief, self.last = set(), [], None, {}  # excluded: works, (judge, work)
    def add(self, row):  # raises Wrong for an act that the rules do not allow
        event, version, payload, number, last = row["event"], row["version"], row["payload"], row["seq"], self.last
        judge, work, where = payload.get("judge"), payload.get("entry"), f"Sổ cái, dòng {number}: "
        closed, frozen, confirmed = "judging.closed" in last, "interactions.frozen" in last, "awards.confirmed" in last
        must(0 < version <= EVENTS.get(event, 0), f"{where}không biết sự kiện {event} bản {version}; {NEWER}", 2)
        must(not confirmed or event.startswith(PUBLICATION), where + "ghi sau khi bảng trao giải đã xác nhận.")
        must(not frozen or not event.startswith("reading."), where + "ghi sau khi lượt tương tác đã chốt.")
        if event == "contest.opened":
            must(sha256_of(self.card) == payload["rule_card"], "rule-card.json: không mang mã mà sổ cái ghi ở dòng 1.")
            self.origin, self.rules = "ban-giam-khao/" + payload["contest"], Rules(json.loads(self.card))
        elif event == "sheet.sealed":
            marks, allowed, barred = payload["marks"], self.rules.marks, {(judge, work), work} & self.excluded
            must(row["actor"] == judge and work in self.assigned.get(judge, ()) and not barred,
                 where + "phiếu của người không chấm tác phẩm này.")
            must(marks.keys() == allowed.keys() and all(marks[key] in allowed[key] for key in allowed),
                 where + "điểm thiếu, vượt khung hoặc sai bước.")
            must(not closed and judge not in self.panels[work], where + "phiếu nộp lại, hoặc nộp sau khi đóng.")
            self.panels[work][interned(judge)] = tuple(interned(marks[key]) for key in allowed)
        elif event in ("sheet.returned", "recusal.declared"):
            must(not closed, where + "phiếu bị rút sau khi vòng chấm đã đóng.")
            self.panels[work].pop(judge, None)
            if event == "recusal.declared": self.excluded.add((judge, work))
        elif event == "interactions.frozen":
            same = sorted(self.counts().items()) == [tuple(each) for each in payload["counted"]]
            must(same, where + "lượt tương tác đã chốt khác với số liệu đã xác nhận.")
        elif event == "judge.assigned":
            self.assigned.setdefault(judge, set()).update(payload["entries"])
            self.chief = judge if payload.get("chief") else self.chief
        elif event == "finalist.change_confirmed":
            if payload["kind"] in ("withdraw", "disqualify"): self.excluded.add(work)
            if payload["kind"] == "reinstate": self.excluded.remove(work)
        elif event == "judge.unassigned": self.assigned[judge].difference_update(payload["entries"])
        elif event == "signing_key.recorded": self.keys[number] = key_line(self.origin, bytes.fromhex(payload["key"]))
        elif event == "entry.added": self.panels[work] = {}
        elif event == "reading.entered": self.readings.setdefault(work, []).append({**payload, "counts": version == 1})
        elif event == "reading.confirmed": self.readings[work][payload["reading"] - 1]["counts"] = True
        elif event == "decision.made": self.decisions[payload["decision"]] = payload
        elif event == "decision.revoked": del self.decisions[payload["decision"]]
        elif event == "checkpoint.made" and self.keys: self.checkpoints.append(number)
        last[event] = payload
        last.pop(UNDOES.get(event), None)
    def counts(self):  # {work: weighted count} of its last confirmed reading in time that no confirmed reading corrects
        worth, found = self.rules.card["interactions"], {}
        close = datetime.datetime.fromisoformat(worth["close"]).timestamp() if worth["close"] else float("inf")
        for work in self.readings.keys() - self.excluded:
            confirmed = {number: each for number, each in enumerate(self.readings[work], 1) if each["counts"]}
            for number in [each.get("corrects") for each in confirmed.values()]: confirmed.pop(number, None)
            in_time = [each for each in confirmed.values() if each["taken_at"] // 1000 <= close]
            for last in sorted(in_time, key=lambda each: each["taken_at"])[-1:]:
                found[work] = sum(worth[kind] * last[kind] for kind in ("reactions", "comments", "shares", "views"))
        return found
    def result(self):  # the standings [(place, work, score, sheets)] and the awards [(prize, work, amount)]
        panels, rows = {work: panel for work, panel in self.panels.items() if work not in self.excluded}, []
        groups, scores = self.rules.standings(panels, self.chief)
        for works, equal in [*groups, (sorted(panels.keys() - scores.keys()), False)]:
            rows += [(len(rows) + 1 if equal else None, work, scores.get(work), len(panels[work])) for work in works]
        counts = {work: count for work, count in self.counts().items() if count and work in panels}
        ranked = {"score": groups, "interaction": tied_groups(counts)}
        return rows, allocate(self.rules.card, ranked, [self.decisions[number] for number in sorted(self.decisions)])

# --- 4. What is published ---------------------------------------------------------------------------------------------
def bundle_files(path):  # {name: how to open it}, of a folder or of a ZIP
    if os.path.isdir(path): return {n: functools.partial(open, os.path.join(path, n), "rb") for n in os.listdir(path)}
    archive = zipfile.ZipFile(path)
    must(len(set(archive.namelist())) == len(archive.namelist()), "Gói có hai tệp cùng tên.")
    return {name: functools.partial(archive.open, name) for name in archive.namelist()}
def read(files, name):
    must(name in files, f"Gói thiếu tệp {name}.")
    with files[name]() as file: return file.read()

def published(files, record, hashes):  # compares the document and both tables with the recount
    def compact(row):  # a sheet as a tuple
        return tuple(map(interned, [row["code"], row["judge"], row["total"], *row["marks"]])) if "marks" in row else row
    def recounted(holds, what): must(holds, f"{what} khác với tính lại từ sổ cái.")
    def decimals(score): return "" if score is None else f"{decimal.Decimal(score).scaleb(-rules.decimals):f}"
    publication, confirmed = record.last.get("result.published"), record.last.get("awards.confirmed")
    must(publication and publication["document"] == confirmed["document"],
         "Kết quả chưa công bố, hoặc lần công bố cuối đã bị thu hồi.")
    data, rules, (standings, awards) = read(files, "document.json"), record.rules, record.result()
    must(sha256_of(data) == publication["public"], "document.json: không mang mã mà dòng công bố ghi.")
    document = json.loads(data, object_hook=compact)
    must(document["version"] == 1 and len(document["sections"]) == 1, f"document.json: {NEWER}", 2)
    section, proof, panels = document["sections"][0], document["proof"], record.panels
    sheets = ((work, index, rules.total(panels[work][judge]), *panels[work][judge]) for _, work, _, _ in standings
              for index, judge in enumerate(each["number"] for each in section["judges"]) if judge in panels[work])
    recounted(hash_of(hashes, proof["ledger_seq"]) == proof["ledger_head"], "document.json: mã sổ cái")
    recounted(all(mine == theirs for mine, theirs in zip_longest(sheets, section["sheets"])), "document.json: phiếu")
    rows = [(each["place"], each["code"], each["score"], each["sheets"]) for each in section["standings"]]
    recounted(rows == standings, "document.json: xếp hạng")
    for name, source, work in (("document.json", section, "code"), ("dòng xác nhận", confirmed, "entry")):
        recounted([(each["prize"], each[work], each["amount"]) for each in source["awards"]] == awards, f"{name}: giải")
    places = [(place or "", work, decimals(score), sheets) for place, work, score, sheets in standings]
    for name, head, rows in (("standings", "place,code,score,sheets", places), ("awards", "prize,code,amount", awards)):
        text = "".join([f"section,{head}\n", *(",".join(map(str, (section["key"], *row))) + "\n" for row in rows)])
        lines = enumerate(zip_longest(text.encode().split(b"\n"), read(files, f"{name}.csv").split(b"\n")), 1)
        for number, (mine, theirs) in lines: recounted(mine == theirs, f"{name}.csv, dòng {number}:")
    return f"{len(standings)} tác phẩm và {len(awards)} giải khớp từng byte với tính lại."

def printed_mark(text):  # the row's number and the digits of "187:7f3a91c208d45be1" or "#187 · 7f3a-91c2-08d4-5be1"
    found = re.fullmatch("#?([1-9][0-9]{0,11})[ :·]+([0-9a-f]{16,64})", text.strip().lower().replace("-", ""))
    must(found, f"Không hiểu dấu xác thực “{text[:60]}”; hãy gõ như 187:7f3a91c208d45be1.", 2)
    return int(found[1]), found[2]

def check_proof(path, files, marks):  # that a row leads to the root of a checkpoint (RFC 6962, 2.1.1)
    with open(path, "rb") as file: receipt = json.loads(file.read())
    line, siblings = receipt["row"].encode() + b"\n", [bytes.fromhex(each) for each in receipt["path"]]
    size, root = checkpoint(receipt["checkpoint"], read(files, "key.txt").decode().rstrip("\n"))
    seq, tree = parsed("Dòng sổ cái", line, ROW)["seq"], leaf_hash(line[:-1])
    for row, digits in marks:
        must(row == seq and tree.hex().startswith(digits), f"Dòng {seq} khác dấu xác thực {row}:{digits}.")
    index, last = seq - 1, size - 1
    while last and siblings:
        if index & 1: tree = node_hash(siblings.pop(0), tree)
        elif index < last: tree = node_hash(tree, siblings.pop(0))
        index, last = index >> 1, last >> 1
    must(seq <= size and (tree, last, siblings) == (root, 0, []), f"Dòng {seq} không nằm trong điểm chốt {size} dòng.")
    return f"dòng {seq} nằm trong sổ cái {size} dòng mà điểm chốt đã ký."

def check(files, marks):  # the whole bundle
    about = parsed("bundle.json", read(files, "bundle.json"))
    must(about["format"] == "ban-giam-khao-evidence" and about["version"] == 1, f"bundle.json: {NEWER}", 2)
    sizes, hashes, roots = {size: f"checkpoint-{size:07}.txt" for size in about["checkpoints"]}, bytearray(), {}
    for name in sorted({*FILES, *sizes.values()} ^ files.keys() - {"verify.py", "verify.html"}):
        raise Wrong(f"Gói có tệp lạ: {name}." if name in files else f"Gói thiếu tệp {name}.", 1)
    record = Record(read(files, "rule-card.json"))
    with files["ledger.jsonl"]() as lines:
        for row in chained(lines, sizes, hashes, roots): record.add(row)
    rows = len(hashes) // 32
    must(rows == about["rows"] == max(sizes), f"Sổ cái có {rows} dòng, gói nói {about['rows']}: bị cắt hoặc nối thêm.")
    must(("ban-giam-khao/" + about["contest"], about["checkpoints"]) == (record.origin, record.checkpoints),
         "bundle.json: cuộc thi hoặc các điểm chốt khác với sổ cái ghi.")
    for size, name in sizes.items():
        key = record.keys[max(number for number in record.keys if number <= size)]
        must(checkpoint(read(files, name).decode("utf-8", "replace"), key) == (size, roots[size]),
             f"Sổ cái khác với điểm chốt {size} dòng: đã bị sửa hoặc viết lại.")
    must(read(files, "key.txt") == f"{key}\n".encode(), "key.txt: không phải khóa mà sổ cái ghi.")
    for number, digits in marks:
        must(number <= rows, f"Sổ cái chỉ có {rows} dòng, dấu xác thực ở dòng {number}: bị cắt, hoặc gói cũ hơn dấu.")
        same = hash_of(hashes, number).startswith(digits)
        must(same, f"Dòng {number} khác dấu xác thực: sổ cái bị viết lại sau khi in.")
    seen = f"khớp {len(marks)} dấu xác thực" if marks else "chưa so với dấu xác thực nào (--printed)"
    return (f"{rows} dòng sổ cái, dấu cuối {rows}:{hash_of(hashes, rows)[:16]}, {seen}; "
            f"{len(sizes)} điểm chốt đã ký; {published(files, record, hashes)}")

def main(arguments=None):
    ask = argparse.ArgumentParser(description="Kiểm tra gói chứng cứ của một cuộc thi.")
    ask.add_argument("bundle", nargs="?", default=os.path.dirname(os.path.abspath(__file__)), help="thư mục hoặc ZIP")
    ask.add_argument("--printed", action="append", default=[], metavar="N:MÃ", help="dấu xác thực trên giấy, biên nhận")
    ask.add_argument("--proof", metavar="TỆP", help="biên nhận của một dòng, khi không có các dòng khác")
    options = ask.parse_args(arguments)
    try:
        files, marks = bundle_files(options.bundle), [printed_mark(each) for each in options.printed]
        return "ĐÚNG: " + (check_proof(options.proof, files, marks) if options.proof else check(files, marks)), 0
    except Wrong as wrong:
        return ("SAI: " if wrong.args[1] == 1 else "KHÔNG KIỂM ĐƯỢC: ") + wrong.args[0], wrong.args[1]
    except Exception as broken:  # whatever the bytes are, the answer is one sentence
        return f"KHÔNG KIỂM ĐƯỢC: không mở hoặc không đọc được ({type(broken).__name__}: {broken}).", 2

if __name__ == "__main__":
    sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace")
    sentence, status = main()
    print(sentence)
    sys.exit(status)
