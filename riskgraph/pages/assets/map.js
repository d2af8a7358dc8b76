// The cascade map: what is chosen, filtered and pretended, kept in one view that the address holds, and shown.

const RISKS = new Map(DATA.risks.map((risk) => [risk.id, risk]));
const CASCADES = new Map(DATA.cascades.map((cascade) => [`${cascade.from}->${cascade.to}`, cascade]));
const MITIGATIONS = new Map(DATA.mitigations.map((mitigation) => [mitigation.id, mitigation]));
const INDICATORS = new Map(DATA.indicators.map((indicator) => [indicator.id, indicator]));
const INCIDENTS = new Map(DATA.incidents.map((incident) => [incident.id, incident]));
const PAIRS = DATA.cascades.map((cascade) => [cascade.from, cascade.to]);
const RANKS = new Map(DATA.risks.map((risk) => [risk.id, {column: risk.column, row: risk.row}]));
const LEVELS = ['critical', 'high', 'medium', 'low', 'unrated'];
const LEVEL_WORDS = {critical: 'critical', high: 'high', medium: 'medium', low: 'low', unrated: 'not rated'};
const STATUS_WORDS = {planned: 'planned', in_progress: 'in progress', implemented: 'implemented', failed: 'failed', retired: 'retired'};

const around = grouping();
const LARGEST = Math.max(0, ...DATA.risks.map((risk) => risk.expected || 0));
const now = compileNetwork(DATA, {assume: DATA.assume});

// The whole view. Sets and numbers; the address has it as text.
const view = {
  risk: null, start: new Set(), off: new Set(), on: new Set(), levels: new Set(LEVELS), statuses: new Set(['open', 'accepted', 'closed']),
  category: '', owner: '', min: 0, direction: '', depth: 0, from: '', to: '', all: false, around: '',
};
let shown = [];
let pretended = now;

const scene = createScene(byId('picture'), {title: 'Cascade map', onSelect: select});

function grouping() {
  const group = () => new Map();
  const found = {out: group(), into: group(), mitigates: group(), blocks: group(), watched: group(), incidents: group()};
  const put = (map, key, value) => { if (map.has(key)) map.get(key).push(value); else map.set(key, [value]); };
  for (const [key, cascade] of CASCADES) {
    put(found.out, cascade.from, key);
    put(found.into, cascade.to, key);
  }
  for (const mitigation of DATA.mitigations) {
    for (const {risk, effectiveness} of mitigation.mitigates) put(found.mitigates, risk, {id: mitigation.id, effectiveness});
    for (const {from, to, effectiveness} of mitigation.blocks) put(found.blocks, `${from}->${to}`, {id: mitigation.id, effectiveness});
  }
  for (const indicator of DATA.indicators) for (const risk of indicator.watches) put(found.watched, risk, indicator.id);
  for (const incident of DATA.incidents) {
    const roles = new Map();
    for (const [, to] of incident.checked) roles.set(to, 'was not affected');
    for (const [, to] of incident.reached) roles.set(to, 'was reached');
    if (incident.risk) roles.set(incident.risk, 'materialised');
    for (const [risk, role] of roles) put(found.incidents, risk, {id: incident.id, role});
    for (const pair of incident.reached) put(found.incidents, pair.join('->'), {id: incident.id, role: 'fired'});
    for (const pair of incident.checked) put(found.incidents, pair.join('->'), {id: incident.id, role: 'did not fire'});
    for (const [id, outcome] of [...incident.tested, ...incident.signalled]) put(found.incidents, id, {id: incident.id, role: outcome.replaceAll('_', ' ')});
  }
  return {of: (name, key) => found[name].get(key) || []};
}

// ---- The view and the address

function readView() {
  const said = readAddress();
  const set = (name, fallback) => (said.has(name) ? new Set(said.get(name).split(',').filter(Boolean)) : fallback);
  const known = (ids, map) => new Set([...ids].filter((id) => map.has(id)));
  const named = said.get('risk') || '';
  const risk = [RISKS, CASCADES, MITIGATIONS, INDICATORS, INCIDENTS].some((map) => map.has(named)) ? named : null;
  Object.assign(view, {
    risk,
    start: known(set('start', new Set()), RISKS),
    off: new Set([...set('off', new Set())].filter((id) => MITIGATIONS.has(id) || CASCADES.has(id))),
    on: known(set('on', new Set()), MITIGATIONS),
    levels: set('level', new Set(LEVELS)),
    statuses: set('status', new Set(['open', 'accepted', 'closed'])),
    category: said.get('category') || '',
    owner: said.get('owner') || '',
    min: Math.min(1, Math.max(0, Number(said.get('min')) || 0)),
    direction: ['up', 'down'].includes(said.get('direction')) ? said.get('direction') : '',
    depth: Math.max(0, Math.trunc(Number(said.get('depth')) || 0)),
    from: RISKS.has(said.get('from')) ? said.get('from') : '',
    to: RISKS.has(said.get('to')) ? said.get('to') : '',
    all: said.get('all') === 'yes',
    around: RISKS.has(said.get('around')) ? said.get('around') : '',
  });
}

