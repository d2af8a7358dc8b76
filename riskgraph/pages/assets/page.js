// What every page has: elements made of text only, numbers in words, tables that sort, links into a view, downloads.

const DATA = JSON.parse(document.getElementById('data').textContent);
let details = null;

// What is read only when somebody asks for it: the details of a key of this page, or an empty object.
function detailsOf(key) {
  details ||= JSON.parse(document.getElementById('details').textContent) || {};
  return Object.hasOwn(details, key) ? details[key] : {};
}

const SVG = 'http://www.w3.org/2000/svg';

// What a reader cannot see, or what steers, is shown as \uXXXX: the same rule as everywhere in riskgraph.
const HIDDEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0]/gu;

function visible(text) {
  return String(text).replace(HIDDEN, (sign) =>
    sign === '\n' ? sign : `\\u${sign.codePointAt(0).toString(16).padStart(4, '0')}`);
}

// An element; a child that is no node becomes text, null and false are left out. Nothing here reads markup.
// Attributes: `on` is an object of listeners, true stands for an empty attribute, null and false for none.
function el(name, attributes = {}, ...children) {
  return fill(document.createElement(name), attributes, children);
}

function svgEl(name, attributes = {}, ...children) {
  return fill(document.createElementNS(SVG, name), attributes, children);
}

function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (name === 'on') {
      for (const [event, listener] of Object.entries(value)) element.addEventListener(event, listener);
    } else if (value !== null && value !== undefined && value !== false) {
      element.setAttribute(name, value === true ? '' : String(value));
    }
  }
  append(element, children);
  return element;
}

function append(element, children) {
  for (const child of children.flat(Infinity)) {
    if (child === null || child === undefined || child === false) continue;
    element.append(child instanceof Node ? child : document.createTextNode(visible(child)));
  }
}

function replaceContent(element, ...children) {
  element.textContent = '';
  append(element, children);
}

function byId(id) {
  return document.getElementById(id);
}

// Tells a screen reader what has changed.
function announce(text) {
  byId('announcement').textContent = visible(text);
}

// Two significant digits, or whole with thousands, as the command line has it. Null is "not estimated".
function formatNumber(value) {
  if (value === null || value === undefined || Number.isNaN(value)) return 'not estimated';
  if (Math.abs(value) >= 100) return grouped(Math.round(value));
  if (value > 0 && value < 0.00001) return '<0.00001';
  const shown = plain(Number(value.toPrecision(2)));
  return shown === '1' && value < 1 ? '>0.99' : shown;
}

// Numbers of this size never need an exponent, but toString gives one below 1e-6.
function plain(value) {
  return value !== 0 && Math.abs(value) < 1e-6 ? value.toFixed(7) : String(value);
}

function grouped(value) {
  return String(value).replace(/\B(?=(\d{3})+(?!\d))/g, ',');
}

// `1 risk`, `2,000 risks`.
function counted(count, noun) {
  return `${grouped(count)} ${noun}${count === 1 ? '' : 's'}`;
}

function formatMoney(value, currency = DATA && DATA.currency) {
  if (value === null || value === undefined || Number.isNaN(value)) return 'not estimated';
  const size = Math.abs(value);
  const shown = size >= 100 || Number.isInteger(value) ? grouped(Math.round(value)) : value.toFixed(2);
  return currency ? `${shown} ${currency}` : shown;
}

// The shortest exact form, as the command line has it: 1y, 1h30m, 0s. Takes seconds.
function formatDuration(seconds) {
  if (seconds === null || seconds === undefined || Number.isNaN(seconds)) return 'not estimated';
  for (const [letters, size] of [['y', 31557600], ['mo', 2629800]]) {
    if (seconds && seconds % size === 0) return `${seconds / size}${letters}`;
  }
  const parts = [];
  let rest = Math.abs(seconds);
  for (const [letter, size] of [['d', 86400], ['h', 3600], ['m', 60]]) {
    const count = Math.floor(rest / size);
    if (count) parts.push(`${count}${letter}`);
    rest -= count * size;
  }
  if (rest || !parts.length) parts.push(`${Number(rest.toFixed(6))}s`);
  return (seconds < 0 ? '-' : '') + parts.join('');
}

const LOCALE = new Intl.Collator('en', {numeric: true, sensitivity: 'base'});

