import { describe, expect, it } from 'vitest';
import { createClient } from './client.ts';
import { ActpError } from './errors.ts';

const good = { url: 'http://127.0.0.1:8787', secret: 'a secret without spaces'.replaceAll(' ', '-') };

describe('making a client', () => {
  it.each<[string, Record<string, unknown>, string]>([
    ['a URL that is none', { url: 'gateway' }, 'url'],
    ['another protocol', { url: 'ftp://gateway' }, 'url'],
    ['a password in the URL', { url: 'http://user:hunter2@gateway' }, 'url'],
    ['a query in the URL', { url: 'http://gateway/?key=hunter2' }, 'url'],
    ['a secret with a line break', { secret: 'hunter2\r\nx-more: 1' }, 'secret'],
    ['an empty secret', { secret: '' }, 'secret'],
    ['no secret', { secret: undefined }, 'secret'],
    ['a signing secret that is none', { signingSecret: 'hunter2' }, 'signingSecret'],
    ['a signing secret that is not base64', { signingSecret: 'whsec_hunter2!' }, 'signingSecret'],
    ['an agent id that fits no header', { agentId: 'hunter2\n' }, 'agentId'],
    ['a longer wait than the gateway allows', { waitSeconds: 56 }, 'waitSeconds'],
    ['a negative wait', { waitSeconds: -1 }, 'waitSeconds'],
    ['a wait that is a text', { waitSeconds: '5' }, 'waitSeconds'],
    ['a patience that is no number', { patienceSeconds: Number.NaN }, 'patienceSeconds'],
  ])('refuses %s, naming the option and not its value', (_what, bad, name) => {
    const make = () => createClient({ ...good, ...bad });
    expect(make).toThrow(ActpError);
    expect(make).toThrow(name);
    expect(make).not.toThrow(/hunter2/);
  });

  it.each([undefined, '', null])('says that what is missing is missing: %j', (nothing) => {
    const make = (bad: Record<string, unknown>) => () => createClient({ ...good, ...bad });
    expect(make({ secret: nothing })).toThrow(
      "secret is missing: it is WORKER_SECRET, or the agent's own key",
    );
    expect(make({ url: nothing })).toThrow('url is missing');
  });

  it('shows nothing of the secret when it is printed', () => {
    const client = createClient(good);
    expect(JSON.stringify({ ...client })).not.toContain(good.secret);
    expect(Object.keys(client)).not.toContain('secret');
  });
});