function saveView() {
  const text = (set, whole) => (whole && set.size === whole.length ? '' : [...set].join(',') || (whole ? 'none' : ''));
  writeAddress(new Map([
    ['risk', view.risk], ['start', text(view.start)], ['off', text(view.off)], ['on', text(view.on)],
    ['level', text(view.levels, LEVELS)], ['status', text(view.statuses, ['open', 'accepted', 'closed'])],
    ['category', view.category], ['owner', view.owner], ['min', view.min || ''], ['direction', view.direction],
    ['depth', view.depth || ''], ['from', view.from], ['to', view.to], ['all', view.all ? 'yes' : ''], ['around', view.around],
  ]));
}

// ---- What is in the picture

function scopeIds() {
  if (view.all) return DATA.risks.map((risk) => risk.id);
  const ids = new Set(view.around ? ringsAround(view.around, 150) : DATA.scope);
  const wanted = [...view.start, view.from, view.to, RISKS.has(view.risk) ? view.risk : null];
  if (CASCADES.has(view.risk)) wanted.push(CASCADES.get(view.risk).from, CASCADES.get(view.risk).to);
  wanted.filter(Boolean).forEach((id) => ids.add(id));
  for (const id of path().risks || []) ids.add(id);
  return [...ids].sort(byCode);
}

// The nearest risks in either direction, by number of cascades.
function ringsAround(centre, limit) {
  const ring = new Set([centre]);
  for (const risk of ring) {
    for (const key of [...around.of('out', risk), ...around.of('into', risk)]) {
      const {from, to} = CASCADES.get(key);
      if (ring.size < limit) ring.add(from === risk ? to : from);
    }
  }
  return ring;
}

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
  const spots = placeRisks(ids, PAIRS, RANKS);
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

function passes(risk) {
  return view.levels.has(risk.level) && view.statuses.has(risk.status)
    && (!view.category || risk.category === view.category) && (!view.owner || risk.owner === view.owner);
}

function path() {
  if (!view.from || !view.to || view.from === view.to) return {};
  return mostProbablePath(pretended, view.from, view.to) || {none: true};
}

// ---- Showing what the view says

function refresh() {
  pretended = view.off.size || view.on.size ? compileNetwork(DATA, {off: view.off, on: view.on, assume: DATA.assume}) : now;
  const hidden = new Set(DATA.risks.filter((risk) => !passes(risk)).map((risk) => risk.id));
  for (const [key, cascade] of CASCADES) if (view.min > 0 && (cascade.probability || 0) < view.min) hidden.add(key);
  const way = path();
  const onPath = new Set((way.risks || []).slice(1).map((id, at) => `${way.risks[at]}->${id}`));
  const reach = view.start.size ? simulateNetwork(pretended, [...view.start]) : null;
  const values = new Map();
  if (reach) {
    for (const [id, probability] of reach.reached) if (probability > 0 && !view.start.has(id)) values.set(id, formatNumber(probability));
  }
  scene.restyle({
    hidden, selected: view.risk, start: view.start, values, path: onPath, off: view.off,
    lit: lit(way, onPath, reach),
  });
  showWhatIf(reach);
  showWay(way);
  showPanel();
  showTables();
  showLegend();
  saveView();
}

