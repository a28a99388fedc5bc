import { severities, shown, type Finding } from '../findings/finding.ts';
import type { ChangedPackage } from './changed-package.ts';
import type { LookedAt } from './look-at-change.ts';

// So many fit on a card that somebody still reads. What is beyond is counted, and all counts are of everything.
const mostPackages = 40;
const mostFindings = 40;
const mostReasons = 10;
const day = 86_400_000;

export type GateAction = 'dependency.add' | 'dependency.update';

/** `configuration`: the operator has named it. Whoever asks may have chosen all others. */
export type BaseFrom = 'configuration' | 'command line' | 'HEAD' | 'files';

/** What the policy decides by, and a card shows. Every text is of bounded length, visible and without secrets. */
export interface GateDetails {
  project: string;
  lock_file: string;
  /** SHA-256 of both files: the answer is for this change and no other. */
  before_sha256?: string;
  after_sha256: string;
  /** What the change was compared with: what was named, the commit that this was then, and who has named it. */
  base?: string;
  base_commit?: string;
  base_from: BaseFrom;
  /** Of the packages; 0 when only the file as a whole says something else. */
  count: number;
  /** Of the worst finding; `none` without any. */
  severity: Finding['severity'] | 'none';
  finding_count: number;
  /** How many run a program when they are installed; absent when that is not known of all. */
  scripts?: number;
  /** Of the youngest, in days; absent when that is not known of all. */
  youngest_days?: number;
  packages: Array<Record<string, string | number | boolean>>;
  findings: string[];
  unavailable: string[];
  /** How many packages and findings are not listed. */
  not_listed?: number;
}

export interface GateFiles {
  project: string;
  path: string;
  beforeSha256: string | undefined;
  afterSha256: string;
  base: ComparedWith;
}

export interface ComparedWith {
  from: BaseFrom;
  /** As it was named. */
  name: string | undefined;
  commit: string | undefined;
}

/** What is asked about one action; undefined when nothing of the kind has changed. */
export function gateDetails(
  action: GateAction,
  { project, path, beforeSha256, afterSha256, base }: GateFiles,
  { added, updated, findings, unavailable, options, terms, unread }: LookedAt,
  now: Date,
): GateDetails | undefined {
  const changed = action === 'dependency.add' ? added : updated;
  // What the file as a whole says belongs to what is asked anyway.
  const isOfFile =
    action === 'dependency.update' && added.length === 0 && options.length + terms.length + unread.length > 0;
  if (changed.length === 0 && !isOfFile) return undefined;
  const keys = new Set(changed.map(({ entry }) => keyOf(entry.name, entry.version)));
  const mine = findings
    .filter((finding) => finding.package === null || keys.has(keyOf(finding.package, finding.version)))
    .toSorted((a, b) => severities.indexOf(a.severity) - severities.indexOf(b.severity));
  const isWhole = unread.length === 0;
  const ages = changed.map(({ entry }) => ageInDays(entry.published, now));
  const suspect = new Set(mine.map((finding) => keyOf(finding.package, finding.version)));
  // Those that something was found about come first.
  const ordered = changed.toSorted((a, b) => rank(a, suspect) - rank(b, suspect) || byName(a, b));
  const notListed = Math.max(0, changed.length - mostPackages) + Math.max(0, mine.length - mostFindings);
  return {
    project: shown(project, 100),
    lock_file: shown(path, 300),
    ...(beforeSha256 !== undefined && { before_sha256: beforeSha256 }),
    after_sha256: afterSha256,
    ...(base.name !== undefined && { base: shown(base.name, 200) }),
    ...(base.commit !== undefined && { base_commit: base.commit }),
    base_from: base.from,
    count: changed.length,
    severity: mine[0]?.severity ?? 'none',
    finding_count: mine.length,
    ...(isWhole &&
      changed.every(({ entry }) => entry.hasScript !== null) && {
        scripts: changed.filter(({ entry }) => entry.hasScript === true).length,
      }),
    ...(isWhole &&
      ages.length > 0 &&
      ages.every((age) => age !== undefined) && { youngest_days: Math.min(...ages) }),
    packages: ordered.slice(0, mostPackages).map((one) => packageRow(one, now)),
    findings: mine.slice(0, mostFindings).map(({ severity, title }) => shown(`${severity}: ${title}`, 400)),
    unavailable: unavailable.slice(0, mostReasons).map((reason) => shown(reason, 300)),
    ...(notListed > 0 && { not_listed: notListed }),
  };
}

const keyOf = (name: string | null, version: string | null) =>
  JSON.stringify([name === null ? null : shown(name, 214), version === null ? null : shown(version, 100)]);

const rank = ({ entry }: ChangedPackage, suspect: ReadonlySet<string>) =>
  suspect.has(keyOf(entry.name, entry.version)) ? 0 : 1;

const byName = (a: ChangedPackage, b: ChangedPackage) =>
  a.entry.name < b.entry.name ? -1 : Number(a.entry.name > b.entry.name);

function packageRow({ entry, before }: ChangedPackage, now: Date): GateDetails['packages'][number] {
  const { name, version, origin, resolved, hasScript } = entry;
  const age = ageInDays(entry.published, now);
  const from = [
    ...new Set(
      before.map((one) => {
        const was = origin === 'registry' ? one.version : (one.resolved ?? one.version);
        return one.name === name ? was : `${one.name} ${was ?? ''}`.trim();
      }),
    ),
  ];
  return {
    name: shown(name, 214),
    ...(before.length > 0 && { from: shown(from.filter((one) => one !== null).join(', '), 200) }),
    version: shown(version ?? 'unknown', 100),
    ...(age !== undefined && { age_days: age }),
    ...(hasScript !== null && { script: hasScript }),
    ...(origin !== 'registry' && { source: origin }),
    ...(origin !== 'registry' && resolved !== null && { address: shown(resolved, 300) }),
  };
}

/** Whole days, rounded down; undefined when it is not known. A date in the future is no age. */
function ageInDays(published: string | null, now: Date): number | undefined {
  const age = published === null ? Number.NaN : (now.getTime() - Date.parse(published)) / day;
  return Number.isNaN(age) ? undefined : Math.max(0, Math.floor(age));
}
