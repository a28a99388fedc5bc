import type { LoadedPolicy } from '@actp/policy/load-policy';
import { watchPolicy, type PolicyInForce, type WatchPolicyOptions } from '@actp/policy/watch-policy';
import { ConfigError, UnavailableError } from '@actp/shared/errors';
import { repeat } from '@actp/shared/repeat';

/** What an UnavailableError names when there is no policy. */
export const policyPart = 'the policy';

const againMs = 2_000;

/**
 * The policy in force, for presses. A file that is not valid at the start does not keep the bot from starting: operators have to hear
 * of it from the bot. Nothing can be approved here until it is.
 */
export async function followPolicy(options: WatchPolicyOptions): Promise<PolicyInForce> {
  const { log } = options;
  let inForce = await tryToWatch(options);
  if (!inForce) log.error('the policy file is not valid: nothing can be approved in Telegram until it is');
  const stopTrying = inForce
    ? undefined
    : repeat(log, againMs, async () => {
        inForce ??= await tryToWatch(options);
      });
  return {
    current(): LoadedPolicy {
      if (!inForce) throw new UnavailableError(policyPart);
      return inForce.current();
    },
    async stop() {
      await stopTrying?.();
      await inForce?.stop();
    },
  };
}

async function tryToWatch(options: WatchPolicyOptions): Promise<PolicyInForce | undefined> {
  try {
    return await watchPolicy(options);
  } catch (error) {
    if (error instanceof ConfigError) return undefined;
    throw error;
  }
}
