// Loaded before a server (`node --import`): writes each address that its process looks up or connects to into the file that
// CONNECTIONS names.
import { appendFileSync } from "node:fs";
import dgram from "node:dgram";
import dns from "node:dns";
import net from "node:net";

const record = (what) => appendFileSync(process.env.CONNECTIONS, `${what}\n`);
record("loaded");

/** Has `describe` say what a call of this method is for, and carries it out. */
function recordCalls(prototype, method, describe) {
  const original = prototype[method];
  prototype[method] = function (...args) {
    record(describe(args));
    return Reflect.apply(original, this, args);
  };
}

recordCalls(net.Socket.prototype, "connect", (args) => {
  const [options] = args.flat();
  return `connect ${options?.host ?? options?.path ?? "localhost"}:${options?.port ?? ""}`;
});
recordCalls(dgram.Socket.prototype, "send", () => "datagram");
for (const name of ["lookup", "resolve", "resolve4", "resolve6"]) recordCalls(dns, name, ([host]) => `${name} ${host}`);
