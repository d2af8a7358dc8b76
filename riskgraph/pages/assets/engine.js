function compileNetwork(data, {off = new Set(), on = new Set(), assume = null}) {
  return {data, off};
}
function simulateNetwork(network, starts) {
  const reached = new Map(starts.map((s) => [s, 1]));
  for (const s of starts) for (const c of network.data.cascades) if (c.from === s && !network.off.has(`${c.from}->${c.to}`)) reached.set(c.to, c.probability || 0);
  return {method: 'exact', reached, loss: 1234567, runs: null, seed: null};
}
function annualLoss() { return {annual: 99}; }
function mostProbablePath(network, from, to) { return {risks: [from, to], probability: 0.5}; }
function reachDepths(network, start, direction) {
  const depths = new Map([[start, 0]]);
  for (const [r, d] of depths) for (const c of network.data.cascades) { const a = direction === 'down' ? c.from : c.to, b = direction === 'down' ? c.to : c.from; if (a === r && !depths.has(b)) depths.set(b, d + 1); }
  return depths;
}
