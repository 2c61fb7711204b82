import { once } from "node:events";
import http from "node:http";

/** What the process that measures tells this one: where to ask, then that the work is done. */
export type ProbeMessage = { address: string; cookie: string } | "stop";

const interval = 10;

process.on("message", (message: ProbeMessage) => {
  if (message !== "stop") start(message.address, message.cookie);
});
process.on("disconnect", () => process.exit(0));

/** Asks for whoami every 10 ms, whether it was answered or not, and tells the milliseconds of each answer once it is stopped. */
function start(address: string, cookie: string): void {
  // Sooner than the server closes what nobody uses.
  const agent = new http.Agent({ keepAlive: true, timeout: 2000 });
  const times: number[] = [];
  const asked: Promise<void>[] = [];
  const ask = async () => {
    const started = performance.now();
    const request = http.get(`${address}/api/current-user/whoami`, { agent, headers: { cookie } });
    const [answer] = (await once(request, "response")) as [http.IncomingMessage];
    answer.resume();
    await once(answer, "end");
    times.push(performance.now() - started);
    if (answer.statusCode !== 200) throw new Error(`whoami was answered with ${answer.statusCode}.`);
  };
  const timer = setInterval(() => void asked.push(ask()), interval);
  const tell = async () => {
    await Promise.all(asked);
    agent.destroy();
    process.send?.(times);
  };
  // What comes next is that the work is done.
  process.once("message", () => {
    clearInterval(timer);
    void tell();
  });
}
