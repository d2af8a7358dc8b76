// The exact half of the engine: a network and starts in, the probability of each risk out, as plan.py and exact.py of
// riskgraph/simulation have it. Risks are taken in topological order, with a table of the open ones, those that have
// cascades to try; what can go in circles is taken as one.

// The better of two orders, or null where both touch more than `limit` entries of tables.
function planExact(network, starts, reach, limit) {
  const {out, targets, probability} = network;
  const arcsOf = (risk) => Array.from(out.arcs.subarray(out.offsets[risk], out.offsets[risk + 1]))
    .filter((arc) => probability[arc] > 0);
  const certain = new Set(starts);
  for (const risk of certain) for (const arc of arcsOf(risk)) if (probability[arc] === 1) certain.add(targets[arc]);
  const uncertain = reach.filter((risk) => !certain.has(risk));
  const onward = new Map(uncertain.map((risk) => [risk, arcsOf(risk).filter((arc) => !certain.has(targets[arc]))]));
  const {groups, label} = strongGroups(uncertain, (risk) => onward.get(risk).map((arc) => targets[arc]));
  if (groups.some((members) => members.length > 12)) return null;
  const parts = groups.map((members) => ({members, inside: [], outside: [], parents: new Set()}));
  const missed = new Map(uncertain.map((risk) => [risk, 1])), children = new Map();
  for (const risk of certain) {
    for (const arc of arcsOf(risk)) {
      if (missed.has(targets[arc])) missed.set(targets[arc], missed.get(targets[arc]) * (1 - probability[arc]));
    }
  }
  for (const risk of uncertain) {
    for (const arc of onward.get(risk)) {
      const group = label.get(targets[arc]), entry = [risk, targets[arc], probability[arc]];
      if (group === label.get(risk)) {
        parts[group].inside.push(entry);
      } else {
        parts[group].outside.push(entry);
        parts[group].parents.add(risk);
        if (!children.has(risk)) children.set(risk, new Set());
        children.get(risk).add(group);
      }
    }
  }
  const orders = [1, -1].map((sign) => orderParts(parts, label, children, sign, limit)).filter(Boolean);
  if (!orders.length) return null;
  const best = orders.reduce((a, b) => (b.work < a.work ? b : a));
  return {certain: [...certain], steps: best.steps, work: best.work, parts, missed, children};
}

// The strongly connected components (Tarjan, 1972, without recursion), each sorted.
function strongGroups(nodes, onward) {
  const number = new Map(), low = new Map(), label = new Map(), stack = [], groups = [], walk = [];
  const enter = (node) => {
    low.set(node, number.size);
    number.set(node, number.size);
    stack.push(node);
    walk.push({node, ways: onward(node), next: 0});
  };
  const lower = (node, value) => low.set(node, Math.min(low.get(node), value));
  for (const root of nodes) {
    if (!number.has(root)) enter(root);
    while (walk.length) {
      const top = walk[walk.length - 1];
      if (top.next < top.ways.length) {
        const to = top.ways[top.next++];
        if (!number.has(to)) enter(to);
        else if (!label.has(to)) lower(top.node, number.get(to));
        continue;
      }
      walk.pop();
      if (walk.length) lower(walk[walk.length - 1].node, low.get(top.node));
      if (low.get(top.node) !== number.get(top.node)) continue;
      const members = stack.splice(stack.indexOf(top.node)).sort((a, b) => a - b);
      for (const member of members) label.set(member, groups.length);
      groups.push(members);
    }
  }
  return {groups, label};
}

