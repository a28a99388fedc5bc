import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const folder = join(import.meta.dirname, '../../sql');
const writers = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.sql'))
  .map((file) => [file, readFileSync(join(folder, file), 'utf8')] as const)
  .filter(([, sql]) => sql.includes('insert into public.actp_agent_audit_log'));

it('[TRU-004] there are functions that write audit rows', () => {
  expect(writers.length).toBeGreaterThan(8);
});

// One that forgot it would write a row that looks as if another program had inserted it.
it.each(writers)('[TRU-004] %s says that the plane wrote its row', (file, sql) => {
  if (file.endsWith('write_audit_events.sql')) {
    expect(sql).toMatch(/x\.source\n/);
    return;
  }
  expect(sql).toMatch(/insert into public\.actp_agent_audit_log\s+\([^)]*, source\)/);
  expect(sql).toMatch(/, 'plane'\);/);
});
