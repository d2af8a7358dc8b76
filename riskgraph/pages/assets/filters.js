// The legend, which is also the filter: what is shown, counted, with its shape.

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
