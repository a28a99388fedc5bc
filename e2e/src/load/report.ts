import { availableParallelism, cpus, totalmem } from 'node:os';
import process from 'node:process';
import type { LoadResult } from './run-load.ts';

const gigabyte = 1_073_741_824;

/** What the figures depend on. */
export const machine = () => ({
  cores: availableParallelism(),
  processor: cpus()[0]?.model.trim() ?? 'unknown',
  memory_gb: Math.round(totalmem() / gigabyte),
  node: process.version,
});

/** The result as lines for a terminal. */
export function reportLines(result: LoadResult): string[] {
  const { cores, processor, memory_gb, node } = machine();
  const routes = result.routes.map(({ route, requests, p50, p90, p99, p999, max, errors }) => [
    route,
    String(requests),
    ...[p50, p90, p99, p999, max].map((ms) => ms.toFixed(1)),
    errorsOf(errors),
  ]);
  const trends = result.trends.map(({ name, unit, first, last, most, perHour }) => [
    name,
    ...[first, last, most, perHour].map((value) =>
      unit === 'MB' ? `${value.toFixed(1)} MB` : value.toFixed(0),
    ),
  ]);
  const { acknowledged, lost } = result;
  return [
    `${cores} cores, ${processor}, ${memory_gb} GB, node ${node}`,
    `${result.requests} requests at ${result.rate} a second, ${result.errors} errors; latencies in ms, from when each was to be sent`,
    '',
    ...table(['route', 'requests', 'p50', 'p90', 'p99', 'p99.9', 'max', 'errors'], routes),
    '',
    ...(trends.length === 0 ? [] : [...table(['', 'first', 'last', 'most', 'per hour'], trends), '']),
    `acknowledged ${acknowledged.events} audit events, ${acknowledged.approvals} approvals, ${acknowledged.tasks} tasks`,
    `lost         ${lost.events} audit events, ${lost.approvals} approvals, ${lost.tasks} tasks`,
    `audit log    ${lost.auditIntact ? 'intact' : 'NOT INTACT'}, ${lost.auditRows} rows checked`,
  ];
}

/** Whether the plane has done what it has to. */
export function passed({ errors, lost }: LoadResult): boolean {
  return errors === 0 && lost.events + lost.approvals + lost.tasks === 0 && lost.auditIntact;
}

const errorsOf = (errors: Record<string, number>) =>
  Object.entries(errors)
    .map(([kind, count]) => `${count} x ${kind}`)
    .join(', ') || '0';

function table(head: string[], rows: string[][]): string[] {
  const widths = head.map((word, column) =>
    Math.max(word.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  return [head, ...rows].map((row) =>
    row
      .map((word, column) =>
        column === 0 ? word.padEnd(widths[0] ?? 0) : word.padStart(widths[column] ?? 0),
      )
      .join('  ')
      .trimEnd(),
  );
}
