// The search: what a person types in, the elements that have it in their id, name, alias or owner out.

(function addSearch() {
  const input = byId('search'), list = byId('found');
  let entries = null;
  let hits = [], chosen = -1;

  // What can be found, with all its words; made when somebody searches.
  function listEntries() {
    const kinds = [['risk', RISKS], ['mitigation', MITIGATIONS], ['indicator', INDICATORS], ['incident', INCIDENTS]];
    return kinds.flatMap(([kind, map]) => [...map].map(([id, element]) => {
      const words = [id, element.name, ...(element.aliases || []), element.owner].filter(Boolean);
      return {id, kind, name: element.name, owner: element.owner, words: words.join('\n').toLowerCase()};
    }));
  }

  function find() {
    entries ||= listEntries();
    const text = input.value.trim().toLowerCase();
    hits = [];
    if (text) {
      const rank = ({id, words}) => (id.toLowerCase() === text ? 0 : words.startsWith(text) ? 1 : words.includes(`\n${text}`) ? 2 : 3);
      hits = entries.filter(({words}) => words.includes(text)).sort((a, b) => rank(a) - rank(b) || LOCALE.compare(a.id, b.id)).slice(0, 12);
    }
    chosen = hits.length ? 0 : -1;
    list.hidden = !text;
    input.setAttribute('aria-expanded', String(!list.hidden));
    replaceContent(list, ...(hits.length ? hits.map(option) : [el('li', {role: 'option', 'aria-disabled': 'true', class: 'soft'}, 'Nothing has that in its id, name, alias or owner.')]));
    mark();
  }

  function option(hit, at) {
    return el('li', {role: 'option', id: `found-${at}`, on: {mousedown: (event) => { event.preventDefault(); take(at); }}},
      el('b', {}, hit.id), ` ${hit.name} `, el('span', {class: 'soft'}, hit.kind === 'risk' ? hit.owner || '' : hit.kind));
  }

  function mark() {
    [...list.children].forEach((item, at) => item.setAttribute('aria-selected', String(at === chosen)));
    if (chosen >= 0) input.setAttribute('aria-activedescendant', `found-${chosen}`);
    else input.removeAttribute('aria-activedescendant');
  }

  function take(at) {
    if (!hits[at]) return;
    const {id} = hits[at];
    close();
    input.value = '';
    select(id);
    scene.reveal(id);
    byId('panel').focus();
  }

  function close() {
    list.hidden = true;
    input.setAttribute('aria-expanded', 'false');
  }

  input.addEventListener('input', find);
  input.addEventListener('blur', close);
  input.addEventListener('keydown', (event) => {
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      const by = event.key === 'ArrowDown' ? 1 : -1;
      if (hits.length) chosen = (chosen + by + hits.length) % hits.length;
      mark();
    } else if (event.key === 'Enter') {
      event.preventDefault();
      take(chosen);
    } else if (event.key === 'Escape') {
      input.value = '';
      close();
    }
  });
  addEventListener('keydown', (event) => {
    if (event.key === '/' && !event.target.closest('input:not([type=checkbox], [type=range]), textarea, select')) {
      event.preventDefault();
      input.focus();
    }
  });
})();
