// The picture in the page: risks and cascades to show in; drawn, moved, zoomed, walked through by keyboard, saved, out.

// Above so many risks the picture is painted on a canvas: an element for each would be slow.
const MANY = 1500;
// Above so many cascades their labels are hidden until one is looked at: they would cover each other.
const QUIET = 60;

// `onSelect(key)` is called with an id, with "FROM->TO", or with null where nothing was hit.
function createScene(frame, {title, onSelect}) {
  const layer = svgEl('g', {class: 'layer'});
  const svg = svgEl('svg', {class: 'picture', role: 'group', 'aria-label': title, tabindex: -1}, layer);
  const canvas = el('canvas', {class: 'picture-canvas', role: 'img', 'aria-label': `${title}; the table below has the same data`, tabindex: 0, hidden: true});
  const tools = el('div', {class: 'picture-tools no-print'},
    tool('+', 'Zoom in', () => zoomBy(1.3)), tool('\u2212', 'Zoom out', () => zoomBy(1 / 1.3)), tool('Fit', 'Fit all into view', () => fit()));
  frame.append(svg, canvas, tools);
  let risks = new Map(), cascades = [], nodes = new Map(), edges = new Map(), look = emptyLook();
  let sheet = createSheet([]), view = {x: 0, y: 0, k: 1}, onCanvas = false, painted = 0;

  function tool(text, label, onClick) {
    return el('button', {type: 'button', 'aria-label': label, title: label, on: {click: onClick}}, text);
  }

  // Draws these risks (a Map by id, each with spot and radius) and cascades (each with the ids `source`, `target`).
  function draw(newRisks, newCascades) {
    risks = newRisks;
    cascades = newCascades;
    sheet = createSheet([...risks.values()], {width: frame.clientWidth || 1400, height: frame.clientHeight || 900});
    nodes = new Map();
    edges = new Map();
    onCanvas = risks.size > MANY;
    svg.toggleAttribute('hidden', onCanvas);
    canvas.hidden = !onCanvas;
    layer.textContent = '';
    frame.classList.toggle('quiet', cascades.length > QUIET);
    if (!onCanvas) build(layer, true);
    begin();
  }

  function build(into, keep) {
    sheet.clear();
    const lines = svgEl('g', {}), shapes = svgEl('g', {});
    for (const cascade of cascades) {
      const shape = cascadeShape(cascade, risks.get(cascade.source), risks.get(cascade.target), sheet, cascades.length <= QUIET);
      const key = `${cascade.source}->${cascade.target}`;
      if (keep) {
        shape.addEventListener('click', () => onSelect(key));
        edges.set(key, shape);
      }
      lines.append(shape);
    }
    for (const [id, risk] of risks) {
      const shape = riskShape(risk, sheet.point(risk.spot));
      if (keep) {
        fill(shape, {role: 'button', tabindex: nodes.size ? -1 : 0, 'aria-label': risk.label || `${id} ${risk.name}`,
          on: {click: () => onSelect(id), keydown: (event) => walk(event, id), focus: () => reveal(id)}}, []);
        nodes.set(id, shape);
      }
      shapes.append(shape);
    }
    into.append(lines, shapes);
  }

  // How things look now: {hidden, dim, selected, start, reached: Set or Map of keys; values: Map id -> text; off}.
  function restyle(newLook) {
    look = {...emptyLook(), ...newLook};
    if (onCanvas) {
      paintSoon();
      return;
    }
    for (const [id, shape] of nodes) {
      shape.classList.toggle('gone', look.hidden.has(id));
      shape.classList.toggle('dim', look.lit !== null && !look.lit.has(id));
      shape.classList.toggle('selected', look.selected === id);
      shape.classList.toggle('start', look.start.has(id));
      shape.classList.toggle('reached', look.values.has(id) && !look.start.has(id));
      shape.querySelector('.value').textContent = look.values.get(id) || '';
    }
    for (const cascade of cascades) {
      const key = `${cascade.source}->${cascade.target}`, shape = edges.get(key);
      shape.classList.toggle('gone', look.hidden.has(key) || look.hidden.has(cascade.source) || look.hidden.has(cascade.target));
      shape.classList.toggle('dim', look.lit !== null && !look.lit.has(key));
      shape.classList.toggle('selected', look.selected === key);
      shape.classList.toggle('onpath', look.path.has(key));
      shape.classList.toggle('off', look.off.has(key));
    }
  }

  // All of it, but never so large that a few risks fill a wall.
  function fit() {
    const {clientWidth: width, clientHeight: height} = frame, {left, top, right, bottom} = sheet.box;
    const k = Math.min(1.1, width / (right - left), height / (bottom - top)) || 1;
    view = {k, x: (width - (right - left) * k) / 2 - left * k, y: (height - (bottom - top) * k) / 2 - top * k};
    apply();
  }

  // All of it; where that is too small to read, what comes first, at a size that can be read and in the middle.
  function begin() {
    fit();
    if (view.k >= 0.38 || onCanvas) return;
    const points = [...risks.values()].map((risk) => sheet.point(risk.spot)), left = Math.min(...points.map(({x}) => x));
    const first = points.filter(({x}) => x < left + 1).map(({y}) => y);
    const middle = (Math.min(...first) + Math.max(...first)) / 2;
    view = {k: 0.5, x: 8 - sheet.box.left * 0.5, y: frame.clientHeight / 2 - middle * 0.5};
    apply();
  }

  function zoomBy(factor, at = {x: frame.clientWidth / 2, y: frame.clientHeight / 2}) {
    const k = Math.min(4, Math.max(0.02, view.k * factor)), by = k / view.k;
    view = {k, x: at.x - (at.x - view.x) * by, y: at.y - (at.y - view.y) * by};
    apply();
  }

  function apply() {
    svg.classList.toggle('far', view.k < 0.42);
    layer.setAttribute('transform', `translate(${num(view.x)} ${num(view.y)}) scale(${Math.round(view.k * 1e4) / 1e4})`);
    if (onCanvas) paintSoon();
  }

  function paintSoon() {
    painted ||= requestAnimationFrame(() => {
      painted = 0;
      paintScene(canvas, frame, {risks, cascades, look, view, sheet});
    });
  }

  // Moves the view as little as shows a risk.
  function reveal(id) {
    const risk = risks.get(id);
    if (!risk) return;
    const spot = sheet.point(risk.spot), room = 90;
    const x = spot.x * view.k + view.x, y = spot.y * view.k + view.y;
    const dx = x < room ? room - x : x > frame.clientWidth - room ? frame.clientWidth - room - x : 0;
    const dy = y < room ? room - y : y > frame.clientHeight - room ? frame.clientHeight - room - y : 0;
    if (dx || dy) {
      view = {...view, x: view.x + dx, y: view.y + dy};
      apply();
    }
  }

  // Arrow keys go to the nearest risk in their direction.
  function walk(event, id) {
    const turn = {ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowUp: [0, -1]}[event.key];
    if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault();
      onSelect(id);
    }
    if (!turn) return;
    event.preventDefault();
    const here = sheet.point(risks.get(id).spot);
    let best = null, least = Infinity;
    for (const [other, risk] of risks) {
      if (other === id || look.hidden.has(other)) continue;
      const there = sheet.point(risk.spot);
      const along = (there.x - here.x) * turn[0] + (there.y - here.y) * turn[1];
      const across = Math.abs((there.x - here.x) * turn[1]) + Math.abs((there.y - here.y) * turn[0]);
      if (along > 1 && along + 2 * across < least) {
        least = along + 2 * across;
        best = other;
      }
    }
    if (best === null) return;
    nodes.get(id).setAttribute('tabindex', -1);
    nodes.get(best).setAttribute('tabindex', 0);
    nodes.get(best).focus();
  }

  const pointers = new Map();
  let moved = 0;
  frame.addEventListener('pointerdown', (event) => {
    if (event.target.closest('.picture-tools')) return;
    pointers.set(event.pointerId, {x: event.clientX, y: event.clientY});
    if (pointers.size === 1) moved = 0;
  });
  frame.addEventListener('pointermove', (event) => {
    const before = pointers.get(event.pointerId);
    if (!before) return;
    const others = [...pointers].filter(([id]) => id !== event.pointerId).map(([, at]) => at);
    moved += Math.abs(event.clientX - before.x) + Math.abs(event.clientY - before.y);
    if (moved > 4 && !frame.hasPointerCapture(event.pointerId)) frame.setPointerCapture(event.pointerId);
    if (others.length) {
      const box = frame.getBoundingClientRect(), apart = (at) => Math.hypot(at.x - others[0].x, at.y - others[0].y);
      zoomBy(apart({x: event.clientX, y: event.clientY}) / Math.max(1, apart(before)), {x: others[0].x - box.left, y: others[0].y - box.top});
    } else {
      view = {...view, x: view.x + event.clientX - before.x, y: view.y + event.clientY - before.y};
      apply();
    }
    pointers.set(event.pointerId, {x: event.clientX, y: event.clientY});
  });
  const release = (event) => pointers.delete(event.pointerId);
  frame.addEventListener('pointerup', release);
  frame.addEventListener('pointercancel', release);
  // A click that ends a drag selects nothing.
  frame.addEventListener('click', (event) => { if (moved > 4) event.stopPropagation(); moved = 0; }, true);
  frame.addEventListener('wheel', (event) => {
    event.preventDefault();
    const box = frame.getBoundingClientRect();
    zoomBy(Math.exp(-event.deltaY * (event.deltaMode ? 0.05 : 0.0015)), {x: event.clientX - box.left, y: event.clientY - box.top});
  }, {passive: false});
  svg.addEventListener('click', (event) => { if (event.target === svg) onSelect(null); });
  canvas.addEventListener('click', (event) => onSelect(hit(event.offsetX, event.offsetY)));
  canvas.addEventListener('keydown', (event) => {
    const by = {'+': 1.3, '-': 1 / 1.3}[event.key];
    if (by) zoomBy(by);
    else if (event.key === '0') fit();
  });
  onTheme.push(() => { if (onCanvas) paintSoon(); });
  addEventListener('resize', () => { if (onCanvas) paintSoon(); });

  // On paper all of it is seen, however it was moved on the screen.
  matchMedia('print').addEventListener('change', (event) => {
    if (event.matches) {
      svg.setAttribute('viewBox', viewBoxOf(sheet.box));
      layer.removeAttribute('transform');
    } else {
      svg.removeAttribute('viewBox');
      apply();
    }
    svg.classList.toggle('far', !event.matches && view.k < 0.42);
  });

  function hit(x, y) {
    for (const [id, risk] of risks) {
      if (look.hidden.has(id)) continue;
      const spot = sheet.point(risk.spot), reach = Math.max(6, (risk.radius + 4) * view.k);
      if (Math.hypot(spot.x * view.k + view.x - x, spot.y * view.k + view.y - y) <= reach) return id;
    }
    return null;
  }

  return {
    draw, restyle, fit, reveal,
    svgText() { return pictureText(sheet, (into) => build(into, false), onCanvas ? null : layer, title); },
    focus(id) { const shape = nodes.get(id); if (shape) shape.focus(); },
  };
}

function emptyLook() {
  return {hidden: new Set(), lit: null, selected: null, start: new Set(), values: new Map(), path: new Set(), off: new Set()};
}
