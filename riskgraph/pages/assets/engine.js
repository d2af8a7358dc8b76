// The engine in a page: a graph and what to pretend in; how far risks go, how likely and at what cost, out.
// It is riskgraph/simulation in small: the same model (docs/model.md) and the same exact numbers, and where a table
// would be too wide, draws of its own with intervals. Nothing here knows the page, a clock or unseeded chance.
//
// `data` is what riskgraph/pages/network.py makes of a graph; other keys beside these are left alone:
//   risks        [{id, rate: occurrences a year before mitigations or null, loss: number or {low, likely, high} or null}]
//   cascades     [{from, to, probability: 0 to 1 or null, delay: seconds or null}]
//   mitigations  [{id, implemented: boolean, mitigates: [{risk, effectiveness: 0 to 1 or null}],
//                  blocks: [{from, to, effectiveness}]}]
// Ids are those of risks; inside, a risk is its place among the sorted ids, and a cascade its place by from and to.

// The network as somebody pretends it to be: `off` holds mitigations that do not act and cascades (`FROM->TO`) that are
// removed, `on` mitigations that do act, `assume` the probability of cascades that have none. In `probability` (after
// what blocks), `rate` (after what mitigates), `mean` and `delay` NaN stands for "not estimated".
function compileNetwork(data, {off = new Set(), on = new Set(), assume = null} = {}) {
  const risks = [...data.risks].sort((a, b) => (a.id < b.id ? -1 : 1));
  const ids = risks.map(({id}) => id);
  const index = new Map(ids.map((id, place) => [id, place]));
  const kept = new Float64Array(ids.length).fill(1), spared = new Map(), unrated = [];
  for (const {id, implemented, mitigates, blocks} of data.mitigations) {
    if (off.has(id) || !(implemented || on.has(id))) continue;
    for (const {risk, effectiveness} of mitigates) {
      kept[index.get(risk)] *= 1 - (effectiveness ?? 0);
      if (effectiveness === null) unrated.push(index.get(risk));
    }
    for (const {from, to, effectiveness} of blocks) {
      const key = `${from}->${to}`;
      spared.set(key, (spared.get(key) ?? 1) * (1 - (effectiveness ?? 0)));
      if (effectiveness === null) unrated.push(index.get(from));
    }
  }
  const cascades = data.cascades.map(({from, to, probability, delay}) => {
    const key = `${from}->${to}`;
    const share = off.has(key) ? 0 : spared.get(key) ?? 1;
    return {source: index.get(from), target: index.get(to), probability: (probability ?? assume ?? NaN) * share,
      known: (probability ?? assume) !== null, removed: off.has(key), delay: delay ?? NaN};
  }).sort((a, b) => a.source - b.source || a.target - b.target);
  const sources = Int32Array.from(cascades, ({source}) => source), targets = Int32Array.from(cascades, ({target}) => target);
  return {
    ids, index, sources, targets, unrated,
    probability: Float64Array.from(cascades, ({probability}) => probability),
    delay: Float64Array.from(cascades, ({delay}) => delay),
    known: cascades.map(({known}) => known),
    removed: cascades.map(({removed}) => removed),
    out: groupArcs(sources, ids.length),
    into: groupArcs(targets, ids.length),
    rate: Float64Array.from(risks, ({rate}, place) => (rate === null ? NaN : rate * kept[place])),
    mean: Float64Array.from(risks, ({loss}) => meanLoss(loss)),
  };
}

// A loss as a range is a PERT distribution.
function meanLoss(loss) {
  if (loss === null) return NaN;
  if (typeof loss === 'number') return loss;
  return loss.high > loss.low ? (loss.low + 4 * loss.likely + loss.high) / 6 : loss.low;
}

// The cascades of each risk by one of their ends: those of risk i are arcs[offsets[i]] to arcs[offsets[i + 1]].
function groupArcs(ends, size) {
  const offsets = new Int32Array(size + 1), arcs = new Int32Array(ends.length);
  for (const end of ends) offsets[end + 1]++;
  for (let place = 0; place < size; place++) offsets[place + 1] += offsets[place];
  const next = offsets.slice();
  ends.forEach((end, arc) => { arcs[next[end]++] = arc; });
  return {offsets, arcs};
}

