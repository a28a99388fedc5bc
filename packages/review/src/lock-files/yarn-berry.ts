import { posix } from 'node:path';
import { CORE_SCHEMA, load } from 'js-yaml';
import { isRow, rowOf, textOf, type Row } from '../json.ts';
import { LockFileError, lockedPackage, type LockedPackage, type Origin } from './lock-file.ts';
import { createFields, type Fields, type Notes } from './notes.ts';
import { programsOf } from './npm.ts';
import { isRegistryTarball } from './registry-tarball.ts';
import type { Given, Request } from './requests.ts';
import { noteCutOff, otherName, patternOf } from './yarn-patterns.ts';

/** yarn.lock of Yarn 2 and later. @throws LockFileError */
export function readYarnBerryLock(text: string, notes: Notes): LockedPackage[] {
  let value: unknown;
  try {
    value = load(text, { schema: CORE_SCHEMA });
  } catch {
    throw new LockFileError('is not valid YAML');
  }
  if (!isRow(value) || !isRow(value['__metadata'])) throw new LockFileError('has no __metadata');
  const fields = createFields(notes);
  const { __metadata: _, ...rest } = value;
  const entries = fields.entries({ entries: rest }, 'entries');
  if (!entries.some(([key]) => patternsOf(key).some(({ range }) => range.startsWith('workspace:'))))
    notes.unread('does not have the project itself: it is empty or cut off');
  const names = new Set(entries.flatMap(([key]) => patternsOf(key).map(({ name }) => name)));
  noteCutOff(names, neededBy(entries), text, notes);
  notes.requests(() => requestsOf(entries));
  return entries.flatMap(([key, entry]) => toPackage(key, entry, fields, notes));
}

const patternsOf = (key: string) => key.split(/,\s*(?=@?[^,@]+@)/).map(patternOf);

const neededBy = (entries: ReadonlyArray<[string, Row]>): ReadonlySet<string> =>
  new Set(entries.flatMap(([, entry]) => Object.keys(rowOf(entry['dependencies']))));

// What a workspace asks for is a pattern, too.
function* requestsOf(entries: ReadonlyArray<[string, Row]>): Generator<Request> {
  const given = new Map<string, Omit<Given, 'asked'>>();
  for (const [key, entry] of entries) {
    const [, name = '', reference = ''] = /^(@?[^@]+)@(.*)$/s.exec(textOf(entry['resolution']) ?? '') ?? [];
    const { bound } = parametersOf(reference);
    const version = /^npm:(.+)$/.exec(bound)?.[1] ?? bound;
    for (const pattern of patternsOf(key)) {
      given.set(`${pattern.name}@${pattern.range}`, { name, version });
      yield [['pattern', pattern.range], { asked: pattern.name, name, version }];
    }
  }
  for (const [key, entry] of entries) {
    if (!/@workspace:/.test(textOf(entry['resolution']) ?? '')) continue;
    for (const [asked, range] of Object.entries(rowOf(entry['dependencies']))) {
      const one = given.get(`${asked}@${String(range)}`) ?? given.get(`${asked}@npm:${String(range)}`);
      if (one !== undefined) yield [['workspace', key], { asked, ...one }];
    }
  }
}

const protocols: ReadonlyArray<[start: RegExp, origin: Origin]> = [
  [/^npm:/i, 'registry'],
  [/^workspace:/i, 'project'],
  [/^(?:file|link|portal|exec):/i, 'file'],
  [/^(?:git|ssh)|\.git#|#commit=/i, 'git'],
  [/^https?:/i, 'url'],
];

function toPackage(key: string, entry: Row, fields: Fields, notes: Notes): LockedPackage[] {
  const resolution = fields.text(entry, 'resolution') ?? '';
  const [, written, reference = ''] = /^(@?[^@]+)@(.*)$/s.exec(resolution) ?? [];
  if (written === undefined) {
    notes.odd('resolution');
    return [];
  }
  // A patch is of the project itself; what it patches has an entry of its own.
  if (reference.startsWith('patch:')) return [];
  const origin = protocols.find(([start]) => start.test(reference))?.[1];
  if (origin === undefined) notes.odd('resolution');
  const { bound, parameters } = parametersOf(reference);
  const alias = /^npm:((?:@[^@/]+\/)?[^@/]+)@(.+)$/.exec(bound);
  const name = alias?.[1] ?? written;
  const version = alias?.[2] ?? /^npm:(.+)$/.exec(bound)?.[1] ?? versionOf(entry, fields);
  const base = { ecosystem: 'npm', name, version } as const;
  if (origin === 'project') {
    notes.part(lockedPackage({ ...base, origin, resolved: bound.replace(/^workspace:/i, '') }));
    return [];
  }
  noteVersion(entry, version, origin, fields, notes);
  const archive = parameters.get('__archiveUrl') ?? null;
  return [
    lockedPackage({
      ...base,
      ...placeOf(origin ?? 'url', bound, parameters, archive),
      standsFor: otherName(name, patternsOf(key)),
      limited: entry['conditions'] !== undefined,
      hasScript: /^exec:/i.test(bound) ? true : null,
      integrity: versionOf(entry, fields, 'checksum'),
      programs: programsOf(name, entry, fields),
    }),
  ];
}

function placeOf(
  origin: Origin,
  bound: string,
  parameters: URLSearchParams,
  archive: string | null,
): Pick<LockedPackage, 'origin' | 'resolved'> {
  if (origin === 'file') return { origin, resolved: fileOf(bound, parameters) };
  if (origin !== 'registry') return { origin, resolved: bound };
  return { origin: archive === null || isRegistryTarball(archive) ? 'registry' : 'url', resolved: archive };
}

// `npm:1.0.0::__archiveUrl=https%3A%2F%2Fexample.com%2Fa.tgz`
function parametersOf(reference: string): { bound: string; parameters: URLSearchParams } {
  const at = reference.indexOf('::');
  if (at < 0) return { bound: reference, parameters: new URLSearchParams() };
  return { bound: reference.slice(0, at), parameters: new URLSearchParams(reference.slice(at + 2)) };
}

// It counts from the folder of the part that names it.
function fileOf(bound: string, parameters: URLSearchParams): string {
  const [, protocol = 'file:', path = ''] = /^([a-z]+:)(.*?)(?:#.*)?$/s.exec(bound) ?? [];
  const part = /@workspace:(.*)$/s.exec(parameters.get('locator') ?? '')?.[1] ?? '.';
  if (/^(?:\/|~|[A-Za-z]:)/.test(path)) return bound;
  return `${protocol}${posix.join(part, path)}`;
}

// What is fetched is of the version that the resolution names.
function noteVersion(
  entry: Row,
  version: string | null,
  origin: Origin | undefined,
  fields: Fields,
  notes: Notes,
): void {
  const shown = versionOf(entry, fields);
  if (shown === null) notes.odd('version');
  else if (origin === 'registry' && shown !== version)
    notes.problem('has packages of which another version is fetched than it shows');
}

// What has only digits is read as a number.
function versionOf(entry: Row, fields: Fields, key: 'version' | 'checksum' = 'version'): string | null {
  const value = entry[key];
  return typeof value === 'number' ? String(value) : fields.text(entry, key);
}
