import { describe, expect, it } from 'vitest';
import { eventually } from '@actp/testing/eventually';
import { broken, openHealBench, repaired } from './heal.fixture.ts';

const bench = await openHealBench();

describe('self-heal', () => {
  it('[SEC-006] [SEC-007] [SEC-008] hands failing tests to ACD, lets the tests judge, and says what became of it', async () => {
    await bench.makeCheckout();
    await bench.configure({ suites: [bench.suite()] });
    bench.work(async () => bench.write('calc.py', repaired));
    await bench.startHealer();
    const snapshot = await bench.healed();
    expect(snapshot.heal).toMatchObject({
      state: 'healed',
      suites: [{ suite: 'calc', state: 'healed', changed_files: ['calc.py'] }],
    });
    expect(snapshot.status).toBe('healed');
    expect(await bench.read('calc.py')).toBe(repaired);
    const [run] = bench.acd.harness.runs;
    expect(run?.prompt).toContain('test_calc.py::Calc::test_add');
    // The message follows the verdict.
    const [told] = await eventually(async () => {
      const messages = await bench.notifications();
      return messages[0]?.body.includes('calc: healed after') === true && messages;
    });
    expect(told?.body).toContain('changed: calc.py');
    expect(await bench.notifications()).toHaveLength(1);
  });

  it('undoes what did not help, keeps it as a patch, and leaves other work alone', async () => {
    await bench.makeCheckout();
    await bench.write('calc.py', `# my own work\n${broken}`);
    await bench.write('notes.txt', 'mine');
    await bench.configure({ suites: [bench.suite()] });
    bench.work(async () => {
      await bench.write('calc.py', '# my own work\ndef add(a, b):\n    return 7\n');
      await bench.write('extra/new.py', 'x = 1\n');
    });
    await bench.startHealer();
    const { heal, status } = await bench.healed();
    expect(heal).toMatchObject({
      state: 'not_healed',
      suites: [{ changed_files: ['calc.py', 'extra/new.py'] }],
    });
    expect(status).toBe('failed');
    expect(await bench.read('calc.py')).toBe(`# my own work\n${broken}`);
    expect(await bench.read('notes.txt')).toBe('mine');
    await expect(bench.read('extra/new.py')).rejects.toThrow('ENOENT');
    const patch = String(heal.suites[0]?.['patch_file']);
    await bench.git('apply', '--check', patch);
  });
});
