import { z } from 'zod';
import type { Db } from '@actp/db/client';
import type { LockedPackage } from '@actp/review/lock-files/lock-file';
import { knownVersion, type KnownPackage } from '@actp/review/project-state';

const Known = z.object({
  name: z.string(),
  version: z.string(),
  facts: z.object({
    integrity: z.string().nullable(),
    resolved: z.string().nullable(),
    has_script: z.boolean().nullable(),
  }),
  first_seen_at: z.string(),
});

// A call of so many takes the database well under a second.
const atOnce = 2_000;
const longestDigest = 2_000;

/** Notes the packages that a project has now, and returns what was known of the same names before. */
export async function notePackages(
  db: Db,
  project: string,
  packages: readonly LockedPackage[],
): Promise<Map<string, KnownPackage[]>> {
  const known = new Map<string, KnownPackage[]>();
  for (const [ecosystem, all] of Map.groupBy(packages, (entry) => entry.ecosystem)) {
    const noted = [...all].toSorted((a, b) => (a.name < b.name ? -1 : 1));
    let told: string | undefined;
    for (let at = 0; at < noted.length; at += atOnce) {
      const sent = noted.slice(at, at + atOnce).flatMap(toRow);
      const rows: unknown = await db.call((client) =>
        client.rpc('note_reviewed_packages', {
          p_project: project,
          p_ecosystem: ecosystem,
          p_packages: sent,
        }),
      );
      // Of the last name of the call before, all that was known has been told; what is added now was noted there.
      for (const row of z.array(Known).parse(rows)) if (row.name !== told) remember(known, ecosystem, row);
      told = sent.at(-1)?.name ?? told;
    }
  }
  return known;
}

function remember(
  known: Map<string, KnownPackage[]>,
  ecosystem: string,
  { name, version, facts, first_seen_at }: z.infer<typeof Known>,
): void {
  const key = packageKey(ecosystem, name);
  const list = known.get(key) ?? [];
  const { integrity, resolved, has_script } = facts;
  list.push({ name, version, integrity, resolved, hasScript: has_script, firstSeenAt: first_seen_at });
  known.set(key, list);
}

/** The key of a package in what `notePackages` returns. */
export const packageKey = (ecosystem: string, name: string): string => `${ecosystem}\n${name}`;

// What has a longer name is no package of any registry; Postgres takes no NUL.
function toRow(entry: LockedPackage) {
  const { name, integrity, resolved, hasScript } = entry;
  // Another commit or address is another version.
  const version = knownVersion(entry);
  if (name === '' || name.length > 214) return [];
  if ([name, version, integrity, resolved].some((text) => text?.includes('\0') === true)) return [];
  return [
    {
      name,
      version,
      facts: {
        integrity: integrity?.slice(0, longestDigest) ?? null,
        resolved: resolved?.slice(0, longestDigest) ?? null,
        has_script: hasScript,
      },
    },
  ];
}
