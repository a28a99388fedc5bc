import { expect, it } from 'vitest';
import { pauseAfter } from './retry-schedule.ts';
import { webhookHeaders } from './sign-webhook.ts';

it('signs as Standard Webhooks publishes it', () => {
  // The vector of the reference implementations.
  const headers = webhookHeaders('whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', {
    id: 'msg_p5jXN8AQM9LWM0D4loKWxJek',
    timestamp: 1_614_265_330,
    body: '{"test": 2432232314}',
  });
  expect(headers).toEqual({
    'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
    'webhook-timestamp': '1614265330',
    'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
  });
});

it('tries for about a day, ever more slowly, and then gives up', () => {
  const pauses: number[] = [];
  for (let attempt = 1; pauseAfter(attempt) !== undefined; attempt += 1)
    pauses.push(pauseAfter(attempt) ?? 0);
  expect(pauses).toEqual(pauses.toSorted((a, b) => a - b));
  const hours = pauses.reduce((sum, seconds) => sum + seconds, 0) / 3_600;
  expect(hours).toBeGreaterThan(23.5);
  expect(hours).toBeLessThan(24.5);
});