// What stands out; null where everything does.
function lit(way, onPath, reach) {
  if (way.risks) return new Set([...way.risks, ...onPath]);
  if (view.direction && RISKS.has(view.risk)) {
    const depths = reachDepths(pretended, view.risk, view.direction);
    const kept = new Set([...depths].filter(([, depth]) => !view.depth || depth <= view.depth).map(([id]) => id));
    return withCascades(kept);
  }
  if (reach) return withCascades(new Set([...view.start, ...[...reach.reached].filter(([, p]) => p > 0).map(([id]) => id)]));
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

// ---- Search

(function addSearch() {
  const input = byId('search'), list = byId('found');
  let entries = null;
  let hits = [], chosen = -1;

  // What can be found, with all its words; made when somebody searches.
  function listEntries() {
    const kinds = [['risk', RISKS], ['mitigation', MITIGATIONS], ['indicator', INDICATORS], ['incident', INCIDENTS]];
    return kinds.flatMap(([kind, map]) => [...map].map(([id, element]) => {
      const words = [id, element.name, ...(element.aliases || []), element.owner].filter(Boolean);
      return {id, kind, name: element.name, owner: element.owner, words: words.join('\n').toLowerCase()};
    }));
  }

  function find() {
    entries ||= listEntries();
    const text = input.value.trim().toLowerCase();
    hits = [];
    if (text) {
      const rank = ({id, words}) => (id.toLowerCase() === text ? 0 : words.startsWith(text) ? 1 : words.includes(`\n${text}`) ? 2 : 3);
      hits = entries.filter(({words}) => words.includes(text)).sort((a, b) => rank(a) - rank(b) || LOCALE.compare(a.id, b.id)).slice(0, 12);
    }
    chosen = hits.length ? 0 : -1;
    list.hidden = !text;
    input.setAttribute('aria-expanded', String(!list.hidden));
    replaceContent(list, ...(hits.length ? hits.map(option) : [el('li', {role: 'option', 'aria-disabled': 'true', class: 'soft'}, 'Nothing has that in its id, name, alias or owner.')]));
    mark();
  }

  function option(hit, at) {
    return el('li', {role: 'option', id: `found-${at}`, on: {mousedown: (event) => { event.preventDefault(); take(at); }}},
      el('b', {}, hit.id), ` ${hit.name} `, el('span', {class: 'soft'}, hit.kind === 'risk' ? hit.owner || '' : hit.kind));
  }

  function mark() {
    [...list.children].forEach((item, at) => item.setAttribute('aria-selected', String(at === chosen)));
    if (chosen >= 0) input.setAttribute('aria-activedescendant', `found-${chosen}`);
    else input.removeAttribute('aria-activedescendant');
  }

  function take(at) {
    if (!hits[at]) return;
    const {id} = hits[at];
    close();
    input.value = '';
    select(id);
    scene.reveal(id);
    byId('panel').focus();
  }

  function close() {
    list.hidden = true;
    input.setAttribute('aria-expanded', 'false');
  }

  input.addEventListener('input', find);
  input.addEventListener('blur', close);
  input.addEventListener('keydown', (event) => {
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      const by = event.key === 'ArrowDown' ? 1 : -1;
      if (hits.length) chosen = (chosen + by + hits.length) % hits.length;
      mark();
    } else if (event.key === 'Enter') {
      event.preventDefault();
      take(chosen);
    } else if (event.key === 'Escape') {
      input.value = '';
      close();
    }
  });
  addEventListener('keydown', (event) => {
    if (event.key === '/' && !event.target.closest('input, textarea, select')) {
      event.preventDefault();
      input.focus();
    }
  });
})();

// ---- Legend and filters

function legendShape(level) {
  return svgEl('svg', {class: 'legend-shape picture', viewBox: '-14 -14 28 28', 'aria-hidden': 'true'},
    svgEl('g', {class: level}, svgEl('path', {class: 'shape', d: levelPath(level, 9)})));
}

function legendShield(status) {
  return svgEl('svg', {class: 'legend-shape picture', viewBox: '-12 -12 24 24', 'aria-hidden': 'true'}, shields([status], 0, 0));
}

