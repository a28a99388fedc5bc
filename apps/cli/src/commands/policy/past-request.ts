import { z } from 'zod';
import { normaliseAction } from '@actp/policy/action-name';
import { maxCostUsd, type DecideRequest } from '@actp/policy/decide';
import { screenText } from '@actp/services/guard/screen-text';

/** Requests that were made, and how many could not be read back. */
export interface PastRequests {
  requests: DecideRequest[];
  unknown: number;
  /** Where they come from, in words. */
  source: string;
}

const Asked = z.object({
  action: z.string().refine((name) => normaliseAction(name) !== undefined),
  details: z.record(z.string(), z.unknown()),
  cost_usd: z.number().min(0).max(maxCostUsd).optional(),
});

const Source = z.enum(['user', 'tool', 'web']);
// An audit event has what screening said of the text, a body the text.
const Code = z.templateLiteral(['injection.', z.string()]);
const Screened = z.object({
  source: Source,
  score: z.number(),
  reasons: z.array(z.object({ code: Code, detail: z.string() })),
});
const Kept = z.object({ text: Screened });
const Said = z.object({ text: z.string(), text_source: Source.optional() });

const Event = z.object({ action_type: z.string(), agent_id: z.string(), result: z.unknown() });

/** A guard request out of its audit event, or out of its body. `other`: the event of something else. */
export function pastRequest(value: unknown): DecideRequest | 'unknown' | 'other' {
  const event = Event.safeParse(value).data;
  if (event && event.action_type !== 'guard.decide') return 'other';
  const asked = Asked.safeParse(event ? event.result : value).data;
  if (!asked) return 'unknown';
  const text = event ? Kept.safeParse(event.result).data?.text : screenSaid(value);
  return { ...asked, agent: event?.agent_id ?? 'worker', text };
}

function screenSaid(body: unknown): DecideRequest['text'] {
  const said = Said.safeParse(body).data;
  return screenText(said?.text, said?.text_source);
}
