/**
 * An annotation as an export needs it; the JSON export writes whatever else it holds, too. The result is a list, or a
 * JsonText of one.
 */
export interface ExportedAnnotation {
  id: number;
  result: unknown;
  completed_by: number | { email?: string } | null;
  was_cancelled: boolean;
  created_at: string;
  updated_at: string;
  lead_time: number | null;
}

/**
 * A task as the JSON export shows it; that one writes all its fields, the others need these. The data is an object, or a
 * JsonText of one, whose numbers then keep their digits.
 */
export interface ExportedTask {
  id: number;
  data: unknown;
  annotations: ExportedAnnotation[];
}

/** The `parsed_label_config` of a project, as far as exports look at it. */
export type ParsedSetup = Record<string, { type: string; regex?: Record<string, string> }>;