function showLegend() {
  const count = (test) => DATA.risks.filter(test).length;
  const box = (label, pressed, onChange, extra) => el('label', {class: 'choice'},
    el('input', {type: 'checkbox', checked: pressed, on: {change: onChange}}), extra, label[0], el('span', {class: 'count'}, label[1]));
  const flip = (set, value) => { const next = new Set(set); if (!next.delete(value)) next.add(value); return next; };
  const pick = (name, title) => {
    const values = [...new Set(DATA.risks.map((risk) => risk[name]).filter(Boolean))].sort(LOCALE.compare);
    if (!values.length) return null;
    return el('div', {class: 'row'}, el('label', {for: `by-${name}`}, title),
      el('select', {id: `by-${name}`, on: {change: (event) => change({[name]: event.target.value})}},
        el('option', {value: ''}, 'all'), values.map((value) => el('option', {value, selected: view[name] === value}, value))));
  };
  const active = document.activeElement && document.activeElement.id;
  replaceContent(byId('legend'),
    el('fieldset', {}, el('legend', {}, 'Level of a risk'), LEVELS.filter((level) => count((risk) => risk.level === level)).map((level) =>
      box([LEVEL_WORDS[level], grouped(count((risk) => risk.level === level))], view.levels.has(level), () => change({levels: flip(view.levels, level)}), legendShape(level)))),
    el('fieldset', {}, el('legend', {}, 'Status'), ['open', 'accepted', 'closed'].filter((status) => count((risk) => risk.status === status)).map((status) =>
      box([status, grouped(count((risk) => risk.status === status))], view.statuses.has(status), () => change({statuses: flip(view.statuses, status)})))),
    pick('category', 'Category'), pick('owner', 'Owner'),
    el('div', {class: 'row'}, el('label', {for: 'min'}, `Cascades from a probability of ${view.min || 0}`),
      el('input', {type: 'range', id: 'min', min: 0, max: 1, step: 0.05, value: view.min, on: {change: (event) => change({min: Number(event.target.value)})}})),
    el('fieldset', {}, el('legend', {}, 'Shields and marks'),
      ['implemented', 'planned', 'failed'].map((status) => el('span', {class: 'choice'}, legendShield(status), `mitigation, ${status === 'planned' ? 'planned or in progress' : status}`)),
      el('span', {class: 'choice'}, svgEl('svg', {class: 'legend-shape picture', viewBox: '-12 -12 24 24', 'aria-hidden': 'true'}, signals(1, 0, 0)), 'indicator'),
      el('span', {class: 'choice'}, svgEl('svg', {class: 'legend-shape picture', viewBox: '0 0 24 24', 'aria-hidden': 'true'}, svgEl('g', {class: 'unestimated'}, svgEl('path', {class: 'line', d: 'M0 12H24', 'stroke-width': 2}))), 'cascade without an estimate')));
  if (active && byId(active)) byId(active).focus();
}

// ---- What if

function flipMitigation(id) {
  const off = new Set(view.off), on = new Set(view.on);
  if (MITIGATIONS.get(id).implemented) { if (!off.delete(id)) off.add(id); } else if (!on.delete(id)) on.add(id);
  change({off, on});
}

function flipCascade(key) {
  const off = new Set(view.off);
  if (!off.delete(key)) off.add(key);
  change({off});
}

function flipStart(id) {
  const start = new Set(view.start);
  if (!start.delete(id)) start.add(id);
  change({start});
}

const SWITCHES = 100;

// The mitigations that guard something in the picture, those first that were switched.
function switchable() {
  const inPicture = new Set(shown);
  const guards = ({id, mitigates, blocks}) => view.off.has(id) || view.on.has(id)
    || mitigates.some(({risk}) => inPicture.has(risk)) || blocks.some(({from, to}) => inPicture.has(from) && inPicture.has(to));
  const switched = ({id}) => Number(view.off.has(id) || view.on.has(id));
  return DATA.mitigations.filter(guards).sort((a, b) => (DATA.mitigations.length > SWITCHES ? switched(b) - switched(a) : 0));
}

function acts(id) {
  return (MITIGATIONS.get(id).implemented && !view.off.has(id)) || view.on.has(id);
}

function showWhatIf(reach) {
  const active = document.activeElement && document.activeElement.id;
  const scroll = byId('switches') ? byId('switches').scrollTop : 0;
  const changed = view.off.size + view.on.size;
  const parts = [];
  if (reach) {
    const before = changed ? simulateNetwork(now, [...view.start], {runs: reach.runs}) : reach;
    const how = reach.method === 'exact' ? 'exact' : `simulated, ${grouped(reach.runs)} runs, seed ${reach.seed}`;
    const followers = [...reach.reached].filter(([id, p]) => p > 0 && !view.start.has(id)).length;
    const between = reach.lossInterval ? `, 95 % interval ${formatMoney(reach.lossInterval[0])} to ${formatMoney(reach.lossInterval[1])}` : '';
    parts.push(el('p', {}, el('b', {}, [...view.start].join(', ')), view.start.size === 1 ? ' happens: ' : ' happen: ',
      `${counted(followers, 'risk')} can follow. `, 'Expected loss ', el('b', {id: 'loss-if'}, formatMoney(reach.loss)),
      changed && reach.loss !== null ? `, as it is ${formatMoney(before.loss)} (${signed(reach.loss - before.loss)})` : '', ` (${how}${between}).`));
    const missing = [[reach.leftOut.cascades, 'cascade', 'probability'], [reach.leftOut.losses, 'risk', 'loss']].filter(([count]) => count);
    if (missing.length) parts.push(el('p', {class: 'soft'}, `Left out: ${missing.map(([count, noun, what]) => `${counted(count, noun)} without a ${what}`).join(', ')}.`));
  } else {
    parts.push(el('p', {class: 'soft'}, 'Choose a risk and press \u201cIf it happens\u201d, or switch mitigations.'));
  }
  if (changed) {
    const [then, today] = annualLosses();
    parts.push(el('p', {}, 'In a year: expected loss ', el('b', {id: 'annual-if'}, formatMoney(then)), `, as it is ${formatMoney(today)} (${signed(then - today)}).`));
  }
  if (view.start.size || changed) {
    parts.push(el('div', {class: 'buttons'}, el('button', {type: 'button', on: {click: () => change({start: new Set(), off: new Set(), on: new Set()})}}, 'As it is')));
  }
  const cascadesOff = [...view.off].filter((key) => CASCADES.has(key));
  parts.push(cascadesOff.length ? el('p', {}, 'Removed: ', cascadesOff.map((key, at) => [at ? ', ' : '', el('button', {type: 'button', class: 'link', on: {click: () => flipCascade(key)}, title: 'put it back'}, key)])) : null);
  const near = switchable();
  if (near.length) {
    parts.push(el('fieldset', {}, el('legend', {}, 'Mitigations that act'), el('div', {class: 'switches', id: 'switches'},
      near.slice(0, SWITCHES).map(({id, name, status}) => el('label', {class: `choice${view.off.has(id) || view.on.has(id) ? ' changed' : ''}`},
        el('input', {type: 'checkbox', id: `act-${id}`, checked: acts(id), on: {change: () => flipMitigation(id)}}), el('span', {class: 'what'}, `${id} ${name} `, el('span', {class: 'status'}, STATUS_WORDS[status])))),
      near.length > SWITCHES ? el('p', {class: 'soft'}, `and ${grouped(near.length - SWITCHES)} more, which the search finds`) : null)));
  }
  replaceContent(byId('what-if'), ...parts);
  if (byId('switches')) byId('switches').scrollTop = scroll;
  if (active && byId(active)) byId(active).focus();
}

