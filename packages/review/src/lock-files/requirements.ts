import { LockFileError, lockedPackage, originOf, type LockedPackage, type Origin } from './lock-file.ts';
import type { Notes } from './notes.ts';
import { pypiName } from '../versions/pypi-name.ts';
import { logicalLines, splitLine } from './requirement-lines.ts';

/** requirements.txt. @throws LockFileError */
export function readRequirements(text: string, notes: Notes): LockedPackage[] {
  if (/^\s*</.test(text)) throw new LockFileError('is HTML or XML');
  const packages: LockedPackage[] = [];
  let strange = 0;
  for (const line of logicalLines(text)) {
    const { plain, options } = splitLine(line);
    const found = plain === '' ? undefined : ofLine(plain, options);
    if (plain !== '' && found === undefined) strange += 1;
    if (found !== undefined) packages.push(found);
    noteTerms(plain, options, found, notes);
    for (const [name, value] of options) {
      if (name === '--editable' && plain === '') packages.push(...ofEditable(value));
      else if (!noteOption(name, value, notes)) strange += 1;
    }
  }
  if (strange > 0) notes.unread(`has ${strange} lines that pip would not understand`);
  return packages;
}

// Those that name places and files are told by themselves.
const told = new Set([
  ...['--extra-index-url', '--index-url', '--pypi-url', '--find-links', '--trusted-host'],
  ...['--requirement', '--constraint', '--editable', '--hash'],
]);

