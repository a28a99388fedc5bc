import { firstOf } from '@actp/suites/plain-text';
import { listedPath } from '../change/shown-path.ts';
import type { Heal } from '@actp/services/heals/heal-store';

const maxText = 1_600;
const maxFiles = 8;
const maxReason = 300;

/** What people read about the healing of a run, below what failed: one paragraph for each suite, as it stands now. */
export function healText(heals: readonly Heal[]): string {
  if (heals.length === 0) return '';
  return firstOf(['Self-heal:', ...heals.map(lineOf)].join('\n'), maxText);
}

function lineOf(heal: Heal): string {
  const { suite, facts } = heal;
  const lines = [`- ${suite}: ${wordsFor(heal)}`];
  const files = facts.changed_files ?? [];
  if (files.length > 0) {
    const more = files.length > maxFiles ? ` and ${files.length - maxFiles} more` : '';
    lines.push(`  changed: ${files.slice(0, maxFiles).map(listedPath).join(', ')}${more}`);
  }
  if (facts.patch_file !== undefined && heal.state === 'not_healed')
    lines.push(`  rolled back, patch kept as ${facts.patch_file}`);
  if (facts.branch !== undefined) lines.push(`  on branch ${facts.branch}`);
  if (facts.note !== undefined && facts.note !== '') lines.push(`  note: ${facts.note}`);
  return lines.join('\n');
}

function wordsFor(heal: Heal): string {
  const reason = firstOf((heal.reason ?? '').replace(/\s+/g, ' '), maxReason);
  switch (heal.state) {
    case 'queued':
      return 'waits for its turn';
    case 'running':
      return stepWords(heal);
    case 'healed':
      return `healed${lasted(heal)}: ${reason}`;
    case 'not_healed':
      return `NOT healed${lasted(heal)}: ${reason}`;
    case 'skipped':
      return `not handed over: ${reason}`;
  }
}

function stepWords({ step, facts }: Heal): string {
  const tests =
    facts.tests === undefined
      ? ''
      : ` (${facts.tests.length} failing ${facts.tests.length === 1 ? 'test' : 'tests'})`;
  if (step === 'prepare') return 'is being run once more';
  if (step === 'start') return `waits for the coding agent${tests}`;
  if (step === 'wait') return `the coding agent is running${tests}`;
  return `the change is being verified${tests}`;
}

function lasted({ attempted_at, finished_at }: Heal): string {
  if (attempted_at === null || finished_at === null) return '';
  const seconds = Math.max(0, Math.round((Date.parse(finished_at) - Date.parse(attempted_at)) / 1_000));
  return seconds < 90 ? ` after ${seconds} s` : ` after ${Math.round(seconds / 60)} min`;
}
