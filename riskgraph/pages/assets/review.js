// A proposal under review: its edits in, decisions by a person, and the same file with these decisions out.

const EDITS = DATA.edits;
// What is decided at once: the numbers of an edit, or of alternatives.
const ENTRIES = [...document.querySelectorAll('[data-entry]')].map((place) => {
  const numbers = place.dataset.entry.split(' ').map(Number);
  const name = `entry-${numbers[0]}`;
  const radios = [...place.querySelectorAll('input[type="radio"]')];
  return {place, numbers, name, radios, reason: byId(`reason-${numbers[0]}`), line: byId(`reason-${numbers[0]}-line`), isChoice: numbers.length > 1};
});
const ENTRY_OF = new Map(ENTRIES.flatMap((entry) => entry.numbers.map((number) => [number, entry])));
const BULK = {
  explicit: {label: 'Accept all explicit', confidences: ['explicit']},
  derived: {label: 'Accept explicit and derived', confidences: ['explicit', 'derived']},
};
const FIRST = ENTRIES.map(answerOf);
let saved = '';

function answerOf(entry) {
  return {value: entry.radios.find((radio) => radio.checked)?.value ?? 'pending', reason: entry.reason.value};
}

function isRejected({value}) {
  return value === 'reject' || value === 'none';
}

// The decision on an edit and its reason: as in the file, where nobody has touched what it belongs to.
function decisionOf(number) {
  const entry = ENTRY_OF.get(number), edit = EDITS[number], first = FIRST[ENTRIES.indexOf(entry)];
  const {value, reason} = answerOf(entry);
  const kept = {decision: edit.decision, reason: edit.reason};
  if (edit.applied || (value === first.value && reason === first.reason)) return kept;
  if (!entry.isChoice) return {decision: value, reason: value === 'reject' ? reason : ''};
  if (value === 'none') return {decision: 'reject', reason};
  if (value === String(number)) return {decision: 'accept', reason: ''};
  return first.value !== 'none' && edit.decision === 'reject' ? kept : {decision: 'pending', reason: ''};
}

function isAccepted(number) {
  return !EDITS[number].applied && decisionOf(number).decision === 'accept';
}

// The text of the file: what stood in a slot stays where its decision is still that of the file.
function proposalText() {
  const parts = [DATA.pieces[0]];
  DATA.slots.forEach((slot, at) => {
    const edit = slot.part === 'edits' ? EDITS[slot.number] : {decision: 'pending', reason: DATA.gaps[slot.number]};
    const said = slot.part === 'edits' ? decisionOf(slot.number) : {decision: 'pending', reason: byId(`gap-reason-${slot.number}`).value};
    const same = said.reason === edit.reason && said.decision === edit.decision;
    if (same && slot.text) parts.push(slot.text);
    else if (slot.holds === 'reason') parts.push(quoteYaml(said.reason));
    else parts.push(said.decision + (slot.opening !== null && said.reason ? slot.opening + quoteYaml(said.reason) : ''));
    parts.push(DATA.pieces[at + 1]);
  });
  return parts.join('');
}

// What `apply` would refuse of what is accepted; each with the edit it is about, and the one that would mend it.
function findProblems() {
  const found = [];
  EDITS.forEach((edit, number) => {
    if (!isAccepted(number)) return;
    if (edit.stale) found.push({number, text: `${edit.title} is stale: ${edit.stale}`});
    for (const {what, by} of edit.needs) {
      if (by.some(isAccepted)) continue;
      if (edit.narrows) found.push({number, isNote: true, text: `${edit.title} is recorded without ${what}, which is not accepted`, mend: by[0]});
      else found.push({number, text: `${edit.title} needs ${what}, which is not accepted`, mend: by[0]});
    }
    for (const rival of edit.rivals) {
      if (rival > number && isAccepted(rival)) found.push({number, text: `${edit.title} and ${EDITS[rival].title} cannot both be accepted`});
    }
  });
  if (DATA.repair) {
    const left = EDITS.filter((edit, number) => !edit.applied && decisionOf(number).decision === 'pending').length;
    if (left) found.push({number: null, text: `Every edit of a repair has to be decided, ${left} left`});
  }
  return found;
}

