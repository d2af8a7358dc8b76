// YAML of our own writing: a mapping whose texts are in double quotes, as JSON has them. What is written here is read
// here again; of other YAML only what looks the same.

// A number, kept as it was written.
class Written {
  constructor(text) { this.text = text; }
}

// A text in double quotes. What is no printable sign is an escape, since YAML takes some of them for a line break;
// above U+FFFF JSON's escape is none of YAML's, and half a character is none of either.
function quoteYaml(text) {
  return JSON.stringify(text.replace(/\p{Cs}/gu, '\ufffd')).replace(/[\p{C}\p{Z}]/gu, (sign) =>
    sign === ' ' || sign > '\uffff' ? sign : `\\u${sign.codePointAt(0).toString(16).padStart(4, '0')}`);
}

function inlineYaml(value) {
  if (value instanceof Written) return value.text;
  if (Array.isArray(value)) return `[${value.map(inlineYaml).join(', ')}]`;
  if (typeof value === 'string') return quoteYaml(value);
  return `{${Object.entries(value).map(([name, part]) => `${name}: ${inlineYaml(part)}`).join(', ')}}`;
}

// The lines of a field. `about.flow` are the fields on one line; `about.beside` names the part of a list's entries, or
// with null the text itself, whose name in `about.names` stands beside it.
function yamlLines(name, value, depth, about) {
  const pad = '  '.repeat(depth);
  const named = (id) => (Object.hasOwn(about.names, id) && about.names[id] ? `  # ${about.names[id]}` : '');
  const isNamed = Object.hasOwn(about.beside, name);
  if (typeof value === 'string' || value instanceof Written) {
    return [`${pad}${name}: ${inlineYaml(value)}${isNamed ? named(value) : ''}`];
  }
  if (about.flow.includes(name)) return [`${pad}${name}: ${inlineYaml(value)}`];
  const inner = Array.isArray(value)
    ? value.map((item) => `${pad}  - ${inlineYaml(item)}${isNamed ? named(item[about.beside[name]]) : ''}`)
    : Object.entries(value).flatMap(([key, part]) => yamlLines(key, part, depth + 1, about));
  return [`${pad}${name}:`, ...inner];
}

// The text of a file. `about` further has the lines of its comments: `head`, `above` a field and `foot`.
function writeYaml(fields, about) {
  const lines = [...about.head.map((line) => `# ${line}`), `${about.wrapper}:`];
  for (const [name, value] of Object.entries(fields)) {
    if (typeof value === 'object' && !(value instanceof Written)) lines.push('');
    lines.push(...(about.above[name] ?? []).map((line) => `  # ${line}`), ...yamlLines(name, value, 1, about));
  }
  return [...lines, '', ...about.foot.map((line) => `  # ${line}`), ''].join('\n');
}

// The value of a text that is written so. Throws an Error that names the line of what is not.
function readYaml(text) {
  const lines = text.replace(/^\ufeff/, '').split(/\r?\n/).map((line, at) => [line, at + 1])
    .filter(([line]) => !/^\s*(#.*)?$/.test(line));
  let at = 0;
  const refuse = () => new Error(`line ${lines[Math.min(at, lines.length - 1)]?.[1] ?? 1}`);

  function block(indent) {
    let found = null;
    for (; at < lines.length; ) {
      const [, pad, rest] = /^( *)(.*)$/s.exec(lines[at][0]);
      if (pad.length < indent) break;
      const item = /^- (.*)$/s.exec(rest), pair = /^([a-z_]+):(?: (.*))?$/s.exec(rest);
      found ??= item ? [] : Object.create(null);
      if (pad.length > indent || !(item || pair) || Array.isArray(found) !== Boolean(item)) throw refuse();
      if (pair && pair[1] in found) throw refuse();
      const value = (item ?? pair)[item ? 1 : 2];
      const inside = value === undefined || /^\s*(#.*)?$/.test(value);
      if (item && inside) throw refuse();
      const read = inside ? null : inline(value);
      at += 1;
      if (item) found.push(read);
      else found[pair[1]] = inside ? block(indent + 2) : read;
    }
    return found;
  }

  function inline(source) {
    let place = 0;
    const take = (pattern) => {
      pattern.lastIndex = place;
      const found = pattern.exec(source);
      if (found) place = pattern.lastIndex;
      return found;
    };
    const value = (inner) => {
      let found;
      if ((found = take(/"(?:[^"\\]|\\.)*"/y))) return JSON.parse(found[0]);
      if ((found = take(/'((?:[^']|'')*)'/y))) return found[1].replaceAll("''", "'");
      if (take(/\[\s*/y)) {
        const items = [];
        if (take(/\]/y)) return items;
        do items.push(value(true)); while (take(/\s*,\s*/y));
        if (take(/\s*\]/y)) return items;
        throw refuse();
      }
      if (take(/\{\s*/y)) {
        const fields = Object.create(null);
        do {
          const key = take(/([a-z_]+): */y);
          if (!key || key[1] in fields) throw refuse();
          fields[key[1]] = value(true);
        } while (take(/\s*,\s*/y));
        if (take(/\s*\}/y)) return fields;
        throw refuse();
      }
      found = take(inner ? /[\p{L}\p{N}](?:[^,:{}[\]#"]|:(?! |$))*/uy : /[\p{L}\p{N}](?:[^:#]|:(?! |$)|(?<! )#)*/uy);
      if (!found) throw refuse();
      const word = found[0].trim();
      return /^\d+(\.\d*)?$/.test(word) ? new Written(word) : /^null$/i.test(word) ? '' : word;
    };
    try {
      const found = value(false);
      if (take(/\s*(?:#.*)?$/y)) return found;
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
    }
    throw refuse();
  }

  const found = block(0);
  if (found === null || at < lines.length) throw refuse();
  return found;
}
