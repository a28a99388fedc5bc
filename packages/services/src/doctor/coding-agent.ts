import { errorCodeSuffix } from '../stores/store-problem.ts';
import { fail, off, ok, warn, type Check } from './finding.ts';

const name = 'coding agent';
const answerMs = 3_000;

export interface CodingAgentTarget {
  url: string;
  /** null: it may need one that is not known here. */
  token: string | null | undefined;
  /** Whether ACD_URL is set, or only its default. */
  configured: boolean;
}

/** Whether a coding agent answers at ACD_URL. Without one, failing tests are reported and not repaired. */
export const codingAgentCheck = (target: CodingAgentTarget): Check => ({
  name,
  look: () => lookAtCodingAgent(target),
});

/** The same at once. */
export async function lookAtCodingAgent({ url, token, configured }: CodingAgentTarget) {
  try {
    const response = await fetch(`${url}/api/health`, {
      headers: typeof token !== 'string' ? {} : { authorization: `Bearer ${token}` },
      redirect: 'manual',
      signal: AbortSignal.timeout(answerMs),
    });
    await response.body?.cancel();
    const refused = response.status === 401 || response.status === 403;
    if (response.ok || (refused && token === null)) return ok(name, 'answers at ACD_URL');
    if (refused) {
      return fail(
        name,
        `rejects ACD_TOKEN (status ${response.status})`,
        'Set ACD_TOKEN to the token of that service',
      );
    }
    return warn(
      name,
      `what answers at ACD_URL is no coding agent (status ${response.status} for /api/health)`,
      'Correct ACD_URL, or unset it; docs/self-heal.md says what has to answer there',
    );
  } catch (error) {
    const detail = `nothing answers at ACD_URL${errorCodeSuffix(error)}; failing tests are reported, not repaired`;
    const remedy = 'Start the coding agent, or correct ACD_URL (docs/self-heal.md)';
    return configured ? warn(name, detail, remedy) : off(name, detail, 'npm run setup sets one up');
  }
}
