// Fetches the Python packages of test:sdk and test:fuzz ahead of them. It needs nothing from node_modules.
import { addOldVersion, makeVenv, oldVersions } from "./support/venv.js";

const sdk = makeVenv("sdk");
await Promise.all([sdk, makeVenv("fuzz")]);
for (const version of oldVersions) await addOldVersion(await sdk, version);
