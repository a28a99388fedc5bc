import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileOf, linesOf, type Chunk } from './chunks.ts';

/** One damage, as Stryker's report has it. */
export interface Mutant {
  file: string;
  line: number;
  mutator: string;
  replacement: string;
  status: string;
}

export interface Score {
  killed: number;
  survived: number;
  /** Noticed because the tests no longer came to an end. */
  timeout: number;
  percent: number;
}

interface Report {
  files: Record<
    string,
    {
      mutants: {
        status: string;
        mutatorName: string;
        replacement?: string;
        location: { start: { line: number } };
      }[];
    }
  >;
}

/** What a report has; none yet is an empty list. */
export function mutantsOf(report: string): Mutant[] {
  if (!existsSync(report)) return [];
  const { files } = JSON.parse(readFileSync(report, 'utf8')) as Report;
  return Object.entries(files).flatMap(([file, { mutants }]) =>
    mutants.map((mutant) => ({
      file,
      line: mutant.location.start.line,
      mutator: mutant.mutatorName,
      replacement: mutant.replacement ?? '',
      status: mutant.status,
    })),
  );
}

/**
 * Takes what was not noticed out of a report, for these pieces: Stryker would take it over where it cannot tell which tests reach it, and
 * new tests could never change it. What lies in other pieces of a file stays: it is not tried again.
 */
export function forgetSurvivors(report: string, chunk: Chunk): void {
  if (!existsSync(report)) return;
  const content = JSON.parse(readFileSync(report, 'utf8')) as Report;
  for (const [file, entry] of Object.entries(content.files)) {
    const pieces = chunk.filter((piece) => fileOf(piece) === file).map(linesOf);
    const isTried = (line: number) => pieces.some(({ from, to }) => line >= from && line <= to);
    entry.mutants = entry.mutants.filter(
      ({ status, location }) => status === 'Killed' || !isTried(location.start.line),
    );
  }
  writeFileSync(report, JSON.stringify(content));
}

/** Survivors are also those that no test reaches. */
export const survivorsOf = (mutants: readonly Mutant[]) =>
  mutants.filter(({ status }) => status === 'Survived' || status === 'NoCoverage');

/** What was noticed, of what was tried. */
export function scoreOf(mutants: readonly Mutant[]): Score {
  const count = (...states: string[]) => mutants.filter(({ status }) => states.includes(status)).length;
  const killed = count('Killed');
  const timeout = count('Timeout');
  const survived = survivorsOf(mutants).length;
  const all = killed + timeout + survived;
  return {
    killed,
    timeout,
    survived,
    percent: all === 0 ? 0 : Math.round(((killed + timeout) / all) * 1000) / 10,
  };
}
