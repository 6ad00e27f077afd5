#!/usr/bin/env python3
"""Checks a bundle of evidence without the desk that wrote it: Python 3.8 or later, its standard library, nothing else.

    python3 -I verify.py                                      the bundle in this folder
    python3 -I verify.py FOLDER_OR_ZIP --printed 187:7f3a91c208d45be1
    python3 -I verify.py --proof receipt.json                 one row, without the other rows

Four parts: signatures, the chain of rows, the recount by the rule card, what is published. Prints one line: "ĐÚNG: …"
(status 0), "SAI: …" (1: the evidence contradicts itself or a printed mark) or "KHÔNG KIỂM ĐƯỢC: …" (2: no answer).
docs/evidence.md describes every file. Points are hundredths, money is đồng, times are UTC ms, ranks are doubled.
"""
import argparse, base64, collections, datetime, decimal, functools, hashlib, json, os, re, sys, zipfile
from bisect import bisect_left, bisect_right
from fractions import Fraction
from itertools import groupby, zip_longest

FILES = {"bundle.json", "ledger.jsonl", "rule-card.json", "key.txt", "document.json", "standings.csv", "awards.csv"}
NEWER = "cần bản verify.py mới hơn."

class Wrong(Exception):
    """What is wrong, and the exit status: 1 for evidence that contradicts itself, 2 where this program cannot tell."""

def must(holds, sentence, status=1):
    if not holds: raise Wrong(sentence, status)

# --- 1. Signatures: Ed25519 (RFC 8032), checking only ----------------------------------------------------------------
P, ORDER = 2**255 - 19, 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P

def add(a, b):
    (x, y), (u, v) = a, b
    product = D * x * y * u * v
    return (x * v + u * y) * pow(1 + product, -1, P) % P, (y * v + x * u) * pow(1 - product, -1, P) % P

def times(number, point):
    rest = times(number >> 1, add(point, point)) if number else (0, 1)
    return add(rest, point) if number & 1 else rest

def decoded(raw):
    """The point that 32 bytes encode; None where they encode none (5.1.3)."""
    y, odd = int.from_bytes(raw, "little") & (2**255 - 1), raw[31] >> 7
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    x = x if (x * x - square) % P == 0 else x * pow(2, (P - 1) // 4, P) % P
    if y >= P or (x * x - square) % P or (x == 0 and odd): return None
    return x if x & 1 == odd else P - x, y

BASE = decoded((4 * pow(5, -1, P) % P).to_bytes(32, "little"))

def signature_holds(public, message, signature):
    """True where R = sB - hA, for the signature (R, s) of `message` by the key A (5.1.7)."""
    key, s = decoded(public), int.from_bytes(signature[32:], "little")
    if key is None or len(signature) != 64 or s >= ORDER: return False
    h = int.from_bytes(hashlib.sha512(signature[:32] + public + message).digest(), "little") % ORDER
    x, y = add(times(s, BASE), times(h, (P - key[0], key[1])))
    return (y | (x & 1) << 255).to_bytes(32, "little") == signature[:32]

NOTE = re.compile("([^\n+ ]+)\n([1-9][0-9]{0,11})\n([A-Za-z0-9+/]{43}=)\n\n— \\1 ([A-Za-z0-9+/]{91}=)\n")

def key_line(origin, public):
    """A public key (32 bytes) as a verifier key (C2SP): "name+hash+key"."""
    key_hash = hashlib.sha256(origin.encode() + b"\n\x01" + public).hexdigest()[:8]
    return f"{origin}+{key_hash}+{base64.b64encode(bytes([1]) + public).decode()}"

def checkpoint(note, key):
    """The size and the Merkle root of a signed note (C2SP) by the verifier key `key`."""
    found, (name, key_hash, public) = NOTE.fullmatch(note), key.split("+", 2)
    must(found, "Điểm chốt không viết đúng khuôn.")
    origin, size, root, signed = found.groups()
    signature = base64.b64decode(signed)  # which has spare bits: it is written again and compared
    must(origin == name and signature[:4].hex() == key_hash and base64.b64encode(signature).decode() == signed,
         f"Điểm chốt {size} dòng: do khóa khác ký, hoặc không viết đúng khuôn.")
    text = f"{origin}\n{size}\n{root}\n".encode()
    must(signature_holds(base64.b64decode(public)[1:], text, signature[4:]), f"Điểm chốt {size} dòng: chữ ký sai.")
    return int(size), base64.b64decode(root)

# --- 2. The chain: each row names the hash of the row before it; the checkpoints state Merkle roots (RFC 6962) --------
DECODER = json.JSONDecoder(parse_float=int, parse_constant=int)  # so that 1.5 and NaN are errors
ENCODER = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))
ROW = ["actor", "at", "chain", "event", "payload", "prev", "seq", "version"]

