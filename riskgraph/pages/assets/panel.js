// What was chosen: the key of an element in, all that is known of it out, beside the map.

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
  const {log = [[1]]} = detailsOf(key); // Most were added in the first revision, and nothing else happened to them.
  return list('History', log.map(([number, what = 'added', incident = null, quote = null]) => {
    const [recorded, effective, author, reason] = DATA.revisions[number] || [];
    return [el('div', {}, `${[`Revision ${number}`, recorded, effective && `effective ${effective}`].filter(Boolean).join(', ')}: ${what}`),
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
  return [view.direction, view.depth, view.min, view.start.size, [...view.start].join(), [...view.off].join(), [...view.on].join()].join('|');
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
  const depths = view.direction ? depthsFrom(id) : null;
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
