// A memory server of a few lines, for what the client must bear: `--db FILE` names a file that says how it
// behaves (ok, similar, locked, hung, silent, dying, wrong), and where it writes what it was started with.
import { readFileSync, writeFileSync } from "node:fs";
import { createInterface } from "node:readline";

const file = process.argv[process.argv.indexOf("--db") + 1];
const mode = readFileSync(file, "utf8").trim();
const answer = (id, result) => console.log(JSON.stringify({ jsonrpc: "2.0", id, result }));
const note = (rest) => writeFileSync(file + ".seen", JSON.stringify({ env: process.env, args: process.argv.slice(2), pid: process.pid, ...rest }));
note({});
process.on("SIGTERM", () => { note({ ended: "SIGTERM" }); process.exit(0); });
setInterval(() => {}, 1000); // stays alive when its input ends
console.error("a line of log");

let id = 0, stored = 0;
function remember({ title }) {
  const similar = mode === "similar" && id++ === 0 ? "Updated existing similar memory" : "general note";
  if (mode === "locked") return "Failed to remember: Error: database is locked";
  if (mode === "wrong") return `Remembered: "Another title"\n  ID: 7\n  Reason: ${similar}`;
  return `Remembered: "${title}"\n  ID: ${41 + id}\n  Type: long_term\n  Reason: ${similar}`;
}

createInterface({ input: process.stdin }).on("line", (line) => {
  if (mode === "silent") return; // never a word, not even of welcome
  const { id, method, params } = JSON.parse(line);
  if (method === "initialize")
    answer(id, { protocolVersion: "2025-11-25", capabilities: { tools: {} }, serverInfo: { name: "test", version: "1" } });
  else if (method === "tools/list") answer(id, { tools: ["remember", "recall", "export_memories"].map((name) => ({ name, inputSchema: { type: "object" } })) });
  else if (method === "tools/call" && mode !== "hung") {
    if (mode === "dying" && params.name === "remember" && ++stored > 2) process.exit(1);
    if (params.name === "export_memories") return answer(id, { content: [{ type: "text", text: "Exported 0 memories:\n\n[]" }] });
    const text = params.name === "remember" ? remember(params.arguments) : `Found 2 memories:\n[1] **${params.arguments.query}**\n    a\n\n[2] **b**\n    c\n`;
    answer(id, { content: [{ type: "text", text }] });
  }
});
