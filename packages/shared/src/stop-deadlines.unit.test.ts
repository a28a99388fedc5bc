import { describe, expect, it } from 'vitest';
import { settings } from './settings.ts';
import { stopDeadlines } from './stop-deadlines.ts';

describe('the deadlines of a stop', () => {
  it.each([3, 10, 3_600])('give each part less time than the part above it: %i s', (seconds) => {
    const { appMs, killAppMs, storeMs, planeMs } = stopDeadlines(seconds);
    expect(appMs).toBe((seconds - 2) * 1_000);
    expect(killAppMs).toBeGreaterThan(appMs);
    expect(planeMs).toBeGreaterThan(killAppMs);
    expect(planeMs).toBeLessThan(seconds * 1_000);
    expect(storeMs).toBeLessThan(planeMs);
  });

  it('are ten seconds for the plane unless STOP_SECONDS says otherwise', () => {
    expect(settings.STOP_SECONDS.parse(undefined)).toBe(10);
    expect(settings.STOP_SECONDS.parse('120')).toBe(120);
    for (const bad of ['2', '3601', 'ten', '-5', '10.5', '']) {
      expect(settings.STOP_SECONDS.safeParse(bad).success).toBe(false);
    }
  });
});
