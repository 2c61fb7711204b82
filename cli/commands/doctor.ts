import { parsePublicAddress } from "../../src/config/public-address.ts";
import { ConfigError } from "../../src/config/settings.ts";
import { CommandError } from "../support/command-error.ts";
import { readExistingConfig } from "../support/config.ts";
import { printLine } from "../support/io.ts";
import type { Io } from "../support/io.ts";
import { localFindings } from "../support/local-findings.ts";
import { mailFindings } from "../support/mail-findings.ts";
import type { CommandOptions } from "../support/options.ts";
import { siteFindings } from "../support/site-findings.ts";

/** Looks whether the server can work as it is configured and, with --url, as people reach it. Changes nothing. */
export async function doctor(io: Io, options: CommandOptions): Promise<void> {
  const address = options.url === undefined ? undefined : parsePublicAddress(options.url);
  if (options.url !== undefined && !address?.host)
    throw new ConfigError(`--url is ${JSON.stringify(options.url)}: use an address such as https://labels.example.com`);
  const config = readExistingConfig(io, options);
  const findings = [
    ...(await localFindings(config)),
    ...(await mailFindings(config)),
    ...(address?.host ? await siteFindings(address.host, address.base_path) : []),
  ];
  const wrong = findings.filter(({ ok }) => !ok);
  if (options.json) printLine(io.stdout, JSON.stringify({ findings }));
  else
    for (const { name, ok, message } of findings)
      printLine(io.stdout, `${ok ? "ok   " : "WRONG"}  ${name}: ${message}`);
  if (wrong.length > 0) throw new CommandError(`Wrong: ${wrong.map(({ name }) => name).join(", ")}.`);
}
