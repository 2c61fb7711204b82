import { once } from "node:events";
import { Worker } from "node:worker_threads";
import type { ResourceLimits } from "node:worker_threads";

import pLimit from "p-limit";

interface PoolOptions {
  file: string | URL;
  /** How many threads run at a time. */
  size: number;
  /** How long a thread may take for a request before it is ended. */
  seconds: number;
  /** After how long without a request a thread ends, which returns its memory. */
  idleSeconds: number;
  resourceLimits?: ResourceLimits;
}

/** Worker threads that answer each message with one. They start when they are needed, and never keep a process from ending. */
export class WorkerPool<Request, Response> {
  readonly #options: PoolOptions;
  readonly #queue;
  readonly #workers = new Set<Worker>();
  readonly #idle = new Map<Worker, NodeJS.Timeout>();

  constructor(options: PoolOptions) {
    this.#options = options;
    this.#queue = pLimit(options.size);
  }

  /** How many requests a thread works at. */
  get busy(): number {
    return this.#queue.activeCount;
  }

  /** Returns the response, or undefined if the thread ended without one: it took too long, or too much memory. */
  run(request: Request): Promise<Response | undefined> {
    return this.#queue(async () => {
      const worker = this.#take();
      const response = await this.#respond(worker, request);
      if (response !== undefined) this.#keepIdle(worker);
      return response;
    });
  }

  /** Ends all threads, and forgets the requests that wait for one: nobody waits for their responses any more. */
  async close(): Promise<void> {
    this.#queue.clearQueue();
    await Promise.all([...this.#workers].map((worker) => worker.terminate()));
  }

  #take(): Worker {
    const worker = [...this.#idle.keys()].at(-1);
    if (!worker) return this.#start();
    this.#removeIdle(worker);
    worker.ref();
    return worker;
  }

  #start(): Worker {
    const { file, resourceLimits = {} } = this.#options;
    const worker = new Worker(file, { resourceLimits });
    this.#workers.add(worker);
    worker.once("exit", () => {
      this.#workers.delete(worker);
      this.#removeIdle(worker);
    });
    // Errors during a request reject it; one without a request only ends the thread.
    worker.on("error", () => undefined);
    return worker;
  }

  async #respond(worker: Worker, request: Request): Promise<Response | undefined> {
    const done = new AbortController();
    const { signal } = done;
    const timeout = setTimeout(() => void worker.terminate(), this.#options.seconds * 1000);
    worker.postMessage(request);
    try {
      return await Promise.race([
        once(worker, "message", { signal }).then(([response]) => response as Response),
        once(worker, "exit", { signal }).then(() => undefined),
      ]);
    } catch (error) {
      void worker.terminate();
      if ((error as NodeJS.ErrnoException).code === "ERR_WORKER_OUT_OF_MEMORY") return undefined;
      throw error;
    } finally {
      clearTimeout(timeout);
      done.abort();
    }
  }

  #keepIdle(worker: Worker): void {
    worker.unref();
    const end = () => {
      this.#removeIdle(worker);
      void worker.terminate();
    };
    this.#idle.set(worker, setTimeout(end, this.#options.idleSeconds * 1000).unref());
  }

  #removeIdle(worker: Worker): void {
    clearTimeout(this.#idle.get(worker));
    this.#idle.delete(worker);
  }
}
