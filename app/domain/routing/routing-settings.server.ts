import {
  noRules,
  type RoutingSettingsResource,
  type RoutingWeights,
  type Rules,
} from "~/contracts/routing-rules";
import type { SqlExecutor } from "~/db/database";
import type { Mode } from "~/db/generated/enums";
import { defaultSettings } from "./decide.server";
import { storedRules } from "./rules";

export interface RoutingScope {
  merchantId: string;
  applicationId: string;
  mode: Mode;
}

/** One version of an application's routing settings in one mode. */
export interface RoutingVersion {
  version: number;
  weights: RoutingWeights;
  rules: Rules;
  note: string | null;
  author: { id: string; name: string } | null;
  /** Null for version 0, the defaults. */
  createdAt: Date | null;
}

interface VersionRow extends RoutingWeights {
  version: number;
  rules: unknown;
  note: string | null;
  authorId: string | null;
  authorName: string | null;
  createdAt: Date;
}

/** What routing does before anybody has set anything. */
const defaultVersion: RoutingVersion = {
  version: 0,
  weights: {
    margin: defaultSettings.margin,
    cost: defaultSettings.costWeight,
    speed: defaultSettings.speedWeight,
  },
  rules: noRules,
  note: null,
  author: null,
  createdAt: null,
};

/**
 * Versions of a scope, newest first: the one that counts is the first. Version 0, which is stored nowhere,
 * is the last one.
 */
export async function readVersions(
  tx: SqlExecutor,
  { merchantId, applicationId, mode }: RoutingScope,
  { take, below = 2 ** 31 - 1 }: { take: number; below?: number },
): Promise<RoutingVersion[]> {
  const rows = await tx.query<VersionRow>(
    `select c.version, c.margin, c.cost_weight as cost, c.speed_weight as speed, c.rules, c.note,
            c.author_id as "authorId", u.first_name || ' ' || u.last_name as "authorName", c.created_at as "createdAt"
       from routing_configs c left join users u on u.id = c.author_id
      where c.application_id = $1 and c.mode = $2::mode and c.merchant_id = $3 and c.version < $4
      order by c.version desc limit $5`,
    [applicationId, mode, merchantId, below, take],
  );
  const versions = rows.map(
    (row): RoutingVersion => ({
      version: row.version,
      weights: { margin: row.margin, cost: row.cost, speed: row.speed },
      rules: storedRules(row.rules),
      note: row.note,
      author: row.authorId === null ? null : { id: row.authorId, name: row.authorName ?? "" },
      createdAt: row.createdAt,
    }),
  );
  return versions.length < take && below > 0 ? [...versions, defaultVersion] : versions;
}

/** The version that counts now. */
export async function currentVersion(tx: SqlExecutor, scope: RoutingScope): Promise<RoutingVersion> {
  const [current = defaultVersion] = await readVersions(tx, scope, { take: 1 });
  return current;
}

/** How many versions there are, version 0 among them. */
export async function countVersions(tx: SqlExecutor, scope: RoutingScope): Promise<number> {
  const [row] = await tx.query<{ versions: number }>(
    `select count(*)::int4 as versions from routing_configs
      where application_id = $1 and mode = $2::mode and merchant_id = $3`,
    [scope.applicationId, scope.mode, scope.merchantId],
  );
  return (row?.versions ?? 0) + 1;
}

/** A version as the API shows it. */
export function routingSettingsResource(
  { applicationId, mode }: Pick<RoutingScope, "applicationId" | "mode">,
  { version, weights, rules, note, author, createdAt }: RoutingVersion,
): RoutingSettingsResource {
  const { margin, cost, speed } = weights;
  return {
    applicationId,
    mode,
    version,
    weights: { margin, cost, speed },
    rules,
    note,
    author,
    createdAt: createdAt?.toISOString() ?? null,
  };
}
