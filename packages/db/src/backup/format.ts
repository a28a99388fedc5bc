import { z } from 'zod';

/** Raised when what older releases wrote cannot be read in the same way. */
export const formatVersion = 1;

export const headName = 'backup.json';
export const endName = 'end.json';

/** The first entry: what is needed to know whether and how the rest can be restored. */
export const Head = z.object({
  format: z.literal('actp-backup'),
  version: z.int().positive(),
  created_at: z.iso.datetime(),
  /** Version of the program that wrote it. */
  release: z.string(),
  /** The migrations that the database had. */
  migrations: z.array(z.string().regex(/^\d{14}$/)).min(1),
  /** In an order in which they can be filled: what is referenced comes first. */
  tables: z.array(z.object({ name: z.string(), columns: z.array(z.string()).min(1) })),
  /** Days of which the audit log has a partition. */
  audit_days: z.array(z.iso.date()),
  /** Whether settings and secrets of the plane are in it. */
  keys: z.boolean(),
});
export type Head = z.infer<typeof Head>;

const Sha256 = z.string().regex(/^[0-9a-f]{64}$/);

/** The last entry: what all the others have to be. */
export const End = z.object({
  entries: z.record(z.string(), Sha256),
  rows: z.record(z.string(), z.int().nonnegative()),
  sequences: z.array(
    z.object({ name: z.string(), last_value: z.string().regex(/^-?\d+$/), is_called: z.boolean() }),
  ),
});
export type End = z.infer<typeof End>;

/** A part of a table's rows, in the text format of COPY. */
export const dataName = (table: string, part: number): string =>
  `data/${table}.${String(part).padStart(6, '0')}.copy`;

const dataForm = /^data\/(.+)\.\d{6}\.copy$/;

/** @returns the table of a data entry */
export const tableOf = (entry: string): string | undefined => dataForm.exec(entry)?.[1];

/** Settings and files of the plane, in an encrypted backup alone. */
export const keysName = 'keys.json';

export const Keys = z.object({
  /** As `.env` has them. */
  settings: z.record(z.string(), z.string()),
  /** By path relative to the repository or to the data folder. */
  files: z.array(z.object({ root: z.enum(['repository', 'data']), path: z.string(), content: z.string() })),
});
export type Keys = z.infer<typeof Keys>;
