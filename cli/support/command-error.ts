import { OperationalError } from "../../src/common/operational-error.ts";

/** Something the person at the shell can put right. The message says how. */
export class CommandError extends OperationalError {}
