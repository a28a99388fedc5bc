import { readScope } from '@actp/policy/kill-switch';
import { scopeWithoutSecret } from '@actp/shared/kill-switch/scope-without-secret';

export type StopCommand =
  | { ok: true; scope: string; reason: string | undefined }
  /** What is wrong with the scope. */
  | { ok: false; problem: string };

const maxReason = 500;

/** Reads what follows `/stop`: `[scope] [reason]`. Without a scope it is about everything. */
export function readStopCommand(text: string): StopCommand {
  const trimmed = text.trim();
  const [first = ''] = trimmed.split(/\s/, 1);
  const scope = readScope(scopeWithoutSecret(first));
  const meantAsScope = scope.ok || /^(?:agent|action):/i.test(first);
  if (meantAsScope && !scope.ok) return { ok: false, problem: scope.problem };
  const rest = meantAsScope ? trimmed.slice(first.length).trim() : trimmed;
  const reason = rest === '' ? undefined : rest.replaceAll('\0', '').slice(0, maxReason).toWellFormed();
  return { ok: true, scope: scope.ok ? scope.scope : 'all', reason };
}

/**
 * The word that stands where a scope would and is none: nobody knows whether it is one or begins the reason. Undefined when a scope is
 * given, or nothing at all.
 */
export function wordInsteadOfScope(text: string): string | undefined {
  const [first = ''] = text.trim().split(/\s/, 1);
  return first === '' || readScope(first).ok ? undefined : first;
}
