import { isRow, listOf, parseJson, textOf } from '../json.ts';
import type { LockedPackage } from '../lock-files/lock-file.ts';
import { pypiName } from '../versions/pypi-name.ts';
import { advisoryName } from './advisory-name.ts';
import type { Observation } from '../findings/finding.ts';
import { severityOf, vulnerability } from './vulnerability.ts';

export interface PipReport {
  observations: Observation[];
  /** Packages that were asked for and not looked at, or why there is no report. */
  reasons: string[];
}

/**
 * The report of `pip-audit --format json`, of version 2 ({dependencies}) and before (a list).
 *
 * @param asked what it was to look at: a package that it skips, or does not name, is not clean
 */
export function readPipReport(text: string, asked: readonly LockedPackage[], path: string): PipReport {
  const parsed = parseJson(text);
  const rows =
    parsed.ok && isRow(parsed.value) ? parsed.value['dependencies'] : parsed.ok ? parsed.value : null;
  if (!Array.isArray(rows)) return { observations: [], reasons: ['pip-audit gave no report'] };
  const observations: Observation[] = [];
  const looked = new Set<string>();
  const skipped = new Set<string>();
  for (const row of rows.filter(isRow)) {
    const name = pypiName(textOf(row['name']) ?? '');
    if (row['skip_reason'] !== undefined || !Array.isArray(row['vulns'])) {
      skipped.add(name);
      continue;
    }
    looked.add(name);
    for (const found of listOf(row['vulns']).filter(isRow)) {
      const id = textOf(found['id']);
      const fixes = listOf(found['fix_versions'])
        .map(textOf)
        .filter((version) => version !== null);
      observations.push(
        vulnerability({
          advisory: advisoryName([id, ...listOf(found['aliases']).map(textOf)]),
          name,
          version: textOf(row['version']),
          severity: severityOf(null),
          title:
            fixes.length === 0
              ? 'known vulnerability, without a fix'
              : `known vulnerability, fixed in ${fixes.join(', ')}`,
          range: null,
          path,
          malware: id?.startsWith('MAL-') === true,
        }),
      );
    }
  }
  for (const { name } of asked) if (!looked.has(pypiName(name))) skipped.add(pypiName(name));
  const names = [...skipped].toSorted();
  const more = names.length > 5 ? ` and ${names.length - 5} more` : '';
  return {
    observations,
    reasons: names.length === 0 ? [] : [`pip-audit did not look at ${names.slice(0, 5).join(', ')}${more}`],
  };
}
