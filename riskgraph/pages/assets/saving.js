// The picture as a file: what is drawn in, SVG text or a PNG out.

// The picture as a file: every part says itself how it looks, so that any program draws it alike.
const LOOKS = ['fill', 'fill-opacity', 'stroke', 'stroke-width', 'stroke-dasharray', 'stroke-linecap', 'stroke-linejoin', 'opacity',
  'font-size', 'font-weight', 'font-family', 'text-anchor', 'paint-order'];

function viewBoxOf({left, top, right, bottom}) {
  return [left, top, right - left, bottom - top].map(num).join(' ');
}

function pictureText(sheet, build, drawn, title) {
  const svg = svgEl('svg', {class: 'picture'});
  const stage = el('div', {class: 'visually-hidden', 'aria-hidden': 'true'}, svg);
  document.body.append(stage);
  if (drawn) svg.append(...[...drawn.childNodes].map((child) => child.cloneNode(true)));
  else build(svg);
  const viewBox = viewBoxOf(sheet.box), [x, y, width, height] = viewBox.split(' ');
  fill(svg, {width, height, viewBox}, []);
  svg.prepend(svgEl('title', {}, title), svgEl('rect', {class: 'sheet', x, y, width, height}));
  svg.querySelectorAll('.gone, .hit').forEach((part) => part.remove());
  for (const part of svg.querySelectorAll('*')) {
    const style = getComputedStyle(part);
    for (const name of LOOKS) {
      if (part.tagName === 'title' || (part.tagName === 'g' && name !== 'opacity')) continue;
      part.setAttribute(name, style.getPropertyValue(name));
    }
    for (const name of ['role', 'tabindex', 'aria-label']) part.removeAttribute(name);
  }
  stage.remove();
  return `${new XMLSerializer().serializeToString(svg)}\n`;
}

// The picture as PNG, twice as fine as it is on the screen where memory allows.
async function pictureImage(text) {
  const image = new Image();
  const address = URL.createObjectURL(new Blob([text], {type: 'image/svg+xml'}));
  await new Promise((resolve, reject) => {
    image.addEventListener('load', resolve);
    image.addEventListener('error', () => reject(new Error('the picture cannot be drawn')));
    image.src = address;
  });
  const scale = Math.min(2, 8192 / Math.max(image.width, image.height));
  const canvas = el('canvas', {width: Math.round(image.width * scale), height: Math.round(image.height * scale)});
  canvas.getContext('2d').drawImage(image, 0, 0, canvas.width, canvas.height);
  URL.revokeObjectURL(address);
  return new Promise((resolve) => { canvas.toBlob(resolve, 'image/png'); });
}
