import pLimit from "p-limit";

import { settleWithin } from "../common/durations.ts";
import type { Logger } from "../common/logger.ts";
import type { Config } from "../config/config.ts";

/** A mail to one person, as plain text. */
export interface Message {
  to: string;
  subject: string;
  text: string;
}

/** Sends mail beside the requests: nobody's answer waits for it, and none reveals whether it could be sent. */
export interface Mailer {
  /** Where links in mails begin, without a final slash: the configured address, whatever a request says. */
  base_url: string;
  /** Sends what `prepare` makes, or nothing of undefined. A failure of either is logged. */
  send(prepare: () => Promise<Message | undefined>): void;
  /** Resolves when all mails are on their way, after four seconds at most. */
  close(): Promise<void>;
}

type MailSettings = Pick<Config, "smtp_url" | "mail_from" | "host" | "base_path">;

/** How long a mail server may take for each step, in milliseconds. */
const timeout = 10_000;

const closeTimeout = 4_000;

/** So many mails are under way at most, while the mail server is slow or down; further ones are dropped. */
const maxDeliveries = 1_000;

/** Why a mail server that is configured is not used, and what to do; undefined if it is, or none is configured. */
export function mailSettingsError({ smtp_url, host }: MailSettings): string | undefined {
  if (smtp_url === undefined || host) return undefined;
  return "LABEL_STUDIO_SMTP_URL has no effect without LABEL_STUDIO_HOST: set that to the address people use, with which the links in mails begin";
}

/** Returns undefined where no mail can be sent: without a mail server, or without a configured address for links. */
export function createMailer(config: MailSettings, log: Logger): Mailer | undefined {
  const { smtp_url, host, base_path } = config;
  if (smtp_url === undefined || !host) return undefined;
  const queue = pLimit(2);
  const deliver = async (prepare: () => Promise<Message | undefined>): Promise<void> => {
    try {
      const message = await prepare();
      if (message) await sendThrough(smtp_url, { ...message, from: senderOf(smtp_url, config.mail_from, host) });
    } catch (error) {
      log.error({ err: error }, "a mail could not be sent");
    }
  };
  const deliveries = new Set<Promise<void>>();
  return {
    base_url: host.origin + base_path,
    send(prepare) {
      if (deliveries.size >= maxDeliveries) return log.error("a mail was dropped: too many wait for the mail server");
      const delivery = queue(deliver, prepare).finally(() => deliveries.delete(delivery));
      deliveries.add(delivery);
    },
    async close() {
      await settleWithin(closeTimeout, Promise.all(deliveries));
    },
  };
}

/** Connects and logs in to the mail server, and sends nothing. Throws the reason why that fails. */
export async function verifyMailServer(smtp_url: string): Promise<void> {
  const transport = await openTransport(smtp_url);
  try {
    await transport.verify();
  } finally {
    transport.close();
  }
}

async function sendThrough(smtp_url: string, message: Message & { from: string }): Promise<void> {
  const transport = await openTransport(smtp_url);
  try {
    // As one address: a list would be several recipients.
    await transport.sendMail({ ...message, to: { name: "", address: message.to } });
  } finally {
    transport.close();
  }
}

/** Loaded when the first mail is sent. */
async function openTransport(url: string) {
  const { createTransport } = await import("nodemailer");
  const limits = { connectionTimeout: timeout, greetingTimeout: timeout, socketTimeout: timeout, dnsTimeout: timeout };
  return createTransport({ url, ...limits, disableFileAccess: true, disableUrlAccess: true });
}

/** As configured, else the mailbox that logs in to the mail server, else one of the site's host that nobody reads. */
function senderOf(smtp_url: string, mail_from: string | undefined, host: URL): string {
  if (mail_from !== undefined) return mail_from;
  const user = decodeURIComponent(new URL(smtp_url).username);
  return `Atelier <${user.includes("@") ? user : `noreply@${host.hostname}`}>`;
}
