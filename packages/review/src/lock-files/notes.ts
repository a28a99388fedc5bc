import { isRow, type Row } from '../json.ts';
import type { LockedPackage } from './lock-file.ts';
import { givenPackages, type GivenPackages, type Request } from './requests.ts';

/** What a reader of lock files learns beside the packages. */
export interface Notes {
  /** What a person should know. */
  problem(text: string): void;
  /** What was not understood, so that not everything was looked at. */
  unread(text: string): void;
  /** An entry, or a field of one, has another form than its format says. */
  odd(field: string): void;
  /** A part of the project itself. */
  part(entry: LockedPackage): void;
  /** Another file that it takes in, as it names it. */
  include(path: string): void;
  /** Who is given what; found out only when somebody wants to know. */
  requests(read: () => Iterable<Request>): void;
  /** What decides about the packages beside their names and versions; of one package, or of all (null). */
  term(name: string | null, text: string): void;
}

export interface Noted {
  problems: readonly string[];
  unread: readonly string[];
  parts: readonly LockedPackage[];
  includes: readonly string[];
  given: () => GivenPackages;
  terms: ReadonlyMap<string | null, readonly string[]>;
}

export function createNotes(): Notes & { all: () => Noted } {
  const [problems, unread, includes] = [new Set<string>(), new Set<string>(), new Set<string>()];
  const parts: LockedPackage[] = [];
  const odd = new Map<string, number>();
  const requests: Array<() => Iterable<Request>> = [];
  const terms = new Map<string | null, string[]>();
  return {
    requests: (read) => void requests.push(read),
    term(name, text) {
      const there = terms.get(name);
      if (there === undefined) terms.set(name, [text]);
      else there.push(text);
    },
    problem: (text) => void problems.add(text),
    unread: (text) => void unread.add(text),
    odd: (field) => void odd.set(field, (odd.get(field) ?? 0) + 1),
    part: (entry) => void parts.push(entry),
    include: (path) => void includes.add(path),
    all: () => ({
      problems: [...problems],
      unread: [
        ...unread,
        ...[...odd].map(([field, count]) => `has ${count} × "${field}" in a form that is not understood`),
      ],
      parts,
      includes: [...includes],
      given: () => givenPackages(requests.flatMap((read) => [...read()])),
      terms,
    }),
  };
}

/** Reads fields of data that strangers wrote. One of another type than it should have is noted, and counts as absent. */
export interface Fields {
  text(row: Row, key: string): string | null;
  /** Undefined where it is absent or no boolean. */
  flag(row: Row, key: string): boolean | undefined;
  row(row: Row, key: string): Row;
  rows(row: Row, key: string): readonly Row[];
  /** A row with the rows that it should be made of. */
  entries(row: Row, key: string): ReadonlyArray<[string, Row]>;
}

export function createFields(notes: Pick<Notes, 'odd'>): Fields {
  const typed = <T>(row: Row, key: string, is: (value: unknown) => value is T): T | undefined => {
    const value = row[key];
    if (value === undefined) return undefined;
    if (is(value)) return value;
    notes.odd(key);
    return undefined;
  };
  const fields: Fields = {
    text: (row, key) => typed(row, key, isText) ?? null,
    flag: (row, key) => typed(row, key, isFlag),
    row: (row, key) => typed(row, key, isRow) ?? {},
    rows: (row, key) =>
      (typed(row, key, Array.isArray) ?? []).filter((value: unknown): value is Row => {
        if (!isRow(value)) notes.odd(key);
        return isRow(value);
      }),
    entries: (row, key) =>
      Object.entries(fields.row(row, key)).filter((entry): entry is [string, Row] => {
        if (!isRow(entry[1])) notes.odd(key);
        return isRow(entry[1]);
      }),
  };
  return fields;
}

const isText = (value: unknown): value is string => typeof value === 'string';
const isFlag = (value: unknown): value is boolean => typeof value === 'boolean';
