import { z } from 'zod';
import { maxEvents } from '@actp/shared/audit/event';
import { AppError } from '@actp/shared/errors';
import { fieldProblems } from '../http/field-problems.ts';
import type { JsonPlace } from '../http/strict-json.ts';
import { WrittenEvent } from './written-event.ts';

const Batch = z.strictObject({ events: z.array(z.unknown()).min(1).max(maxEvents) });
const maxProblems = 100;

/** The event by its index and the field of it: what stands deeper in a result has no rules of its own. */
export function eventField({ path, key }: JsonPlace): string {
  const steps = path.length === 0 && key !== undefined ? [key] : path;
  return steps.slice(0, steps[0] === 'events' ? 3 : 1).join('.') || 'body';
}

/** @throws AppError `validation_failed` with the index of every bad event; then nothing of the batch is kept */
export function readEvents(body: Record<string, unknown>): WrittenEvent[] {
  if (!('events' in body)) {
    const one = WrittenEvent.safeParse(body);
    if (one.success) return [one.data];
    throw refusal(fieldProblems(one.error, 'json'));
  }
  const batch = Batch.safeParse(body);
  if (!batch.success) throw refusal(fieldProblems(batch.error, 'json'));
  const parsed = batch.data.events.map((event) => WrittenEvent.safeParse(event));
  const problems = parsed.flatMap(({ error }, index) =>
    error ? fieldProblems(error, `events.${index}`) : [],
  );
  if (problems.length > 0) throw refusal(problems.slice(0, maxProblems));
  return parsed.flatMap(({ data }) => (data ? [data] : []));
}

const refusal = (fields: AppError['fields']) =>
  new AppError('validation_failed', 'an event is not valid; none of the events was accepted', { fields });
