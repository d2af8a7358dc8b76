// Reviews against the map: the picture of each incident, its legend as a filter, and the replay of its timeline.

const PACE = 1400;
const INCIDENTS = new Map(DATA.incidents.map((incident) => [incident.id, openIncident(incident)]));

// A picture that can be moved, chosen from and replayed, in the section of its incident.
function openIncident(incident) {
  const section = byId(`incident-${incident.id}`);
  const figure = section.querySelector('.overlay'), frame = section.querySelector('.picture-frame');
  const chosen = section.querySelector('.chosen'), rows = [...section.querySelectorAll('tr[data-moment]')];
  const risks = new Map(incident.risks.map((risk) => [risk.id, {...risk, label: `${risk.id} ${risk.name}${risk.note ? ', the root' : ''}`}]));
  const cascades = new Map(incident.cascades.map((cascade) => [`${cascade.source}->${cascade.target}`, cascade]));
  const ways = new Map(Object.entries(incident.ways));
  const moments = incident.moments;
  const hidden = new Set();
  const reached = new Set(incident.risks.filter((risk) => risk.state.includes('reached')).map((risk) => risk.id));
  let at = 0, selected = null, timer = 0;

  figure.classList.add('live');
  frame.hidden = false;
  frame.style.height = `${heightOf(section.querySelector('.still svg').viewBox.baseVal, frame)}px`;
  const scene = createScene(frame, {title: `${incident.id}: predicted against actual`, onSelect: select});
  const tools = frame.querySelector('.picture-tools');
  frame.before(tools);
  scene.draw(risks, incident.cascades);
  filterByLegend();
  const replay = moments.length > 1 ? buildReplay() : null;
  show();

  // What has happened by a moment, lit; and when each risk was reached. At 0 all of it is.
  function show() {
    const past = at ? moments.slice(0, at) : [];
    const lit = at ? new Set(past.flatMap((moment) => moment.lights)) : null;
    const times = new Map();
    for (const {lights, since} of past) for (const key of lights) if (reached.has(key) && !times.has(key)) times.set(key, since);
    const started = !at || lit.has(incident.root);
    const values = new Map(at ? times : [...reached].map((id) => [id, '']));
    if (started) values.set(incident.root, 'root');
    scene.restyle({lit, values, selected, hidden: hiddenKeys(), start: new Set(started ? [incident.root] : []), path: new Set(ways.get(selected) || [])});
    rows.forEach((row, place) => { if (place + 1 === at) row.setAttribute('aria-current', 'step'); else row.removeAttribute('aria-current'); });
    if (replay) replay(at);
  }

  // Cascades of the verdicts that the legend hides, and risks that only such cascades connect.
  function hiddenKeys() {
    const gone = new Set([...cascades].filter(([, cascade]) => hidden.has(cascade.states[0])).map(([key]) => key));
    const kept = new Set([incident.root]);
    for (const [key, {source, target}] of cascades) if (!gone.has(key)) kept.add(source).add(target);
    return gone.size ? new Set([...gone, ...[...risks.keys()].filter((id) => !kept.has(id))]) : gone;
  }

  function filterByLegend() {
    for (const entry of section.querySelectorAll('.legend [data-verdict]')) {
      const {verdict} = entry.dataset;
      const button = el('button', {type: 'button', class: 'keep', 'aria-pressed': 'true', title: 'Hide or show these', on: {click: () => {
        if (!hidden.delete(verdict)) hidden.add(verdict);
        button.setAttribute('aria-pressed', String(!hidden.has(verdict)));
        show();
      }}});
      button.append(...entry.childNodes);
      entry.append(button);
    }
  }

  function select(key) {
    selected = key === selected ? null : key;
    const found = risks.get(selected) || cascades.get(selected);
    chosen.hidden = !found;
    replaceContent(chosen, found ? [
      el('h4', {}, risks.has(selected) ? `${found.id} ${found.name}` : `${found.source} \u2192 ${found.target}`),
      el('dl', {class: 'fields'}, found.facts.flatMap(([name, text]) => [el('dt', {}, name), el('dd', {}, text)])),
    ] : null);
    show();
  }

  // Goes to a moment: 0 is the whole picture, 1 the first thing that happened.
  function goTo(place, tell = true) {
    at = Math.min(moments.length, Math.max(0, place));
    show();
    if (tell) announce(at ? tellMoment(moments[at - 1], at) : 'The whole picture');
    writePlace(incident.id, at);
  }

  function tellMoment(moment, place) {
    const marks = moment.marks.length ? ` (${moment.marks.join('; ')})` : '';
    return `${place} of ${moments.length}: ${moment.time}, ${moment.since}, ${moment.kind}: ${moment.text}${marks}`;
  }

  function stop() {
    clearInterval(timer);
    timer = 0;
    if (replay) replay(at);
  }

  function play() {
    if (timer) {
      stop();
      return;
    }
    if (at === moments.length) at = 0;
    timer = setInterval(() => {
      goTo(at + 1);
      if (at === moments.length) stop();
    }, PACE);
    goTo(at + 1);
  }

  function buildReplay() {
    const step = (place) => () => { stop(); goTo(place()); };
    const button = (label, name, on) => el('button', {type: 'button', class: name, on: {click: on}}, label);
    const playing = button('Play', 'play', play);
    const back = button('Step back', 'back', step(() => at - 1)), on = button('Step forward', 'forward', step(() => at + 1));
    const whole = button('Whole picture', 'whole', step(() => 0));
    const name = `replay-${incident.id}`;
    const slider = el('input', {type: 'range', id: name, min: 0, max: moments.length, step: 1, value: 0, on: {input: () => {
      const place = Number(slider.value); // Stopping puts it back to where the replay is.
      stop();
      goTo(place, false);
    }}});
    const marks = moments.map((moment, place) => el('button', {type: 'button', title: `${moment.since} ${moment.text}`, on: {click: step(() => place + 1)}},
      el('span', {'aria-hidden': 'true'}, `${moment.sign} `), moment.kind, el('span', {class: 'visually-hidden'}, ` ${moment.since}`)));
    const told = el('p', {class: 'now'});
    const box = section.querySelector('.replay');
    box.hidden = false;
    append(box, [
      el('div', {class: 'buttons'}, playing, back, on, whole, el('label', {for: name}, 'Replay'), slider),
      told, el('ol', {class: 'marks'}, marks.map((mark) => el('li', {}, mark)))]);
    return (place) => {
      const text = place ? tellMoment(moments[place - 1], place) : `The whole picture. Play shows ${moments.length} moments one after the other.`;
      playing.textContent = timer ? 'Pause' : 'Play';
      back.disabled = !place;
      on.disabled = place === moments.length;
      whole.disabled = !place;
      slider.value = place;
      slider.setAttribute('aria-valuetext', visible(text));
      replaceContent(told, text);
      marks.forEach((mark, other) => { if (other + 1 === place) mark.setAttribute('aria-current', 'step'); else mark.removeAttribute('aria-current'); });
    };
  }

  const save = (label, onClick) => tools.append(el('button', {type: 'button', 'aria-label': `Save the picture as ${label}`, on: {click: onClick}}, label));
  save('SVG', () => download(`${incident.id}.svg`, scene.svgText(), 'image/svg+xml'));
  save('PNG', async () => download(`${incident.id}.png`, await pictureImage(scene.svgText())));
  return {goTo, section};
}

