import type { GateDetails } from '@actp/review/gate/gate-details';
import type { GateReport } from './gate.ts';

/** What was asked and answered, for people. */
export function gateLines(reports: readonly GateReport[]): string[] {
  if (reports.length === 0) return ['No dependency is new or changed.'];
  return reports.flatMap(({ lock_file, action, details, answer }) => [
    `${lock_file}: ${action} of ${details.count}: ${answer.state.toUpperCase()}: ${answer.text}`,
    `  compared with ${baseText(details)}`,
    ...details.packages.map((row) => `  ${packageLine(row)}`),
    ...details.findings.map((finding) => `  ! ${finding}`),
    ...details.unavailable.map((reason) => `  ? not looked at: ${reason}`),
    ...(details.not_listed === undefined ? [] : [`  and ${details.not_listed} more`]),
  ]);
}

function packageLine(row: GateDetails['packages'][number]): string {
  const { name, from, version, age_days, script, source, address } = row;
  return [
    `${name} ${from === undefined ? '' : `${from} -> `}${version}`,
    ...(age_days === undefined ? [] : [`${age_days} days old`]),
    ...(script === true ? ['runs an install script'] : []),
    ...(source === undefined ? [] : [`from ${source}${address === undefined ? '' : ` ${address}`}`]),
  ].join(', ');
}

function baseText({ base, base_commit, base_from }: GateDetails): string {
  if (base_commit === undefined) return 'the file that was named';
  const by = base_from === 'configuration' ? ', as PROJECTS_CONFIG says' : '';
  return `${base_commit.slice(0, 12)} (${base ?? 'HEAD'}${by})`;
}
