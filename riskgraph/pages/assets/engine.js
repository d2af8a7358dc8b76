// The engine in a page: a graph and what to pretend in; how far risks go, how likely and at what cost, out.
// It is riskgraph/simulation in small: the same model (docs/model.md) and the same exact numbers (exact.js), and where a
// table would be too wide, draws of its own with intervals (draws.js). Nothing in the three knows the page, a clock or
// unseeded chance.
//
// `data` is what riskgraph/pages/network.py makes of a graph; other keys beside these are left alone:
//   risks        [{id, rate: occurrences a year before mitigations or null,
//                  loss: number or {low, likely, high} or null}]
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
  const sources = Int32Array.from(cascades, ({source}) => source);
  const targets = Int32Array.from(cascades, ({target}) => target);
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
// tables are small, unless `method` is 'simulated'; else from `runs` worlds, and then `intervals` and `lossInterval` are
// those of 95 %. Draws depend on the seed and a cascade's ends alone, so two networks of one graph differ by what was
// pretended and by nothing else, if the second one gets the `runs` of the first.
function simulateNetwork(network, starts, {seed = 0, runs = null, method = 'auto'} = {}) {
  const places = [...new Set(starts)].map((id) => network.index.get(id));
  if (!places.length || places.includes(undefined)) throw new RangeError('a start is the id of a risk');
  const reach = listReach(network, places);
  const known = reach.some((risk) => !Number.isNaN(network.mean[risk]));
  const common = {starts: places.map((place) => network.ids[place]), leftOut: countLeftOut(network, reach)};
  const plan = method === 'simulated' ? null : planExact(network, places, reach, 1 << 21);
  if (plan) {
    const chances = walkPlan(plan);
    const loss = reach.reduce((sum, risk) => sum + chances.get(risk) * (network.mean[risk] || 0), 0);
    return {
      method: 'exact', runs: null, seed: null, ...common, loss: known ? loss : null, lossInterval: null, intervals: null,
      reached: new Map(reach.map((risk) => [network.ids[risk], chances.get(risk)])),
    };
  }
  const drawn = drawEffects(network, places, seed, runs), {count} = drawn;
  const certain = new Set(places), sum = (part) => part.reduce((total, risk) => total + (network.mean[risk] || 0), 0);
  return {
    method: 'simulated', runs: count, seed, ...common,
    loss: known ? drawn.mean : null,
    lossInterval: known ? meanInterval(drawn.mean, drawn.variance, count, sum(places), sum(reach)) : null,
    reached: new Map(reach.map((risk) => [network.ids[risk], drawn.hits[risk] / count])),
    intervals: new Map(reach.map((risk) => [network.ids[risk],
      certain.has(risk) ? [1, 1] : wilsonInterval(drawn.hits[risk], count)])),
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

// ---- All starts, and a year

// What each risk costs in the mean with all that follows, and the `annual` loss: the sum of rate times that. Exact where
// the tables of all starts are small, unless `method` is 'simulated'. Else worlds are walked backwards, each from a risk
// drawn by its loss: what would have caused it (Borgs, Brautbar, Chayes and Lucier, 2014); `interval` is then that of
// the annual loss, 95 %. To compare two networks of one graph give the second one the `runs` of the first.
function expectedLosses(network, {seed = 0, runs = null, method = 'auto'} = {}) {
  const own = network.mean.map((mean) => mean || 0), rates = network.rate.map((rate) => rate || 0);
  const exact = method === 'simulated' ? null : exactLosses(network, own);
  const drawn = exact ? null : drawCauses(network, own, rates, seed, runs), more = exact ?? drawn.more;
  const expected = own.map((loss, risk) => loss + more[risk]);
  return {
    method: exact ? 'exact' : 'simulated', runs: exact ? null : drawn.count, seed: exact ? null : seed,
    annual: rates.reduce((sum, rate, risk) => sum + rate * expected[risk], 0), interval: exact ? null : drawn.interval,
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
      if (probability[way] > 0 && !by.has(targets[way])) {
        heap.push([cost - Math.log(probability[way]), hops + 1, targets[way], way]);
      }
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
      for (let at = items.length - 1; at > 0 && isBefore(at, (at - 1) >> 1); at = (at - 1) >> 1) swap(at, (at - 1) >> 1);
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
