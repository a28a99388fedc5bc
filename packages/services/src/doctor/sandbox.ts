import { off, ok, warn, type Check } from './finding.ts';

const name = 'sandbox';

export interface SandboxState {
  /** How suites run here, for people; null: this machine offers no sandbox. */
  isolation: string | null;
  /** Suites and services of the configuration with `sandbox: off`. */
  switchedOff: readonly string[];
  /** What is wrong with the configuration of the self-test. */
  problem: string | null;
}

/** Whether suites run apart from the plane's secrets. @param state undefined: only the command line looks */
export const sandboxCheck = (state: (() => Promise<SandboxState>) | undefined): Check => ({
  name,
  async look() {
    if (state === undefined) return off(name, 'npm run doctor, on that machine, looks at it');
    const { isolation, switchedOff, problem } = await state();
    const found =
      isolation === null
        ? warn(
            name,
            'suites do NOT run in a sandbox: this system offers neither namespaces nor another account',
            'Install bubblewrap, or allow user namespaces; docs/self-test.md',
          )
        : switchedOff.length > 0
          ? warn(
              name,
              `switched off for ${switchedOff.join(', ')}`,
              'Remove sandbox: off there (SELFTEST_CONFIG)',
            )
          : ok(name, `suites run ${isolation}`);
    if (problem === null) return found;
    return [found, warn('self-test suites', problem, 'Correct SELFTEST_CONFIG; docs/self-test.md')];
  },
});
