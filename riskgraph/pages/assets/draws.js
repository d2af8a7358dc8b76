// The simulated half of the engine: a network and starts in, what worlds that are drawn by a seed come to, out. Worlds
// are drawn 32 at a time, and a risk's bits are the worlds in which it is reached.

// What starts pull down: in how many worlds each risk is reached, and what a world costs.
function drawEffects(network, starts, seed, runs) {
  const {out, targets, mean} = network, hits = new Float64Array(mean.length);
  const startsOf = (first, all) => starts.map((risk) => [risk, all]);
  const spread = (count, visit) => spreadWorlds(network, out, targets, seed, count, startsOf, visit);
  const count = runs ?? affordRuns(spread);
  const totals = new Float64Array(count);
  spread(count, (touched, masks, first, lanes) => {
    const costs = new Float64Array(33);
    for (const risk of touched) {
      hits[risk] += countBits(masks[risk]);
      if (mean[risk]) addToLanes(costs, masks[risk], lanes, mean[risk]);
    }
    for (let lane = 0; lane < lanes; lane++) totals[first + lane] = costs[32] + costs[lane];
  });
  return {count, hits, ...momentsOf(totals)};
}

// So many worlds that a click is answered at once: those of a pilot tell what each costs. The intervals say the rest.
function affordRuns(spread) {
  const each = spread(64, () => {}) / 64;
  return [10000, 5000, 2000].find((runs) => runs * each < 5e5) ?? 1000;
}

// Draws worlds from the risks of `startsOf(first, all)`, each with its worlds, along `near` to `ends`. Every 32 worlds
// `visit` gets the risks that are reached in any, the worlds of each as bits, and which worlds these are. Gives how many
// draws that took. A cascade is drawn when it is first tried, by its own counter: no order of trying plays a part.
function spreadWorlds({probability, ids}, near, ends, seed, runs, startsOf, visit) {
  const {offsets, arcs} = near, masks = new Int32Array(ids.length), fresh = new Int32Array(ids.length);
  const live = new Int32Array(ends.length), drawn = new Int32Array(ends.length).fill(-1);
  let draws = 0;
  for (let first = 0; first < runs; first += 32) {
    const key = drawKey(seed, first), lanes = Math.min(32, runs - first), touched = [], queue = [];
    for (const [risk, worlds] of startsOf(first, lanes === 32 ? -1 : (1 << lanes) - 1)) {
      masks[risk] = fresh[risk] = worlds;
      touched.push(risk);
      queue.push(risk);
    }
    for (let next = 0; next < queue.length; next++) {
      const risk = queue[next], mask = fresh[risk];
      fresh[risk] = 0;
      for (let at = offsets[risk], end = offsets[risk + 1]; at < end; at++) {
        const arc = arcs[at], other = ends[arc], open = mask & ~masks[other];
        if (!open || !(probability[arc] > 0)) continue;
        if (drawn[arc] !== first) {
          drawn[arc] = first;
          live[arc] = drawBits(key, arc, probability[arc]);
          draws++;
        }
        const more = open & live[arc];
        if (!more) continue;
        if (!masks[other]) touched.push(other);
        if (!fresh[other]) queue.push(other);
        masks[other] |= more;
        fresh[other] |= more;
      }
    }
    visit(touched, masks, first, lanes);
    for (const risk of touched) masks[risk] = 0;
  }
  return draws;
}

// Adds to the sums of single worlds, or of all of them (the last place) where most have it.
function addToLanes(sums, mask, lanes, value) {
  const most = countBits(mask) > 16;
  if (most) sums[32] += value;
  const all = lanes === 32 ? -1 : (1 << lanes) - 1;
  const worlds = most ? all & ~mask : mask, more = most ? -value : value;
  for (let bits = worlds; bits; bits &= bits - 1) sums[31 - Math.clz32(bits & -bits)] += more;
}

function countBits(mask) {
  let bits = mask - ((mask >>> 1) & 0x55555555);
  bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333);
  return Math.imul((bits + (bits >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

function momentsOf(values) {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return {mean, variance: squares / Math.max(values.length - 1, 1)};
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
  const border = Math.min(Math.round(probability * 2 ** 32), 2 ** 32 - 1);
  const own = mixBits(key + Math.imul(arc + 1, 0x85ebca6b) | 0);
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

// What each risk's consequences cost, and the interval of a year. The risks to walk back from are evenly spaced over the
// sum of losses; these do not change with what is pretended, so all networks of one graph are walked from the same ones.
function drawCauses(network, own, rates, seed, runs) {
  const {into, sources} = network, more = new Float64Array(own.length);
  const sums = Float64Array.from(own);
  for (let risk = 1; risk < sums.length; risk++) sums[risk] += sums[risk - 1];
  const total = sums.at(-1) || 0, certain = rates.reduce((sum, rate, risk) => sum + rate * own[risk], 0);
  if (!total) return {count: runs ?? 1000, more, interval: [certain, certain]};
  const shift = (drawKey(seed, -1) >>> 0) / 2 ** 32;
  let roots = new Map();
  const spread = (count, visit) => spreadWorlds(network, into, sources, seed, count, (first, all) => {
    roots = new Map();
    for (let lane = 0; lane < 32 && (all >>> lane) & 1; lane++) {
      const root = placeOf(sums, (first + lane + shift) / count * total);
      roots.set(root, roots.get(root) | 1 << lane);
    }
    return roots;
  }, visit);
  const count = runs ?? affordRuns(spread), totals = new Float64Array(count);
  spread(count, (touched, masks, first, lanes) => {
    const found = new Float64Array(33);
    for (const risk of touched) {
      const worlds = masks[risk] & ~roots.get(risk);
      more[risk] += countBits(worlds) * total / count;
      if (rates[risk]) addToLanes(found, worlds, lanes, rates[risk]);
    }
    for (let lane = 0; lane < lanes; lane++) totals[first + lane] = found[32] + found[lane];
  });
  const {mean, variance} = momentsOf(totals), half = 1.959963984540054 * Math.sqrt(variance / count);
  return {count, more, interval: [certain + total * Math.max(0, mean - half), certain + total * (mean + half)]};
}

// The first place whose sum is more than a value.
function placeOf(sums, value) {
  let low = 0, high = sums.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sums[middle] > value) high = middle;
    else low = middle + 1;
  }
  return low;
}
