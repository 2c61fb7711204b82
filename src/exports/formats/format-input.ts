import type { ParsedLabelConfig } from "../../label-config/parsed-label-config.ts";
import type { ExportedTask } from "../../presenters/exported-task.ts";
import type { ControlLookup } from "../control-lookup.ts";

/** What a format is made of. */
export interface FormatInput {
  /** Starts to read the tasks; each call reads the same ones. */
  open: () => AsyncIterable<ExportedTask>;
  controls: ParsedLabelConfig;
  typeOf: ControlLookup;
  /** The field of the data that is labeled. */
  dataKey: string;
}
