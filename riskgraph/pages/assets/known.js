// What the map knows: elements by their id or FROM->TO, what belongs to each, and the words for their states.

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

const LARGEST = Math.max(0, ...DATA.risks.map((risk) => risk.expected || 0));

// What belongs to an element, by its key: `around.of('out', 'RISK-1')` has the cascades out of it.
const around = grouping();

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

const networks = new Map();

// The network as somebody pretends it to be, compiled when it is asked for; of the last few there is one each.
function networkOf(off = new Set(), on = new Set()) {
  const key = [...off].sort().join() + '|' + [...on].sort().join();
  if (!networks.has(key)) {
    if (networks.size > 8) networks.clear();
    networks.set(key, compileNetwork(DATA, {off, on, assume: DATA.assume}));
  }
  return networks.get(key);
}
