import { z } from '@hono/zod-openapi';
import { cleanText } from '@actp/shared/audit/clean-text';
import { EventTime } from '@actp/shared/audit/event-time';
import { isReservedName, reservedNameRule } from '@actp/shared/names/reserved';
import { readableText } from '../http/readable-text.ts';

const idRule =
  'must be 1 to 128 printable ASCII characters, without * and without a space at an end, and not . or ..';
const actionRule = 'must be an action name in lower case, in which * stands for anything';
const maxGraceSeconds = 7 * 86_400;
const graceRule = `must be a whole number of seconds from 0 to ${maxGraceSeconds}`;

/** What an agent can be called: what `X-Agent-Id` takes, and a kill switch can name. */
const AgentId = z
  .string()
  .regex(/^(?!.*\*)(?!\.{1,2}$)[\x21-\x7e](?:[\x20-\x7e]{0,126}[\x21-\x7e])?$/, idRule)
  .refine((id) => !isReservedName(id), reservedNameRule)
  .refine((id) => cleanText(id, 128) === id, 'must not look like a secret');

/** The body of `POST /v1/agents`. */
export const NewAgent = z.strictObject({
  id: AgentId,
  note: readableText(500).nullish(),
  actions: z
    .array(z.string().regex(/^[a-z0-9*][a-z0-9*._:/-]{0,127}$/, actionRule))
    .min(1, 'must name at least one action; leave it out for all')
    .max(100)
    .nullish()
    .openapi({ description: 'Globs of the actions that the agent may ask for; all when absent' }),
  expires_at: EventTime.nullish(),
});

/** The body of `POST /v1/agents/{id}/rotate`. */
export const RotateKey = z.strictObject({
  grace_seconds: z
    .int(graceRule)
    .min(0, graceRule)
    .max(maxGraceSeconds, graceRule)
    .optional()
    .openapi({ description: 'How long the key before stays valid; 0 when absent' }),
});

/** Of an agent that there may be: what cannot be a name is not found. */
export const AgentIdParam = z.object({ id: z.string().min(1).max(128) });
