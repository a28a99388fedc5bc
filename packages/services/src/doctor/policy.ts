import { readPolicy } from '@actp/policy/load-policy';
import { fail, ok, type Check } from './finding.ts';

const name = 'policy';

/** Whether the policy file can be used. @param file POLICY_FILE */
export const policyCheck = (file: string): Check => ({
  name,
  async look() {
    const read = await readPolicy(file);
    if (read.ok)
      return ok(
        name,
        `${read.loaded.policy.gates.length} gates, version ${read.loaded.version.slice(0, 12)}`,
      );
    return fail(
      name,
      `POLICY_FILE: ${read.problem}`,
      'npm run policy -- check names every line that is wrong',
    );
  },
});
