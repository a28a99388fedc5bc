import type { Check, Finding } from './finding.ts';

/** What a check finds, as a list. */
export async function look(check: Check): Promise<readonly Finding[]> {
  const found = await check.look(new AbortController().signal);
  return 'state' in found ? [found] : found;
}