// The loss of a year as pretended and as it is, from the same draws where it is drawn.
function annualLosses() {
  const then = expectedLosses(pretended);
  return [then.annual, expectedLosses(now, {runs: then.runs}).annual];
}

function signed(value) {
  return `${value > 0 ? '+' : value < 0 ? '\u2212' : ''}${formatMoney(Math.abs(value))}`;
}

// ---- The most probable path

(function addWay() {
  const options = el('datalist', {id: 'risk-ids'}, DATA.risks.slice(0, 2000).map(({id, name}) => el('option', {value: id}, name)));
  const field = (name, label) => el('div', {class: 'row'}, el('label', {for: `way-${name}`}, label),
    el('input', {type: 'text', id: `way-${name}`, list: 'risk-ids', autocomplete: 'off', on: {change: (event) => {
      const id = [...RISKS.keys()].find((known) => known.toLowerCase() === event.target.value.trim().toLowerCase());
      change({[name]: id || ''});
    }}}));
  append(byId('way'), [options, field('from', 'From'), field('to', 'To'), el('p', {id: 'way-found', class: 'row', role: 'status'})]);
})();

function showWay(way) {
  for (const name of ['from', 'to']) if (document.activeElement !== byId(`way-${name}`)) byId(`way-${name}`).value = view[name];
  const answer = byId('way-found');
  if (view.from || view.to) byId('way-part').open = true;
  if (way.risks) {
    replaceContent(answer, 'Most probable: ', way.risks.map((id, at) => [at ? ' \u2192 ' : '', reference(id)]), `, with ${formatNumber(way.probability)}.`,
      el('span', {class: 'buttons'}, el('button', {type: 'button', on: {click: () => change({from: '', to: ''})}}, 'Clear')));
  } else {
    replaceContent(answer, way.none ? `No cascade with a probability leads from ${view.from} to ${view.to}.` : '');
  }
}

// ---- What was chosen

function reference(key) {
  return el('button', {type: 'button', class: 'link', on: {click: () => { select(key); scene.reveal(key); }}}, key);
}

function paragraph(text) {
  return text ? el('p', {}, text) : null;
}

function named(key) {
  const element = RISKS.get(key) || MITIGATIONS.get(key) || INDICATORS.get(key) || INCIDENTS.get(key);
  return [reference(key), element && element.name ? ` ${element.name}` : ''];
}

function list(title, items) {
  return items.length ? [el('h3', {}, title), el('ul', {}, items.map((item) => el('li', {}, item)))] : [];
}

function fieldList(element) {
  const own = ['category', 'owner', 'status'].filter((name) => element[name]).map((name) => [name, element[name].replaceAll('_', ' ')]);
  if (element.aliases) own.push(['also called', element.aliases.join(', ')]);
  const fields = [...own, ...(detailsOf(keyOf(element)).fields || [])];
  return fields.length ? el('dl', {class: 'fields'}, fields.flatMap(([name, text]) => [el('dt', {}, name.replaceAll('_', ' ')), el('dd', {}, text)])) : null;
}

