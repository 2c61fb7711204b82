import bcrypt from "bcrypt";

import { workerFile } from "../common/package.ts";
import { WorkerPool } from "../common/worker-pool.ts";

/** The message to a worker thread; it sends back the hash, or whether the password matches. */
export type BcryptRequest = { password: string; cost: number } | { password: string; hash: string };

const threads = new WorkerPool<BcryptRequest, string | boolean>({
  file: workerFile("src/security/bcrypt-worker"),
  size: 2,
  seconds: 60,
  idleSeconds: 30,
  resourceLimits: { maxOldGenerationSizeMb: 16, maxYoungGenerationSizeMb: 4 },
});

/** Whether Node's own threads, whose priority nobody can lower, work at a password. */
let isBusy = false;

/** `cost`: the binary logarithm of bcrypt's rounds. */
export async function hashWithBcrypt(password: string, cost: number): Promise<string> {
  return (await run(() => bcrypt.hash(password, cost), { password, cost })) as string;
}

export async function matchesBcrypt(password: string, hash: string): Promise<boolean> {
  return (await run(() => bcrypt.compare(password, hash), { password, hash })) as boolean;
}

/**
 * One password at a time goes to Node's own threads, which are there already; those beside it to a thread of low priority. So a
 * processor is free for requests however many people log in.
 */
async function run(onOwnThread: () => Promise<string | boolean>, request: BcryptRequest): Promise<string | boolean> {
  if (isBusy || threads.busy > 0) {
    const answer = await threads.run(request);
    if (answer === undefined) throw new Error("A thread that hashes passwords has ended.");
    return answer;
  }
  isBusy = true;
  try {
    return await onOwnThread();
  } finally {
    isBusy = false;
  }
}
