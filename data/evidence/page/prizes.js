// From places and counts to prizes (docs/contest-rules.md, Prizes).

/** The prizes of one kind that are left after what the committee withholds, best first: [{prize, left}]. */
function slotsOf(rules, kind, withheld) {
  return rules.prizes
    .filter((prize) => prize.by === kind)
    .map((prize) => ({ prize, left: prize.quantity - (withheld.get(prize.key) ?? 0) }))
    .filter(({ left }) => left > 0);
}

/** Takes up to `count` slots away, best first: [{prize, left}] with how many of each. */
function taken(slots, count) {
  const found = [];
  for (let wanted = count; wanted && slots.length; ) {
    const [first] = slots;
    const left = Math.min(wanted, first.left);
    found.push({ prize: first.prize, left });
    first.left -= left;
    wanted -= left;
    if (!first.left) slots.shift();
  }
  return found;
}

/** What the committee withholds, prize -> quantity, and the decisions that would withhold more than there is. */
function withholdings(rules, decisions) {
  const withheld = new Map();
  const refused = [];
  for (const decision of decisions.filter(({ kind }) => kind === "withhold")) {
    const before = withheld.get(decision.prize) ?? 0;
    const offered = rules.prizes.find(({ key }) => key === decision.prize)?.quantity ?? 0;
    if (decision.quantity > 0 && before + decision.quantity <= offered) withheld.set(decision.prize, before + decision.quantity);
    else refused.push(decision);
  }
  return { withheld, refused };
}

const fits = (choice, prize, free, entries) =>
  choice.prize === prize.key && choice.entries.length === free && new Set(choice.entries).size === free && choice.entries.every((entry) => entries.includes(entry));

/**
 * Who gets what. `groups`: kind -> [{entries, equal}], best first; `decisions`: of the committee, oldest first.
 *
 * Returns awards [{prize, entry, amount}] in order (amounts are BigInt), undecided [{prize, quantity, entries}], notGiven
 * [{prize, quantity}] (withheld, then without a work) and unused decisions.
 */
export function awardsOf(rules, groups, decisions) {
  const { withheld, refused } = withholdings(rules, decisions);
  const choices = decisions.filter(({ kind }) => kind === "choose");
  const [awards, undecided, vacant] = [[], [], []];
  const give = (prize, entries, amount) => awards.push(...entries.map((entry) => ({ prize: prize.key, entry, amount })));
  for (const kind of ["score", "interaction"]) {
    const slots = slotsOf(rules, kind, withheld);
    for (const group of groups[kind]) {
      let entries = group.entries;
      while (entries.length && slots.length) {
        const [{ prize, left: free }] = slots;
        if (entries.length <= free) {
          taken(slots, entries.length);
          give(prize, entries, BigInt(prize.amount));
          break;
        }
        if (rules.share && group.equal) {
          const pool = taken(slots, entries.length).reduce((sum, each) => sum + BigInt(each.prize.amount) * BigInt(each.left), 0n);
          give(prize, entries, pool / BigInt(entries.length));
          break;
        }
        const choice = choices.find((each) => fits(each, prize, free, entries));
        if (!choice) {
          undecided.push(...taken(slots, entries.length).map((each) => ({ prize: each.prize.key, quantity: each.left, entries })));
          break;
        }
        choices.splice(choices.indexOf(choice), 1);
        taken(slots, free);
        give(prize, entries.filter((entry) => choice.entries.includes(entry)), BigInt(prize.amount));
        entries = entries.filter((entry) => !choice.entries.includes(entry));
      }
    }
    vacant.push(...slots.map(({ prize, left }) => ({ prize: prize.key, quantity: left })));
  }
  const kept = decisions.filter((each) => each.kind === "withhold" && !refused.includes(each)).map(({ prize, quantity }) => ({ prize, quantity }));
  return { awards, undecided, notGiven: [...kept, ...vacant], unused: [...refused, ...choices] };
}