function keyOf(element) {
  return element.id || `${element.from}->${element.to}`;
}

function logList(key) {
  const {log = []} = detailsOf(key);
  return list('History', log.map(([number, what = 'added', incident = null, quote = null]) => {
    const [recorded, effective, author, reason] = DATA.revisions[number] || [];
    return [el('div', {}, `Revision ${number}, ${recorded}${effective ? `, effective ${effective}` : ''}: ${what}`),
      incident ? el('div', {}, 'by the review of ', INCIDENTS.has(incident) ? reference(incident) : incident) : null,
      quote ? el('blockquote', {}, `\u201c${quote}\u201d`) : el('div', {class: 'soft'}, [author, reason].filter(Boolean).join(': '))];
  })).map((part) => { if (part.tagName === 'UL') part.classList.add('log'); return part; });
}

function incidentList(key) {
  return list('Incidents', around.of('incidents', key).map(({id, role}) => [reference(id), ` ${INCIDENTS.get(id).started || ''}: ${role}`]));
}

function mitigationList(title, edges) {
  return list(title, edges.map(({id, effectiveness}) => [named(id), ` (${STATUS_WORDS[MITIGATIONS.get(id).status]}`,
    effectiveness === null ? ', effect not estimated)' : `, removes ${formatNumber(100 * effectiveness)} %)`]));
}

function cascadeLine(key, other) {
  const cascade = CASCADES.get(key);
  return [named(other), ' ', el('button', {type: 'button', class: 'link', 'aria-label': `cascade ${key}`, on: {click: () => select(key)}}, cascadeLabel(cascade) || 'not estimated')];
}

function showPanel() {
  const panel = byId('panel');
  const key = view.risk;
  if (key === panel.dataset.key && panel.dataset.view === panelView()) return;
  panel.dataset.key = key || '';
  panel.dataset.view = panelView();
  const content = RISKS.has(key) ? riskPanel(RISKS.get(key))
    : CASCADES.has(key) ? cascadePanel(key, CASCADES.get(key))
    : MITIGATIONS.has(key) ? mitigationPanel(MITIGATIONS.get(key))
    : INDICATORS.has(key) ? indicatorPanel(INDICATORS.get(key))
    : INCIDENTS.has(key) ? incidentPanel(INCIDENTS.get(key))
    : overviewPanel();
  replaceContent(panel, ...content.filter(Boolean));
}

function panelView() {
  return [view.direction, view.depth, view.start.size, [...view.start].join(), [...view.off].join(), [...view.on].join()].join('|');
}

function overviewPanel() {
  const top = [...DATA.risks].filter((risk) => risk.now && risk.expected).sort((a, b) => b.now * b.expected - a.now * a.expected).slice(0, 8);
  return [el('h2', {}, 'The whole map'),
    el('p', {}, 'Expected loss in a year: ', el('b', {}, formatMoney(DATA.losses.annual)), ` (${DATA.losses.how}${DATA.losses.interval ? `, 95 % interval ${formatMoney(DATA.losses.interval[0])} to ${formatMoney(DATA.losses.interval[1])}` : ''}).`,
      DATA.losses.left_out ? ` Left out: ${DATA.losses.left_out}.` : ''),
    ...list('Costs most in a year, with all that follows', top.map((risk) => [named(risk.id), el('div', {class: 'soft'}, `${formatNumber(risk.now)} a year \u00d7 ${formatMoney(risk.expected)}`)])),
    el('p', {class: 'soft'}, 'Choose a risk, a cascade or anything found by the search to see what is known of it.')];
}