def leaf_hash(line): return hashlib.sha256(b"\x00ban-giam-khao-ledger-v1\n" + line).digest()

def node_hash(left, right): return hashlib.sha256(b"\x01" + left + right).digest()

def hash_of(hashes, number): return hashes[32 * number - 32 : 32 * number].hex()

def fingerprint(data): return "sha256:" + hashlib.sha256(data).hexdigest()

def parsed(name, line, fields=None):
    """The value of a line of JSON in its one form, so that nobody reads something else in the same bytes."""
    try:
        value = DECODER.decode(line.decode())
        whole = ENCODER.encode(value).encode() + b"\n" == line and fields in (None, list(value))
    except (ValueError, RecursionError): whole = False
    must(whole, f"{name}: không viết đúng khuôn.")
    return value

def chained(lines, sizes, hashes, roots):
    """The rows, each checked against the row before it. Fills `hashes` (32 bytes each) and `roots`, {size: root}."""
    prev, at, subtrees = "0" * 64, 0, []
    for number, line in enumerate(lines, 1):
        row = parsed(f"Sổ cái, dòng {number}", line, ROW)
        moved = row["seq"] != number and any(b'"seq":%d,' % number in later for later in lines)
        must(row["seq"] == number, f"Sổ cái, dòng {number}: mang số {row['seq']}; "
             + ("hai dòng bị đổi chỗ." if moved else "có dòng bị bỏ hoặc bị thêm."))
        must(row["at"] >= at, f"Sổ cái, dòng {number}: thời gian lùi lại so với dòng trước.")
        must((row["prev"], row["chain"]) == (prev, "result"), f"Sổ cái, dòng {number}: không nối với dòng trước.")
        tree = leaf_hash(line[:-1])
        hashes += tree
        prev, at, joined = tree.hex(), row["at"], number - 1
        while joined & 1: tree, joined = node_hash(subtrees.pop(), tree), joined >> 1
        subtrees.append(tree)
        if number in sizes: roots[number] = functools.reduce(lambda right, left: node_hash(left, right), subtrees[::-1])
        yield row

# --- 3. The recount: what the rows amount to by the rule card, in whole numbers ---------------------------------------
SAME = {}  # one object for every equal value: it saves memory

def one(value): return SAME.setdefault(value, value)

def half_up(numerator, denominator): return (2 * numerator + denominator) // (2 * denominator)

