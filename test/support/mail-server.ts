import { SMTPServer } from "smtp-server";

import { listen } from "./listen.ts";
import type { TestHooks } from "./test-hooks.ts";
import { waitUntil } from "./wait-until.ts";

export interface ReceivedMail {
  /** The sender and the recipients as the mail server was told. */
  from: string;
  to: string[];
  headers: Record<string, string>;
  text: string;
}

export interface MailServer {
  /** For LABEL_STUDIO_SMTP_URL. */
  url: string;
  /** What it has received, oldest first. */
  mails: ReceivedMail[];
  /** Waits for a mail to this address, and takes it out of `mails`. */
  mailTo: (address: string) => Promise<ReceivedMail>;
  /** Refuses all mail from now on. */
  break: () => void;
}

/** A real SMTP server in the process of the test, without TLS. With `user` it asks for that user and a password "secret". */
export async function startMailServer(t: TestHooks, { user = "" } = {}): Promise<MailServer> {
  const mails: ReceivedMail[] = [];
  let isBroken = false;
  const server = new SMTPServer({
    disabledCommands: ["STARTTLS"],
    authOptional: user === "",
    allowInsecureAuth: true,
    onAuth({ username, password }, _session, done) {
      const isRight = username === user && password === "secret";
      done(isRight ? null : new Error("Wrong user or password"), { user: username });
    },
    onRcptTo(_address, _session, done) {
      done(isBroken ? new Error("The mailbox is full") : null);
    },
    onData(stream, { envelope }, done) {
      const chunks: Buffer[] = [];
      stream.on("data", (chunk: Buffer) => void chunks.push(chunk));
      stream.on("end", () => {
        const from = envelope.mailFrom ? envelope.mailFrom.address : "";
        const to = envelope.rcptTo.map(({ address }) => address);
        mails.push({ from, to, ...parseMail(Buffer.concat(chunks).toString("utf8")) });
        done(null);
      });
    },
  });
  const credentials = user === "" ? "" : `${encodeURIComponent(user)}:secret@`;
  const port = await listen(t, server.server);
  return {
    url: `smtp://${credentials}127.0.0.1:${port}`,
    mails,
    async mailTo(address) {
      const index = () => mails.findIndex(({ to }) => to.includes(address));
      await waitUntil(`there is mail to ${address}`, () => index() >= 0);
      const [mail] = mails.splice(index(), 1);
      if (!mail) throw new Error("The mail is gone");
      return mail;
    },
    break() {
      isBroken = true;
    },
  };
}

/** The first link of a mail: its path and query. */
export function linkIn({ text }: Pick<ReceivedMail, "text">): string {
  const { pathname, search } = new URL(/https?:\/\/\S+/.exec(text)?.[0] ?? "");
  return pathname + search;
}

/** Headers by their names in lower case, and the text without its transfer encoding. */
function parseMail(raw: string): Pick<ReceivedMail, "headers" | "text"> {
  const [head = "", ...body] = raw.split("\r\n\r\n");
  const headers = Object.fromEntries(
    head
      .replaceAll(/\r\n\s+/g, " ")
      .split("\r\n")
      .map((line) => [line.slice(0, line.indexOf(":")).toLowerCase(), line.slice(line.indexOf(":") + 1).trim()]),
  );
  const text = body.join("\r\n\r\n").replaceAll("\r\n", "\n");
  const isQuoted = headers["content-transfer-encoding"] === "quoted-printable";
  return { headers, text: isQuoted ? decodeQuotedPrintable(text) : text };
}

function decodeQuotedPrintable(text: string): string {
  const bytes = text
    .replaceAll("=\n", "")
    .replaceAll(/=([\dA-F]{2})/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
  return Buffer.from(bytes, "latin1").toString("utf8");
}
