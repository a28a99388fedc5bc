import type { Severity } from '../findings/finding.ts';
import { severityOf } from '../audit/vulnerability.ts';

// CVSS 3.1, table 15.
const weights: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  AV: { N: 0.85, A: 0.62, L: 0.55, P: 0.2 },
  AC: { L: 0.77, H: 0.44 },
  UI: { N: 0.85, R: 0.62 },
  C: { H: 0.56, L: 0.22, N: 0 },
  I: { H: 0.56, L: 0.22, N: 0 },
  A: { H: 0.56, L: 0.22, N: 0 },
};
const privileges: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  U: { N: 0.85, L: 0.62, H: 0.27 },
  C: { N: 0.85, L: 0.68, H: 0.5 },
};

/** The highest severity of CVSS vectors of version 3; high where there is none that is understood. */
export function severityOfVectors(vectors: readonly string[]): Severity {
  const scores = vectors.map(baseScore).filter((score) => score !== undefined);
  if (scores.length === 0) return severityOf(null);
  const score = Math.max(...scores);
  if (score >= 9) return 'critical';
  if (score >= 7) return 'high';
  return score >= 4 ? 'medium' : 'low';
}

/** The base score of CVSS 3.0 and 3.1 (specification, section 7.1); undefined for anything else. */
export function baseScore(vector: string): number | undefined {
  if (!/^CVSS:3\.[01]\//.test(vector)) return undefined;
  const metrics = new Map(
    vector
      .split('/')
      .slice(1)
      .map((part) => part.split(':', 2) as [string, string]),
  );
  const of = (name: string) => weights[name]?.[metrics.get(name) ?? ''];
  const scope = metrics.get('S') ?? '';
  const values = [
    of('AV'),
    of('AC'),
    privileges[scope]?.[metrics.get('PR') ?? ''],
    of('UI'),
    of('C'),
    of('I'),
    of('A'),
  ];
  const [av, ac, pr, ui, c, i, a] = values;
  if (av === undefined || ac === undefined || pr === undefined || ui === undefined) return undefined;
  if (c === undefined || i === undefined || a === undefined) return undefined;
  const base = 1 - (1 - c) * (1 - i) * (1 - a);
  const changed = scope === 'C';
  const impact = changed ? 7.52 * (base - 0.029) - 3.25 * (base - 0.02) ** 15 : 6.42 * base;
  if (impact <= 0) return 0;
  const sum = impact + 8.22 * av * ac * pr * ui;
  return roundUp(Math.min(changed ? 1.08 * sum : sum, 10));
}

// Appendix A: without the errors of floating point.
function roundUp(score: number): number {
  const whole = Math.round(score * 100_000);
  return whole % 10_000 === 0 ? whole / 100_000 : (Math.floor(whole / 10_000) + 1) / 10;
}
