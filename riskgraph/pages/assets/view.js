// The view: what is chosen, filtered and pretended, and how the address says it; which risks it puts in the picture.

// The whole view. Sets and numbers; the address has it as text.
const view = {
  risk: null, start: new Set(), off: new Set(), on: new Set(), levels: new Set(LEVELS), statuses: new Set(['open', 'accepted', 'closed']),
  category: '', owner: '', min: 0, direction: '', depth: 0, from: '', to: '', all: false, around: '',
};

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

function passes(risk) {
  return view.levels.has(risk.level) && view.statuses.has(risk.status)
    && (!view.category || risk.category === view.category) && (!view.owner || risk.owner === view.owner);
}

function path() {
  if (!view.from || !view.to || view.from === view.to) return {};
  return mostProbablePath(networkOf(view.off, view.on), view.from, view.to) || {none: true};
}