// ---- One start, or several that happen together

// How far starts go: `reached` has the probability of each risk that can be reached, `loss` is the mean of what it costs
// in all, null where nothing in reach has a loss, and `leftOut` counts what in reach has no estimate. Exact where the
// tables are small; else from `runs` worlds, and then `intervals` and `lossInterval` are those of 95 %. Draws depend on
// the seed and a cascade's ends alone, so two networks of one graph differ by what was pretended and by nothing else.
function simulateNetwork(network, starts, {seed = 0, runs = null} = {}) {
  const places = [...new Set(starts)].map((id) => network.index.get(id));
  if (!places.length || places.includes(undefined)) throw new RangeError('a start is the id of a risk');
  const reach = listReach(network, places);
  const known = reach.some((risk) => !Number.isNaN(network.mean[risk]));
  const common = {starts: places.map((place) => network.ids[place]), leftOut: countLeftOut(network, reach)};
  const plan = planExact(network, places, reach, 1 << 21);
  if (plan) {
    const chances = walkPlan(plan);
    const loss = reach.reduce((sum, risk) => sum + chances.get(risk) * (network.mean[risk] || 0), 0);
    return {
      method: 'exact', runs: null, seed: null, ...common, loss: known ? loss : null, lossInterval: null, intervals: null,
      reached: new Map(reach.map((risk) => [network.ids[risk], chances.get(risk)])),
    };
  }
  const arcs = reach.reduce((sum, risk) => sum + network.out.offsets[risk + 1] - network.out.offsets[risk], 0);
  // Where much is in reach, fewer worlds are drawn, so that a click is answered at once; the intervals say the rest.
  const count = runs ?? Math.min(10000, Math.max(2000, Math.floor(2e7 / arcs)));
  const drawn = drawWorlds(network, places, seed, count);
  const certain = new Set(places), mean = (part) => part.reduce((sum, risk) => sum + (network.mean[risk] || 0), 0);
  return {
    method: 'simulated', runs: count, seed, ...common,
    loss: known ? drawn.loss : null,
    lossInterval: known ? meanInterval(drawn.loss, drawn.variance, count, mean(places), mean(reach)) : null,
    reached: new Map(reach.map((risk) => [network.ids[risk], drawn.counts[risk] / count])),
    intervals: new Map(reach.map((risk) => [network.ids[risk],
      certain.has(risk) ? [1, 1] : wilsonInterval(drawn.counts[risk], count)])),
  };
}

// The places of the risks that starts can pull down, the starts among them, sorted.
function listReach({out, targets, probability}, starts) {
  const found = new Set(starts);
  for (const risk of found) {
    for (let at = out.offsets[risk]; at < out.offsets[risk + 1]; at++) {
      if (probability[out.arcs[at]] > 0) found.add(targets[out.arcs[at]]);
    }
  }
  return [...found].sort((a, b) => a - b);
}

function countLeftOut(network, reach) {
  const mine = new Set(reach), arcs = [...network.sources.keys()].filter((arc) => mine.has(network.sources[arc]));
  const count = (items, test) => items.reduce((sum, item) => sum + (test(item) ? 1 : 0), 0);
  return {
    cascades: count(arcs, (arc) => !network.known[arc]),
    losses: count(reach, (risk) => Number.isNaN(network.mean[risk])),
    rates: count(reach, (risk) => Number.isNaN(network.rate[risk])),
    delays: count(arcs, (arc) => network.probability[arc] > 0 && Number.isNaN(network.delay[arc])),
    effects: count(network.unrated, (risk) => mine.has(risk)),
  };
}

// ---- Exact: risks in topological order, a table of the open ones, what goes in circles as one (simulation/plan.py)

