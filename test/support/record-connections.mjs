// Loaded before a server (`node --import`): writes each address that its process looks up or connects to into the file that
// CONNECTIONS names, and lets nothing but this machine be reached.
import { appendFileSync } from "node:fs";
import dgram from "node:dgram";
import dns from "node:dns";
import net from "node:net";

const record = (what) => appendFileSync(process.env.CONNECTIONS, `${what}\n`);
record("loaded");

const { connect } = net.Socket.prototype;
net.Socket.prototype.connect = function (...args) {
  const [options] = args.flat();
  record(`connect ${options?.host ?? options?.path ?? "localhost"}:${options?.port ?? ""}`);
  return connect.apply(this, args);
};
for (const name of ["lookup", "resolve", "resolve4", "resolve6"]) {
  const original = dns[name];
  dns[name] = (host, ...rest) => {
    record(`${name} ${host}`);
    return original(host, ...rest);
  };
}
const { send } = dgram.Socket.prototype;
dgram.Socket.prototype.send = function (...args) {
  record("datagram");
  return send.apply(this, args);
};
