// The shapes of the picture: geometry in, elements of SVG out. The twin of pages/svg.py, which draws files.

const PITCH_X = 190;
const LEAST_PITCH_Y = 132;
const MOST_PITCH_Y = 190;
const MARGIN = 70;

// The distance of rows: as far apart as fills the frame, within what looks well.
let pitchY = LEAST_PITCH_Y;

function choosePitch(spots, frame) {
  let columns = 1, rows = 1;
  for (const {x, y} of spots) {
    columns = Math.max(columns, x + 1);
    rows = Math.max(rows, y + 1);
  }
  const wanted = (frame.height / frame.width) * (columns * PITCH_X + MARGIN) / rows;
  pitchY = Math.round(Math.min(MOST_PITCH_Y, Math.max(LEAST_PITCH_Y, wanted)));
}

// The outline of a level around the origin, all of about the same area.
function levelPath(level, radius) {
  const r = radius;
  if (level === 'medium') return `M${-0.89 * r} ${-0.89 * r}H${0.89 * r}V${0.89 * r}H${-0.89 * r}Z`;
  if (level === 'high') return `M0 ${-1.25 * r}L${1.25 * r} 0L0 ${1.25 * r}L${-1.25 * r} 0Z`;
  if (level === 'critical') return `M0 ${-1.4 * r}L${1.3 * r} ${0.95 * r}H${-1.3 * r}Z`;
  return `M${-r} 0A${r} ${r} 0 1 1 ${r} 0A${r} ${r} 0 1 1 ${-r} 0Z`;
}

const SHIELD = 'M-7 -8H7V0C7 5 3 8 0 10C-3 8 -7 5 -7 0Z';

function point(spot) {
  return {x: MARGIN + PITCH_X * spot.x + 40, y: MARGIN + pitchY * spot.y};
}

// The course of a cascade between two risks. `spots` are all shown risks, which a long one passes between.
// Gives the path, where it ends and in which direction (in degrees), and its middle, for what is written beside it.
function course(from, to, lanes) {
  const a = point(from.spot), b = point(to.spot);
  if (b.x > a.x + 1) {
    const start = {x: a.x + from.radius + 3, y: a.y};
    const end = {x: b.x - to.radius - 9, y: b.y};
    const stops = [start];
    for (let column = Math.round(from.spot.x) + 1; column < Math.round(to.spot.x); column++) {
      const x = MARGIN + PITCH_X * column + 40;
      const wanted = start.y + (end.y - start.y) * (x - start.x) / (end.x - start.x);
      stops.push({x, y: freeLane(lanes.get(column), wanted)});
    }
    stops.push(end);
    let path = `M${num(start.x)} ${num(start.y)}`;
    for (let at = 1; at < stops.length; at++) {
      const p = stops[at - 1], q = stops[at], bend = (q.x - p.x) * 0.45;
      path += `C${num(p.x + bend)} ${num(p.y)} ${num(q.x - bend)} ${num(q.y)} ${num(q.x)} ${num(q.y)}`;
    }
    const half = Math.floor((stops.length - 1) / 2), p = stops[half], q = stops[half + 1];
    return {path, end, angle: 0, middle: {x: (p.x + q.x) / 2, y: (p.y + q.y) / 2}};
  }
  // Back, or within a column: over the top, the further the higher.
  const side = Math.abs(b.x - a.x) < 1 ? 1 : 0;
  if (side) {
    const start = {x: a.x + from.radius + 2, y: a.y + 3}, end = {x: b.x + to.radius + 9, y: b.y + 3};
    const out = 30 + 10 * Math.min(6, Math.abs(b.y - a.y) / pitchY);
    return {
      path: `M${num(start.x)} ${num(start.y)}C${num(start.x + out)} ${num(start.y)} ${num(end.x + out)} ${num(end.y)} ${num(end.x)} ${num(end.y)}`,
      end, angle: 180, middle: {x: Math.max(start.x, end.x) + out * 0.75, y: (start.y + end.y) / 2},
    };
  }
  const start = {x: a.x - 4, y: a.y - from.radius - 4}, end = {x: b.x + 4, y: b.y - to.radius - 10};
  const up = 26 + 8 * Math.min(8, (a.x - b.x) / PITCH_X);
  const peak = Math.min(start.y, end.y) - up;
  return {
    path: `M${num(start.x)} ${num(start.y)}C${num(start.x - 20)} ${num(peak)} ${num(end.x + 20)} ${num(peak)} ${num(end.x)} ${num(end.y)}`,
    end, angle: 90, middle: {x: (start.x + end.x) / 2, y: 0.125 * (start.y + end.y) + 0.75 * peak},
  };
}

