import type { Examination } from '@actp/services/doctor/examine';
import type { Finding, FindingState } from '@actp/services/doctor/finding';

const colours: Record<FindingState, string> = { ok: '32', warn: '33', fail: '31', off: '2' };

/** One line for each finding, aligned, and a summary. */
export function reportLines({ checks, summary, ok }: Examination, colour: boolean): string[] {
  const width = Math.max(0, ...checks.map(({ name }) => name.length));
  const counts = (['ok', 'warn', 'fail', 'off'] as const)
    .map((state) => `${summary[state]} ${state}`)
    .join(', ');
  const hands = summary.warn + summary.fail;
  const verdict = ok ? 'Nothing needs a hand' : `${hands} ${hands === 1 ? 'needs' : 'need'} a hand`;
  return [...checks.map((finding) => lineOf(finding, width, colour)), '', `${verdict}: ${counts}`];
}

function lineOf({ name, state, detail, remedy }: Finding, width: number, colour: boolean): string {
  const word = state.padEnd(4);
  const shown = colour ? `\u001B[${colours[state]}m${word}\u001B[0m` : word;
  return `${shown}  ${name.padEnd(width)}  ${detail}${remedy === null ? '' : `  -> ${remedy}`}`;
}
