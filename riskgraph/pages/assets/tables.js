// The same data as tables, filtered like the picture.

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
