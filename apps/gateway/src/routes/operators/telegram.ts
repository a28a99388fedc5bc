import { z } from '@hono/zod-openapi';
import {
  createTelegramCode,
  telegramCodeMinutes,
  unlinkTelegram,
} from '@actp/services/operators/telegram-code';
import type { AppDeps } from '../../app-deps.ts';
import type { ServeRoute } from '../../http/serve-route.ts';
import { contextOf } from '../../audit/origin.ts';
import { IdParam } from './shared.ts';

/** Linking one's own account to a Telegram id, so that both are one person. */
export function operatorTelegramRoutes(serve: ServeRoute, deps: Pick<AppDeps, 'db'>): void {
  serve(
    {
      operationId: 'createTelegramCode',
      callers: ['operator'],
      audit: 'service',
      method: 'post',
      path: '/v1/operators/{id}/telegram-code',
      summary: 'Get a code that links a Telegram id to your own account',
      tags: ['operators'],
      request: { params: IdParam },
      responses: {
        201: {
          description: 'Send `command` to the bot in a private chat. The code works once',
          content: {
            'application/json': {
              schema: z.object({ code: z.string(), command: z.string(), expires_in: z.int() }),
            },
          },
        },
        429: { description: 'Too many requests, or more than 10 codes in an hour' },
      },
    },
    async (c, caller) => {
      const code = await createTelegramCode(deps, c.req.valid('param').id, contextOf(c, caller));
      return c.json({ code, command: `/link ${code}`, expires_in: telegramCodeMinutes * 60 }, 201);
    },
  );

  serve(
    {
      operationId: 'unlinkTelegram',
      callers: ['operator'],
      audit: 'service',
      method: 'delete',
      path: '/v1/operators/{id}/telegram',
      summary: 'End the link of your own account to a Telegram id',
      tags: ['operators'],
      request: { params: IdParam },
      responses: {
        204: { description: 'Ended. For approvals the id counts as you until another operator links it' },
        404: { description: 'No Telegram id is linked to your account' },
      },
    },
    async (c, caller) => {
      await unlinkTelegram(deps, c.req.valid('param').id, contextOf(c, caller));
      return c.body(null, 204);
    },
  );
}