// The better of two orders, or null where both touch more than `limit` entries of tables.
function planExact(network, starts, reach, limit) {
  const {out, targets, probability} = network;
  const arcsOf = (risk) => Array.from(out.arcs.subarray(out.offsets[risk], out.offsets[risk + 1])).filter((arc) => probability[arc] > 0);
  const certain = new Set(starts);
  for (const risk of certain) for (const arc of arcsOf(risk)) if (probability[arc] === 1) certain.add(targets[arc]);
  const uncertain = reach.filter((risk) => !certain.has(risk));
  const onward = new Map(uncertain.map((risk) => [risk, arcsOf(risk).filter((arc) => !certain.has(targets[arc]))]));
  const {groups, label} = strongGroups(uncertain, (risk) => onward.get(risk).map((arc) => targets[arc]));
  if (groups.some((members) => members.length > 9)) return null;
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
  const place = new Map(members.map((risk, at) => [risk, at])), outer = new Map([...parents].map((risk, at) => [risk, at]));
  const moved = new Float64Array(rows * sets), safe = new Float64Array(size), direct = new Float64Array(sets * size).fill(1);
  for (const [from, to, probability] of inside) {
    for (let set = 0; set < sets; set++) if ((set >> place.get(from)) & 1) direct[set * size + place.get(to)] *= 1 - probability;
  }
  for (let row = 0; row < rows; row++) {
    members.forEach((risk, member) => { safe[member] = missed.get(risk); });
    for (const [from, to, probability] of outside) if ((row >> outer.get(from)) & 1) safe[place.get(to)] *= 1 - probability;
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

// ---- Simulated

// Worlds with the same starts, 32 at a time: a risk's bits are the worlds in which it is reached.
function drawWorlds({out, targets, probability, mean, ids}, starts, seed, runs) {
  const counts = new Float64Array(ids.length), masks = new Int32Array(ids.length);
  const live = new Int32Array(targets.length), drawn = new Int32Array(targets.length).fill(-1);
  const first = starts.reduce((sum, risk) => sum + (mean[risk] || 0), 0);
  let sum = 0, squares = 0;
  for (let block = 0; block * 32 < runs; block++) {
    const key = drawKey(seed, block), lanes = Math.min(32, runs - block * 32), all = lanes === 32 ? -1 : (1 << lanes) - 1;
    const losses = new Float64Array(32), touched = [...starts], queue = [...starts];
    for (const risk of starts) masks[risk] = all;
    while (queue.length) {
      const risk = queue.pop(), mask = masks[risk];
      for (let at = out.offsets[risk]; at < out.offsets[risk + 1]; at++) {
        const arc = out.arcs[at];
        if (!(probability[arc] > 0)) continue;
        if (drawn[arc] !== block) {
          drawn[arc] = block;
          live[arc] = drawBits(key, arc, probability[arc]);
        }
        const target = targets[arc], more = mask & live[arc] & ~masks[target];
        if (!more) continue;
        if (!masks[target]) touched.push(target);
        masks[target] |= more;
        queue.push(target);
      }
    }
    for (const risk of touched) {
      for (let bits = masks[risk]; bits; bits &= bits - 1) {
        counts[risk]++;
        losses[31 - Math.clz32(bits & -bits)] += mean[risk] || 0;
      }
      masks[risk] = 0;
    }
    for (let lane = 0; lane < lanes; lane++) {
      sum += losses[lane];
      squares += (losses[lane] - first) ** 2;
    }
  }
  const loss = sum / runs;
  return {counts, loss, variance: Math.max(0, squares - runs * (loss - first) ** 2) / Math.max(runs - 1, 1)};
}

// Chance is a pure function of counters: a finaliser of 32 bits (Wellons, lowbias32, 2018) over seed, block and cascade.
function mixBits(value) {
  let bits = value ^ (value >>> 16);
  bits = Math.imul(bits, 0x21f0aaad);
  bits = Math.imul(bits ^ (bits >>> 15), 0xd35a2d97);
  return bits ^ (bits >>> 15);
}

function drawKey(seed, block) {
  return mixBits(mixBits(seed | 0) + Math.imul(block + 1, 0x9e3779b9) | 0);
}

// 32 worlds in which a cascade is live or not: a uniform number of each is compared with the probability, from the
// highest bit on, until all are decided. A probability is met to 2 ** -32.
function drawBits(key, arc, probability) {
  if (probability >= 1) return -1;
  const border = Math.min(Math.round(probability * 2 ** 32), 2 ** 32 - 1), own = mixBits(key + Math.imul(arc + 1, 0x85ebca6b) | 0);
  let less = 0, equal = -1;
  for (let bit = 31; equal && bit >= 0 && border & (-1 >>> (31 - bit)); bit--) {
    const word = mixBits(own + Math.imul(bit + 1, 0xc2b2ae35) | 0);
    if ((border >>> bit) & 1) {
      less |= equal & ~word;
      equal &= word;
    } else {
      equal &= ~word;
    }
  }
  return less;
}

// The 95 % score interval of a share (Wilson, 1927).
function wilsonInterval(count, runs) {
  const z = 1.959963984540054, share = count / runs, wide = 1 + z * z / runs;
  const centre = (share + z * z / (2 * runs)) / wide;
  const half = z / wide * Math.sqrt(share * (1 - share) / runs + z * z / (4 * runs * runs));
  return [count ? Math.max(0, centre - half) : 0, count < runs ? Math.min(1, centre + half) : 1];
}

// The 95 % interval of a mean of values between two bounds (empirical Bernstein: Maurer and Pontil, 2009).
function meanInterval(mean, variance, runs, low, high) {
  const odds = Math.log(4 / 0.05), width = high - low;
  const half = runs < 2 ? width : Math.sqrt(variance * 2 * odds / runs) + width * 7 * odds / (3 * (runs - 1));
  return [Math.max(low, mean - half), Math.min(high, mean + half)];
}

// ---- All starts, and a year

// What each risk costs in the mean with all that follows, and the `annual` loss: the sum of rate times that. Exact where
// the tables of all starts are small. Else `runs` worlds are walked backwards, each from a risk drawn by its loss: what
// would have caused it (Borgs, Brautbar, Chayes and Lucier, 2014). Then `interval` is that of the annual loss, 95 %.
function expectedLosses(network, {seed = 0, runs = 10000} = {}) {
  const own = network.mean.map((mean) => mean || 0), rates = network.rate.map((rate) => rate || 0);
  const exact = exactLosses(network, own);
  const {more, interval} = exact ? {more: exact, interval: null} : drawCauses(network, own, rates, seed, runs);
  const expected = own.map((loss, risk) => loss + more[risk]);
  return {
    method: exact ? 'exact' : 'simulated', runs: exact ? null : runs, seed: exact ? null : seed, interval,
    annual: rates.reduce((sum, rate, risk) => sum + rate * expected[risk], 0),
    expected: new Map(network.ids.map((id, risk) => [id, expected[risk]])),
  };
}

// What follows from each risk costs, without the risk itself; null where that is too much to calculate.
function exactLosses(network, own) {
  const found = new Float64Array(own.length);
  let work = 1 << 20, arcs = 1 << 14;
  for (let risk = 0; risk < own.length; risk++) {
    const reach = listReach(network, [risk]);
    if (reach.length === 1) continue;
    arcs -= reach.reduce((sum, one) => sum + network.out.offsets[one + 1] - network.out.offsets[one], 0);
    const plan = arcs >= 0 ? planExact(network, [risk], reach, work) : null;
    if (!plan) return null;
    work -= plan.work;
    for (const [other, chance] of walkPlan(plan)) if (other !== risk) found[risk] += chance * own[other];
  }
  return found;
}

// Losses do not change with what is pretended, so all networks of one graph are walked from the same risks.
function drawCauses({into, sources, probability}, own, rates, seed, runs) {
  const more = new Float64Array(own.length), total = own.reduce((sum, loss) => sum + loss, 0);
  const certain = rates.reduce((sum, rate, risk) => sum + rate * own[risk], 0);
  if (!total) return {more, interval: [certain, certain]};
  const shift = (drawKey(seed, -1) >>> 0) / 2 ** 32, seen = new Int32Array(own.length).fill(-1);
  let sum = 0, squares = 0, border = own[0], root = 0;
  for (let run = 0; run < runs; run++) {
    while (border <= (run + shift) / runs * total && root < own.length - 1) border += own[++root];
    const key = drawKey(seed, run), causes = [root];
    let rate = 0;
    seen[root] = run;
    for (let next = 0; next < causes.length; next++) {
      for (let at = into.offsets[causes[next]]; at < into.offsets[causes[next] + 1]; at++) {
        const arc = into.arcs[at], source = sources[arc];
        if (seen[source] === run || !(probability[arc] > 0)) continue;
        if ((mixBits(key + Math.imul(arc + 1, 0x85ebca6b) | 0) >>> 0) / 2 ** 32 >= probability[arc]) continue;
        seen[source] = run;
        causes.push(source);
        more[source] += total / runs;
        rate += rates[source];
      }
    }
    sum += rate;
    squares += rate * rate;
  }
  const mean = sum / runs, deviation = Math.sqrt(Math.max(0, squares / runs - mean * mean) * runs / Math.max(runs - 1, 1));
  const half = 1.959963984540054 * deviation / Math.sqrt(runs);
  return {more, interval: [certain + total * Math.max(0, mean - half), certain + total * (mean + half)]};
}

// ---- Ways

// The most probable path between two risks and its delay in seconds, null where a cascade has none; of equal paths one
// with the fewest cascades. Null where there is no path.
function mostProbablePath(network, from, to) {
  const {out, targets, probability, delay, index, ids} = network;
  const start = index.get(from), end = index.get(to), by = new Map();
  if (start === undefined || end === undefined || start === end) return null;
  const heap = createHeap((a, b) => a[0] - b[0] || a[1] - b[1]);
  heap.push([0, 0, start, -1]);
  for (let next = heap.pop(); next; next = heap.pop()) {
    const [cost, hops, here, arc] = next;
    if (by.has(here)) continue;
    by.set(here, arc);
    if (here === end) break;
    for (let at = out.offsets[here]; at < out.offsets[here + 1]; at++) {
      const way = out.arcs[at];
      if (probability[way] > 0 && !by.has(targets[way])) heap.push([cost - Math.log(probability[way]), hops + 1, targets[way], way]);
    }
  }
  if (!by.has(end)) return null;
  const arcs = [];
  for (let here = end; here !== start; here = network.sources[by.get(here)]) arcs.unshift(by.get(here));
  const time = arcs.reduce((sum, arc) => sum + delay[arc], 0);
  return {
    risks: [from, ...arcs.map((arc) => ids[targets[arc]])],
    probability: arcs.reduce((product, arc) => product * probability[arc], 1),
    delay: Number.isNaN(time) ? null : time,
  };
}

// How many cascades away each risk is, 'down' from the start or 'up' from it. A cascade without a probability counts,
// since it is mapped; one that is removed or cannot fire does not.
function reachDepths(network, start, direction) {
  const [near, ends] = direction === 'up' ? [network.into, network.sources] : [network.out, network.targets];
  const depths = new Map([[network.index.get(start), 0]]);
  for (const [risk, depth] of depths) {
    for (let at = near.offsets[risk]; at < near.offsets[risk + 1]; at++) {
      const arc = near.arcs[at];
      if (network.removed[arc] || network.probability[arc] === 0 || depths.has(ends[arc])) continue;
      depths.set(ends[arc], depth + 1);
    }
  }
  return new Map([...depths].map(([risk, depth]) => [network.ids[risk], depth]));
}

// A binary heap: the smallest by `compare` comes first.
function createHeap(compare) {
  const items = [];
  const swap = (a, b) => { [items[a], items[b]] = [items[b], items[a]]; };
  const isBefore = (a, b) => a < items.length && compare(items[a], items[b]) < 0;
  return {
    push(item) {
      items.push(item);
      for (let at = items.length - 1, up = (at - 1) >> 1; at > 0 && isBefore(at, up); at = up, up = (at - 1) >> 1) swap(at, up);
    },
    pop() {
      if (items.length < 2) return items.pop();
      const first = items[0];
      items[0] = items.pop();
      for (let at = 0, least = 0; ; at = least) {
        for (const child of [2 * at + 1, 2 * at + 2]) if (isBefore(child, least)) least = child;
        if (least === at) return first;
        swap(at, least);
      }
    },
  };
}
