import { isRow, listOf, parseJson, rowOf, textOf, type Row } from '../json.ts';
import type { Ecosystem } from '../lock-files/lock-file.ts';
import { pypiName } from '../versions/pypi-name.ts';

/** One package that an advisory is about. */
export interface Affected {
  ecosystem: Ecosystem;
  name: string;
  versions: readonly string[];
  /** Each a list of events, as the schema of OSV has them. */
  ranges: ReadonlyArray<readonly Row[]>;
}

/** What matters of an advisory in the schema of OSV. */
export interface Advisory {
  ids: readonly string[];
  summary: string;
  severity: string | null;
  /** CVSS vectors. */
  vectors: readonly string[];
  malware: boolean;
  affected: readonly Affected[];
}

const ecosystems: Readonly<Record<string, Ecosystem>> = { npm: 'npm', PyPI: 'pip' };

/** The name of a package as it is compared. */
export const packageName = (ecosystem: Ecosystem, name: string): string =>
  ecosystem === 'pip' ? pypiName(name) : name;

/** @returns null for one that was withdrawn; undefined for what is no advisory */
export function readAdvisory(text: string): Advisory | null | undefined {
  const parsed = parseJson(text);
  if (!parsed.ok || !isRow(parsed.value)) return undefined;
  const row = parsed.value;
  const id = textOf(row['id']);
  if (id === null || !Array.isArray(row['affected'])) return undefined;
  if (row['withdrawn'] !== undefined && row['withdrawn'] !== null) return null;
  if (!row['affected'].every(isWellFormed)) return undefined;
  const specific = rowOf(row['database_specific']);
  return {
    ids: [
      id,
      ...listOf(row['aliases'])
        .map(textOf)
        .filter((alias) => alias !== null),
    ],
    summary: textOf(row['summary']) ?? textOf(row['details'])?.slice(0, 300) ?? 'known vulnerability',
    severity: textOf(specific['severity']),
    vectors: listOf(row['severity'])
      .map((entry) => textOf(rowOf(entry)['score']))
      .filter((score) => score !== null),
    malware: id.startsWith('MAL-') || listOf(specific['cwe_ids']).includes('CWE-506'),
    affected: row['affected'].filter(isRow).flatMap(toAffected),
  };
}

// A part of another form would count as one that is not affected.
const isListOf = (value: unknown, is: (entry: unknown) => boolean): boolean =>
  value === undefined || value === null || (Array.isArray(value) && value.every(is));
const isText = (value: unknown) => typeof value === 'string';
const isEvent = (value: unknown) => isRow(value) && Object.values(value).every(isText);

const isWellFormed = (value: unknown): boolean =>
  isRow(value) &&
  isListOf(value['versions'], isText) &&
  isListOf(value['ranges'], (range) => isRow(range) && isListOf(range['events'], isEvent));

function toAffected(row: Row): Affected[] {
  const { ecosystem: written, name } = rowOf(row['package']);
  // `PyPI:...` names a variant of it.
  const ecosystem = ecosystems[(textOf(written) ?? '').split(':', 1)[0] ?? ''];
  if (ecosystem === undefined || typeof name !== 'string') return [];
  const ranges = listOf(row['ranges'])
    .filter(isRow)
    // Commits of a repository are not versions of a package.
    .filter((range) => range['type'] !== 'GIT')
    .map((range) => listOf(range['events']).filter(isRow));
  const versions = listOf(row['versions'])
    .map(textOf)
    .filter((version) => version !== null);
  return [{ ecosystem, name: packageName(ecosystem, name), versions, ranges }];
}
