/** The `parsed_label_config` of a project, as far as exports look at it. */
export type ParsedSetup = Record<string, { type: string; regex?: Record<string, string> }>;
