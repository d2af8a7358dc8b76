// The cascade map: what is chosen, filtered and pretended, kept in one view that the address holds, and shown.

// The risks in the picture.
let shown = [];

const scene = createScene(byId('picture'), {title: 'Cascade map', onSelect: select});

// ---- What is in the picture

function radiusOf(risk) {
  return 14 + (LARGEST ? 18 * Math.sqrt((risk.expected || 0) / LARGEST) : 0);
}

function cascadeLabel(cascade) {
  const parts = [];
  if (cascade.probability !== null) parts.push(formatNumber(cascade.probability));
  if (cascade.delay !== null) parts.push(formatDuration(cascade.delay));
  return parts.join(', ');
}

function redraw() {
  const ids = scopeIds();
  const inScope = new Set(ids);
  const spots = ids.length === RISKS.size && ids.length > MANY ? wholeSpots() : placeRisks(ids, PAIRS, RANKS);
  const many = ids.length > MANY; // Labels and shields of thousands are not drawn.
  const risks = new Map(ids.map((id) => {
    const risk = RISKS.get(id);
    return [id, {
      id, name: risk.name, level: risk.level, closed: risk.status === 'closed', radius: radiusOf(risk), spot: spots.get(id),
      shields: many ? [] : around.of('mitigates', id).map((edge) => MITIGATIONS.get(edge.id).status),
      signals: many ? 0 : around.of('watched', id).length,
      label: many ? '' : `${id} ${risk.name}, level ${LEVEL_WORDS[risk.level]}, expected loss ${formatMoney(risk.expected)}`,
    }];
  }));
  const cascades = [];
  for (const [key, cascade] of CASCADES) {
    if (!inScope.has(cascade.from) || !inScope.has(cascade.to)) continue;
    cascades.push({
      source: cascade.from, target: cascade.to, label: many ? '' : cascadeLabel(cascade), width: 1 + 4 * (cascade.probability || 0),
      states: cascade.probability === null ? ['unestimated'] : [],
      shields: many ? [] : around.of('blocks', key).map((edge) => MITIGATIONS.get(edge.id).status),
    });
  }
  shown = ids;
  scene.draw(risks, cascades);
  showScope();
}

// Where all risks of a large map stand is in the page: setting them out takes longer than drawing them.
function wholeSpots() {
  return new Map(DATA.risks.map(({id, x, y}) => [id, {x, y}]));
}

function showScope() {
  const hidden = RISKS.size - shown.length;
  const line = hidden
    ? `${grouped(shown.length)} of ${grouped(RISKS.size)} risks are in the picture, ${grouped(hidden)} are hidden`
    : [[RISKS, 'risk'], [CASCADES, 'cascade'], [MITIGATIONS, 'mitigation'], [INDICATORS, 'indicator'], [INCIDENTS, 'incident']].map(([map, noun]) => counted(map.size, noun)).join(', ');
  byId('scope-line').textContent = line;
  const tools = [];
  if (hidden) tools.push(el('button', {type: 'button', on: {click: () => change({all: true}, true)}}, 'Show all'));
  else if (RISKS.size > DATA.scope.length) tools.push(el('button', {type: 'button', on: {click: () => change({all: false, around: ''}, true)}}, 'Show fewer'));
  replaceContent(byId('scope-tools'), ...tools);
}

// ---- Showing what the view says

function refresh(pictureFirst = false) {
  const hidden = new Set(DATA.risks.filter((risk) => !passes(risk)).map((risk) => risk.id));
  for (const [key, cascade] of CASCADES) if (view.min > 0 && (cascade.probability || 0) < view.min) hidden.add(key);
  const way = path();
  const onPath = new Set((way.risks || []).slice(1).map((id, at) => `${way.risks[at]}->${id}`));
  const reach = view.start.size ? simulateNetwork(networkOf(view.off, view.on), [...view.start]) : null;
  const values = new Map();
  if (reach) {
    for (const [id, probability] of reach.reached) if (probability > 0 && !view.start.has(id)) values.set(id, formatNumber(probability));
  }
  scene.restyle({
    hidden, selected: view.risk, start: view.start, values, path: onPath, off: view.off,
    lit: lit(way, onPath, reach),
  });
  const tell = () => {
    showWhatIf(reach);
    showWay(way);
    showPanel();
    showTables();
    showLegend();
  };
  // Of thousands the picture comes first, and what is said of it a moment later.
  if (pictureFirst) requestAnimationFrame(() => setTimeout(tell));
  else tell();
  saveView();
}

// What stands out; null where everything does.
function lit(way, onPath, reach) {
  if (way.risks) return new Set([...way.risks, ...onPath]);
  if (view.direction && RISKS.has(view.risk)) {
    const depths = depthsFrom(view.risk);
    const kept = new Set([...depths].filter(([, depth]) => !view.depth || depth <= view.depth).map(([id]) => id));
    return withCascades(kept);
  }
  if (reach) return withCascades(new Set([...view.start, ...[...reach.reached].filter(([, p]) => p > 0 && p >= view.min).map(([id]) => id)]));
  if (MITIGATIONS.has(view.risk)) {
    const {mitigates, blocks} = MITIGATIONS.get(view.risk);
    return new Set([...mitigates.map((edge) => edge.risk), ...blocks.flatMap(({from, to}) => [from, to, `${from}->${to}`])]);
  }
  if (INDICATORS.has(view.risk)) return new Set(INDICATORS.get(view.risk).watches);
  if (INCIDENTS.has(view.risk)) {
    const {risk, reached} = INCIDENTS.get(view.risk);
    return new Set([risk, ...reached.flatMap(([from, to]) => [from, to, `${from}->${to}`])].filter(Boolean));
  }
  return null;
}

// How many cascades away each risk is, in the direction of the view, by cascades that are probable enough to be shown.
function depthsFrom(risk) {
  const weak = [...CASCADES].filter(([, cascade]) => (cascade.probability || 0) < view.min).map(([key]) => key);
  return reachDepths(networkOf(new Set([...view.off, ...weak]), view.on), risk, view.direction);
}

function withCascades(ids) {
  const kept = new Set(ids);
  for (const [key, {from, to}] of CASCADES) if (ids.has(from) && ids.has(to)) kept.add(key);
  return kept;
}

// Takes a change of the view; `anew` where other risks come into the picture.
function change(by, anew = false) {
  const before = new Set(shown);
  Object.assign(view, by);
  if (anew || scopeIds().some((id) => !before.has(id))) redraw();
  refresh();
}

function select(key) {
  change({risk: key, direction: RISKS.has(key) ? view.direction : ''});
  if (key) announce(`${key} is shown beside the map`);
}

// ---- Begin

addTool('SVG', () => download('map.svg', scene.svgText(), 'image/svg+xml'), {id: 'save-svg', title: 'Save the picture as SVG'});
addTool('PNG', async () => download('map.png', await pictureImage(scene.svgText())), {id: 'save-png', title: 'Save the picture as PNG'});
addEventListener('hashchange', () => {
  readView();
  if (scopeIds().join() !== shown.join()) redraw();
  refresh();
  reveal();
});

// Brings what the address chooses into sight.
function reveal() {
  scene.reveal(CASCADES.has(view.risk) ? CASCADES.get(view.risk).from : view.risk || [...view.start][0] || view.from || view.around);
}

readView();
redraw();
refresh(shown.length > MANY);
reveal();
