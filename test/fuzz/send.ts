import http from "node:http";
import net from "node:net";

import type { FuzzedRequest } from "./generate.ts";

/** How long an answer is waited for, in milliseconds. */
const patience = 30_000;

export interface Answer {
  /** Undefined when the connection ended without an answer. */
  status: number | undefined;
  milliseconds: number;
  /** The beginning of the body. */
  text: string;
}

/** Sends requests to a port of this machine, over so many connections. */
export function openClient(port: number, connections: number) {
  const agent = new http.Agent({ keepAlive: true, maxSockets: connections });
  return {
    async send(request: FuzzedRequest): Promise<Answer> {
      const started = performance.now();
      const { status, text } = await (isForSocket(request)
        ? overSocket(port, request)
        : overHttp(port, agent, request));
      return { status, text, milliseconds: performance.now() - started };
    },
    close: () => agent.destroy(),
  };
}

type Received = Pick<Answer, "status" | "text">;

/** Whether Node's client would refuse to send it. */
function isForSocket({ method, target, headers, broken }: FuzzedRequest): boolean {
  const values = Object.values(headers);
  return (
    broken !== undefined ||
    // It would keep the connection waiting, or take the body for a tunnel.
    "Upgrade" in headers ||
    "Transfer-Encoding" in headers ||
    "Expect" in headers ||
    !/^[!-~]+$/.test(target) ||
    method !== method.toUpperCase() ||
    values.some((value) => !/^[\t -~]*$/.test(value))
  );
}

async function overHttp(port: number, agent: http.Agent, request: FuzzedRequest): Promise<Received> {
  const { method, target: path, headers, body } = request;
  return new Promise((resolve) => {
    const sent = http.request({ port, host: "127.0.0.1", agent, method, path, headers, timeout: patience });
    let status: number | undefined;
    let text = "";
    const end = () => resolve({ status, text });
    sent.on("response", (answer) => {
      status = answer.statusCode;
      answer.setEncoding("latin1");
      answer.on("data", (part: string) => (text += text.length < 2_000 ? part : ""));
      answer.on("close", end);
    });
    sent.on("timeout", () => sent.destroy(new Error("no answer")));
    sent.on("error", end);
    if (body) sent.setHeader("Content-Length", body.length);
    sent.end(body);
  });
}

/** An interim answer such as 100 may come before it. */
const statusLine = /^(?:HTTP\/1\.1 1\d\d[^\r]*\r\n\r\n)?HTTP\/1\.1 ([2-9]\d\d) /;

async function overSocket(port: number, request: FuzzedRequest): Promise<Received> {
  return new Promise((resolve) => {
    const socket = net.connect({ port, host: "127.0.0.1", timeout: patience });
    let text = "";
    socket.setEncoding("latin1");
    socket.on("data", (part: string) => (text += text.length < 2_000 ? part : ""));
    socket.on("timeout", () => socket.destroy());
    socket.on("error", () => undefined);
    socket.on("close", () => resolve({ status: Number(statusLine.exec(text)?.[1]) || undefined, text }));
    // What is cut off is never complete: waiting for an answer would be in vain.
    socket.write(bytesOf(request), () => {
      if (request.broken === "short") setTimeout(() => socket.destroy(), 20);
    });
  });
}

function bytesOf({ method, target, headers, body = Buffer.alloc(0), broken }: FuzzedRequest): Buffer {
  const all: Record<string, string> = { Host: "127.0.0.1", ...headers };
  all["Connection"] = ["close", headers["Connection"]].filter(Boolean).join(", ");
  const excess = broken === "short" ? 100 : broken === "long" ? -Math.min(body.length, 5) : 0;
  if (broken === "chunk") all["Transfer-Encoding"] = "chunked";
  else all["Content-Length"] = String(body.length + excess);
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  const head = Buffer.from(`${method} ${target} HTTP/1.1\r\n${lines.join("")}\r\n`, "latin1");
  const chunk = broken === "chunk" ? [Buffer.from("zz\r\n")] : [];
  return broken === "garbage" ? Buffer.concat([body, head]) : Buffer.concat([head, ...chunk, body]);
}
