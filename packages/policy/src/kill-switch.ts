import { matchesAction, normaliseAction } from './action-name.ts';
import { normalName } from './normal-name.ts';

/** What an operator has stopped, as the database has it. */
export interface KillSwitch {
  /** `all`, `agent:<id>` or `action:<name or glob>`, as `readScope` gives it. */
  scope: string;
  reason: string;
  /** ISO 8601. */
  since: string;
}

const actionPattern = /^[a-z0-9*][a-z0-9*._:/-]{0,127}$/;
const maxAgent = 128;

/**
 * Reads a scope as people write it.
 *
 * @returns the one form in which it is kept and compared, or what is wrong with it
 */
export function readScope(text: string): { ok: true; scope: string } | { ok: false; problem: string } {
  const name = normalName(text);
  if (name === 'all') return { ok: true, scope: name };
  const colon = name.indexOf(':');
  const kind = name.slice(0, Math.max(0, colon));
  const what = normalName(name.slice(colon + 1));
  if (kind === 'agent') {
    if (what === '' || what.length > maxAgent || /\p{Cc}/u.test(what)) {
      return { ok: false, problem: `must name an agent of 1 to ${maxAgent} characters after agent:` };
    }
    if (what.includes('*'))
      return { ok: false, problem: 'must name one agent, without *; all stops everybody' };
    return { ok: true, scope: `agent:${what}` };
  }
  if (kind === 'action') {
    if (!actionPattern.test(what)) {
      return { ok: false, problem: 'must have an action name after action:, in which * stands for anything' };
    }
    return { ok: true, scope: `action:${what}` };
  }
  return { ok: false, problem: 'must be all, agent:<id> or action:<name or glob>' };
}

/**
 * The switch that covers a request, if any; the oldest, when they come newest first. What has no normal form is covered by
 * any switch of its kind. The same as `actp_kill_switch_blocks` in the database.
 */
export function findKillSwitch<S extends { scope: string }>(
  switches: readonly S[],
  request: { agent: string; action: string },
): S | undefined {
  if (switches.length === 0) return undefined;
  const agent = normalName(request.agent);
  const action = normaliseAction(request.action);
  return switches.findLast(({ scope }) => {
    if (scope === 'all') return true;
    if (scope.startsWith('agent:')) return scope.slice('agent:'.length) === agent;
    return action === undefined || matchesAction(scope.slice('action:'.length), action);
  });
}
