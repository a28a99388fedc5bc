import { severities, type Severity } from '@actp/review/findings/finding';
import type { Report, ReportedFinding } from './review-now.ts';

const colours: Record<Severity, string> = { critical: '1;31', high: '31', medium: '33', low: '2' };
const verdictColours: Record<string, string> = { clean: '32', findings: '33', unavailable: '31' };

/** What was found, the most severe first; how far each source could look; and a last line with the sum. */
export function reportLines(report: Report, colour: boolean): string[] {
  const open = report.findings.filter(({ state }) => state === 'open');
  const accepted = report.findings.length - open.length;
  const unavailable = report.reviews.filter(({ verdict }) => verdict === 'unavailable').length;
  const counts = severities.flatMap((severity) => {
    const n = open.filter((finding) => finding.severity === severity).length;
    return n === 0 ? [] : [`${n} ${severity}`];
  });
  return [
    ...findingLines(open, colour),
    ...reviewLines(report.reviews, colour),
    '',
    [
      open.length === 0 ? 'No open findings' : `Open: ${counts.join(', ')}`,
      ...(accepted === 0 ? [] : [`${accepted} accepted`]),
      unavailable === 0 ? 'everything could be looked at' : `${unavailable} could NOT be looked at`,
      ...(report.recorded ? [] : ['not kept: no plane runs here']),
    ].join('; '),
  ];
}

function findingLines(findings: readonly ReportedFinding[], colour: boolean): string[] {
  const sorted = findings.toSorted(
    (a, b) => severities.indexOf(a.severity) - severities.indexOf(b.severity) || compare(a, b),
  );
  const width = widthOf(sorted.map(({ project }) => project));
  const lines = sorted.flatMap(({ id, project, severity, kind, title, path }) => [
    `${paint(severity.padEnd(8), colours[severity], colour)}  ${project.padEnd(width)}  ${kind.padEnd(14)}  ${title}`,
    `${' '.repeat(10 + width)}  ${path === null ? '' : `${path}  `}${id}`,
  ]);
  return lines.length === 0 ? [] : [...lines, ''];
}

const compare = (a: ReportedFinding, b: ReportedFinding) =>
  a.project.localeCompare(b.project) || a.title.localeCompare(b.title);

function reviewLines(reviews: Report['reviews'], colour: boolean): string[] {
  const names = widthOf(reviews.map(({ project }) => project));
  const sources = widthOf(reviews.map(({ source }) => source));
  return reviews.map(({ project, source, verdict, reason, findings }) => {
    const painted = paint(verdict.padEnd(11), verdictColours[verdict] ?? '0', colour);
    const more = reason ?? (findings === 0 ? '' : String(findings));
    return `${project.padEnd(names)}  ${source.padEnd(sources)}  ${painted}  ${more}`.trimEnd();
  });
}

const widthOf = (texts: readonly string[]) => Math.max(0, ...texts.map(({ length }) => length));

const paint = (text: string, code: string, colour: boolean) =>
  colour ? `\u001B[${code}m${text}\u001B[0m` : text;
