import { OperationalError } from "../common/operational-error.ts";
import type { IdMap } from "./id-map.ts";
import type { Report } from "./report.ts";
import type { Source } from "./source.ts";
import type { MigratedTable, Target } from "./target/target.ts";

/** Is called after each batch: `done` of `total` rows of a kind are processed. */
export type OnProgress = (progress: { name: string; done: number; total: number }) => void;

/** What the steps of a migration share. */
export interface MigrationContext {
  source: Source;
  target: Target;
  /** The id of this Label Studio in `label_studio_sources`. */
  source_id: number;
  /** The organization's ids in source and target. */
  organization: { source_id: number; target_id: number };
  /** The target had no users before, so all ids are free. */
  is_empty: boolean;
  /** From ids in the source to ids in the target. */
  ids: Record<MigratedTable, IdMap>;
  /** Ids in the target of projects that got rows: their counters are rebuilt. */
  changed_projects: Set<number>;
  report: Report;
  onProgress: OnProgress;
}

/** The source or the target can't be used for a migration. The message says what to do. */
export class MigrationError extends OperationalError {}
