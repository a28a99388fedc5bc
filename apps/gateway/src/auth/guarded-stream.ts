import type { Context } from 'hono';
import type { AppDeps } from '../app-deps.ts';
import type { AppEnv, Caller } from '../app-env.ts';
import { actorOf } from '../audit/origin.ts';
import { assertCredential, watchCredential } from './watch-credential.ts';

/**
 * A body that is sent for as long as its caller may have it. When the credential ends, the connection is reset: what was not received
 * yet is not delivered, and nobody takes a part for the whole.
 *
 * @param head sent before everything else
 */
export function guardedStream(
  c: Context<AppEnv>,
  caller: Caller,
  deps: Pick<AppDeps, 'sessions' | 'log'>,
  head: string,
  parts: AsyncGenerator<string, void>,
): ReadableStream<Uint8Array> {
  const text = new TextEncoder();
  const { outgoing } = c.env;
  let watch: ReturnType<typeof watchCredential> | undefined;
  let over = false;

  function reset(controller: ReadableStreamDefaultController<Uint8Array>, reason: unknown): void {
    if (over) return;
    over = true;
    watch?.stop();
    deps.log.warn(
      { request_id: c.get('requestId'), path: c.req.path, actor: actorOf(caller), err: reason },
      'an answer was cut off before its end',
    );
    // Not a plain end: what waits in the buffers of the connection is dropped, too. The server then cancels this stream.
    if (outgoing.socket === null) controller.error(reason);
    else outgoing.socket.resetAndDestroy();
  }

  return new ReadableStream<Uint8Array>({
    start(controller) {
      controller.enqueue(text.encode(head));
    },
    async pull(controller) {
      // Not before somebody reads: of a HEAD request the body is dropped unread, and nothing would end the watch.
      if (watch === undefined) {
        const begun = watchCredential(deps.sessions, caller);
        begun.ended.addEventListener('abort', () => reset(controller, begun.ended.reason));
        watch = begun;
      }
      try {
        const next = await parts.next();
        await assertCredential(deps.sessions, caller);
        if (over) return;
        if (next.done !== true) return controller.enqueue(text.encode(next.value));
        over = true;
        watch.stop();
        controller.close();
      } catch (error) {
        reset(controller, error);
      }
    },
    async cancel() {
      over = true;
      watch?.stop();
      await parts.return();
    },
  });
}
