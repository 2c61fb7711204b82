/** Answered with 429 Too Many Requests. */
export class QueueFullError extends Error {
  readonly status = 429;
}

/** Who waits: kinds of work take turns, and within a kind those who asked for it do. */
export interface Turn {
  kind: string;
  /** Whom the work is done for, such as an address. */
  client: string;
}

interface Limits {
  /** How much work runs at the same time. */
  concurrency: number;
  /** How much of one kind may wait, and of one client. */
  maxWaitingOfKind: number;
  maxWaitingOfClient: number;
}

type Job = () => void;

/** Runs asynchronous work, a few at a time. Clients take turns, so that one who asks for much delays the others by little. */
export class FairQueue {
  readonly #limits: Limits;
  /** By kind and client; the next ones come first. Nothing in it is empty. */
  readonly #waiting = new Map<string, Map<string, Job[]>>();
  #running = 0;

  constructor(limits: Limits) {
    this.#limits = limits;
  }

  /** Resolves or rejects as the work does. Rejects with QueueFullError, without running it, when too much waits. */
  async run<Result>(turn: Turn, work: () => Promise<Result>): Promise<Result> {
    if (this.#running < this.#limits.concurrency) this.#running++;
    else await this.#wait(turn);
    try {
      return await work();
    } finally {
      const next = this.#next();
      if (next) next();
      else this.#running--;
    }
  }

  #wait({ kind, client }: Turn): Promise<void> {
    const clients = this.#waiting.get(kind) ?? new Map<string, Job[]>();
    const jobs = clients.get(client) ?? [];
    const ofKind = [...clients.values()].reduce((sum, { length }) => sum + length, 0);
    if (ofKind >= this.#limits.maxWaitingOfKind || jobs.length >= this.#limits.maxWaitingOfClient)
      return Promise.reject(new QueueFullError("Too many requests wait for the same"));
    this.#waiting.set(kind, clients.set(client, jobs));
    return new Promise((resolve) => void jobs.push(resolve));
  }

  /** Takes the next job out; its client, and the kind, go to the end of their lines. */
  #next(): Job | undefined {
    const [kind, clients] = first(this.#waiting);
    if (!clients) return undefined;
    const [client, jobs] = first(clients);
    const job = jobs?.shift();
    clients.delete(client);
    this.#waiting.delete(kind);
    if (jobs?.length) clients.set(client, jobs);
    if (clients.size > 0) this.#waiting.set(kind, clients);
    return job;
  }
}

function first<Value>(map: Map<string, Value>): [string, Value | undefined] {
  const [entry] = map;
  return entry ?? ["", undefined];
}
