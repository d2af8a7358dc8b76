// What if: starts, mitigations and cascades switched in, what follows and what it costs out; and the way between two risks.

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
    const before = changed ? simulateNetwork(networkOf(), [...view.start], {runs: reach.runs}) : reach;
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
  const then = expectedLosses(networkOf(view.off, view.on));
  return [then.annual, expectedLosses(networkOf(), {runs: then.runs}).annual];
}

function signed(value) {
  return `${value > 0 ? '+' : value < 0 ? '\u2212' : ''}${formatMoney(Math.abs(value))}`;
}

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
