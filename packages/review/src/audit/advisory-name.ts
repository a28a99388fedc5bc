const families = [/^GHSA-/, /^CVE-/, /^PYSEC-/, /^MAL-/];

/** Of the names that an advisory goes by, the one that most sources know, so that all of them mean the same finding. */
export function advisoryName(names: ReadonlyArray<string | null | undefined>): string {
  const all = names.flatMap((name) =>
    name === null || name === undefined || name === '' ? [] : [name.slice(0, 100)],
  );
  for (const family of families) {
    const found = all.filter((name) => family.test(name)).toSorted()[0];
    if (found !== undefined) return found;
  }
  return all[0] ?? 'unnamed';
}

/** The GHSA id at the end of an address. */
export const ghsaOf = (address: string | null): string | null =>
  /GHSA(?:-[a-z0-9]{4}){3}/.exec(address ?? '')?.[0] ?? null;
