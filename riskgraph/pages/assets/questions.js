// The questions of a form: each in, a widget to answer it out, with what it says in the file and how much is answered.

const CLOCK = /^([01]?\d|2[0-3]):[0-5]\d(:[0-5]\d)?(\s*(z|utc|gmt|\+\d{2}:\d{2}))?$/i;
const STAMP = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?(\s*(z|utc|gmt|[+-]\d{2}(:?\d{2})?))?$/i;
const ID_FORM = new RegExp(`^${DATA.id_pattern}$`);

// What `check` would not take, or not understand, in a sentence; nothing where there is nothing to say.
const ADVICE = {
  id: (text) => !ID_FORM.test(text) && 'Begin with a letter; then letters, digits, dots, dashes and underscores, 64 at most.',
  name: (text) => text.length > 500 && 'Use 500 characters at most.',
  time: (text) => !CLOCK.test(text) && !STAMP.test(text) && 'Write a time as 03:40, or with its day as 2024-02-15T03:40:00+01:00.',
  stamp: (text) => !STAMP.test(text) && !/^\d{4}-\d{2}-\d{2}$/.test(text) && 'Write it as 2024-02-15T03:00:00+01:00.',
  zone: (text) => !isZone(text) && 'Write a zone such as Europe/Paris, or an offset such as +01:00.',
  duration: (text) => (/^\W*\d{1,3}:\d{2}/.test(text)
    ? 'Minutes to one reader, hours to another: write 2h or 15m.' : !/\d/.test(text) && 'Say how long: 15 minutes, 2h, 3 days.'),
  count: (text) => !/^[1-9]\d{0,6}$/.test(text) && 'Write a whole number from 1 on.',
  amount: (text) => !(Number(text) >= 0) && 'Write a number that is not below 0.',
  needed: () => false,
};

function isZone(text) {
  if (/^(utc|gmt|z)?\s?([+-]\d{2}(:?\d{2})?)?$/i.test(text)) return true;
  try {
    return Boolean(new Intl.DateTimeFormat('en', {timeZone: text}));
  } catch {
    return false;
  }
}

function nextId() {
  numbered += 1;
  return `q${numbered}`;
}

// What all questions can do: `value()` is what was answered or undefined, `write()` what the file says, `set(value)`
// takes a file's value and throws where it is of another kind, `count()` is how many are answered of how many.
const WIDGETS = {
  text: textWidget, number: textWidget, choice: choiceWidget, texts: textsWidget, marks: marksWidget, record: recordWidget,
  records: recordsWidget,
};

function ask(question, level) {
  return WIDGETS[question.kind](question, level);
}

function countOf(question, answered) {
  return question.counted ? [Number(answered), 1] : [0, 0];
}

function sum(counts) {
  return counts.reduce(([a, b], [c, d]) => [a + c, b + d], [0, 0]);
}

function wrongKind(question) {
  return new Error(question.name);
}

function adviceOf(question, text) {
  if (!text.trim()) return question.check === 'needed' ? 'Name the risk: a review needs one.' : '';
  return (question.check && ADVICE[question.check](text.trim())) || '';
}

function textWidget(question, level, label = question.title) {
  const id = nextId();
  const isLong = question.input === 'long';
  const input = el(isLong ? 'textarea' : 'input', {
    id, type: isLong ? null : {date: 'date', number: 'number'}[question.input] ?? 'text', rows: isLong ? 2 : null,
    step: question.input === 'number' ? 'any' : null, min: question.input === 'number' ? 0 : null, spellcheck: !question.check && null,
    list: question.list && KNOWN_LISTS.has(question.list) ? `known-${question.list}` : null,
    'aria-describedby': question.hint ? `${id}-hint ${id}-advice` : `${id}-advice`,
  });
  const advice = el('p', {id: `${id}-advice`, class: 'advice', 'aria-live': 'polite'});
  input.addEventListener('change', () => replaceContent(advice, adviceOf(question, input.value)));
  const value = () => {
    if (!input.value.trim()) return undefined;
    return question.kind === 'number' ? new Written(input.value) : input.value;
  };
  const set = (given) => {
    const text = given instanceof Written ? given.text : given ?? '';
    if (typeof text !== 'string') throw wrongKind(question);
    const kept = text === question.blank ? '' : text;
    input.value = kept;
    if (input.value !== kept && input.type !== 'text') {  // A date or a number that is none is kept as it is.
      input.type = 'text';
      input.value = kept;
    }
    if (kept) replaceContent(advice, adviceOf(question, kept));
  };
  set(question.given);
  return {
    element: el('div', {class: `question ${isLong ? 'wide' : question.check === 'time' ? 'slim' : ''}`}, el('label', {for: id}, label),
      question.hint ? el('p', {id: `${id}-hint`, class: 'hint'}, question.hint) : null, input, advice),
    input, value, set, write: () => value() ?? question.blank, count: () => countOf(question, value() !== undefined),
  };
}