// A table that sorts by its heads. `columns`: {title, value(row) to sort by, show(row) -> text or node, number}.
// Only `step` rows are drawn at a time, so that ten thousand cost nothing until they are asked for.
function sortableTable({caption, columns, rows, step = 200, onRow = null}) {
  const body = el('tbody');
  const more = el('button', {type: 'button', class: 'no-print'}, '');
  let order = rows, drawn = 0, sorted = null, rising = true;
  const heads = columns.map((column, place) => el('th', {scope: 'col', class: column.number ? 'number' : null},
    el('button', {type: 'button', class: 'keep', on: {click: () => sortBy(place)}}, column.title)));
  const table = el('table', {}, caption ? el('caption', {}, caption) : null, el('thead', {}, el('tr', {}, heads)), body);
  more.addEventListener('click', draw);

  function sortBy(place) {
    rising = sorted === place ? !rising : !columns[place].number;
    sorted = place;
    heads.forEach((head, at) => (at === place
      ? head.setAttribute('aria-sort', rising ? 'ascending' : 'descending') : head.removeAttribute('aria-sort')));
    const {value} = columns[place];
    order = [...rows].sort((a, b) => (rising ? 1 : -1) * compareValues(value(a), value(b), rising));
    restart();
  }

  function draw() {
    for (const row of order.slice(drawn, drawn + step)) {
      body.append(el('tr', onRow ? {on: {click: (event) => event.target.closest('button, a') || onRow(row)}} : {},
        columns.map((column, place) => el(place ? 'td' : 'th', {class: column.number ? 'number' : null, scope: place ? null : 'row'},
          column.show ? column.show(row) : orDash(column.value(row))))));
    }
    drawn = Math.min(drawn + step, order.length);
    more.hidden = drawn >= order.length;
    more.textContent = `Show ${Math.min(step, order.length - drawn)} more of ${order.length - drawn}`;
  }

  function restart() {
    body.textContent = '';
    drawn = 0;
    draw();
  }

  draw();
  return {
    element: el('div', {}, el('div', {class: 'table-frame', tabindex: 0, role: 'region', 'aria-label': caption || 'table'}, table), more),
    show(newRows) { rows = newRows; if (sorted === null) { order = rows; restart(); } else { rising = !rising; sortBy(sorted); } },
  };
}

// Lets a table that the page came with sort by its heads: by the number that a cell stands for, else by its text.
function sortByHeads(table) {
  const body = table.tBodies[0], heads = [...table.tHead.rows[0].cells];
  const valueOf = ({cells}, place) => {
    const number = cells[place].querySelector('data'), text = cells[place].textContent.trim();
    return number ? Number(number.value) : text === '-' ? null : text;
  };
  heads.forEach((head, place) => replaceContent(head, el('button', {type: 'button', class: 'keep', on: {click: () => {
    const rising = head.ariaSort ? head.ariaSort === 'descending' : !head.classList.contains('number');
    heads.forEach((other) => other.removeAttribute('aria-sort'));
    head.setAttribute('aria-sort', rising ? 'ascending' : 'descending');
    body.append(...[...body.rows].sort((a, b) => (rising ? 1 : -1) * compareValues(valueOf(a, place), valueOf(b, place), rising)));
  }}}, head.textContent.trim())));
}

function orDash(value) {
  return value === null || value === undefined || value === '' ? '\u2013' : value;
}

// What is absent comes last, whichever way it is sorted.
function compareValues(a, b, rising) {
  const none = (value) => value === null || value === undefined || Number.isNaN(value);
  if (none(a) || none(b)) return (none(a) - none(b)) * (rising ? 1 : -1);
  return typeof a === 'number' && typeof b === 'number' ? a - b : LOCALE.compare(String(a), String(b));
}

// The view as it stands in the address: `#RISK-1`, or `#risk=RISK-1&min=0.2&off=MIT-1`. Values are text.
function readAddress() {
  const text = location.hash.slice(1);
  if (!text) return new Map();
  if (!text.includes('=')) return new Map([['risk', decode(text)]]);
  return new Map(text.split('&').map((part) => {
    const at = part.indexOf('=');
    return [decode(part.slice(0, at)), decode(part.slice(at + 1))];
  }));
}

function decode(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

// Replaces the address without a new entry of the browser's history; what is empty is left out.
function writeAddress(view) {
  const kept = [...view].filter(([, value]) => value !== '' && value !== null && value !== undefined);
  const only = kept.length === 1 && kept[0][0] === 'risk';
  const text = only ? encodeURIComponent(kept[0][1])
    : kept.map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`).join('&');
  history.replaceState(null, '', text ? `#${text}` : location.href.split('#')[0]);
}

// Gives a file to the reader. `content` is text or a Blob.
function download(name, content, type = 'text/plain;charset=utf-8') {
  const address = URL.createObjectURL(content instanceof Blob ? content : new Blob([content], {type}));
  const link = el('a', {href: address, download: name});
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(address), 10000);
}

function addTool(label, onClick, attributes = {}) {
  const button = el('button', {type: 'button', ...attributes, on: {click: onClick}}, label);
  byId('page-tools').append(button);
  return button;
}

function isDark() {
  const chosen = document.documentElement.dataset.theme;
  return chosen ? chosen === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
}

// Called with no argument when the colours have changed.
const onTheme = [];

(function addPageTools() {
  const label = () => (isDark() ? 'Light' : 'Dark');
  const theme = addTool(label(), () => {
    document.documentElement.dataset.theme = isDark() ? 'light' : 'dark';
    changed();
  }, {id: 'theme'});
  const changed = () => { theme.textContent = label(); onTheme.forEach((listener) => listener()); };
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', changed);
  addTool('Print', () => print());
  document.querySelector('.skip').addEventListener('click', (event) => {
    event.preventDefault();
    byId('content').focus();
  });
})();
