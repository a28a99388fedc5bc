import { z } from '@hono/zod-openapi';
import { callbackUrlProblem } from '@actp/shared/approvals/callback-url';
import { isReservedName, reservedNameRule } from '@actp/shared/names/reserved';
import type { AppDeps } from '../../app-deps.ts';
import { readableText } from '../../http/readable-text.ts';

type Limits = Pick<AppDeps['config'], 'approvalTtlSeconds' | 'chatIds' | 'callbackOrigins'>;

/** What an agent may say of an approval beside action and details. */
export function approvalFields({ approvalTtlSeconds, chatIds, callbackOrigins }: Limits) {
  const ttlRule = `must be a whole number from 1 to ${approvalTtlSeconds}`;
  return {
    requested_by: readableText(128, { oneLine: true })
      .min(1)
      .refine((name) => !isReservedName(name), reservedNameRule)
      .optional(),
    reason: readableText(2_000).optional(),
    ttl_seconds: z.int(ttlRule).min(1, ttlRule).max(approvalTtlSeconds, ttlRule).optional(),
    chat_id: z
      .string()
      .refine((id) => chatIds.includes(id), 'must be TELEGRAM_CHAT_ID or one of TELEGRAM_EXTRA_CHAT_IDS')
      .optional(),
    callback_url: z
      .string()
      .max(2_048)
      .superRefine((url, context) => {
        const message = callbackUrlProblem(url, callbackOrigins);
        if (message !== undefined) context.addIssue({ code: 'custom', message });
      })
      .optional(),
  };
}

/** Their names. */
export const approvalFieldNames = [
  'requested_by',
  'reason',
  'ttl_seconds',
  'chat_id',
  'callback_url',
] as const satisfies ReadonlyArray<keyof ReturnType<typeof approvalFields>>;
