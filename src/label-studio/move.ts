import type { MovedTable, Moving } from "./writer/writer.ts";
import type { IdRuns } from "./id-runs.ts";
import type { Report } from "./report.ts";
import type { Source } from "./source.ts";

/** Hears how far it is: `done` of `total` rows of a kind. */
export type Tell = (progress: { name: string; done: number; total: number }) => void;

/** What a table's move needs. */
export interface Move {
  source: Source;
  to: Moving;
  source_id: number;
  /** The organization's id there, and here. */
  organization: { there: number; here: number };
  /** Nothing was here before, so that all ids are free. */
  is_empty: boolean;
  ids: Record<MovedTable, IdRuns>;
  /** The projects here that rows came to. */
  touched: Set<number>;
  report: Report;
  tell: Tell;
}

/** Something about the source that people can put right. The message says how. */
export class MoveInError extends Error {}
