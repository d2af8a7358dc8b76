// The picture where it has thousands of risks: a scene in, painted on a canvas.

// Paints thousands of risks at once: shapes and lines, and ids only where there is room for them.
function paintScene(canvas, frame, {risks, cascades, look, view, sheet}) {
  const ratio = devicePixelRatio || 1, {clientWidth: width, clientHeight: height} = frame;
  canvas.width = width * ratio;
  canvas.height = height * ratio;
  canvas.style.width = `${width}px`;
  canvas.style.height = `${height}px`;
  const pen = canvas.getContext('2d'), style = getComputedStyle(canvas);
  const color = (name) => style.getPropertyValue(name).trim();
  pen.setTransform(ratio * view.k, 0, 0, ratio * view.k, ratio * view.x, ratio * view.y);
  const spots = new Map();
  for (const [id, risk] of risks) if (!look.hidden.has(id)) spots.set(id, sheet.point(risk.spot));
  const lit = (key) => look.lit === null || look.lit.has(key);
  for (const bright of [false, true]) {
    pen.beginPath();
    for (const {source, target} of cascades) {
      const a = spots.get(source), b = spots.get(target), key = `${source}->${target}`;
      if (!a || !b || look.hidden.has(key) || lit(key) !== bright) continue;
      pen.moveTo(a.x, a.y);
      pen.lineTo(b.x, b.y);
    }
    pen.globalAlpha = bright ? (look.lit ? 0.9 : 0.35) : 0.06;
    pen.strokeStyle = color('--rule');
    pen.lineWidth = Math.max(1, 1 / view.k);
    pen.stroke();
  }
  const fills = {low: '#8fd0a8', medium: '#f3d06b', high: '#f0965a', critical: '#d7453c', unrated: '#c3ccd6'};
  const groups = new Map();
  for (const id of spots.keys()) {
    const key = `${risks.get(id).level} ${lit(id)}`;
    if (!groups.has(key)) groups.set(key, []);
    groups.get(key).push(id);
  }
  for (const [key, ids] of groups) {
    const [level, bright] = key.split(' ');
    pen.beginPath();
    for (const id of ids) trace(pen, level, spots.get(id), Math.max(risks.get(id).radius, 2.2 / view.k), view.k);
    pen.globalAlpha = bright === 'true' ? 1 : 0.16;
    pen.fillStyle = fills[level];
    pen.fill();
    pen.strokeStyle = color('--ink');
    pen.lineWidth = 1;
    if (view.k > 0.15) pen.stroke();
  }
  pen.globalAlpha = 1;
  pen.fillStyle = color('--ink');
  pen.font = '600 15px system-ui, sans-serif';
  pen.textAlign = 'center';
  const inView = ({x, y}) => x * view.k + view.x > -50 && x * view.k + view.x < width + 50 && y * view.k + view.y > -50 && y * view.k + view.y < height + 50;
  for (const [id, spot] of spots) {
    const chosen = id === look.selected || look.start.has(id);
    if (!inView(spot) || !(view.k > 0.45 || chosen || look.values.has(id))) continue;
    pen.fillText(id, spot.x, spot.y + risks.get(id).radius + 16);
    if (look.values.get(id)) pen.fillText(look.values.get(id), spot.x, spot.y - risks.get(id).radius - 8);
    if (chosen) {
      pen.beginPath();
      pen.arc(spot.x, spot.y, risks.get(id).radius + 8, 0, 7);
      pen.strokeStyle = color('--accent');
      pen.lineWidth = 4 / Math.min(1, view.k);
      pen.stroke();
    }
  }
}

function trace(pen, level, {x, y}, r, k) {
  if (r * k < 3) {
    pen.rect(x - 0.89 * r, y - 0.89 * r, 1.78 * r, 1.78 * r); // Its form cannot be seen.
  } else if (level === 'medium') {
    pen.rect(x - 0.89 * r, y - 0.89 * r, 1.78 * r, 1.78 * r);
  } else if (level === 'high' || level === 'critical') {
    const corners = level === 'high' ? [[0, -1.25], [1.25, 0], [0, 1.25], [-1.25, 0]] : [[0, -1.4], [1.3, 0.95], [-1.3, 0.95]];
    corners.forEach(([dx, dy], at) => (at ? pen.lineTo(x + dx * r, y + dy * r) : pen.moveTo(x + dx * r, y + dy * r)));
    pen.closePath();
  } else {
    pen.moveTo(x + r, y);
    pen.arc(x, y, r, 0, 7);
  }
}
