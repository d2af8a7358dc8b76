// Reads a JSON list of flowcharts on standard input, writes what Mermaid's own parser makes of each: the labels of its
// nodes, and the ends and labels of its edges; or an error.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const found = createRequire(pathToFileURL(process.argv[2] + "/"));
const { JSDOM } = found("jsdom");
globalThis.window = new JSDOM("<body></body>").window;
globalThis.document = globalThis.window.document;
const { default: mermaid } = await import(pathToFileURL(process.argv[2] + "/node_modules/mermaid/dist/mermaid.core.mjs"));
mermaid.initialize({ startOnLoad: false });

const shown = (text) => (text ?? "").replace(/\ufb02\u00b0\u00b0(\d+)\u00b6\u00df/g, (_, code) => String.fromCodePoint(code));
const read = [];
for (const chart of JSON.parse(readFileSync(0, "utf-8"))) {
  try {
    const { db } = await mermaid.mermaidAPI.getDiagramFromText(chart);
    read.push({
      nodes: [...db.getVertices().values()].map((node) => [node.id, shown(node.text)]),
      edges: db.getEdges().map((edge) => [edge.start, shown(edge.text), edge.end]),
    });
  } catch (error) {
    read.push({ error: String(error) });
  }
}
process.stdout.write(JSON.stringify(read));
