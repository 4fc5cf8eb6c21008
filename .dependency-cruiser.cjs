// The arrows of docs/architecture.md as rules: routes → features, http, domain → providers, jobs, db → contracts, lib.
const rooms = "routes|features|components|domain|providers|http|jobs|db|contracts|lib";

/** The schema's words, without any code of the database. */
const enums = "^app/db/generated/enums\\.ts$";

/** What files of one room may import inside app/; anything not listed is refused. */
const only = (room, allowed, extra = {}) => ({
  name: `${room}-imports`,
  severity: "error",
  comment: `app/${room} may import app/{${allowed.join(",")}}`,
  from: { path: `^app/${room}/`, ...extra.from },
  to: {
    path: `^app/(${rooms})/`,
    pathNot: [`^app/(${[room, ...allowed].join("|")})/`, ...(extra.except ?? [])],
  },
});

const notInBrowser = {
  path: "^app/",
  // Server files, the database, which only they read, and routes, whose server parts Remix takes out.
  pathNot: ["\\.server\\.tsx?$", "^app/(db|routes)/", "^app/routes\\.ts$", "^app/lib/ids\\.ts$"],
};

module.exports = {
  forbidden: [
    {
      name: "no-circular",
      severity: "error",
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } },
    },
    {
      name: "no-unresolved",
      severity: "error",
      from: {},
      to: { couldNotResolve: true, pathNot: "^virtual:" },
    },

    only("lib", []),
    only("contracts", ["lib"]),
    only("components", ["lib"]),
    only("providers", ["contracts", "lib"], { except: [enums] }),
    only("db", ["lib"]),
    only("jobs", ["domain", "db", "lib", "contracts"]),
    only("domain", ["providers", "db", "contracts", "lib"], { except: ["^app/jobs/job-queue\\.ts$"] }),
    only("features", ["components", "db", "domain", "contracts", "lib"]),
    only("http", ["domain", "db", "contracts", "lib"]),
    only("routes", ["features", "components", "http", "domain", "contracts", "lib"]),

    {
      name: "contracts-packages",
      severity: "error",
      comment: "Contracts reach the browser, the documents and the tests: Zod, and exact decimals for money.",
      from: { path: "^app/contracts/" },
      to: {
        dependencyTypes: ["npm", "npm-dev", "core"],
        pathNot: "node_modules/(zod|big\\.js|@types/big\\.js)/",
      },
    },
    {
      name: "features-no-domain-code",
      severity: "error",
      comment:
        "Pages take types from the domain; rules that are pure (no .server) may be shared; commands are called by routes.",
      from: { path: "^app/features/", pathNot: "\\.presenter\\.server\\.ts$" },
      to: { path: "^app/domain/.*\\.server\\.ts$", dependencyTypesNot: ["type-only"] },
    },
    {
      name: "prisma-client-places",
      severity: "error",
      comment: "Queries live in the domain and in presenters, nowhere else (architecture.md, weak spots).",
      from: {
        path: "^(app|server\\.ts|scripts)",
        pathNot: ["^app/(db|domain)/", "^app/features/.*\\.presenter\\.server\\.ts$"],
      },
      to: {
        path: ["^app/db/generated/client", "node_modules/@prisma/client"],
        dependencyTypesNot: ["type-only"],
      },
    },
    {
      name: "browser-no-database",
      severity: "error",
      comment: "A file without .server may reach a browser: no Prisma client, nothing of Node.",
      from: notInBrowser,
      to: {
        path: ["^app/db/generated/client", "node_modules/@prisma/client"],
        dependencyTypesNot: ["type-only"],
      },
    },
    {
      name: "browser-no-node",
      severity: "error",
      from: notInBrowser,
      to: { dependencyTypes: ["core"] },
    },
    {
      name: "browser-no-server-files",
      severity: "error",
      comment:
        "Only routes, whose server parts Remix removes, may import .server files from files without .server.",
      from: notInBrowser,
      to: { path: "\\.server\\.tsx?$", dependencyTypesNot: ["type-only"] },
    },
    {
      name: "app-imports-nothing-outside",
      severity: "error",
      from: { path: "^app/" },
      to: { path: "^(tests|scripts|prisma|bench|server\\.ts)" },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: ["^app/db/generated/(internal|models|commonInputTypes)", "^build/"] },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "require", "node", "default", "types"],
    },
  },
};
