import { describe, expect, it } from 'vitest';
import { openStores } from '@actp/testing/stores';
import { openGateway, operatorToken } from '../gateway.fixture.ts';

const stores = await openStores();
const gateway = await openGateway(stores);
const token = await operatorToken(gateway);
const { SUPABASE_URL, SUPABASE_SERVICE_ROLE_KEY } = stores.env;

/** As another program inserts it, with numbers of its own language. */
async function insert(action: string, result: string): Promise<void> {
  const answer = await fetch(`${SUPABASE_URL}/rest/v1/actp_agent_audit_log`, {
    method: 'POST',
    headers: {
      apikey: SUPABASE_SERVICE_ROLE_KEY,
      authorization: `Bearer ${SUPABASE_SERVICE_ROLE_KEY}`,
      'content-type': 'application/json',
    },
    body: `{"agent_id":"ledger","action_type":"${action}","status":"ok","result":${result}}`,
  });
  expect(answer.status).toBe(201);
}
const read = async (path: string) =>
  (await gateway.fetch(path, { headers: { authorization: `Bearer ${token}` } })).text();

describe('numbers that JavaScript has no number for', () => {
  it.each([
    ['a whole number', '{"id":9007199254740993}'],
    ['a negative one', '{"id":-9007199254740993}'],
    ['one of many digits', '[12345678901234567890123456789]'],
    ['one with many decimals', '{"price":[{"usd":0.1000000000000000055}]}'],
    ['one alone', '9007199254740993'],
    ['one beside a text that looks like one', '{"a":"9007199254740993","b":9007199254740995,"c":"\\"1e400"}'],
    ['one beyond all doubles', `{"n":1${'0'.repeat(400)}}`],
    ['ordinary ones', '{"n":[0,1.5,-3,0.1,9007199254740991],"at":"2026-11-22T04:52:43.066Z"}'],
  ])('are shown and exported as they were written: %s', async (name, result) => {
    const action = `exact.${name.replaceAll(' ', '_')}`;
    await insert(action, result);
    const query = `action_type=${action}`;
    expect(await read(`/v1/audit?${query}`)).toContain(`"result":${result},"error"`);
    expect(await read(`/v1/audit/export?${query}`)).toContain(`"result":${result},"error"`);
    expect(await read(`/v1/audit/export?format=ocsf&${query}`)).toContain(`"unmapped":{"result":${result},`);
    const field = /[",]/.test(result) ? `"${result.replaceAll('"', '""')}"` : result;
    expect(await read(`/v1/audit/export?format=csv&${query}`)).toContain(`,ok,${field},`);
  });

  it('show no member of their own', async () => {
    await insert('exact.members', '{"id":9007199254740993}');
    expect(await read('/v1/audit?action_type=exact.members')).not.toContain('result_text');
    expect(await read('/v1/audit?action_type=exact.ordinary_ones')).not.toContain('result_text');
  });
});
