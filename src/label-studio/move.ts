import { OperationalError } from "../common/operational-error.ts";
import type { CopiedTable, Writer } from "./writer/writer.ts";
import type { IdRanges } from "./id-runs.ts";
import type { Report } from "./report.ts";
import type { Source } from "./source.ts";

/** Hears how far it is: `done` of `total` rows of a kind. */
export type OnProgress = (progress: { name: string; done: number; total: number }) => void;

/** What a table's move needs. */
export interface MigrationContext {
  source: Source;
  to: Writer;
  source_id: number;
  /** The organization's id there, and here. */
  organization: { there: number; here: number };
  /** Nothing was here before, so that all ids are free. */
  is_empty: boolean;
  ids: Record<CopiedTable, IdRanges>;
  /** The projects here that rows came to. */
  touched: Set<number>;
  report: Report;
  tell: OnProgress;
}

/** Something about the source that people can put right. The message says how. */
export class MigrationError extends OperationalError {}
