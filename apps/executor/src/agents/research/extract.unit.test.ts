import { describe, expect, it } from 'vitest';
import { extractSummary } from './extract.ts';

const source = (n: number, text: string) => ({ n, title: '', text });

describe('a summary of sentences', () => {
  it('has the sentences with most of the words of the topic, each with its source', () => {
    const summary = extractSummary('How do heat pumps work in old houses?', [
      source(
        1,
        'We sell carpets of every kind here. A heat pump moves heat into a house. Call us on any day of the week.',
      ),
      source(
        2,
        'Old houses lose more heat, so a pump has to work harder.\nThe weather was fine for the whole of the week.',
      ),
    ]);
    expect(summary).toBe(
      'A heat pump moves heat into a house. [1]\nOld houses lose more heat, so a pump has to work harder. [2]',
    );
  });

  it('has the beginning of each source when none has a word of the topic', () => {
    const text = 'Nothing of it is here at all, really. And no more is there.';
    expect(extractSummary('quasars', [source(1, text), source(2, '')])).toBe(
      'Nothing of it is here at all, really. [1]',
    );
  });

  it('has at most two sentences of a source and six in all, each once', () => {
    const text =
      'Tides follow the moon every day. Tides follow the moon every day. Tides are higher at full moon. Tides turn twice a day here.';
    const lines = extractSummary(
      'tides',
      [1, 2, 3, 4, 5].map((n) => source(n, text)),
    ).split('\n');
    expect(lines).toHaveLength(6);
    for (const n of [1, 2, 3])
      expect(lines.filter((line) => line.endsWith(`[${n}]`)).length).toBeLessThanOrEqual(2);
  });

  it('leaves out sentences of which something was removed, and cuts long ones', () => {
    const text = `Tides are [removed] high today. Tides at [link removed] are low today.\n${'Tides rise and fall '.repeat(100)}`;
    const summary = extractSummary('tides', [source(1, text)]);
    expect(summary).not.toMatch(/removed/);
    expect(summary.length).toBeLessThan(420);
    expect(summary).toMatch(/ \.\.\. \[1\]$/);
  });

  it('works for texts without spaces', () => {
    const text =
      '热泵把热量从室外空气转移到房屋内部,因此非常节能并且环保。今天的天气非常好,我们大家一起去公园里面散步和玩耍。';
    expect(extractSummary('热泵', [source(1, text)])).toContain('热泵');
  });

  it('is empty when there is no text', () => {
    expect(extractSummary('tides', [])).toBe('');
    expect(extractSummary('', [source(1, '')])).toBe('');
  });
});
