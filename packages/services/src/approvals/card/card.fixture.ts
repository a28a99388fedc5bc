import { parseHtml } from '@actp/testing/telegram/api/html';
import type { CardFacts } from './card-facts.ts';

/** A pending approval with these details (JSON text), and whatever else a test wants different. */
export function facts(details: string, over: Partial<CardFacts['approval']> = {}): CardFacts {
  return {
    approval: {
      id: 'a1b2c3d4-0000-4000-8000-00000000000f',
      status: 'pending',
      action: 'dm.bulk_send',
      requested_by: 'agent-1',
      agent_id: 'agent-1',
      source: 'http',
      reason: null,
      action_digest: '0123456789abcdef'.repeat(4),
      policy_version: 'p',
      critical: false,
      approvers: 1,
      approvals: 0,
      expires_at: '2026-11-02T17:00:00.000Z',
      created_at: '2026-11-02T13:00:00.000Z',
      decided_by: null,
      decided_by_name: null,
      decided_at: null,
      decision_reason: null,
      grant_expires_at: null,
      redeemed_at: null,
      lapsed_at: null,
      outcome: null,
      outcome_at: null,
      version: 1,
      ...over,
    },
    details,
    details_order: null,
    now: '2026-11-02T13:00:00.500+00:00',
    timeZone: 'UTC',
  };
}

/** What people see of a message, by Telegram's own rules; throws where Telegram refuses it. */
export function seen(html: string): string {
  return parseHtml(html).text;
}
