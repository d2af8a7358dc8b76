// Where the shown risks stand: the twin of `place` in pages/layout.py, number for number.
// `ranks` is a Map of id to {column, row}, `pairs` an array of [from, to]; the answer is a Map of id to {x, y}.

const SWEEPS = 8;
const NARROWEST = 6;
const BETWEEN = 1.5;

function placeRisks(shown, pairs, ranks) {
  const near = new Map([...new Set(shown)].sort(byCode).map((risk) => [risk, []]));
  const kept = pairs.filter(([from, to]) => near.has(from) && near.has(to));
  kept.sort((a, b) => byCode(a[0], b[0]) || byCode(a[1], b[1]));
  for (const [from, to] of kept) {
    near.get(from).push(to);
    near.get(to).push(from);
  }
  const parts = connectedParts(near);
  const tracts = parts.filter((part) => part.length > 1).map((part) => setOut(part, near, ranks));
  const single = parts.filter((part) => part.length === 1).map((part) => part[0]);
  let widest = NARROWEST;
  for (const tract of tracts) widest = Math.max(widest, tract.width);
  const {spots, below} = shelve(tracts, widest);
  single.forEach((risk, at) => spots.set(risk, {x: at % widest, y: below + Math.floor(at / widest)}));
  return spots;
}

// Ids are ASCII, so this is Python's order.
function byCode(a, b) {
  return a < b ? -1 : a > b ? 1 : 0;
}

function connectedParts(near) {
  const parts = [];
  const seen = new Set();
  for (const start of near.keys()) {
    if (seen.has(start)) continue;
    seen.add(start);
    const part = [start];
    for (const risk of part) {
      for (const other of near.get(risk)) {
        if (!seen.has(other)) {
          seen.add(other);
          part.push(other);
        }
      }
    }
    parts.push(part);
  }
  return parts.sort((a, b) => b.length - a.length || byCode(a[0], b[0]));
}

function setOut(part, near, ranks) {
  const byColumn = new Map();
  const ordered = [...part].sort((a, b) => ranks.get(a).row - ranks.get(b).row || byCode(a, b));
  for (const risk of ordered) {
    const {column} = ranks.get(risk);
    if (!byColumn.has(column)) byColumn.set(column, []);
    byColumn.get(column).push(risk);
  }
  const columns = [...byColumn.keys()].sort((a, b) => a - b).map((column) => byColumn.get(column));
  const y = new Map();
  for (const column of columns) column.forEach((risk, at) => y.set(risk, at - (column.length - 1) / 2));
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    for (const column of sweep % 2 ? [...columns].reverse() : columns) {
      const wanted = column.map((risk) => near.get(risk).reduce((sum, other) => sum + y.get(other), 0) / near.get(risk).length);
      spaced(wanted).forEach((height, at) => y.set(column[at], height));
    }
  }
  let top = Infinity, bottom = -Infinity;
  for (const height of y.values()) {
    top = Math.min(top, height);
    bottom = Math.max(bottom, height);
  }
  const spots = new Map();
  columns.forEach((column, at) => column.forEach((risk) => spots.set(risk, {x: at, y: y.get(risk) - top})));
  return {spots, width: columns.length, height: bottom - top};
}

function spaced(wanted) {
  const pools = [];
  wanted.forEach((height, at) => {
    let total = height - at, size = 1;
    while (pools.length && pools.at(-1)[0] / pools.at(-1)[1] > total / size) {
      const before = pools.pop();
      total = before[0] + total;
      size = before[1] + size;
    }
    pools.push([total, size]);
  });
  const heights = [];
  for (const [total, size] of pools) {
    for (let count = 0; count < size; count++) heights.push(total / size + heights.length);
  }
  return heights;
}

function shelve(tracts, widest) {
  const spots = new Map();
  let left = 0, top = 0, bottom = 0;
  for (const tract of tracts) {
    if (left && left + tract.width > widest) {
      left = 0;
      top = bottom;
    }
    for (const [risk, spot] of tract.spots) spots.set(risk, {x: left + spot.x, y: top + spot.y});
    bottom = Math.max(bottom, top + tract.height + BETWEEN);
    left += tract.width;
  }
  return {spots, below: bottom};
}
