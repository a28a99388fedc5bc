import { z } from 'zod';

const rule = 'must be an ISO 8601 time with its offset, of the years 1 to 9999';
const [first, last] = [Date.parse('0001-01-01T00:00:00Z'), Date.parse('9999-12-31T23:59:59.999Z')];
// Postgres takes no offset beyond this (src/include/datatype/timestamp.h, MAX_TZDISP_HOUR).
const maxOffsetHours = 15;

/** A time as callers write it, and as the database takes it: what is accepted here must not fail there later. */
export const EventTime = z.iso.datetime({ offset: true, error: rule }).refine((text) => {
  const at = Date.parse(text);
  const [, hours = '0'] = /[+-](\d\d):?\d\d$/.exec(text) ?? [];
  return at >= first && at <= last && Number(hours) <= maxOffsetHours;
}, rule);
