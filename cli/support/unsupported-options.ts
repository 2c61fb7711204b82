import { Option } from "commander";
import type { Command } from "commander";

/** Label Studio's options for features that don't exist here, with the message that says what to do instead. */
const refused: [flags: string, reason: string][] = [
  ["-c, --config <file>", "settings are options, or variables such as LABEL_STUDIO_PORT"],
  [
    "--cert <file>",
    "Label Studio doesn't support SSL web server with cert and key. Use nginx or other servers for it.",
  ],
  ["--key <file>", "Label Studio doesn't support SSL web server with cert and key. Use nginx or other servers for it."],
  ["--ml-backends <urls...>", "no machine learning backends are connected; send predictions by the API"],
];

/** Options against problems that can't occur here: accepted, without effect. */
const needless = ["--skip-long-migrations", "--agree-fix-sqlite"];

/** Declares these options, so that scripts that pass them work, or end with a message that says why they don't. */
export function refuseUnsupported(program: Command): void {
  for (const flags of needless) program.addOption(new Option(flags).hideHelp());
  for (const [flags, reason] of refused) {
    const option = new Option(flags).hideHelp();
    program.addOption(option);
    program.on(`option:${option.name()}`, () => program.error(`error: option '${flags}' is not supported: ${reason}`));
  }
}
