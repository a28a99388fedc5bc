import { redact } from '@actp/redaction/redact';
import { AppError } from '@actp/shared/errors';
import { visibleText } from '@actp/shared/visible-text';
import { fail, type Check, type Finding, type FindingState } from './finding.ts';

export interface Examination {
  /** Whether nothing needs a hand: no `warn`, no `fail`. */
  ok: boolean;
  checked_at: string;
  summary: Record<FindingState, number>;
  checks: Finding[];
}

/**
 * Looks at everything at once. A check that fails or takes too long is a finding like any other.
 *
 * @param withinMs how long one check may take, and so all of them
 */
export async function examine(checks: readonly Check[], withinMs: number): Promise<Examination> {
  const found = await Promise.all(checks.map((check) => lookInTime(check, withinMs)));
  const findings = found.flat().map(clean);
  const count = (state: FindingState) => findings.filter((finding) => finding.state === state).length;
  const summary = { ok: count('ok'), warn: count('warn'), fail: count('fail'), off: count('off') };
  return {
    ok: summary.warn + summary.fail === 0,
    checked_at: new Date().toISOString(),
    summary,
    checks: findings,
  };
}

async function lookInTime(check: Check, withinMs: number): Promise<readonly Finding[]> {
  const late = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<Finding>((resolve) => {
    timer = setTimeout(() => {
      resolve(fail(check.name, `no result within ${withinMs / 1_000} s`, 'Look again; see docs/runbook.md'));
      late.abort();
    }, withinMs);
  });
  try {
    const found = await Promise.race([check.look(late.signal), tooLate]);
    return 'state' in found ? [found] : found;
  } catch (error) {
    return [fail(check.name, `cannot be checked: ${reasonOf(error)}`, 'See the logs in ACTP_DATA_DIR/logs')];
  } finally {
    clearTimeout(timer);
  }
}

/** The message of an error of ours, which holds no value from outside; of others the system's code alone. */
export function reasonOf(error: unknown): string {
  if (error instanceof AppError) return error.message;
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return /^[\w-]{1,40}$/.test(code) ? code : 'an unexpected error';
}

// One line each, with nothing that a terminal would take for a command.
const oneLine = (text: string) => visibleText(redact(text).replaceAll(/\s*[\r\n\t]\s*/g, ' '));

const clean = (finding: Finding): Finding => ({
  ...finding,
  detail: oneLine(finding.detail),
  remedy: finding.remedy === null ? null : oneLine(finding.remedy),
});
