import pLimit from "p-limit";

import type { Log } from "../log.ts";
import type { Export } from "../repositories/exports.ts";
import type { Repositories } from "../repositories/index.ts";
import type { ExportFolder } from "./export-folder.ts";
import type { ExportFormat } from "./formats.ts";
import { makeConversion, makeSnapshot } from "./snapshots.ts";

export type Exporter = ReturnType<typeof createExporter>;

/** Work that goes on in the background; `ended` resolves when it is done, well or not. */
export interface Begun {
  id: number;
  ended: Promise<void>;
}

/** Makes the files of snapshots, one at a time. What was under way when a server ended is made anew after the next start. */
export function createExporter(repositories: Repositories, folder: ExportFolder, log: Log) {
  const { exports } = repositories;
  const inTurn = pLimit(1);
  const running = new Map<string, Promise<void>>();
  const stopping = new AbortController();
  const workshop = { repositories, folder, signal: stopping.signal };

  const begin = (name: string, make: () => Promise<void>, fail: () => Promise<boolean>): Promise<void> => {
    const tried = async () => {
      try {
        stopping.signal.throwIfAborted();
        await make();
      } catch (error) {
        if (stopping.signal.aborted) return;
        // What was deleted meanwhile did not fail.
        const isWanted = await fail().catch(() => true);
        if (isWanted) log.error({ err: error }, `${name} failed`);
      }
    };
    const ended = running.get(name) ?? inTurn(tried).finally(() => running.delete(name));
    running.set(name, ended);
    return ended;
  };

  const snapshot = (id: number): Begun => {
    const make = () => makeSnapshot(workshop, id);
    return { id, ended: begin(`export ${id}`, make, () => exports.fail(id)) };
  };

  const conversion = (id: number): Begun => {
    const make = () => makeConversion(workshop, id);
    return { id, ended: begin(`export conversion ${id}`, make, () => exports.setConversion(id, "failed")) };
  };

  return {
    folder,

    async start(wanted: Pick<Export, "project_id" | "created_by_id" | "title" | "options">): Promise<Begun> {
      return snapshot((await exports.create(wanted)).id);
    },

    /** Undefined when it was converted to this format before, and that did not fail. */
    async convert({ id }: Export, format: ExportFormat): Promise<Begun | undefined> {
      const made = await exports.addConversion(id, format);
      return made && conversion(made.id);
    },

    async remove({ id, project_id }: Export): Promise<void> {
      await exports.delete(id);
      await folder.remove({ project_id, export_id: id });
    },

    /** Begins what is under way by the database and not here. */
    async resume(): Promise<void> {
      for (const id of await exports.unfinished()) snapshot(id);
      for (const id of await exports.unfinishedConversions()) conversion(id);
    },

    /** Deletes files that are of nothing. */
    async tidy(): Promise<void> {
      await folder.tidy(async (project_id, id) => (await exports.find(id))?.project_id === project_id);
    },

    /** Stops; what is left is made after the next start. */
    async close(): Promise<void> {
      stopping.abort();
      await Promise.all(running.values());
    },
  };
}