function riskPanel(risk) {
  const {id} = risk;
  const turn = (direction, label) => el('button', {type: 'button', 'aria-pressed': String(view.direction === direction),
    on: {click: () => change({direction: view.direction === direction ? '' : direction, depth: 0})}}, label);
  const depths = view.direction ? reachDepths(pretended, id, view.direction) : null;
  const deepest = depths ? Math.max(0, ...depths.values()) : 0;
  return [el('h2', {}, id, ' ', risk.name), el('p', {}, el('span', {class: `chip ${{critical: 'bad', high: 'bad', medium: 'warn', low: 'good'}[risk.level] || 'plain'}`},
    risk.score ? `level ${risk.level}: likelihood ${risk.score[0]} \u00d7 impact ${risk.score[1]}` : 'level not rated')),
  paragraph(detailsOf(id).description),
  el('div', {class: 'figure'}, el('div', {}, el('b', {}, formatNumber(risk.now)), el('span', {}, 'a year, after mitigations')),
    el('div', {}, el('b', {}, formatMoney(risk.expected)), el('span', {}, 'expected loss, with all that follows'))),
  el('div', {class: 'buttons'},
    el('button', {type: 'button', id: 'if-it-happens', 'aria-pressed': String(view.start.has(id)), on: {click: () => flipStart(id)}}, 'If it happens'),
    turn('down', 'Downstream'), turn('up', 'Upstream'),
    RISKS.size > DATA.scope.length ? el('button', {type: 'button', on: {click: () => change({around: id, all: false}, true)}}, 'Map around it') : null,
    el('button', {type: 'button', on: {click: () => change({from: id})}}, 'Path from here'), el('button', {type: 'button', on: {click: () => change({to: id})}}, 'Path to here')),
  depths && deepest > 0 ? el('div', {}, el('label', {for: 'depth'}, `${counted(depths.size - 1, 'risk')}, up to `),
    el('select', {id: 'depth', on: {change: (event) => change({depth: Number(event.target.value)})}},
      [...Array(deepest).keys()].map((at) => el('option', {value: at + 1, selected: view.depth === at + 1}, at + 1)), el('option', {value: 0, selected: !view.depth}, 'any number of')), ' cascades away') : null,
  fieldList(risk),
  ...list('What feeds it', around.of('into', id).map((key) => cascadeLine(key, CASCADES.get(key).from))),
  ...list('What it feeds', around.of('out', id).map((key) => cascadeLine(key, CASCADES.get(key).to))),
  ...mitigationList('Mitigations', around.of('mitigates', id)),
  ...list('Indicators', around.of('watched', id).map(named)),
  ...incidentList(id), ...logList(id)];
}

function cascadePanel(key, cascade) {
  return [el('h2', {}, `${cascade.from} \u2192 ${cascade.to}`),
    el('p', {}, named(cascade.from), ' can trigger ', named(cascade.to), '.'),
    paragraph(detailsOf(key).mechanism),
    el('div', {class: 'figure'}, el('div', {}, el('b', {}, formatNumber(cascade.probability)), el('span', {}, 'probability, before blocks')),
      el('div', {}, el('b', {}, formatDuration(cascade.delay)), el('span', {}, 'delay'))),
    cascade.trials ? el('p', {}, `It ${cascade.trials}.`) : null,
    el('div', {class: 'buttons'}, el('button', {type: 'button', 'aria-pressed': String(view.off.has(key)), on: {click: () => flipCascade(key)}}, view.off.has(key) ? 'Put it back' : 'Pretend it away')),
    fieldList(cascade), ...mitigationList('Blocked by', around.of('blocks', key)), ...incidentList(key), ...logList(key)];
}

function mitigationPanel(mitigation) {
  const {id} = mitigation;
  return [el('h2', {}, id, ' ', mitigation.name),
    el('p', {}, el('span', {class: `chip ${{implemented: 'good', failed: 'bad'}[mitigation.status] || 'warn'}`}, STATUS_WORDS[mitigation.status])),
    paragraph(detailsOf(id).description),
    el('div', {class: 'buttons'}, el('button', {type: 'button', 'aria-pressed': String(acts(id)), on: {click: () => flipMitigation(id)}}, acts(id) ? 'Pretend it away' : 'Pretend it is in place')),
    fieldList(mitigation),
    ...list('Mitigates', mitigation.mitigates.map(({risk, effectiveness}) => [named(risk), effectiveness === null ? '' : ` (removes ${formatNumber(100 * effectiveness)} % of its rate)`])),
    ...list('Blocks', mitigation.blocks.map(({from, to, effectiveness}) => [reference(`${from}->${to}`), effectiveness === null ? '' : ` (removes ${formatNumber(100 * effectiveness)} %)`])),
    ...incidentList(id), ...logList(id)];
}

function indicatorPanel(indicator) {
  return [el('h2', {}, indicator.id, ' ', indicator.name), paragraph(detailsOf(indicator.id).description),
    fieldList(indicator), ...list('Watches', indicator.watches.map(named)), ...incidentList(indicator.id), ...logList(indicator.id)];
}

function incidentPanel(incident) {
  const pair = ([from, to]) => (CASCADES.has(`${from}->${to}`) ? reference(`${from}->${to}`) : `${from} \u2192 ${to}`);
  return [el('h2', {}, incident.id, ' ', incident.name), el('p', {}, `${incident.type.replaceAll('_', ' ')}, ${incident.started}`),
    ...list('Materialised', incident.risk ? [named(incident.risk)] : []), ...list('Cascades that fired', incident.reached.map(pair)),
    ...list('Looked at, and did not fire', incident.checked.map(pair)),
    ...list('Mitigations', incident.tested.map(([id, outcome]) => [named(id), `: ${outcome.replaceAll('_', ' ')}`])),
    ...list('Indicators', incident.signalled.map(([id, outcome]) => [named(id), `: ${outcome.replaceAll('_', ' ')}`]))];
}

