import { z } from 'zod';

const rule = 'must be a score above 0 and up to 1';
const Threshold = z.number(rule).gt(0, rule).max(1, rule);

const thresholds = {
  /** From this score on the reasons stand in the answer, and a security event in the audit log. */
  flag: Threshold.optional(),
  /** From this score on a person is asked. */
  require_approval: Threshold.optional(),
  /** From this score on it is refused. */
  deny: Threshold.optional(),
};
const Thresholds = z.strictObject(thresholds);

/** What the score of a request's text does. What is not set is off. */
export const ScreeningPolicy = z.strictObject({
  ...thresholds,
  /** In the place of all three, for text of this source. */
  user: Thresholds.optional(),
  tool: Thresholds.optional(),
  web: Thresholds.optional(),
});
type ScreeningPolicy = z.infer<typeof ScreeningPolicy>;

/** What screening said about the text that came with a request (packages/screening). */
export interface ScreenedText {
  source: 'user' | 'tool' | 'web';
  /** 0 to 1. */
  score: number;
  reasons: ReadonlyArray<{ code: `injection.${string}`; detail: string }>;
}

export interface TextVerdict {
  effect: 'allow' | 'require_approval' | 'deny';
  rule: string;
  reasons: ScreenedText['reasons'];
}

const noWords: ScreenedText['reasons'] = [
  { code: 'injection.suspected', detail: 'the text has a high score' },
];

/** What the policy makes of a screened text; undefined where it stays below every threshold. */
export function applyScreening(
  policy: ScreeningPolicy | undefined,
  text: ScreenedText | undefined,
): TextVerdict | undefined {
  if (policy === undefined || text === undefined) return undefined;
  const { deny, require_approval, flag } = policy[text.source] ?? policy;
  const reaches = (threshold: number | undefined) => threshold !== undefined && text.score >= threshold;
  const reasons = text.reasons.length > 0 ? text.reasons : noWords;
  if (reaches(deny)) return { effect: 'deny', rule: 'screening.deny', reasons };
  if (reaches(require_approval))
    return { effect: 'require_approval', rule: 'screening.require_approval', reasons };
  // It changes nothing, so something else decides.
  if (reaches(flag)) return { effect: 'allow', rule: 'defaults.effect', reasons };
  return undefined;
}