function choiceWidget(question) {
  const name = nextId();
  const options = el('div', {class: 'options'});
  const advice = el('p', {class: 'advice', 'aria-live': 'polite'});
  const made = [];
  add(null, 'Not answered', false);
  for (const {word, label, typed} of question.options) add(word, label, typed);
  made[0].radio.checked = true;

  function add(word, label, typed) {
    const id = nextId();
    const radio = el('input', {type: 'radio', name, id});
    const input = typed ? el('input', {type: 'text', 'aria-label': `${question.title} ${label.replace(/:$/, '')}`, class: 'short',
      placeholder: word === 'HH:MM' ? '03:40' : null}) : null;
    if (input) {
      input.addEventListener('input', () => { radio.checked = true; });
      input.addEventListener('change', () => replaceContent(advice, word === 'HH:MM' ? adviceOf(question, input.value) : ''));
    }
    made.push({word, radio, input});
    options.append(el('span', {class: word === null ? 'option none' : 'option'}, radio, el('label', {for: id}, label), input));
  }

  const value = () => {
    const {word, input} = made.find(({radio}) => radio.checked);
    if (!input) return word ?? undefined;
    return input.value.trim() ? input.value : undefined;
  };
  const set = (given) => {
    const text = given instanceof Written ? given.text : given;
    if (text !== undefined && typeof text !== 'string') throw wrongKind(question);
    if (!text || text === question.blank || /^\[.*\|.*\]$/s.test(text)) return;
    const same = (word) => word !== null && word.toLowerCase() === text.trim().replace(/\.$/, '').toLowerCase();
    let chosen = made.find(({word, input}) => !input && same(word)) ?? made.find(({input}) => input);
    if (!chosen) {
      add(text, text, false);
      chosen = made.at(-1);
    }
    chosen.radio.checked = true;
    if (chosen.input) chosen.input.value = text;
  };
  return {
    element: el('fieldset', {class: 'question choice'}, el('legend', {}, question.title), options, advice),
    value, set, write: () => value() ?? question.blank, count: () => countOf(question, value() !== undefined),
  };
}

function marksWidget(question) {
  const made = question.options.map(({word, label}) => ({word, id: nextId(), label, box: el('input', {type: 'checkbox'})}));
  for (const {box, id} of made) box.id = id;
  const value = () => {
    const words = made.filter(({box}) => box.checked).map(({word}) => word);
    return words.length ? words : undefined;
  };
  const details = el('details', {class: 'question wide'}, el('summary', {}, question.hint),
    made.map(({box, id, label}) => el('div', {}, box, ' ', el('label', {for: id}, label))));
  const set = (given) => {
    if (!Array.isArray(given) || given.some((word) => !made.some((one) => one.word === word))) throw wrongKind(question);
    for (const {word, box} of made) box.checked = given.includes(word);
    details.open = true;
  };
  return {element: details, value, set, write: value, count: () => [0, 0]};
}

function removeButton(what, onClick) {
  return el('button', {type: 'button', class: 'remove', 'aria-label': `Remove ${what}`, on: {click: onClick}}, 'Remove');
}

// A list of entries that can be added and removed; `make(number)` gives an entry's widget and what it is called.
function listOf(question, make, first) {
  const rows = [];
  const list = el('ol', {class: 'entries'});
  const more = el('button', {type: 'button', on: {click: () => {
    add().element.querySelector('input, textarea').focus();
    changed();
  }}}, question.add);

  function add() {
    const row = make();
    const item = el('li', {}, row.element, removeButton(question.title, () => {
      rows.splice(rows.indexOf(row), 1);
      item.remove();
      more.focus();
      announce('Removed');
      changed();
    }));
    rows.push(row);
    list.append(item);
    return row;
  }

  for (let number = 0; number < first; number += 1) add();
  return {
    rows, add, parts: [list, more],
    clear() { rows.length = 0; list.textContent = ''; },
  };
}

