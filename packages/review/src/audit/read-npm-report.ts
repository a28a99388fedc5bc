import { satisfies } from 'semver';
import type { Observation } from '../findings/finding.ts';
import { isRow, listOf, parseJson, rowOf, textOf, type Row } from '../json.ts';
import type { LockFile } from '../lock-files/lock-file.ts';
import { advisoryName, ghsaOf } from './advisory-name.ts';
import { refusal } from './tool-problem.ts';
import { severityOf, vulnerability } from './vulnerability.ts';

export type Report = { ok: true; observations: Observation[] } | { ok: false; reason: string };

/**
 * The report of `npm audit --json` or `pnpm audit --json`, of both generations: by package (npm 7 and later) or by advisory (npm 6, pnpm).
 *
 * @param lockFile what was audited
 */
export function readNpmReport(text: string, lockFile: LockFile): Report {
  const parsed = parseJson(text);
  if (!parsed.ok || !isRow(parsed.value))
    return unusable(text.trimStart().startsWith('<') ? 'HTML' : 'no JSON');
  const { vulnerabilities, advisories, metadata } = parsed.value;
  const refused = refusalOf(parsed.value);
  if (refused !== null) return { ok: false, reason: refused };
  if (!isRow(metadata)) return unusable('a report without metadata');
  if (audited(metadata) === 0 && lockFile.packages.length > 0) {
    return { ok: false, reason: 'the audit has looked at no package' };
  }
  if (isRow(vulnerabilities)) return { ok: true, observations: byPackage(vulnerabilities, lockFile) };
  if (isRow(advisories)) return { ok: true, observations: byAdvisory(advisories, lockFile) };
  return unusable('a report without advisories');
}

const unusable = (what: string): Report => ({ ok: false, reason: `the audit gave ${what}` });

function refusalOf(report: Row): string | null {
  const status = report['statusCode'];
  if (typeof status === 'number') return refusal(status);
  const { error } = report;
  if (error === undefined) return null;
  const code = textOf(rowOf(error)['code']);
  return `the audit failed${code === null ? '' : ` (${code})`}`;
}

// npm 7: {dependencies: {total}}; the others: a number under one of two names.
function audited(metadata: Row): number | null {
  const { dependencies, totalDependencies } = metadata;
  const total = isRow(dependencies) ? dependencies['total'] : (totalDependencies ?? dependencies);
  return typeof total === 'number' ? total : null;
}

function byPackage(vulnerabilities: Row, lockFile: LockFile): Observation[] {
  const found = new Map<string, Observation>();
  for (const entry of Object.values(vulnerabilities)) {
    // Texts there name other packages of the report.
    for (const via of listOf(rowOf(entry)['via']).filter(isRow)) {
      for (const seen of observe(via, textOf(via['name']), textOf(via['range']), lockFile)) {
        found.set(JSON.stringify(seen.about), seen);
      }
    }
  }
  return [...found.values()];
}

const byAdvisory = (advisories: Row, lockFile: LockFile): Observation[] =>
  Object.values(advisories)
    .filter(isRow)
    .flatMap((entry) =>
      observe(entry, textOf(entry['module_name']), textOf(entry['vulnerable_versions']), lockFile),
    );

function observe(entry: Row, name: string | null, range: string | null, lockFile: LockFile): Observation[] {
  if (name === null) return [];
  const said = listOf(entry['findings']).map((finding) => textOf(rowOf(finding)['version']));
  const versions = said.length > 0 ? said : versionsIn(lockFile, name, range);
  const number = entry['source'] ?? entry['id'];
  const advisory = advisoryName([
    textOf(entry['github_advisory_id']) ?? ghsaOf(textOf(entry['url'])),
    ...listOf(entry['cves']).map(textOf),
    typeof number === 'number' ? `npm-${number}` : null,
  ]);
  return [...new Set(versions)].map((version) =>
    vulnerability({
      advisory,
      name,
      version,
      severity: severityOf(textOf(entry['severity'])),
      title: textOf(entry['title']) ?? 'known vulnerability',
      range,
      path: lockFile.path,
      malware: JSON.stringify(entry['cwe'] ?? '').includes('CWE-506'),
    }),
  );
}

// The newer reports say which versions are affected, not which of them is there.
function versionsIn({ packages }: LockFile, name: string, range: string | null): Array<string | null> {
  const versions = packages.flatMap((entry) => (entry.name === name ? [entry.version] : []));
  const affected = versions.filter(
    (version) => version !== null && satisfies(version, range ?? '*', { includePrerelease: true }),
  );
  return affected.length > 0 ? affected : versions.length > 0 ? versions : [null];
}
