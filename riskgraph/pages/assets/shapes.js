// The shapes of the picture: geometry in, elements of SVG out. The twin of pages/svg.py, which draws files.

const MARGIN = 70;
const PITCH_X = 190;
const LEAST_PITCH_Y = 132;
const MOST_PITCH_Y = 190;
const BESIDE = 12;
const SIGN = 7.5;
const TRIES = [-7, 17, -25, 35, -43, 53, -61, 71];

// A sheet with its risks (each with spot, radius and name), on which cascades and labels find their way one by one.
// `form` is what the sheet has to fill: {width, height}.
function createSheet(risks, form = {width: 1400, height: 900}) {
  let columns = 1, rows = 1, width = 0, height = 0;
  for (const {spot} of risks) {
    columns = Math.max(columns, spot.x + 1);
    rows = Math.max(rows, spot.y + 1);
  }
  const wanted = (form.height / form.width) * (columns * PITCH_X + MARGIN) / rows;
  const pitch = Math.floor(Math.min(MOST_PITCH_Y, Math.max(LEAST_PITCH_Y, wanted)) + 0.5);
  const xOf = (column) => MARGIN + 40 + PITCH_X * column;
  const columnOf = (spot) => Math.floor(spot.x + 0.5);
  const point = (spot) => ({x: xOf(spot.x), y: MARGIN + pitch * spot.y});
  for (const {spot} of risks) {
    const at = point(spot);
    width = Math.max(width, at.x);
    height = Math.max(height, at.y);
  }
  // What the risks cover, and what was put beside, above and below them since.
  let box = {left: 0, top: 0, right: width + MARGIN + 40, bottom: height + MARGIN + 50};
  let lanes = null, taken = null;

  // What is free again, for another drawing of the same sheet.
  function clear() {
    lanes = null;
    taken = null;
  }

  function freeLanes() {
    const heights = new Map();
    for (const {spot} of risks) {
      const column = columnOf(spot);
      if (!heights.has(column)) heights.set(column, []);
      heights.get(column).push(spot.y);
    }
    const found = new Map();
    for (const [column, ys] of heights) {
      ys.sort((a, b) => a - b);
      const free = [ys[0] - 0.5];
      for (let at = 0; at + 1 < ys.length; at++) free.push((ys[at] + ys[at + 1]) / 2 + 0.04);
      free.push(ys.at(-1) + 0.6);
      found.set(column, free.map((y) => MARGIN + pitch * y));
    }
    return found;
  }

  // Makes room for the furthest that a cascade or its label goes.
  function reach({x, y}) {
    box = {left: Math.min(box.left, x - BESIDE), top: Math.min(box.top, y - BESIDE),
      right: Math.max(box.right, x + BESIDE), bottom: Math.max(box.bottom, y + BESIDE)};
  }

  // What the risks cover, with their names.
  function coveredByRisks() {
    return risks.map(({spot, radius, name}) => {
      const at = point(spot);
      return {left: at.x - 74, top: at.y - radius, right: at.x + 74, bottom: at.y + radius + 26 + 16 * wrap(name).length};
    });
  }

  // The free height that is nearest to the wanted one; the next cascade there goes beside this one.
  function takeLane(column, wanted) {
    lanes ||= freeLanes();
    const free = lanes.get(column);
    if (!free || !free.length) return wanted;
    let best = 0;
    free.forEach((lane, at) => { if (Math.abs(lane - wanted) < Math.abs(free[best] - wanted)) best = at; });
    free[best] += BESIDE;
    return free[best] - BESIDE;
  }

  // The path of a cascade, where it ends and in which direction (degrees), and its middle.
  function course(source, target) {
    const a = point(source.spot), b = point(target.spot);
    if (b.x > a.x + 1) return forward(source, target);
    const found = aroundRisks(source, target);
    reach(found.middle);
    return found;
  }

  function aroundRisks(source, target) {
    const a = point(source.spot), b = point(target.spot);
    if (Math.abs(b.x - a.x) < 1) {
      const start = {x: a.x + source.radius + 2, y: a.y + 3}, end = {x: b.x + target.radius + 9, y: b.y + 3};
      const out = 30 + 10 * Math.min(6, Math.abs(b.y - a.y) / pitch);
      const path = curve(start, {x: start.x + out, y: start.y}, {x: end.x + out, y: end.y}, end);
      return {path, end, angle: 180, middle: {x: Math.max(start.x, end.x) + out * 0.75, y: (start.y + end.y) / 2}};
    }
    const start = {x: a.x - 4, y: a.y - source.radius - 4}, end = {x: b.x + 4, y: b.y - target.radius - 10};
    const peak = Math.min(start.y, end.y) - (26 + 8 * Math.min(8, (a.x - b.x) / PITCH_X));
    const path = curve(start, {x: start.x - 20, y: peak}, {x: end.x + 20, y: peak}, end);
    return {path, end, angle: 90, middle: {x: (start.x + end.x) / 2, y: 0.125 * (start.y + end.y) + 0.75 * peak}};
  }

  function forward(source, target) {
    const a = point(source.spot), b = point(target.spot);
    const start = {x: a.x + source.radius + 3, y: a.y}, end = {x: b.x - target.radius - 9, y: b.y};
    const stops = [start];
    for (let column = columnOf(source.spot) + 1; column < columnOf(target.spot); column++) {
      const x = xOf(column);
      stops.push({x, y: takeLane(column, start.y + (end.y - start.y) * (x - start.x) / (end.x - start.x))});
      reach(stops.at(-1));
    }
    stops.push(end);
    let path = `M${num(start.x)} ${num(start.y)}`;
    for (let at = 1; at < stops.length; at++) {
      const p = stops[at - 1], q = stops[at], by = (q.x - p.x) * 0.45;
      path += bend({x: p.x + by, y: p.y}, {x: q.x - by, y: q.y}, q);
    }
    const half = Math.floor((stops.length - 1) / 2), p = stops[half], q = stops[half + 1];
    return {path, end, angle: 0, middle: {x: (p.x + q.x) / 2, y: (p.y + q.y) / 2}};
  }

  // Where a label stands: near the middle of its cascade, on nothing else or on as little as can be.
  function label(text, middle) {
    taken ||= coveredByRisks();
    const half = [...text].length * SIGN / 2;
    const boxes = TRIES.map((by) => ({left: middle.x - half, top: middle.y + by - 12, right: middle.x + half, bottom: middle.y + by + 4}));
    const shared = (a, b) => Math.max(0, Math.min(a.right, b.right) - Math.max(a.left, b.left)) * Math.max(0, Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top));
    const covered = boxes.map((one) => taken.reduce((sum, other) => sum + shared(one, other), 0));
    const best = covered.indexOf(Math.min(...covered)), {left, top, right, bottom} = boxes[best];
    taken.push(boxes[best]);
    reach({x: left, y: top});
    reach({x: right, y: bottom});
    return {x: middle.x, y: middle.y + TRIES[best]};
  }

  // Takes the place of something small, so that no label stands on it.
  function cover(at, half) {
    taken ||= coveredByRisks();
    taken.push({left: at.x - half, top: at.y - 11, right: at.x + half, bottom: at.y + 12});
  }

  return {point, course, label, cover, clear, get box() { return box; }};
}