function choose(number, value) {
  const entry = ENTRY_OF.get(number);
  const wanted = entry.isChoice && value === 'accept' ? String(number) : value;
  const radio = entry.radios.find((one) => one.value === wanted);
  if (radio && !radio.disabled) radio.checked = true;
}

function showProblems() {
  const found = findProblems();
  byId('problems').hidden = !found.length;
  byId('problems-title').firstChild.textContent = found.every(({isNote}) => isNote) ? 'To know before ' : 'What ';
  byId('problems-title').lastChild.textContent = found.every(({isNote}) => isNote) ? '' : ' would refuse';
  replaceContent(byId('problem-list'), found.map(({number, text, mend}) => el('li', {},
    number === null ? text : el('a', {href: `#edit-${number}`}, text),
    mend === undefined ? null : el('button', {type: 'button', class: 'mend', on: {click: () => {
      choose(mend, 'accept');
      refresh();
      announce(`Accepted: ${EDITS[mend].title}`);
      byId('problems-title').focus();
    }}}, `Accept ${EDITS[mend].element}, too`))));
  return found.filter(({isNote}) => !isNote).length;
}

function refresh() {
  let decided = 0, open = 0, wanting = 0;
  for (const entry of ENTRIES) {
    const applied = entry.numbers.every((number) => EDITS[number].applied);
    const answer = answerOf(entry), rejected = isRejected(answer);
    const isOpen = !applied && (answer.value === 'pending' || answer.value === 'later');
    entry.line.hidden = !rejected || applied;
    entry.place.dataset.state = applied ? 'applied' : rejected ? 'rejected' : isOpen ? 'open' : 'accepted';
    entry.place.hidden = byId('only-open').checked && !isOpen;
    open += isOpen;
    decided += !isOpen;
    wanting += !applied && rejected && !answer.reason.trim();
  }
  const problems = showProblems();
  const gaps = DATA.gaps.filter((_, number) => byId(`gap-reason-${number}`).value.trim()).length;
  const parts = [`${decided} of ${ENTRIES.length} decided`];
  if (wanting) parts.push(`${wanting} ${wanting === 1 ? 'needs' : 'need'} a reason`);
  if (DATA.gaps.length) parts.push(`${gaps} of ${counted(DATA.gaps.length, 'gap')} accepted`);
  if (problems) parts.push(`apply would refuse: ${counted(problems, 'problem')}`);
  replaceContent(byId('progress-text'), parts.join(', '));
  byId('progress').max = ENTRIES.length || 1;
  byId('progress').value = decided;
  for (const [id, {label, confidences}] of Object.entries(BULK)) {
    const count = pendingOf(confidences).length;
    replaceContent(byId(id), `${label} (${count})`);
    byId(id).disabled = !count;
  }
}

// What is pending of some confidences; alternatives and what is stale wait for a person.
function pendingOf(confidences) {
  return EDITS.map((_, number) => number).filter((number) => confidences.includes(EDITS[number].confidence)
    && !EDITS[number].oneof && !EDITS[number].stale && !EDITS[number].applied && decisionOf(number).decision === 'pending');
}

function acceptAll(confidences) {
  const numbers = pendingOf(confidences);
  for (const number of numbers) choose(number, 'accept');
  refresh();
  announce(`${counted(numbers.length, 'edit')} accepted`);
}

(function addFilter() {
  const box = el('input', {type: 'checkbox', id: 'only-open', autocomplete: 'off'});
  byId('page-tools').prepend(el('span', {class: 'no-print'}, box, ' ', el('label', {for: 'only-open'}, 'Only what is not decided')));
  box.addEventListener('change', refresh);
})();

for (const [id, {confidences}] of Object.entries(BULK)) byId(id).addEventListener('click', () => acceptAll(confidences));
byId('download').addEventListener('click', () => {
  saved = proposalText();
  download(DATA.name, saved, 'application/yaml');
  announce('The proposal was downloaded');
});
byId('content').addEventListener('input', refresh);
addEventListener('beforeunload', (event) => { if (proposalText() !== saved) event.preventDefault(); });
addEventListener('beforeprint', () => document.querySelectorAll('details').forEach((one) => { one.open = true; }));
byId('problems-title').tabIndex = -1;
refresh();
saved = proposalText();