// ---- The tables

const TABLES = {
  Risks: {rows: DATA.risks, columns: [
    {title: 'id', value: (risk) => risk.id, show: (risk) => reference(risk.id)}, {title: 'name', value: (risk) => risk.name},
    {title: 'category', value: (risk) => risk.category}, {title: 'owner', value: (risk) => risk.owner}, {title: 'status', value: (risk) => risk.status},
    {title: 'level', value: (risk) => (risk.score ? risk.score[0] * risk.score[1] : null), show: (risk) => LEVEL_WORDS[risk.level]},
    {title: 'per year', number: true, value: (risk) => risk.now, show: (risk) => formatNumber(risk.now)},
    {title: 'expected loss', number: true, value: (risk) => risk.expected, show: (risk) => formatMoney(risk.expected)},
    {title: 'expected a year', number: true, value: (risk) => (risk.now === null || risk.expected === null ? null : risk.now * risk.expected),
      show: (risk) => formatMoney(risk.now === null || risk.expected === null ? null : risk.now * risk.expected)},
    {title: 'feeds', number: true, value: (risk) => around.of('out', risk.id).length}, {title: 'fed by', number: true, value: (risk) => around.of('into', risk.id).length},
  ]},
  Cascades: {rows: DATA.cascades, columns: [
    {title: 'from', value: (cascade) => cascade.from, show: (cascade) => reference(cascade.from)}, {title: 'to', value: (cascade) => cascade.to, show: (cascade) => reference(cascade.to)},
    {title: 'probability', number: true, value: (cascade) => cascade.probability, show: (cascade) => formatNumber(cascade.probability)},
    {title: 'delay', number: true, value: (cascade) => cascade.delay, show: (cascade) => formatDuration(cascade.delay)},
    {title: 'blocked by', value: (cascade) => around.of('blocks', `${cascade.from}->${cascade.to}`).map((edge) => edge.id).join(', ')},
    {title: 'trials', value: (cascade) => cascade.trials}, {title: 'mechanism', value: (cascade) => detailsOf(keyOf(cascade)).mechanism},
  ]},
  Mitigations: {rows: DATA.mitigations, columns: [
    {title: 'id', value: (one) => one.id, show: (one) => reference(one.id)}, {title: 'name', value: (one) => one.name}, {title: 'status', value: (one) => STATUS_WORDS[one.status]},
    {title: 'mitigates', value: (one) => one.mitigates.map(({risk}) => risk).join(', ')}, {title: 'blocks', value: (one) => one.blocks.map(({from, to}) => `${from}->${to}`).join(', ')},
  ]},
  Indicators: {rows: DATA.indicators, columns: [
    {title: 'id', value: (one) => one.id, show: (one) => reference(one.id)}, {title: 'name', value: (one) => one.name}, {title: 'watches', value: (one) => one.watches.join(', ')},
  ]},
  Incidents: {rows: DATA.incidents, columns: [
    {title: 'id', value: (one) => one.id, show: (one) => reference(one.id)}, {title: 'name', value: (one) => one.name}, {title: 'kind', value: (one) => one.type.replaceAll('_', ' ')},
    {title: 'started', value: (one) => one.started}, {title: 'risk', value: (one) => one.risk}, {title: 'fired', value: (one) => one.reached.map((pair) => pair.join('->')).join(', ')},
  ]},
};
let tab = 'Risks';
let table = null;
let filters = '';

function showTables(force = false) {
  const current = [tab, [...view.levels], [...view.statuses], view.category, view.owner, view.min].join('|');
  if (current === filters && !force) return;
  filters = current;
  const {rows, columns} = TABLES[tab];
  const kept = tab === 'Risks' ? rows.filter(passes)
    : tab === 'Cascades' ? rows.filter((cascade) => passes(RISKS.get(cascade.from)) && passes(RISKS.get(cascade.to)) && (cascade.probability || 0) >= view.min) : rows;
  table = sortableTable({caption: `${tab}: ${grouped(kept.length)} of ${grouped(rows.length)}`, columns, rows: kept, step: 100});
  replaceContent(byId('tables'), el('div', {class: 'tabs no-print'}, Object.keys(TABLES).filter((name) => TABLES[name].rows.length).map((name) =>
    el('button', {type: 'button', 'aria-pressed': String(name === tab), on: {click: () => { tab = name; showTables(); }}}, name))), table.element);
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
refresh();
reveal();