function curve(start, first, second, end) {
  return `M${num(start.x)} ${num(start.y)}${bend(first, second, end)}`;
}

function bend(first, second, end) {
  return `C${[first, second, end].map((at) => `${num(at.x)} ${num(at.y)}`).join(' ')}`;
}

// The outline of a level around the origin, all of about the same area.
function levelPath(level, radius) {
  const r = num(radius), by = (share) => num(share * radius);
  if (level === 'medium') return `M${by(-0.89)} ${by(-0.89)}H${by(0.89)}V${by(0.89)}H${by(-0.89)}Z`;
  if (level === 'high') return `M0 ${by(-1.25)}L${by(1.25)} 0L0 ${by(1.25)}L${by(-1.25)} 0Z`;
  if (level === 'critical') return `M0 ${by(-1.4)}L${by(1.3)} ${by(0.95)}H${by(-1.3)}Z`;
  return `M${-r} 0A${r} ${r} 0 1 1 ${r} 0A${r} ${r} 0 1 1 ${-r} 0Z`;
}

const SHIELD = 'M-7 -8H7V0C7 5 3 8 0 10C-3 8 -7 5 -7 0Z';

function num(value) {
  return Math.round(value * 100) / 100;
}

// At most three lines of about `width` signs; what does not fit ends in an ellipsis.
function wrap(text, width = 18) {
  const lines = [''];
  for (const word of visible(text).split(/\s+/)) {
    const line = lines.at(-1);
    if (line && line.length + 1 + word.length > width) lines.push(word);
    else lines[lines.length - 1] = line ? `${line} ${word}` : word;
  }
  const cut = (line) => (line.length > width ? `${[...line].slice(0, width - 1).join('')}\u2026` : line);
  const kept = lines.slice(0, 3).map(cut);
  if (lines.length > 3 && !kept[2].endsWith('\u2026')) kept[2] = `${[...kept[2]].slice(0, width - 1).join('')}\u2026`;
  return kept;
}

