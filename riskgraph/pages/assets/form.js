// The form of a review: questions in, fields to answer them, and the review as a file of YAML out.

let form = null, unsaved = false, aside = {}, numbered = 0;

const KNOWN_LISTS = new Map(Object.entries(DATA.known).filter(([, rows]) => rows.length));

// Builds the form anew, with nothing answered.
function build() {
  const place = byId('form');
  place.textContent = '';
  byId('sections').textContent = '';
  for (const [kind, rows] of KNOWN_LISTS) {
    place.append(el('datalist', {id: `known-${kind}`}, rows.map(([id, name]) => el('option', {value: id}, name))));
  }
  form = DATA.sections.map(({title, questions}, number) => {
    const asked = questions.map((question) => [question, ask(question, 0)]);
    const count = el('span', {class: 'soft'});
    place.append(el('section', {id: `section-${number + 1}`, class: 'form-section'}, el('h2', {tabindex: -1}, title),
      el('div', {class: `fields ${asked.length === 1 ? 'alone' : ''}`}, asked.map(([, widget]) => widget.element))));
    byId('sections').append(el('li', {}, el('a', {href: `#section-${number + 1}`}, title), ' ', count));
    return {asked, count};
  });
}

function widgets() {
  return new Map(form.flatMap(({asked}) => asked.map(([{name}, widget]) => [name, widget])));
}

// The fields of the file: in the order of a new review, then what else was answered, then what is not asked for.
function review() {
  const made = widgets();
  const names = new Set([...DATA.order, ...made.keys()]);
  const fields = [...names].map((name) => [name, made.get(name)?.write()]).filter(([, value]) => value !== undefined);
  return {...Object.fromEntries(fields), ...aside};
}

function showProgress() {
  const counts = form.map(({asked}) => sum(asked.map(([, widget]) => widget.count())));
  counts.forEach(([done, all], at) => replaceContent(form[at].count, all ? `${done} of ${all}` : 'optional'));
  const [done, all] = sum(counts);
  replaceContent(byId('progress-text'), `${done} of ${all} answered`);
  byId('progress').value = done;
  byId('progress').max = all;
}

function changed() {
  unsaved = true;
  showProgress();
}

function save() {
  const id = widgets().get('incident_id').value();
  download(`${id && ID_FORM.test(id) ? id : 'review'}.yaml`, writeYaml(review(), DATA.file), 'application/yaml');
  unsaved = false;
  announce('The review was downloaded');
}

// Takes up a review that this form, or `pir new`, has written.
async function load(file) {
  const notice = byId('unread');
  notice.hidden = true;
  try {
    const read = readYaml(await file.text());
    const fields = read[DATA.file.wrapper] ?? read;
    build();
    const made = widgets();
    aside = {};
    for (const [name, value] of Object.entries(fields)) {
      if (made.has(name)) made.get(name).set(value);
      else if (DATA.kept.includes(name)) aside[name] = value;
      else throw new Error(name);
    }
    unsaved = false;
    announce('The review was loaded');
  } catch (error) {
    build();
    aside = {};
    replaceContent(notice, `${file.name} is written in a way that this form does not read (${error.message}): go on in the file `
      + 'itself, or answer here anew. Nothing of it was taken over.');
    notice.hidden = false;
  }
  showProgress();
}

build();
showProgress();
byId('form').addEventListener('input', changed);
byId('form').addEventListener('submit', (event) => event.preventDefault());
byId('download').addEventListener('click', save);
addEventListener('beforeunload', (event) => { if (unsaved) event.preventDefault(); });

(function addLoading() {
  const input = el('input', {type: 'file', accept: '.yaml,.yml', class: 'visually-hidden', tabindex: -1, 'aria-label': 'Review to load'});
  input.addEventListener('change', async () => {
    if (input.files.length) await load(input.files[0]);
    input.value = '';
  });
  addTool('Load a review', () => input.click());
  byId('page-tools').append(input);
})();