class Rules:
    """The rule card. Weights are whole numbers: a total is in units of 1/(100·scale) of a point."""

    def __init__(self, card):
        must(card["version"] == 1, f"Thể lệ chấm bản {card['version']}: {NEWER}", 2)
        self.card, self.criteria, self.scale, scoring = card, card["criteria"], 1, card["scoring"]
        for each in self.criteria: self.scale *= (self.scale * Fraction(each["weight"])).denominator
        self.weights = [int(self.scale * Fraction(each["weight"])) for each in self.criteria]
        self.method, self.trim, self.unit = scoring["method"], scoring["trim"], 10 ** scoring["decimals"]
        self.by_ranks = self.method in ("rank_sum", "rank_mean")
        self.least = max(scoring["min_sheets"], 2 * self.trim + 1 if self.method == "trimmed_mean" else 1)

    def total(self, marks): return sum(weight * mark for weight, mark in zip(self.weights, marks))

    def score(self, totals, ranks):
        """A work's score in units of its last decimal, from the totals of its sheets, or from its ranks."""
        if self.by_ranks: return half_up(sum(ranks) * self.unit, 2 * (len(ranks) if self.method == "rank_mean" else 1))
        cut = {"mean": 0, "trimmed_mean": self.trim, "median": (len(totals) - 1) // 2}[self.method]
        middle = sorted(totals)[cut : len(totals) - cut]
        return half_up(sum(middle) * self.unit, len(middle) * 100 * self.scale)

    def rung(self, name, panel, chief):
        """A work's number on a rung of the ladder; None where the chief judge has no sheet on it."""
        if name == "chief" and chief not in panel: return None
        if name == "chief": return half_up(self.total(panel[chief]) * self.unit, 100 * self.scale)
        at = ["criterion:" + each["key"] for each in self.criteria].index(name)
        return half_up(sum(marks[at] for marks in panel.values()) * self.unit, 100 * len(panel))

    def parted(self, works, panels, chief):
        """Works of one score, split by the first rung on which they differ, and each part by the ladder again."""
        for name in self.card["ties"]["ladder"] if len(works) > 1 else ():
            value = {work: self.rung(name, panels[work], chief) for work in works}
            if None not in value.values() and len(set(value.values())) > 1:
                parts = [[w for w in works if value[w] == each] for each in sorted(set(value.values()), reverse=True)]
                return [last for part in parts for last in self.parted(part, panels, chief)]
        return [sorted(works)]

    def standings(self, panels, chief):
        """Groups (works, place or None) best first, and the scores; `panels`: {work: {judge: marks}}."""
        scored = {work: panel for work, panel in panels.items() if len(panel) >= self.least}
        totals = {work: {judge: self.total(marks) for judge, marks in panel.items()} for work, panel in scored.items()}
        ranks = ranks_of(totals) if self.by_ranks else {work: {} for work in scored}
        scores = {work: self.score(totals[work].values(), ranks[work].values()) for work in scored}
        marked = collections.Counter(judge for given in ranks.values() for judge in given).items()
        absent = {judge: len(scored) - count for judge, count in marked if count < len(scored)}
        if self.method == "rank_sum" and absent:
            levels = blocks(ranks, absent, 1 if self.unit > 1 else 2)
        else:
            order = sorted(scored, key=lambda work: scores[work] if self.by_ranks else -scores[work])
            levels = [(list(works), True) for _, works in groupby(order, key=scores.get)]
        groups, place = [], 1
        for works, equal in levels:
            for group in self.parted(works, scored, chief) if equal else [sorted(works)]:
                groups.append((group, place if equal else None))
                place += len(group)
        return groups, scores

def ranks_of(totals):
    """Twice the rank of each work by each judge, {work: {judge: rank}}; equal totals share the mean of their ranks."""
    given = {}
    for judge, total in sorted((judge, total) for panel in totals.values() for judge, total in panel.items()):
        given.setdefault(judge, []).append(total)
    return {work: {judge: 2 * len(given[judge]) + 1 - bisect_left(given[judge], mine) - bisect_right(given[judge], mine)
                   for judge, mine in panel.items()} for work, panel in totals.items()}

def blocks(ranks, absent, gap):
    """Blocks of works (works, equal), best first, where judges left works out: `absent` says how many each.

    Such a judge could have put those works anywhere. A work is ahead of another where its sum of ranks is smaller by
    `gap` in every case. Works that are linked by pairs of open order form a block.
    """
    def behind(one, other):  # the most by which the sum of `one` can exceed that of `other`
        most = sure[one] - sure[other]
        for judge, gone in absent.items():
            mine, theirs = ranks[one].get(judge), ranks[other].get(judge)
            inside = mine and theirs
            most += mine - theirs if inside else (mine + 2 * gone if mine else 2 * len(ranks)) - (theirs or 2)
            most += 2 * gone if inside and mine > theirs else 0
        return most

    sure = {work: sum(rank for judge, rank in given.items() if judge not in absent) for work, given in ranks.items()}
    best = {work: sure[work] + sum(ranks[work].get(judge, 2) for judge in absent) for work in ranks}
    order, found, reach = sorted(ranks, key=lambda work: (best[work], work)), [], -1
    bests = [best[work] for work in order]
    for at, work in enumerate(order):
        if at > reach: found.append([])
        found[-1].append(work)
        worst = sure[work] + sum(ranks[work].get(j, 2 * (len(ranks) - gone)) + 2 * gone for j, gone in absent.items())
        linked = range(bisect_left(bests, worst + gap) - 1, max(reach, at), -1)
        reach = max(at, reach, next((other for other in linked if behind(work, order[other]) > -gap), -1))
    return [(works, all(behind(works[0], w) == behind(w, works[0]) == 0 for w in works)) for works in found]

def allocate(card, by_place, by_count, decisions):
    """(prize, work, amount) of every prize: the best group takes the next slots; a tie is pooled or split by choice."""
    choices, given = [each for each in decisions if each["kind"] == "choose"], []
    withheld = collections.Counter(each["prize"] for each in decisions for _ in range(each["quantity"]))
    for by, groups in (("score", by_place), ("interaction", by_count)):
        slots = [p for p in card["prizes"] if p["by"] == by for _ in range(p["quantity"] - withheld[p["key"]])]
        for works, equal in groups:
            while works and slots:
                prize, takes = slots[0], works
                free, amount = slots.count(prize), prize["amount"]
                if len(works) > free and equal and card["ties"]["then"] == "share":
                    amount = sum(each["amount"] for each in slots[: len(works)]) // len(works)
                elif len(works) > free:
                    choice = next((each for each in choices if each["prize"] == prize["key"] and
                                   len(each["entries"]) == free == len(set(each["entries"]) & set(works))), None)
                    must(choice, f"{prize['name']}: {', '.join(works)} đồng hạng mà không có quyết định chọn.")
                    choices.remove(choice)
                    takes = [work for work in works if work in choice["entries"]]
                given += [(prize["key"], work, amount) for work in takes]
                slots, works = slots[len(takes) :], [work for work in works if work not in takes]
    must(not choices, "Có quyết định của Ban Tổ chức không khớp với các tác phẩm đồng hạng.")
    return given

# The events, in the versions that this program knows. Those of PUBLICATION may follow the confirmation.
PUBLICATION = {"result.published": 1, "result.retracted": 1, "retraction.proposed": 1, "retraction.declined": 1,
               "checkpoint.made": 2, "signing_key.recorded": 1}
EVENTS = {**PUBLICATION, "reading.entered": 2, "interactions.frozen": 2, **dict.fromkeys((
    "contest.opened", "entry.added", "entry.corrected", "entry.film_replaced", "finals.list_closed", "finals.drawn",
    "judge.assigned", "judge.unassigned", "recusal.declared", "sheet.sealed", "sheet.returned", "judging.closed",
    "finalist.change_confirmed", "reading.confirmed", "reading.rejected", "interactions.reopened", "decision.made",
    "decision.revoked", "awards.confirmed"), 1)}

class Record:
    """What the rows tell: sheets that count, by work and judge, readings, decisions, keys, what is published."""

    def __init__(self, card):
        self.card, self.panels, self.seats, self.readings, self.decisions, self.keys = card, {}, {}, {}, {}, {}
        self.gone, self.checkpoints = set(), []  # `gone`: works that left, and (judge, work) of recusals
        self.chief = self.closed = self.frozen = self.confirmed = self.published = self.opened = None

    def add(self, row):
        """Take a row in. Raises Wrong for an act that the rules do not allow."""
        event, version, told, number = row["event"], row["version"], row["payload"], row["seq"]
        judge, work, where = told.get("judge"), told.get("entry"), f"Sổ cái, dòng {number}: "
        must(0 < version <= EVENTS.get(event, 0), f"{where}không biết sự kiện {event} bản {version}; {NEWER}", 2)
        must(not self.confirmed or event in PUBLICATION, where + "ghi sau khi bảng trao giải đã xác nhận.")
        must(not self.frozen or not event.startswith("reading."), where + "ghi sau khi lượt tương tác đã chốt.")
        if event == "contest.opened":
            must(fingerprint(self.card) == told["rule_card"], "rule-card.json: không mang mã mà sổ cái ghi ở dòng 1.")
            self.opened, self.rules = told, Rules(json.loads(self.card))
        elif event == "sheet.sealed":
            criteria = {each["key"]: each for each in self.rules.criteria}
            must(row["actor"] == judge and work in self.seats.get(judge, ()) and not {(judge, work), work} & self.gone,
                 where + "phiếu của người không chấm tác phẩm này.")
            must(told["marks"].keys() == criteria.keys() and all(
                0 <= mark <= criteria[key]["max"] and mark % criteria[key]["step"] == 0
                for key, mark in told["marks"].items()), where + "điểm thiếu, vượt khung hoặc sai bước.")
            must(not self.closed and judge not in self.panels[work], where + "phiếu nộp lại, hoặc nộp sau khi đóng.")
            self.panels[work][one(judge)] = tuple(one(told["marks"][key]) for key in criteria)
        elif event in ("sheet.returned", "recusal.declared"):
            must(not self.closed, where + "phiếu bị rút sau khi vòng chấm đã đóng.")
            self.panels[work].pop(judge, None)
            self.gone |= {(judge, work)} if event == "recusal.declared" else set()
        elif event == "interactions.reopened": self.frozen = None
        elif event == "interactions.frozen":
            self.frozen = told
            must(sorted(self.counts().items()) == [tuple(each) for each in told["counted"]],
                 where + "lượt tương tác đã chốt khác với số liệu đã xác nhận.")
        elif event == "judge.assigned":
            self.seats.setdefault(judge, set()).update(told["entries"])
            self.chief = judge if told.get("chief") else self.chief
        elif event == "signing_key.recorded":
            self.keys[number] = key_line("ban-giam-khao/" + self.opened["contest"], bytes.fromhex(told["key"]))
        elif event == "finalist.change_confirmed" and told["kind"] in ("withdraw", "disqualify"): self.gone.add(work)
        elif event == "finalist.change_confirmed" and told["kind"] == "reinstate": self.gone.remove(work)
        elif event == "judge.unassigned": self.seats[judge].difference_update(told["entries"])
        elif event == "entry.added": self.panels[work] = {}
        elif event == "judging.closed": self.closed = True
        elif event == "reading.entered": self.readings.setdefault(work, []).append({**told, "counts": version == 1})
        elif event == "reading.confirmed": self.readings[work][told["reading"] - 1]["counts"] = True
        elif event == "decision.made": self.decisions[told["decision"]] = told
        elif event == "decision.revoked": del self.decisions[told["decision"]]
        elif event == "awards.confirmed": self.confirmed = told
        elif event == "result.published": self.published = told
        elif event == "result.retracted": self.published = None
        elif event == "checkpoint.made" and self.keys: self.checkpoints.append(number)

    def counts(self):
        """The weighted count of each work: its last confirmed reading in time that no confirmed reading corrects."""
        worth, found = self.rules.card["interactions"], {}
        close = datetime.datetime.fromisoformat(worth["close"]).timestamp() if worth["close"] else float("inf")
        for work in self.readings.keys() - self.gone:
            confirmed = [(r["taken_at"], number, r) for number, r in enumerate(self.readings[work], 1) if r["counts"]]
            corrected = {reading.get("corrects") for _, _, reading in confirmed}
            in_time = [each for each in confirmed if each[1] not in corrected and each[0] // 1000 <= close]
            for _, _, last in sorted(in_time)[-1:]:
                found[work] = sum(worth[kind] * last[kind] for kind in ("reactions", "comments", "shares", "views"))
        return found

    def result(self):
        """The standings (place, work, score, sheets) and the awards (prize, work, amount), as the rules give them."""
        panels = {work: panel for work, panel in self.panels.items() if work not in self.gone}
        groups, scores = self.rules.standings(panels, self.chief)
        counts = {work: count for work, count in sorted(self.counts().items()) if count and work in panels}
        liked = [([w for w in counts if counts[w] == n], True) for n in sorted(set(counts.values()), reverse=True)]
        awards = allocate(self.rules.card, groups, liked, [decision for _, decision in sorted(self.decisions.items())])
        placed = [(place, work, scores[work], len(panels[work])) for works, place in groups for work in works]
        return placed + [(None, w, None, len(panels[w])) for w in sorted(panels) if w not in scores], awards

# --- 4. What is published ---------------------------------------------------------------------------------------------
class Bundle:
    """The files of a folder or of a ZIP."""

    def __init__(self, path):
        self.path, self.zip = path, None if os.path.isdir(path) else zipfile.ZipFile(path)
        self.names = sorted(self.zip.namelist() if self.zip else os.listdir(path))

    def open(self, name):
        must(name in self.names, f"Gói thiếu tệp {name}.")
        return self.zip.open(name) if self.zip else open(os.path.join(self.path, name), "rb")

    def read(self, name):
        with self.open(name) as file: return file.read()

def tables(section, decimals, standings, awards):
    """The two tables as the bundle has them."""
    rows = ((work, place or "", "" if score is None else f"{decimal.Decimal(score).scaleb(-decimals):f}", sheets)
            for place, work, score, sheets in standings)
    places = [f"{section},{place},{work},{score},{sheets}\n" for work, place, score, sheets in rows]
    prizes = [f"{section},{prize},{work},{amount}\n" for prize, work, amount in awards]
    return {"standings.csv": "section,place,code,score,sheets\n" + "".join(places),
            "awards.csv": "section,prize,code,amount\n" + "".join(prizes)}

def published(bundle, record, hashes):
    """Compare the document and both tables with the recount. Returns the numbers of works and of awards."""
    def smaller(each):  # a sheet as a tuple
        return (*map(one, (each["code"], each["judge"], each["total"], *each["marks"])),) if "marks" in each else each

    must(record.published and record.published["document"] == record.confirmed["document"],
         "Kết quả chưa công bố, hoặc lần công bố cuối đã bị thu hồi.")
    data, (standings, awards) = bundle.read("document.json"), record.result()
    must(fingerprint(data) == record.published["public"], "document.json: không mang mã mà dòng công bố ghi.")
    document = json.loads(data, object_hook=smaller)
    must(document["version"] == 1 and len(document["sections"]) == 1, f"document.json: {NEWER}", 2)
    section, proof, confirmed = document["sections"][0], document["proof"], record.confirmed
    judges, total = [each["number"] for each in section["judges"]], record.rules.total
    sheets = ((work, at, total(record.panels[work][judge]), *record.panels[work][judge]) for _, work, _, _ in standings
              for at, judge in enumerate(judges) if judge in record.panels[work])
    ranked = [(r["place"], r["code"], r["score"], r["sheets"]) for r in section["standings"]]
    for what, same in (
            ("document.json: mã sổ cái", hash_of(hashes, proof["ledger_seq"]) == proof["ledger_head"]),
            ("document.json: phiếu", all(mine == theirs for mine, theirs in zip_longest(sheets, section["sheets"]))),
            ("document.json: xếp hạng", ranked == standings),
            ("document.json: giải", [(r["prize"], r["code"], r["amount"]) for r in section["awards"]] == awards),
            ("dòng xác nhận: giải", [(r["prize"], r["entry"], r["amount"]) for r in confirmed["awards"]] == awards)):
        must(same, f"{what} khác với tính lại từ sổ cái.")
    for name, text in tables(section["key"], record.rules.card["scoring"]["decimals"], standings, awards).items():
        pairs = zip_longest(text.encode().split(b"\n"), bundle.read(name).split(b"\n"))
        wrong = next((number for number, (one, other) in enumerate(pairs, 1) if one != other), 0)
        must(not wrong, f"{name}, dòng {wrong}: khác với tính lại từ sổ cái.")
    return len(standings), len(awards)

def printed_mark(text):
    """The row's number and the digits of "187:7f3a91c208d45be1" or "#187 · 7f3a-91c2-08d4-5be1"."""
    found = re.fullmatch("#?([1-9][0-9]{0,11})[ :·]+([0-9a-f]{16,64})", text.strip().lower().replace("-", ""))
    must(found, f"Không hiểu dấu xác thực “{text[:60]}”; hãy gõ như 187:7f3a91c208d45be1.", 2)
    return int(found[1]), found[2]

def check_proof(path, bundle, marks):
    """One row, the hashes beside its way up the Merkle tree, and the checkpoint where it leads (RFC 9162, 2.1.3.2)."""
    with open(path, "rb") as file: told = json.loads(file.read())
    line, key = told["row"].encode() + b"\n", bundle.read("key.txt").decode().rstrip("\n")
    size, root = checkpoint(told["checkpoint"], key)
    number, tree = parsed("Dòng sổ cái", line, ROW)["seq"], leaf_hash(line[:-1])
    for row, digits in marks:
        must(row == number and tree.hex().startswith(digits), f"Dòng {number} khác dấu xác thực {row}:{digits}.")
    at, last = number - 1, size - 1
    for other in map(bytes.fromhex, told["path"]):
        tree = node_hash(other, tree) if at & 1 or at == last else node_hash(tree, other)
        while at == last and not at & 1 and at: at, last = at >> 1, last >> 1
        at, last = at >> 1, last >> 1
    must(number <= size and last == 0 and tree == root, f"Dòng {number} không nằm trong điểm chốt {size} dòng.")
    return f"dòng {number} nằm trong sổ cái {size} dòng mà điểm chốt đã ký."

def check(bundle, marks):
    """Check the whole bundle. Returns what was found right."""
    about = parsed("bundle.json", bundle.read("bundle.json"))
    must(about["format"] == "ban-giam-khao-evidence" and about["version"] == 1, f"bundle.json: {NEWER}", 2)
    sizes, hashes, roots = {size: f"checkpoint-{size:07}.txt" for size in about["checkpoints"]}, bytearray(), {}
    for name in sorted({*FILES, *sizes.values()} ^ set(bundle.names) - {"verify.py", "verify.html"}):
        raise Wrong(f"Gói có tệp lạ: {name}." if name in bundle.names else f"Gói thiếu tệp {name}.", 1)
    must(len(set(bundle.names)) == len(bundle.names), "Gói có hai tệp cùng tên.")
    record = Record(bundle.read("rule-card.json"))
    with bundle.open("ledger.jsonl") as lines:
        for row in chained(lines, sizes, hashes, roots): record.add(row)
    rows = len(hashes) // 32
    must(rows == about["rows"] == max(sizes), f"Sổ cái có {rows} dòng, gói nói {about['rows']}: bị cắt hoặc nối thêm.")
    must((about["contest"], about["checkpoints"]) == (record.opened["contest"], record.checkpoints),
         "bundle.json: cuộc thi hoặc các điểm chốt khác với sổ cái ghi.")
    for size, name in sizes.items():
        key = record.keys[max(number for number in record.keys if number <= size)]
        must(checkpoint(bundle.read(name).decode("utf-8", "replace"), key) == (size, roots[size]),
             f"Sổ cái khác với điểm chốt {size} dòng: đã bị sửa hoặc viết lại.")
    must(bundle.read("key.txt") == f"{key}\n".encode(), "key.txt: không phải khóa mà sổ cái ghi.")
    for row, mark in marks:
        must(row <= rows, f"Sổ cái chỉ có {rows} dòng, dấu xác thực ở dòng {row}: bị cắt, hoặc gói cũ hơn dấu.")
        must(hash_of(hashes, row).startswith(mark), f"Dòng {row} khác dấu xác thực: sổ cái bị viết lại sau khi in.")
    works, awards = published(bundle, record, hashes)
    seen = f"khớp {len(marks)} dấu xác thực" if marks else "chưa so với dấu xác thực nào (--printed)"
    return (f"{rows} dòng sổ cái, dấu cuối {rows}:{hash_of(hashes, rows)[:16]}, {seen}; {len(sizes)} điểm chốt đã ký; "
            f"{works} tác phẩm và {awards} giải khớp từng byte với tính lại.")

def main(arguments=None):
    ask = argparse.ArgumentParser(description="Kiểm tra gói chứng cứ của một cuộc thi.")
    ask.add_argument("bundle", nargs="?", default=os.path.dirname(os.path.abspath(__file__)), help="thư mục hoặc ZIP")
    ask.add_argument("--printed", action="append", default=[], metavar="N:MÃ", help="dấu xác thực, hoặc biên nhận")
    ask.add_argument("--proof", metavar="TỆP", help="biên nhận của một dòng, khi không có các dòng khác")
    told = ask.parse_args(arguments)
    try:
        bundle, marks = Bundle(told.bundle), [printed_mark(each) for each in told.printed]
        return "ĐÚNG: " + (check_proof(told.proof, bundle, marks) if told.proof else check(bundle, marks)), 0
    except Wrong as wrong:
        return ("SAI: " if wrong.args[1] == 1 else "KHÔNG KIỂM ĐƯỢC: ") + wrong.args[0], wrong.args[1]
    except Exception as broken:  # whatever the bytes are, the answer is one sentence
        return f"KHÔNG KIỂM ĐƯỢC: không mở hoặc không đọc được ({type(broken).__name__}: {broken}).", 2

if __name__ == "__main__":
    sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace")
    sentence, status = main()
    print(sentence)
    sys.exit(status)