// As high as the still picture is where it has the width of the frame, within what a window shows.
function heightOf(size, frame) {
  const wanted = size.height * Math.min(1, frame.clientWidth / size.width);
  return Math.round(Math.min(Math.max(wanted, 320), Math.max(420, innerHeight * 0.85)));
}

// ---- The address: `#INC-7`, or `#INC-7&at=3` for a moment of its replay

function readPlace() {
  const [name, ...rest] = location.hash.slice(1).split('&').map(decode);
  const id = INCIDENTS.has(name) ? name : name.replace(/^incident-/, '');
  const at = rest.map((part) => /^at=(\d+)$/.exec(part)).find(Boolean);
  return INCIDENTS.has(id) ? {id, at: at ? Number(at[1]) : 0} : null;
}

function writePlace(id, at) {
  history.replaceState(null, '', `#${encodeURIComponent(id)}${at ? `&at=${at}` : ''}`);
}

function follow() {
  const place = readPlace();
  if (!place) return;
  const {goTo, section} = INCIDENTS.get(place.id);
  if (place.at) goTo(place.at);
  (place.at ? section.querySelector('.overlay') : section).scrollIntoView();
  section.focus({preventScroll: true});
}

document.querySelectorAll('table.sorts').forEach(sortByHeads);
addEventListener('hashchange', follow);
follow();
