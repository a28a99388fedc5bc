import type { OutsideReply } from '../outside/route.ts';
import { resendError } from './errors.ts';

const keptMs = 24 * 3_600_000;

/** Keys of requests that were carried out or are under way, for 24 hours. A request that was refused leaves none. */
export function createIdempotency() {
  const known = new Map<string, { digest: string; until: number; reply: OutsideReply | undefined }>();
  return {
    /** The answer to a request whose key is known. */
    find(key: string | undefined, digest: string, now: number): OutsideReply | undefined {
      const earlier = key === undefined ? undefined : known.get(key);
      if (!earlier || earlier.until <= now) return undefined;
      if (earlier.digest !== digest) {
        return resendError(
          409,
          'invalid_idempotent_request',
          'Same idempotency key used with a different request payload.',
        );
      }
      return (
        earlier.reply ??
        resendError(
          409,
          'concurrent_idempotent_requests',
          'Same idempotency key used while the original request is in progress.',
        )
      );
    },
    begin(key: string | undefined, digest: string, now: number) {
      const entry = { digest, until: now + keptMs, reply: undefined as OutsideReply | undefined };
      if (key !== undefined) known.set(key, entry);
      return {
        end(reply: OutsideReply): OutsideReply {
          entry.reply = reply;
          return reply;
        },
      };
    },
  };
}
