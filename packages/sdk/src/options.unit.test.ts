import { describe, expect, it, onTestFinished } from 'vitest';
import type { Approval } from './approval.ts';
import { createClient } from './client.ts';
import { ActpError } from './errors.ts';
import { readOptions } from './options.ts';

const good = { url: 'http://127.0.0.1:8787', secret: 'a secret without spaces'.replaceAll(' ', '-') };

describe('making a client', () => {
  it.each<[string, Record<string, unknown>, string]>([
    ['a URL that is none', { url: 'gateway' }, 'url'],
    ['another protocol', { url: 'ftp://gateway' }, 'url'],
    ['a password in the URL', { url: 'http://user:hunter2@gateway' }, 'url'],
    ['a user in the URL', { url: 'http://hunter2@gateway' }, 'url must have no user'],
    ['a password alone in the URL', { url: 'http://:hunter2@gateway' }, 'url must have no user'],
    ['a query in the URL', { url: 'http://gateway/?key=hunter2' }, 'url must have no user'],
    ['a fragment in the URL', { url: 'http://gateway/#hunter2' }, 'url must have no user'],
    ['a URL of a file', { url: 'file:///hunter2' }, 'url must begin with http:// or https://'],
    ['a secret with a line break', { secret: 'hunter2\r\nx-more: 1' }, 'secret'],
    ['an empty secret', { secret: '' }, 'secret'],
    ['no secret', { secret: undefined }, 'secret'],
    ['a signing secret that is none', { signingSecret: 'hunter2' }, 'signingSecret'],
    ['a signing secret that is not base64', { signingSecret: 'whsec_hunter2!' }, 'signingSecret'],
    ['an agent id that fits no header', { agentId: 'hunter2\n' }, 'agentId must be printable ASCII'],
    ['an agent id of 129 characters', { agentId: 'a'.repeat(129) }, 'agentId must be printable ASCII'],
    ['an agent id that begins with a blank', { agentId: ' hunter2' }, 'agentId must be printable ASCII'],
    ['an empty agent id', { agentId: '' }, 'agentId is missing'],
    ['a secret with a blank', { secret: 'hunter2 hunter2' }, 'secret must be printable ASCII'],
    ['a secret that begins with a blank', { secret: ' hunter2' }, 'secret must be printable ASCII'],
    ['a time-out of more than ten minutes', { timeoutSeconds: 601 }, 'timeoutSeconds must be from 0 to 600'],
    ['a retry of more than a day', { retrySeconds: 86_401 }, 'retrySeconds must be from 0 to 86400'],
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

  it('takes what is at its limit', () => {
    const limits = { timeoutSeconds: 600, retrySeconds: 86_400, patienceSeconds: 86_400, waitSeconds: 55 };
    expect(readOptions({ ...good, agentId: `a ${'b'.repeat(126)}`, ...limits })).toMatchObject({
      agentId: `a ${'b'.repeat(126)}`,
      timeoutMs: 600_000,
      retryMs: 86_400_000,
      patienceMs: 86_400_000,
      waitSeconds: 55,
    });
    const none = { timeoutSeconds: 0, retrySeconds: 0, patienceSeconds: 0, waitSeconds: 0 };
    expect(readOptions({ ...good, ...none })).toMatchObject({ timeoutMs: 0, retryMs: 0, waitSeconds: 0 });
  });

  it('has defaults, and takes no slash behind the address for a part of it', () => {
    expect(readOptions(good)).toMatchObject({
      url: 'http://127.0.0.1:8787',
      agentId: 'worker',
      sign: undefined,
      waitSeconds: 45,
      timeoutMs: 5_000,
      retryMs: 10_000,
      patienceMs: 60_000,
    });
    expect(readOptions({ ...good, url: 'https://gateway/plane//', waitSeconds: 1.9 })).toMatchObject({
      url: 'https://gateway/plane',
      waitSeconds: 1,
    });
  });

  it.each([
    [{ id: '0b7f2a52' }, 'approval 0b7f2a52'],
    [undefined, 'grant g-1'],
  ])('warns on the console of an outcome that could not be reported: %j', (approval, named) => {
    const { warn } = console;
    const said: unknown[][] = [];
    console.warn = (...words: unknown[]) => void said.push(words);
    onTestFinished(() => void (console.warn = warn));
    const error = new Error('away');
    const { onReportFailure } = readOptions(good);
    onReportFailure({ approval: approval as Approval | undefined, grantId: 'g-1', outcome: 'failed', error });
    expect(said).toEqual([[`actp: the outcome of ${named} (failed) could not be reported:`, error]]);
  });

  it('shows nothing of the secret when it is printed', () => {
    const client = createClient(good);
    expect(JSON.stringify({ ...client })).not.toContain(good.secret);
    expect(Object.keys(client)).not.toContain('secret');
  });
});
