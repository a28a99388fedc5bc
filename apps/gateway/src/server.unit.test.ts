import { expect, it } from 'vitest';
import { serverOptions } from './server.ts';

// 0 is how Node.js says that there is no limit.
it.each([
  ['the head of a request', serverOptions.headersTimeout, 10_000],
  ['a whole request', serverOptions.requestTimeout, 30_000],
  ['the next look at both', serverOptions.connectionsCheckingInterval, 5_000],
  ['the next request on a connection', serverOptions.keepAliveTimeout, 10_000],
])('a slow client loses its place: %s is waited for, but not for long', (_what, waitedMs, mostMs) => {
  expect(waitedMs).toBeGreaterThan(0);
  expect(waitedMs).toBeLessThanOrEqual(mostMs);
});
