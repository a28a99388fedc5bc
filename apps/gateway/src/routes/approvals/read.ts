import { z } from '@hono/zod-openapi';
import { AppError } from '@actp/shared/errors';
import { waitForChange } from '@actp/services/changes/wait';
import type { AppDeps } from '../../app-deps.ts';
import { watchCredential } from '../../auth/watch-credential.ts';
import type { ServeRoute } from '../../http/serve-route.ts';
import { approvalAnswer, assertOwn, assertStillValid, IdParam, isOwn, notFound } from './shared.ts';

const longestWaitSeconds = 55;

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

// RFC 7240: preferences that we do not know are not ours to refuse.
function waitOf(prefer: string | undefined): number {
  const wait = prefer
    ?.split(',')
    .map((preference) => /^\s*wait\s*=\s*"?([^";]*)"?/i.exec(preference)?.[1]?.trim())
    .find((value) => value !== undefined);
  if (wait === undefined) return 0;
  if (/^\d{1,2}$/.test(wait) && Number(wait) <= longestWaitSeconds) return Number(wait);
  throw new AppError('validation_failed', 'the Prefer header cannot be used', {
    fields: [{ field: 'Prefer', message: `wait must be a whole number from 0 to ${longestWaitSeconds}` }],
  });
}
