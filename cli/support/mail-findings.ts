import type { LoadedConfig } from "../../src/config/config.ts";
import { mailSettingsError, verifyMailServer } from "../../src/mail/mailer.ts";
import type { Finding } from "./local-findings.ts";

/** Connects to the mail server, if one is configured, and sends nothing. */
export async function mailFindings(config: LoadedConfig): Promise<Finding[]> {
  const { smtp_url } = config;
  if (smtp_url === undefined) return [];
  const name = "mail";
  const error = mailSettingsError(config);
  if (error !== undefined) return [{ name, ok: false, message: error }];
  const { host } = new URL(smtp_url);
  try {
    await verifyMailServer(smtp_url);
    return [{ name, ok: true, message: `${host} takes mail` }];
  } catch (cause) {
    const message = `${host} takes no mail: ${(cause as Error).message}`;
    return [{ name, ok: false, message: message.replaceAll(/\s+/g, " ") }];
  }
}
