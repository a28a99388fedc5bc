import { isRow, rowOf, textOf, type Row } from '../json.ts';
import { splitKey, withoutPeers } from './pnpm-keys.ts';
import { isAliasOf, type Given, type Request } from './requests.ts';

const kinds = ['dependencies', 'devDependencies', 'optionalDependencies'] as const;

interface Asked extends Given {
  place: readonly string[];
  /** The key of the package that is given. */
  key: string;
  /** What the manifest says; null where the lock file does not repeat it. */
  spec: string | null;
  isOfProject: boolean;
}

export const requestsOfPnpm = (document: Row): Request[] =>
  [...askedIn(document)].flatMap(({ place, asked, name, version }): Request[] => {
    const given = { asked, name, version };
    const [part = '', key = ''] = place;
    // By the set of peers, and, since that changes with every version of one, without it.
    const plain = withoutPeers(key);
    return plain === key
      ? [[place, given]]
      : [
          [place, given],
          [[part, plain], given],
        ];
  });

/** Packages that are another one than they are asked for, without a manifest saying so; by their keys, and the name that is asked for. */
export function hiddenAliasesOf(document: Row): ReadonlyMap<string, string> {
  const aliases = new Map<string, string>();
  for (const { asked, name, key, spec, isOfProject } of askedIn(document)) {
    if (asked === name || isAliasOf(name, spec) || isReplaced(document, asked, name)) continue;
    // What another package asks for is not repeated. Some say it by the name that they use: string-width-cjs, prettier-2.
    if (!isOfProject && asked.startsWith(`${name}-`)) continue;
    aliases.set(withoutPeers(key), asked);
  }
  return aliases;
}

// `overrides` of the project, which the lock file repeats.
const isReplaced = (document: Row, asked: string, name: string) =>
  Object.entries(rowOf(document['overrides'])).some(
    ([key, value]) =>
      isAliasOf(name, textOf(value)) && /^(?:.*>)?((?:@[^@/]+\/)?[^@/>]+)(?:@.*)?$/s.exec(key)?.[1] === asked,
  );

function* askedIn(document: Row): Generator<Asked> {
  const keys = new Map<string, string>();
  for (const key of Object.keys(rowOf(document['packages']))) {
    keys.set(key, key);
    if (!keys.has(withoutPeers(key))) keys.set(withoutPeers(key), key);
  }
  const given = (asked: string, version: string | null) => {
    const written =
      version === null
        ? []
        : [version, `${asked}@${version}`, `/${asked}@${version}`, `/${asked}/${version}`];
    const fitting = written.flatMap((key) => [key, withoutPeers(key)]).find((key) => keys.has(key));
    const key = fitting === undefined ? undefined : keys.get(fitting);
    if (key === undefined) return undefined;
    const own = rowOf(rowOf(document['packages'])[key]);
    const { name, version: named } = splitKey(key);
    return { key, asked, name: textOf(own['name']) ?? name, version: textOf(own['version']) ?? named };
  };
  const importers = 'importers' in document ? rowOf(document['importers']) : { '.': document };
  for (const [path, importer] of Object.entries(importers)) {
    for (const [asked, written, specifiers] of writtenBy(importer)) {
      const one = given(asked, textOf(isRow(written) ? written['version'] : written));
      const said = textOf(isRow(written) ? written['specifier'] : specifiers[asked]);
      const spec = specOf(document, asked, said);
      if (one !== undefined) yield { ...one, place: ['importer', path], spec, isOfProject: true };
    }
  }
  // Since version 9 they stand apart.
  for (const [path, entry] of Object.entries(rowOf(document['snapshots'] ?? document['packages']))) {
    for (const [asked, version] of writtenBy(entry)) {
      const one = given(asked, textOf(version));
      if (one !== undefined) yield { ...one, place: ['package', path], spec: null, isOfProject: false };
    }
  }
}

function writtenBy(entry: unknown): Array<[string, unknown, Row]> {
  if (!isRow(entry)) return [];
  const specifiers = rowOf(entry['specifiers']);
  return kinds.flatMap((kind) =>
    Object.entries(rowOf(entry[kind])).map(([name, written]): [string, unknown, Row] => [
      name,
      written,
      specifiers,
    ]),
  );
}

// `catalog:` and `catalog:name` stand for what the catalog has.
function specOf(document: Row, asked: string, spec: string | null): string | null {
  const catalog = /^catalog:(.*)$/.exec(spec ?? '')?.[1];
  if (catalog === undefined) return spec;
  const entries = rowOf(rowOf(document['catalogs'])[catalog === '' ? 'default' : catalog]);
  return textOf(rowOf(entries[asked])['specifier']);
}
