import type { Calls } from './calls.ts';
import type { Decision } from './decision.ts';
import { ActpError } from './errors.ts';
import { begunBefore } from './refusal.ts';
import { asMismatch, fieldsOf, type AskOptions } from './request-approval.ts';
import { workKey } from './work-key.ts';

export interface GuardAskOptions extends AskOptions {
  /** What led to this, up to 64 KiB: screened by the plane for injected instructions and commands. */
  text?: string | undefined;
  /** Where `text` comes from; `tool` by default. */
  textSource?: 'user' | 'tool' | 'web' | undefined;
  /** What it costs, for the spending limits of the plane. */
  costUsd?: number | undefined;
}

/**
 * Asks the policy, and where it wants a person, asks for an approval in the same call. Work that has a `workId` is allowed once:
 * later calls, also after a crash, are told that it was.
 */
export async function askGuard(
  deps: { calls: Calls; agentId: string },
  action: string,
  details: object,
  options: GuardAskOptions,
): Promise<Decision> {
  const { workId, text, textSource, costUsd, signal } = options;
  const key = await workKey({ action, details, agentId: deps.agentId, workId });
  const body = {
    action,
    details,
    text,
    text_source: textSource,
    cost_usd: costUsd,
    ...fieldsOf(options),
    request_approval: true,
    ...(workId === undefined ? {} : { once: true }),
  };
  try {
    return await deps.calls.guard(body, key, signal);
  } catch (error) {
    // The policy has become stricter since it allowed this work: asking a person now could do it twice.
    if (error instanceof ActpError && error.code === 'conflict') {
      throw begunBefore(null, undefined, { cause: error, ...(error.problem && { problem: error.problem }) });
    }
    throw asMismatch(error);
  }
}
