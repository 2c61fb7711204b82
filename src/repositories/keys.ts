import type { Config } from "../config/config.ts";
import { createPasswordHasher } from "../security/passwords.ts";
import type { PasswordHasher } from "../security/passwords.ts";
import { createCipher } from "../security/crypto.ts";
import type { Cipher } from "../security/crypto.ts";

/** What the repositories need beside the database. */
export interface Keys {
  passwords: PasswordHasher;
  cipher: Cipher;
}

/** The keys of a server or of a command, derived from its configuration. */
export function createKeys({ secret_key, password_cost }: Pick<Config, "secret_key" | "password_cost">): Keys {
  return {
    passwords: createPasswordHasher({ secretKey: secret_key, cost: password_cost }),
    cipher: createCipher(secret_key),
  };
}