/** Which of a package it is, and how it is built: extras, ranges, markers and options. */
function noteTerms(
  plain: string,
  options: ReadonlyArray<[string, string]>,
  found: LockedPackage | undefined,
  notes: Notes,
): void {
  const written = options
    .filter(([name]) => !told.has(name))
    .map(([name, value]) => (value === '' ? name : `${name} ${value}`));
  if (found === undefined) {
    for (const option of written) notes.term(null, option);
    return;
  }
  const [wanted = '', ...markers] = plain.split(';');
  const extras = /^[^[@=<>~!]*\[([\w\s,.-]*)\]/.exec(wanted)?.[1];
  const range =
    found.version === null && found.origin === 'registry' ? /[=<>~!].*$/s.exec(wanted)?.[0] : undefined;
  const parts = [
    ...(extras === undefined
      ? []
      : [
          `[${extras
            .split(',')
            .map((one) => one.trim())
            .toSorted()
            .join(',')}]`,
        ]),
    ...(range === undefined ? [] : [range.replaceAll(/\s/g, '')]),
    ...(markers.length === 0 ? [] : [`;${markers.join(';').replaceAll(/\s+/g, ' ').trimEnd()}`]),
    ...written,
  ];
  notes.term(pypiName(found.name), parts.join(' '));
}

const harmless = [
  '--hash',
  '--no-index',
  '--prefer-binary',
  '--require-hashes',
  '--pre',
  '--no-binary',
  '--only-binary',
  '--use-feature',
  '--config-settings',
  '--global-option',
  '--install-option',
];

/** @returns whether it is an option of pip */
function noteOption(name: string, value: string, notes: Notes): boolean {
  switch (name) {
    case '--extra-index-url':
      notes.problem(
        `takes packages from a second index (${shownPlace(value)}), where anybody may offer the names of the first`,
      );
      return true;
    case '--index-url':
    case '--pypi-url':
      if (!/^https:\/\/pypi\.org\/simple\/?$/.test(value))
        notes.problem(`takes its packages from another index than that of PyPI (${shownPlace(value)})`);
      return true;
    case '--find-links':
      notes.problem(`takes packages also from an address or a folder of its own (${shownPlace(value)})`);
      return true;
    case '--trusted-host':
      notes.problem(`trusts a host without a certificate (${value})`);
      return true;
    case '--requirement':
    case '--constraint':
      noteInclude(value, notes);
      return true;
    default:
      return harmless.includes(name);
  }
}

function noteInclude(value: string, notes: Notes): void {
  if (/^[a-z][a-z\d+.-]*:/i.test(value)) {
    notes.problem(`takes in what an address has (${shownPlace(value)})`);
    notes.unread(`takes in what an address has (${shownPlace(value)}), which is not read`);
    return;
  }
  notes.problem(`takes in another file (${value})`);
  notes.include(value);
}

// An address without what may be a password, and without what is different every time.
function shownPlace(value: string): string {
  if (!/^[a-z][a-z\d+.-]*:\/\//i.test(value) || !URL.canParse(value)) return value;
  const { protocol, host, pathname } = new URL(value);
  return `${protocol}//${host}${pathname}`;
}

// A name ends where something else begins: what is invisible in it stays, to be found.
const names = /^([^ \t[\]()<>=!~;,@/\\'"#]+)[ \t]*(?:\[[\w\s,.-]*\])?[ \t]*(.*)$/s;
const one = String.raw`(?:===|[=!<>~]=|<|>)\s*[\w.!+*-]+`;
const versions = new RegExp(String.raw`^(?:\(?\s*(${one}(?:\s*,\s*${one})*)?\s*,?\s*\)?)\s*(?:;.*)?$`, 's');
const path =
  /^(?:file:|\.{0,2}\/|\.{1,2}$|~|[A-Za-z]:[\\/])|^[^\s<>;"']*(?:\/[^\s<>;"']*|\.(?:whl|zip|tar\.gz|tgz|tar\.bz2))$/i;

/** @returns undefined for what is no requirement */
function ofLine(line: string, options: ReadonlyArray<[string, string]>): LockedPackage | undefined {
  const hashes = options.filter(([name]) => name === '--hash').map(([, hash]) => hash);
  const integrity = hashes.length === 0 ? null : hashes.toSorted().join(' ');
  const [, name, rest = ''] = names.exec(line) ?? [];
  const address = /^@\s*(\S+)/.exec(rest)?.[1];
  if (name !== undefined && address !== undefined)
    return withDigest({ ...fromAddress(address), name }, integrity);
  const specified = name === undefined ? null : versions.exec(rest);
  if (name !== undefined && specified !== null) {
    const version = /^={2,3}\s*([^\s;,*]+)$/.exec(specified[1]?.trim() ?? '')?.[1] ?? null;
    return lockedPackage({ ecosystem: 'pip', name, version, integrity });
  }
  const [place = ''] = line.split(/\s+(?:;|$)/, 1);
  const isAddress = ['git', 'url'].includes(originOf(place)) && /^[a-z][a-z\d+.-]*[:@]/i.test(place);
  return isAddress || path.test(place) ? withDigest(fromAddress(place), integrity) : undefined;
}

const withDigest = (entry: LockedPackage, integrity: string | null) =>
  integrity === null ? entry : { ...entry, integrity };

// The project itself is none of its packages.
function ofEditable(value: string): LockedPackage[] {
  if (/^\.\/?(?:\[.*\])?$/.test(value)) return [];
  const [, name, address] = /^([\w.-]+)\s*(?:\[.*\])?\s*@\s+(\S+)$/.exec(value) ?? [];
  if (name !== undefined && address !== undefined) return [{ ...fromAddress(address), name }];
  return [fromAddress(value.replace(/\[[\w\s,.-]*\]$/, ''))];
}

function fromAddress(address: string): LockedPackage {
  const egg = /[#&]egg=([\w.-]+)/.exec(address)?.[1];
  const origin: Origin = originOf(address);
  return lockedPackage({
    ecosystem: 'pip',
    name:
      egg ??
      address
        .split(/[?#]/, 1)[0]
        ?.split('/')
        .findLast((part) => part !== '') ??
      address,
    origin:
      origin === 'registry' || (origin === 'git' && !/^[a-z]+[+:@]|^https?:/i.test(address))
        ? 'file'
        : origin,
    resolved: address,
    integrity: /#sha256=([\da-f]{64})/.exec(address)?.[1] ?? null,
  });
}