// Next always what widens the table least; among equals the oldest (1) or the newest (-1).
function orderParts(parts, label, children, sign, limit) {
  const open = new Map([...children].map(([risk, groups]) => [risk, groups.size]));
  const waiting = parts.map(({parents}) => new Set([...parents].map((risk) => label.get(risk))).size);
  const heap = createHeap((a, b) => a[0] - b[0] || a[1] - b[1]);
  const done = new Set(), steps = [];
  let turn = 0, width = 0, work = 0;
  const keeps = (group) => parts[group].members.filter((risk) => children.has(risk));
  const leaves = (group) => [...parts[group].parents].filter((risk) => open.get(risk) === 1);
  const offer = (group) => {
    if (!waiting[group]) heap.push([keeps(group).length - leaves(group).length, sign * ++turn, group]);
  };
  parts.forEach((_, group) => offer(group));
  for (let next = heap.pop(); next; next = heap.pop()) {
    const group = next[2];
    if (done.has(group)) continue;
    done.add(group);
    const {members, parents} = parts[group], kept = keeps(group), leaving = leaves(group);
    steps.push({group, kept, leaving});
    work += 2 ** (width + members.length) + (members.length > 1 ? 3 ** members.length * 2 ** parents.size : 0);
    if (work > limit) return null;
    width += kept.length - leaving.length;
    for (const after of new Set(members.flatMap((risk) => [...(children.get(risk) || [])]))) {
      waiting[after]--;
      offer(after);
    }
    for (const risk of parents) {
      open.set(risk, open.get(risk) - 1);
      if (open.get(risk) === 1) offer([...children.get(risk)].find((other) => !done.has(other)));
    }
  }
  return {steps, work};
}

// The probability of each risk. A state of the table is the set of open risks that were reached, as bits.
function walkPlan({certain, steps, parts, missed}) {
  const found = new Map(certain.map((risk) => [risk, 1]));
  let table = Float64Array.of(1), open = [];
  for (const {group, kept, leaving} of steps) {
    const {members, parents} = parts[group], sets = 1 << members.length;
    const places = [...parents].map((risk) => open.indexOf(risk)), moved = movePart(parts[group], missed);
    const after = new Float64Array(table.length << kept.length), sums = new Float64Array(members.length);
    const state = Array.from({length: sets}, (_, set) => kept.reduce(
      (bits, risk, place) => bits | ((set >> members.indexOf(risk)) & 1) << place, 0) * table.length);
    for (let before = 0; before < table.length; before++) {
      let row = 0;
      for (let place = 0; place < places.length; place++) row |= ((before >> places[place]) & 1) << place;
      for (let set = 0; set < sets; set++) {
        const chance = table[before] * moved[row * sets + set];
        after[state[set] + before] += chance;
        for (let member = 0; member < members.length; member++) if ((set >> member) & 1) sums[member] += chance;
      }
    }
    members.forEach((risk, member) => found.set(risk, Math.min(1, sums[member])));
    [table, open] = [after, [...open, ...kept]];
    for (const risk of leaving) {
      table = forgetBit(table, open.indexOf(risk));
      open = open.filter((other) => other !== risk);
    }
  }
  return found;
}

function forgetBit(table, place) {
  const low = (1 << place) - 1, found = new Float64Array(table.length / 2);
  for (let state = 0; state < table.length; state++) found[(state & low) | ((state >> 1) & ~low)] += table[state];
  return found;
}

// For each set of parents that were reached, and each set of members, the probability of that set of members. Exactly
// one set is what is reached by ways inside a set, which gives the probabilities by growing sets (components.py).
function movePart({members, parents, inside, outside}, missed) {
  const size = members.length, sets = 1 << size, rows = 1 << parents.size;
  const place = new Map(members.map((risk, at) => [risk, at]));
  const outer = new Map([...parents].map((risk, at) => [risk, at]));
  const moved = new Float64Array(rows * sets), safe = new Float64Array(size);
  const direct = new Float64Array(sets * size).fill(1);
  for (const [from, to, probability] of inside) {
    const at = place.get(to);
    for (let set = 0; set < sets; set++) if ((set >> place.get(from)) & 1) direct[set * size + at] *= 1 - probability;
  }
  for (let row = 0; row < rows; row++) {
    members.forEach((risk, member) => { safe[member] = missed.get(risk); });
    for (const [from, to, probability] of outside) {
      if ((row >> outer.get(from)) & 1) safe[place.get(to)] *= 1 - probability;
    }
    const accounted = new Float64Array(sets);
    for (let own = 0; own < sets; own++) {
      const within = Math.max(1 - accounted[own], 0);
      const rest = [own], spared = [1];
      for (let member = 0; member < size; member++) {
        if ((own >> member) & 1) continue;
        const factor = safe[member] * direct[own * size + member];
        for (let at = 0, count = rest.length; at < count; at++) {
          rest.push(rest[at] | 1 << member);
          spared.push(spared[at] * factor);
        }
      }
      rest.forEach((set, at) => { accounted[set] += within * spared[at]; });
      moved[row * sets + own] = within * spared[spared.length - 1];
    }
  }
  return moved;
}