function textsWidget(question) {
  const entry = {name: question.name, kind: 'text', input: 'long'};
  const list = listOf(question, () => textWidget(entry, 0, question.title), 1);
  const blank = question.blank ?? [];
  const value = () => {
    const texts = list.rows.map((row) => row.value()).filter((text) => text !== undefined);
    return texts.length ? texts : undefined;
  };
  const set = (given) => {
    if (!Array.isArray(given)) throw wrongKind(question);
    list.clear();
    for (const text of given) if (!blank.includes(text)) list.add().set(text);
    if (!list.rows.length) list.add();
  };
  return {
    element: el('fieldset', {class: 'question wide texts'}, el('legend', {}, question.title),
      question.hint ? el('p', {class: 'hint'}, question.hint) : null, list.parts),
    value, set, write: () => value() ?? question.blank, count: () => countOf(question, value() !== undefined),
  };
}

// The fields of a record; `given` are those that are known and not asked for.
function fieldsOf(question, level, given = {}) {
  const parts = question.fields.filter(({name}) => !given[name]).map((field) => [field, ask(field, level)]);
  const advice = el('p', {class: 'advice', 'aria-live': 'polite'});
  const value = () => (parts.some(([, part]) => part.value() !== undefined) ? write() : undefined);
  const write = () => {
    const made = new Map(parts.map(([field, part]) => [field.name, part.write()]));
    const named = question.fields.map(({name}) => [name, given[name] || made.get(name)]);
    const found = named.filter(([, text]) => text !== undefined);
    return found.length ? Object.fromEntries(found) : undefined;
  };
  const set = (record) => {
    if (record === null || typeof record !== 'object' || Array.isArray(record) || record instanceof Written) throw wrongKind(question);
    for (const [name, inner] of Object.entries(record)) {
      const found = parts.find(([field]) => field.name === name);
      if (found) found[1].set(inner);
      else if (!given[name]) throw new Error(`${question.name}.${name}`);
    }
  };
  const element = el('div', {class: 'fields'}, parts.map(([, part]) => part.element), advice);
  element.addEventListener('change', () => {
    const missing = value() === undefined ? [] : (question.needs ?? []).filter((name) =>
      parts.some(([field, part]) => field.name === name && part.value() === undefined));
    replaceContent(advice, missing.length ? `Not complete without ${missing.join(' and ')}.` : '');
  });
  return {element, value, write, set, count: () => sum(parts.map(([, part]) => part.count()))};
}

function recordWidget(question, level) {
  const fields = fieldsOf(question, level + 1);
  return {...fields, element: el('fieldset', {class: 'record'}, el('legend', {}, question.title),
    question.hint ? el('p', {class: 'hint'}, question.hint) : null, fields.element)};
}

function recordsWidget(question, level) {
  const known = (question.given ?? []).map((given) => {
    const said = Object.keys(given).filter((name) => given[name]).map((name) => given[name]);
    const name = DATA.file.names[said.at(-1)];
    return {given, said, name, fields: fieldsOf(question, level + 1, given)};
  });
  const list = listOf(question, () => fieldsOf(question, level + 1), question.blank ? 1 : 0);
  const blank = (question.blank ?? []).map((row) => JSON.stringify(row));
  const answered = () => [...known.map(({fields}) => fields), ...list.rows].some((row) => row.value() !== undefined);
  const write = () => {
    const rows = [...known.map(({fields}) => fields.write()), ...list.rows.map((row) => row.value()).filter(Boolean)];
    return rows.length ? rows : question.blank;
  };
  const set = (given) => {
    if (!Array.isArray(given)) throw wrongKind(question);
    list.clear();
    for (const row of given) {
      if (blank.includes(JSON.stringify(row))) continue;
      const same = known.find((one) => Object.entries(one.given).every(([name, text]) => !text || row?.[name] === text));
      (same?.fields ?? list.add()).set(row);
    }
    if (question.blank && !list.rows.length) list.add();
  };
  return {
    element: el('fieldset', {class: 'record wide'}, el('legend', {}, question.title),
      question.hint ? el('p', {class: 'hint'}, question.hint) : null,
      known.map(({said, name, fields}) => el('fieldset', {class: 'known'},
        el('legend', {}, el('span', {class: 'id'}, said.join(' \u2192 ')), name ? ` ${name}` : ''), fields.element)),
      list.parts),
    value: () => (answered() ? write() : undefined), write, set,
    count: () => sum([countOf(question, answered()), ...known.map(({fields}) => fields.count())]),
  };
}
