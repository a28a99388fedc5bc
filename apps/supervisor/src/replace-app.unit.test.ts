import { expect, it } from 'vitest';
import { AppNotReplaced } from './replace-app.ts';

it('an app that does not come up is reported with its last lines, and without the secrets in them', () => {
  const address = `redis://default:${'hunter2'.repeat(3)}@127.0.0.1:6379`;
  for (const cause of [new Error(`gateway exited with code 1:\ncannot reach ${address}`), `no ${address}`]) {
    const { message, app } = new AppNotReplaced('gateway', cause);
    expect(app).toBe('gateway');
    expect(message).toContain('redis://');
    expect(message).not.toContain('hunter2');
  }
});
