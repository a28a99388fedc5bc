import { z } from '@hono/zod-openapi';
import type { AppDeps } from '../app-deps.ts';
import type { ServeRoute } from '../http/serve-route.ts';

const Finding = z.object({
  name: z.string(),
  state: z.enum(['ok', 'warn', 'fail', 'off']),
  detail: z.string(),
  remedy: z.string().nullable(),
});

const Report = z
  .object({
    ok: z.boolean(),
    checked_at: z.iso.datetime(),
    summary: z.object({ ok: z.int(), warn: z.int(), fail: z.int(), off: z.int() }),
    checks: z.array(Finding),
  })
  .openapi('Examination');

/** `GET /v1/doctor`: what `npm run doctor` finds, as far as the gateway sees it. */
export function doctorRoute(serve: ServeRoute, deps: Pick<AppDeps, 'doctor'>): void {
  serve(
    {
      operationId: 'examineInstallation',
      callers: ['operator'],
      audit: 'none',
      method: 'get',
      path: '/v1/doctor',
      summary: 'Say what is wrong with this installation, and what to do about it',
      tags: ['health'],
      responses: {
        200: {
          description:
            'Every finding, with a remedy where something needs a hand; takes some seconds while parts are down',
          content: { 'application/json': { schema: Report } },
        },
      },
    },
    async (c) => c.json(await deps.doctor.examine(), 200),
  );
}
