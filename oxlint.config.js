/**
 * The floors of src/, from the lowest to the highest: what stands in a folder imports from its own and from lower floors.
 * Folders of one floor know nothing of each other.
 */
const floors = [
  ["common"],
  ["database", "security"],
  ["config", "label-config"],
  ["repositories"],
  ["audio", "background", "images", "mail", "rendering"],
  ["presenters"],
  ["exports", "imports", "label-studio"],
  ["forms", "uploads"],
  ["context.ts"],
  ["http"],
  ["middleware"],
  ["pages"],
  ["api"],
  ["routes"],
  ["app.ts"],
  ["server.ts"],
];

/** Packages that are at home on some floors only. */
const packages = {
  knex: ["database", "repositories", "label-studio", "app.ts", "server.ts"],
  koa: ["context.ts", "http", "middleware", "pages", "uploads", "api", "routes", "app.ts"],
  "@koa/router": ["api", "routes"],
};

const restrictions = floors.flatMap((folders, floor) =>
  folders.map((folder) => {
    const beside = folders.filter((each) => each !== folder);
    const foreign = [...beside, ...floors.slice(floor + 1).flat()];
    const group = foreign.map((each) => (each.endsWith(".ts") ? `**/${each}` : `**/${each}/**`));
    const elsewhere = Object.keys(packages).filter((name) => !packages[name].includes(folder));
    return {
      files: [folder.endsWith(".ts") ? `src/${folder}` : `src/${folder}/**`],
      rules: {
        "no-restricted-imports": [
          "error",
          {
            paths: elsewhere.map((name) => ({ name, message: `${name} is not used on the floor of ${folder}.` })),
            patterns: [
              { group: [...group, "**/cli/**"], message: "Imports go down: see the floors in oxlint.config.js." },
            ],
          },
        ],
      },
    };
  }),
);

export default {
  plugins: ["typescript", "import", "node", "promise", "unicorn"],
  categories: {
    correctness: "error",
    suspicious: "warn",
  },
  ignorePatterns: ["dist", "node_modules"],
  rules: {
    "typescript/no-explicit-any": "error",
    "typescript/no-non-null-assertion": "error",
    "typescript/consistent-type-imports": "error",
    "typescript/no-floating-promises": [
      "error",
      { allowForKnownSafeCalls: [{ from: "package", package: "node:test", name: "test" }] },
    ],
    "typescript/no-misused-promises": "error",
    "import/no-default-export": "error",
    "import/no-cycle": ["error", { ignoreTypes: false }],
    "no-console": "error",
    "no-shadow": "off",
    "no-await-in-loop": "off",
    "typescript/no-misused-spread": "off",
    "typescript/no-unsafe-type-assertion": "off",
    "typescript/consistent-return": "off",
    "unicorn/require-post-message-target-origin": "off",
    "unicorn/no-array-sort": "off",
    "unicorn/consistent-function-scoping": "off",
    "typescript/no-unnecessary-type-parameters": "off",
    "no-underscore-dangle": ["warn", { allow: ["_handlePart"] }],
  },
  overrides: [
    {
      files: ["static/**"],
      env: { browser: true },
      rules: { "typescript/no-misused-promises": "off" },
    },
    {
      files: ["scripts/**", "bench/**", "test/faults/**", "test/fuzz/**", "test/pictures/**"],
      rules: { "no-console": "off" },
    },
    {
      files: ["oxlint.config.js"],
      rules: { "import/no-default-export": "off" },
    },
    ...restrictions,
  ],
};
