import { fork } from "node:child_process";
import { once } from "node:events";
import path from "node:path";

import { thumbnailOptions, thumbnails } from "../src/images/avatars.ts";
import { WorkerPool } from "../src/common/worker-pool.ts";
import type { ThumbnailRequest, ThumbnailResult } from "../src/images/thumbnail.ts";
import { jpeg } from "../test/support/images.ts";
import pLimit from "p-limit";

import type { BulkOutcome, BulkTask } from "./bulk-ceiling.ts";
import { addAccounts, createProject, exportTasks, importTasks, logIn, writeTable } from "./large-requests.ts";
import { median } from "./median.ts";
import { processorTime } from "./processor-time.ts";
import type { Ratio } from "./ratios.ts";
import { secret_key, signUp, startServer } from "./server.ts";
import type { MeasuredServer } from "./server.ts";

const tasks = 200_000;
const rounds = 3;
const logIns = 50;
const passwordCost = 10;
const images = 20;
const imagePixels = 1200;

interface Subjects {
  name: string;
  what: string;
  /** The least part of the ceiling's rate. */
  target: number;
  product: () => Promise<BulkOutcome>;
  ceiling: () => Promise<BulkOutcome>;
}

/**
 * Compares imports, exports, log-ins and images with the least that the same packages need for them (see bulk-ceiling.ts), in turn.
 * `BULK=import,export` for some of them.
 */
export async function bulk(): Promise<Ratio[]> {
  const server = await startServer({ LABEL_STUDIO_SECRET_KEY: secret_key });
  const child = fork(path.join(import.meta.dirname, "bulk-ceiling.ts"));
  const ask = async (task: BulkTask): Promise<BulkOutcome> => {
    child.send(task);
    const [outcome] = (await once(child, "message")) as [BulkOutcome];
    return outcome;
  };
  try {
    const cookie = await signUp(server);
    const database = path.join(server.data_dir, "label_studio.sqlite3");
    const file = await writeTable(server, tasks);
    const emails = await addAccounts({ client: "sqlite3", file: database }, logIns);
    const imported = await createProject(server, cookie);
    await importTasks(server, cookie, imported, file);
    const ofServer = (work: () => Promise<unknown>) => measure(server, work);
    const all: Subjects[] = [
      {
        name: "import",
        what: `Import of ${tasks.toLocaleString("en")} tasks, of its ceiling`,
        target: 0.4,
        product: async () => {
          const project = await createProject(server, cookie);
          return ofServer(() => importTasks(server, cookie, project, file));
        },
        ceiling: async () => ask({ kind: "import", database, project: await createProject(server, cookie), file }),
      },
      {
        name: "export",
        what: `Export of ${tasks.toLocaleString("en")} tasks, of its ceiling`,
        target: 0.5,
        product: () => ofServer(() => exportTasks(server, cookie, imported, tasks)),
        ceiling: () => ask({ kind: "export", database, project: imported }),
      },
      {
        name: "log-ins",
        what: `${logIns} log-ins at once, of the rate of bcrypt on all processors`,
        target: 0.85,
        product: () => ofServer(() => Promise.all(emails.map((email) => logIn(server, email)))),
        ceiling: () => ask({ kind: "log-ins", count: logIns, cost: passwordCost }),
      },
      await imageSubjects(),
    ];
    const chosen = process.env.BULK?.split(",");
    const ratios: Ratio[] = [];
    for (const subjects of all)
      if (!chosen || chosen.includes(subjects.name)) ratios.push(...(await compare(subjects)));
    return ratios;
  } finally {
    child.disconnect();
    await server.stop();
  }
}

async function compare({ what, target, product, ceiling }: Subjects): Promise<Ratio[]> {
  const [products, ceilings]: [BulkOutcome[], BulkOutcome[]] = [[], []];
  for (let round = 0; round <= rounds; round++) {
    const outcomes = [await product(), await ceiling()] as const;
    // The first one compiles what runs often.
    if (round === 0) continue;
    products.push(outcomes[0]);
    ceilings.push(outcomes[1]);
  }
  const ratio = (key: keyof BulkOutcome) =>
    median(ceilings.map((each, round) => each[key] / (products[round]?.[key] ?? Number.NaN)));
  const figures = (key: keyof BulkOutcome) =>
    [products, ceilings].map((each) => `${median(each.map((outcome) => outcome[key])).toFixed(2)} s`).join(" and ");
  console.log(`${what}: ${figures("seconds")}, processor time ${figures("processor")}`);
  return [
    { what, ratio: ratio("seconds"), target, isLeast: true },
    { what: `${what}, by processor time`, ratio: ratio("processor"), target, isLeast: true },
  ];
}

/** Profile images, by the threads that the product keeps, and by a thread for each image. */
async function imageSubjects(): Promise<Subjects> {
  const request = { extension: "jpg", bytes: await jpeg(imagePixels, imagePixels) };
  const convert = async (run: () => Promise<unknown>) => {
    const [started, before] = [performance.now(), process.cpuUsage()];
    await Promise.all(Array.from({ length: images }, run));
    const { user, system } = process.cpuUsage(before);
    return { seconds: (performance.now() - started) / 1000, processor: (user + system) / 1e6 };
  };
  const queue = pLimit(2);
  const inNewThread = async () => {
    const pool = new WorkerPool<ThumbnailRequest, ThumbnailResult>({ ...thumbnailOptions, size: 1 });
    await pool.run(request);
    await pool.close();
  };
  return {
    name: "images",
    what: "Images of profiles, against a thread for each",
    target: 2,
    product: () => convert(() => thumbnails.run(request)),
    ceiling: () => convert(() => queue(inNewThread)),
  };
}

async function measure({ pid }: MeasuredServer, work: () => Promise<unknown>): Promise<BulkOutcome> {
  const [started, before] = [performance.now(), processorTime(pid)];
  await work();
  return { seconds: (performance.now() - started) / 1000, processor: (processorTime(pid) - before) / 1e6 };
}