// The height, nearest to the wanted one, at which nothing stands in a column.
function freeLane(lanes, wanted) {
  if (!lanes || !lanes.length) return wanted;
  let best = lanes[0];
  for (const lane of lanes) if (Math.abs(lane - wanted) < Math.abs(best - wanted)) best = lane;
  return best;
}

// For each column the heights between its risks, and one above and one below them.
function freeLanes(spots) {
  const columns = new Map();
  for (const spot of spots) {
    const column = Math.round(spot.x);
    if (!columns.has(column)) columns.set(column, []);
    columns.get(column).push(spot.y);
  }
  const lanes = new Map();
  for (const [column, heights] of columns) {
    heights.sort((a, b) => a - b);
    const free = [heights[0] - 0.5];
    for (let at = 0; at + 1 < heights.length; at++) free.push((heights[at] + heights[at + 1]) / 2 + 0.04);
    free.push(heights.at(-1) + 0.6);
    lanes.set(column, free.map((height) => MARGIN + pitchY * height));
  }
  return lanes;
}

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
function riskShape(risk) {
  const {x, y} = point(risk.spot), r = risk.radius;
  const parts = [
    svgEl('circle', {class: 'halo', r: num(r + 8)}),
    svgEl('path', {class: 'shape', d: levelPath(risk.level, num(r))}),
    svgEl('text', {class: 'id', 'text-anchor': 'middle', y: num(r + 22)}, risk.id),
    wrap(risk.name).map((line, at) => svgEl('text', {class: 'name', 'text-anchor': 'middle', y: num(r + 39 + 16 * at)}, line)),
    svgEl('text', {class: 'value', 'text-anchor': 'middle', y: num(-r - 12)}),
    shields(risk.shields || [], r + 6, -r - 2),
    signals(risk.signals || 0, -r - 8, -r),
  ];
  if (risk.state === 'removed') parts.push(svgEl('path', {class: 'strike', d: `M${-r - 6} ${-r - 6}L${r + 6} ${r + 6}`}));
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

// A cascade: {from, to, label, width, states: [class], shields: [status]}; `from` and `to` are risks as above.
function cascadeShape(cascade, lanes) {
  const {path, end, angle, middle} = course(cascade.from, cascade.to, lanes);
  const states = cascade.states || [];
  const parts = [
    svgEl('path', {class: 'hit', d: path}),
    svgEl('path', {class: 'line', d: path, 'stroke-width': num(cascade.width)}),
    svgEl('path', {class: 'head', d: 'M9 0L-4 -6V6Z', transform: `translate(${num(end.x)} ${num(end.y)}) rotate(${angle})`}),
    cascade.label ? svgEl('text', {class: 'label', x: num(middle.x), y: num(middle.y - 7)}, cascade.label) : null,
    shields(cascade.shields || [], middle.x - 8 * ((cascade.shields || []).length - 1), middle.y + 8),
  ];
  if (states.includes('blocked')) {
    parts.push(svgEl('path', {class: 'bar', d: 'M-6 -9V9', transform: `translate(${num(end.x)} ${num(end.y)}) rotate(${angle})`}));
  }
  if (states.includes('removed')) {
    parts.push(svgEl('path', {class: 'strike', d: 'M-7 -7L7 7M7 -7L-7 7', transform: `translate(${num(middle.x)} ${num(middle.y)})`}));
  }
  return svgEl('g', {class: ['edge', ...states].join(' ')}, parts.flat());
}
