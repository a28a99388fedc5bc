import type { ToolRun } from './run-tool.ts';

const remedies: Readonly<Record<string, string>> = {
  npm: ': put it on the PATH of the plane',
  pnpm: ', and npm cannot bring it: put it on the PATH of the plane, or let npm reach its registry',
  'pip-audit': ': pipx install pip-audit, on the PATH of the plane',
};

/** Why a tool gave no report; null when it may have. Exit codes say nothing: 1 is also that of a report with findings. */
export function toolProblem(name: string, { end, stdout, stderr }: ToolRun): string | null {
  if (end === 'missing') return `${name} is not installed${remedies[name] ?? ''}`;
  if (end === 'not_started') return `${name} cannot be started`;
  if (end === 'timed_out') return `${name} did not end in time`;
  if (end === 'too_much') return `${name} wrote more than is read`;
  if (end === 'stopped') return `${name} was stopped`;
  const status = /\b(?:responded with|code E)\s*:?\s*(\d{3})\b|\b(\d{3}) Method Not Allowed/.exec(stderr);
  const code = status?.[1] ?? status?.[2];
  if (stdout.trim() !== '') return null;
  return code === undefined ? `${name} wrote nothing` : refusal(code);
}

/** What a registry answered that does not let itself be asked. */
export const refusal = (status: string | number): string => `the registry refuses the audit call (${status})`;