// A risk: {id, name, level, closed, radius, spot, shields: [status], signals: count, state}.
function riskShape(risk, {x, y}) {
  const r = risk.radius;
  const parts = [
    svgEl('circle', {class: 'halo', r: num(r + 8)}),
    svgEl('path', {class: 'shape', d: levelPath(risk.level, r)}),
    svgEl('text', {class: 'id', 'text-anchor': 'middle', y: num(r + 22)}, risk.id),
    wrap(risk.name).map((line, at) => svgEl('text', {class: 'name', 'text-anchor': 'middle', y: num(r + 39 + 16 * at)}, line)),
    svgEl('text', {class: 'value', 'text-anchor': 'middle', y: num(-r - 12)}),
    shields(risk.shields || [], r + 6, -r - 2),
    signals(risk.signals || 0, -r - 8, -r),
  ];
  if (risk.state === 'removed') parts.push(svgEl('path', {class: 'strike', d: `M${num(-r - 6)} ${num(-r - 6)}L${num(r + 6)} ${num(r + 6)}`}));
  const kinds = ['risk', risk.level, risk.closed && 'closed', risk.state].filter(Boolean).join(' ');
  return svgEl('g', {class: kinds, transform: `translate(${num(x)} ${num(y)})`}, parts.flat());
}

// Up to three shields beside each other, then how many more.
function shields(states, x, y) {
  const shown = states.slice(0, 3).map((status, at) => svgEl('g', {transform: `translate(${num(x + 17 * at)} ${num(y)}) scale(1.2)`},
    svgEl('path', {class: `shield ${status}`, d: SHIELD}),
    status === 'failed' ? svgEl('path', {class: 'cross', d: 'M-6 -6L6 6M6 -6L-6 6'}) : null));
  if (states.length > 3) shown.push(svgEl('text', {class: 'more', x: num(x + 46), y: num(y + 4)}, `+${states.length - 3}`));
  return shown;
}

function signals(count, x, y) {
  if (!count) return [];
  return [svgEl('g', {transform: `translate(${num(x)} ${num(y)})`},
    svgEl('circle', {class: 'signal', r: 8}), svgEl('circle', {class: 'signal-dot', r: 3}),
    count > 1 ? svgEl('text', {class: 'more', x: -11, y: 5, 'text-anchor': 'end'}, String(count)) : null)];
}

// A cascade: {label, width, states: [class], shields: [status]} between two risks as above. `labelled` finds its label
// a free place; where there are very many, that takes too long, and most are not seen.
function cascadeShape(cascade, source, target, sheet, labelled = true) {
  const {path, end, angle, middle} = sheet.course(source, target);
  const states = cascade.states || [], guards = cascade.shields || [];
  const turned = `translate(${num(end.x)} ${num(end.y)}) rotate(${angle})`;
  const parts = [
    svgEl('path', {class: 'hit', d: path}),
    svgEl('path', {class: 'line', d: path, 'stroke-width': num(cascade.width)}),
    svgEl('path', {class: 'head', d: 'M9 0L-4 -6V6Z', transform: turned}),
  ];
  if (guards.length) {
    const half = 8.5 * (Math.min(guards.length, 3) - 1);
    sheet.cover({x: middle.x, y: middle.y + 8}, half + 10);
    parts.push(shields(guards, middle.x - half, middle.y + 8));
  }
  if (cascade.label) {
    const at = labelled ? sheet.label(cascade.label, middle) : {x: middle.x, y: middle.y - 7};
    parts.push(svgEl('text', {class: 'label', 'text-anchor': 'middle', x: num(at.x), y: num(at.y)}, cascade.label));
  }
  if (states.includes('blocked')) parts.push(svgEl('path', {class: 'bar', d: 'M-6 -9V9', transform: turned}));
  if (states.includes('removed')) {
    parts.push(svgEl('path', {class: 'strike', d: 'M-7 -7L7 7M7 -7L-7 7', transform: `translate(${num(middle.x)} ${num(middle.y)})`}));
  }
  return svgEl('g', {class: ['edge', ...states].join(' ')}, parts.flat());
}
