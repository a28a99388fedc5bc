import { describe, expect, it } from 'vitest';
import { deviceToken, openPage, origin, pageToken } from './page-scripts.fixture.ts';

const loggedIn = { session: { [pageToken]: 'token-1' } };
const loginAgain = `/login?next=${encodeURIComponent('/dashboard/queue/audit?page=2')}`;
const refused = () => new Response(null, { status: 401 });

describe('[TRU-003] a page of the dashboard', () => {
  it('shows the token of its session with its own requests, and to nobody else', async () => {
    const page = await openPage('session', loggedIn);
    await page.fetch('/dashboard/api/queues');
    await page.fetch(`${origin}/dashboard/api/queues`, { method: 'PUT' });
    page.xhr('GET', '/dashboard/api/queues');
    await page.fetch('http://127.0.0.1:9999/dashboard/api/queues');
    await page.fetch('//elsewhere.example/x');
    page.xhr('GET', 'http://elsewhere.example/x');
    expect(page.sent.map(({ url, headers }) => [url, headers['x-page-token']])).toEqual([
      [`${origin}/dashboard/api/queues`, 'token-1'],
      [`${origin}/dashboard/api/queues`, 'token-1'],
      ['/dashboard/api/queues', 'token-1'],
      ['http://127.0.0.1:9999/dashboard/api/queues', undefined],
      ['http://elsewhere.example/x', undefined],
      ['http://elsewhere.example/x', undefined],
    ]);
    expect(page.went).toEqual([]);
  });

  it('leads to the login page, and forgets its token, when its session is over', async () => {
    const byFetch = await openPage('session', loggedIn);
    byFetch.answer = refused;
    expect((await byFetch.fetch('/dashboard/api/queues')).status).toBe(401);
    byFetch.elapse();
    const byXhr = await openPage('session', loggedIn);
    byXhr.xhr('GET', '/dashboard/api/queues', 401);
    byXhr.elapse();
    for (const page of [byFetch, byXhr]) {
      expect(page.went).toEqual([loginAgain]);
      expect([...page.session]).toEqual([]);
    }
  });

  it('stays where somebody else refuses a request', async () => {
    const page = await openPage('session', loggedIn);
    page.answer = refused;
    await page.fetch('http://elsewhere.example/x');
    page.xhr('GET', 'http://elsewhere.example/x', 401);
    page.elapse();
    expect(page.went).toEqual([]);
    expect(page.session.get(pageToken)).toBe('token-1');
  });

  it('goes on with the session of a tab that has just logged in anew', async () => {
    const page = await openPage('session', loggedIn);
    page.answer = refused;
    await page.fetch('/dashboard/api/queues');
    page.hear({ token: 'token-2' });
    page.elapse();
    expect(page.went).toEqual(['reload']);
    expect(page.session.get(pageToken)).toBe('token-2');
  });

  it('that is new asks the other tabs, and logs in when none answers', async () => {
    const alone = await openPage('session');
    alone.elapse();
    expect([alone.posted, alone.went]).toEqual([[{}], [loginAgain]]);
    const answered = await openPage('session');
    answered.hear({ token: 'token-1' });
    answered.elapse();
    expect([answered.posted, answered.went]).toEqual([[{}], ['reload']]);
    expect(answered.session.get(pageToken)).toBe('token-1');
  });

  it('answers a new tab when it has a session', async () => {
    const page = await openPage('session', loggedIn);
    page.hear({});
    const without = await openPage('session');
    without.hear({});
    expect(page.posted).toEqual([{ token: 'token-1' }]);
    expect(without.posted).toEqual([{}]);
  });
});

describe('[TRU-003] the login page', () => {
  const form = { next: '/dashboard', email: 'op@example.com', password: 'a long enough passphrase' };
  const said = { next: '/dashboard/x', page_token: 'token-1', device_token: 'device-2' };

  it('keeps the tokens of the session and of the device, tells other tabs, and goes on', async () => {
    const page = await openPage('login', { form, local: { [deviceToken]: 'device-1' } });
    page.answer = () => Response.json(said);
    await page.submit();
    expect(page.sent).toMatchObject([
      {
        url: `${origin}/login`,
        method: 'POST',
        headers: { accept: 'application/json', 'x-device-token': 'device-1' },
        body: new URLSearchParams(form).toString(),
      },
    ]);
    expect([...page.session]).toEqual([[pageToken, 'token-1']]);
    expect([...page.local]).toEqual([[deviceToken, 'device-2']]);
    expect(page.posted).toEqual([{ token: 'token-1' }]);
    expect(page.went).toEqual(['/dashboard/x']);
  });

  it.each<[what: string, answer: () => Response | Promise<Response>, message: string]>([
    ['a wrong password', () => Response.json({ message: 'wrong' }, { status: 401 }), 'wrong'],
    ['a problem', () => Response.json({ detail: 'a problem' }, { status: 503 }), 'a problem'],
    ['no answer', () => Promise.reject(new TypeError()), 'The gateway does not answer. Try again.'],
  ])('stays where it is and says why: %s', async (_what, answer, message) => {
    const page = await openPage('login', { form });
    page.answer = answer;
    await page.submit();
    expect(page.message).toBe(message);
    expect([page.went, page.posted, [...page.session], [...page.local]]).toEqual([[], [], [], []]);
  });
});

describe('[TRU-003] the logout page', () => {
  it('ends the session with its token, which it forgets', async () => {
    const page = await openPage('logout', { ...loggedIn, local: { [deviceToken]: 'device-1' } });
    await page.submit();
    expect(page.sent).toMatchObject([
      { url: `${origin}/logout`, method: 'POST', headers: { 'x-page-token': 'token-1' } },
    ]);
    expect([...page.session]).toEqual([]);
    // The device stays a known one.
    expect([...page.local]).toEqual([[deviceToken, 'device-1']]);
    expect(page.went).toEqual(['/login']);
  });

  it('asks for nothing without a session', async () => {
    const page = await openPage('logout');
    await page.submit();
    expect([page.sent, page.went]).toEqual([[], ['/login']]);
  });
});
