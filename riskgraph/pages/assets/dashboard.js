// The dashboard: one split of the metrics at a time, which the address remembers. Without script all are shown.

(function chooseSplit() {
  const choice = byId('split');
  const parts = [...document.querySelectorAll('[data-split]')];
  const names = parts.map((part) => part.dataset.split);

  function show(name) {
    parts.forEach((part) => { part.hidden = part.dataset.split !== name; });
    choice.value = name;
  }

  const asked = readAddress().get('by');
  show(names.includes(asked) ? asked : names[0]);
  byId('split-tool').hidden = false;
  choice.addEventListener('change', () => {
    show(choice.value);
    writeAddress(new Map([['by', choice.value === names[0] ? '' : choice.value]]));
    announce(`Split by ${choice.value}`);
  });
})();
