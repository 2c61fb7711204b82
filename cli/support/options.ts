import type { ProjectSettings } from "../../src/repositories/labeling/projects.ts";

/** The values of --sampling: the order in which tasks are assigned. */
export const samplings = {
  sequential: "Sequential sampling",
  uniform: "Uniform sampling",
  "prediction-score-min": "Uncertainty sampling",
} as const satisfies Record<string, ProjectSettings["sampling"]>;

/** The user of a command without --username, as in Label Studio. */
export const defaultUsername = "default_user@localhost";

/** The values of --show: which people `users list` prints. */
export const shownPeople = ["everyone", "active", "never", "deactivated", "removed"] as const;

export type ShownPeople = (typeof shownPeople)[number];

/** What commander read from the command line. */
export interface CommandOptions {
  username?: string;
  /** The new one of `users set-email`. */
  email?: string;
  password?: string;
  passwordStdin?: boolean;
  endTokens?: boolean;
  /** Of keys and of invitation links. */
  days?: string;
  never?: boolean;
  /** Of `invite create`. */
  note?: string;
  onlyFor?: string;
  uses?: string;
  readOnly?: boolean;
  userToken?: string;
  dataDir?: string;
  database?: string;
  logLevel?: string;
  debug?: boolean;
  port?: string;
  internalHost?: string;
  host?: string;
  enableLegacyApiToken?: boolean;
  /** False with --no-browser. */
  browser?: boolean;
  json?: boolean;
  /** Of a person, or of a key. */
  name?: string;
  show?: ShownPeople;
  repair?: boolean;
  /** Of `events`: a time, or how long ago. */
  since?: string;
  /** What `doctor` asks. */
  url?: string;
  init?: boolean;
  quiet?: boolean;
  labelConfig?: string;
  initialProjectDescription?: string;
  sampling?: keyof typeof samplings;
  /** Where `db copy` copies to. */
  to?: string;
  exportPath?: string;
  /** False with --no-overwrite. */
  overwrite?: boolean;
  exportSerializerContext?: string;
  from?: string;
  media?: string;
  secretKey?: string;
  secretKeyFile?: string;
  /** Of `secret-key rotate`: a file, or "-" for standard input. */
  newKeyFile?: string;
  leaked?: boolean;
  yes?: boolean;
  dryRun?: boolean;
  intoExisting?: boolean;
}
