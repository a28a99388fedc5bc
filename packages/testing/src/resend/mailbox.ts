import { randomUUID } from 'node:crypto';
import { json, type OutsideReply } from '../outside/route.ts';
import type { SentEmail } from './check-email.ts';
import { resendError } from './errors.ts';

interface StoredEmail extends SentEmail {
  object: 'email';
  id: string;
  message_id: string;
  created_at: string;
  last_event: 'delivered';
}

/** The mails that have left. */
export function createMailbox() {
  const emails: StoredEmail[] = [];
  return {
    emails: emails as readonly StoredEmail[],
    add(email: SentEmail, now: number): string {
      const id = randomUUID();
      const created = new Date(now).toISOString();
      const added = { object: 'email', id, message_id: `<${id}@example.com>`, created_at: created } as const;
      emails.push({ ...added, ...email, last_event: 'delivered' });
      return id;
    },
    get(id: string | undefined): OutsideReply {
      const email = emails.find((one) => one.id === id);
      return email ? json(200, shown(email)) : resendError(404, 'not_found', 'Email not found');
    },
    /** Newest first, a page at a time: `limit`, and `after` or `before` an id. */
    list(query: Record<string, string>): OutsideReply {
      const limit = Number(query['limit'] ?? 20);
      if (!Number.isInteger(limit) || limit < 1 || limit > 100) {
        return resendError(422, 'validation_error', 'The `limit` must be between 1 and 100.');
      }
      const newest = emails.toReversed();
      const place = (id: string | undefined) => newest.findIndex((email) => email.id === id);
      const end = query['before'] === undefined ? newest.length : Math.max(place(query['before']), 0);
      const begin = query['before'] === undefined ? place(query['after']) + 1 : Math.max(end - limit, 0);
      const data = newest.slice(begin, Math.min(begin + limit, end));
      const more = query['before'] === undefined ? begin + limit < newest.length : begin > 0;
      return json(200, { object: 'list', has_more: more, data: data.map(listed) });
    },
  };
}

/** Tags and the key of a request are not in any answer: a mail cannot be found by them. */
const shown = ({ tags: _tags, ...email }: StoredEmail) => ({ ...email, cc: [], bcc: [], scheduled_at: null });
const listed = (email: StoredEmail) => {
  const { text: _text, html: _html, ...rest } = shown(email);
  return rest;
};
