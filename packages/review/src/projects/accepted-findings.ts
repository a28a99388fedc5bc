import { z } from 'zod';
import { readYaml, type Read } from './read-yaml.ts';

/** Where accepted findings stand, relative to the repository root. */
export const acceptedFindingsFile = 'config/accepted-findings.yaml';

const endOfDay = 'T23:59:59Z';
const whenRule = 'must be a day (2027-01-31) or a time with its zone (2027-01-31T12:00:00Z)';
// Later, and nobody meant an end.
const lastYear = 2099;

const isDay = (text: string) => text.length === '2027-01-31'.length;
// Seconds may be left out.
const isWhen = (text: string) =>
  isDay(text)
    ? z.iso.date().safeParse(text).success
    : z.iso.datetime({ offset: true }).safeParse(text.replace(/(T\d\d:\d\d)(?=Z|[+-])/, '$1:00')).success;

const Until = z
  .string(whenRule)
  .refine(isWhen, { error: whenRule, abort: true })
  .refine((text) => Number(text.slice(0, 4)) <= lastYear, `must be before the year ${lastYear + 1}`)
  .transform((text) => (isDay(text) ? `${text}${endOfDay}` : text));

/** A finding that is known and left as it is for some time; a day ends at midnight, UTC. */
export const AcceptedFinding = z.strictObject({
  finding: z.uuid().toLowerCase(),
  reason: z.string().trim().min(1).max(1_000),
  until: Until,
});
export type AcceptedFinding = z.infer<typeof AcceptedFinding>;

const AcceptedFindings = z
  .array(AcceptedFinding)
  .max(10_000)
  .refine(
    (all) => new Set(all.map(({ finding }) => finding)).size === all.length,
    'a finding stands there twice',
  );

/** Without the file none are accepted. @param path absolute */
export const readAcceptedFindings = (path: string): Promise<Read<AcceptedFinding[]>> =>
  readYaml(path, acceptedFindingsFile, AcceptedFindings, []);
