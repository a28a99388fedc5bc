import { z } from '@hono/zod-openapi';
import { waitForChange } from '@actp/services/changes/wait';
import type { AppDeps } from '../../app-deps.ts';
import { watchCredential } from '../../auth/watch-credential.ts';
import { waitOf } from '../../http/prefer-wait.ts';
import type { ServeRoute } from '../../http/serve-route.ts';
import { approvalAnswer, assertOwn, assertStillValid, IdParam, isOwn, notFound } from './shared.ts';

/** `GET /v1/approvals/{id}`: one approval; with `Prefer: wait=N` the answer comes when it is no longer pending. */
export function readApprovalRoute(serve: ServeRoute, deps: Pick<AppDeps, 'hub' | 'sessions'>): void {
  serve(
    {
      operationId: 'readApproval',
      callers: ['agent', 'operator'],
      audit: 'none',
      asItself: 'reads',
      method: 'get',
      path: '/v1/approvals/{id}',
      summary: 'Read an approval, or wait for its decision',
      tags: ['approvals'],
      request: { params: IdParam, headers: z.object({ prefer: z.string().optional() }) },
      responses: { 200: approvalAnswer('The approval'), ...notFound },
    },
    async (c, caller) => {
      const seconds = waitOf(c.req.valid('header').prefer);
      const credential = watchCredential(deps.sessions, caller);
      const approval = await waitForChange(
        deps.hub,
        c.req.valid('param').id,
        seconds * 1_000,
        // Another agent's is refused at once.
        (seen) => seen.status !== 'pending' || !isOwn(seen, caller),
        AbortSignal.any([c.req.raw.signal, credential.ended]),
      ).finally(credential.stop);
      credential.ended.throwIfAborted();
      assertOwn(approval, caller);
      if (seconds > 0) await assertStillValid(caller);
      if (seconds > 0) c.header('Preference-Applied', `wait=${seconds}`);
      return c.json(approval, 200);
    },
  );
}
