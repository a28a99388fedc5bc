import type { Row } from './rows.ts';

export type Verdicts = ReadonlyArray<{ rules: boolean; model: boolean; both: boolean }>;

/** A table: how much of each label, channel and variant is flagged. */
export function report(rows: readonly Row[], verdicts: Verdicts): string[] {
  const groups = new Map<string, number[]>();
  const add = (name: string, i: number) => groups.set(name, [...(groups.get(name) ?? []), i]);
  for (const [i, { label, channel, variant }] of rows.entries()) {
    add(label, i);
    add(`${label}  ${channel}`, i);
    if (variant !== '-') add(`${label}  ${channel}  ${variant}`, i);
  }
  const share = (members: readonly number[], by: keyof Verdicts[number]) => {
    const flagged = members.filter((i) => verdicts[i]?.[by] === true).length;
    return `${((flagged / members.length) * 100).toFixed(1)}%`.padStart(8);
  };
  const width = Math.max(...[...groups.keys()].map((name) => name.length));
  return [
    `${'flagged'.padEnd(width)}  texts   rules   model    both   (model: by cross-validation)`,
    ...[...groups]
      .toSorted(([a], [b]) => Number(a > b) - Number(a < b))
      .map(
        ([name, members]) =>
          `${name.padEnd(width)} ${String(members.length).padStart(6)}${share(members, 'rules')}${share(members, 'model')}${share(members, 'both')}`,
      ),
  ];
}
