import type { ScreeningFinding } from './finding.ts';

// Findings further apart than this do not speak of the same thing; a long text must not be condemned for its length.
const stretch = 1_500;
// Rules of one family often see the same words.
const sameFamily = 0.35;

type Weights = Map<string, number>;

/**
 * One score out of many findings: within two neighbouring stretches of 1,500 characters every family counts with its strongest
 * rule, its other rules with a third of their weight; what is left of doubt after all of them is multiplied. What the whole text
 * does counts everywhere.
 *
 * @param findings in the order of their begin
 * @returns 0 to 1
 */
export function scoreOf(findings: readonly ScreeningFinding[]): number {
  const everywhere: Weights = new Map();
  for (const { family, rule, weight } of findings) if (family === 'obfuscation') everywhere.set(rule, weight);
  // More weight never lowers a score, so each pair of stretches is looked at once, when it is complete.
  let best = 0;
  let here: Weights = new Map();
  let before: Weights = new Map();
  let stretchHere = 0;
  for (const { rule, weight, start } of findings) {
    const at = Math.floor(start / stretch);
    if (at !== stretchHere) {
      best = Math.max(best, combined([everywhere, before, here]));
      before = at === stretchHere + 1 ? here : new Map();
      here = new Map();
      stretchHere = at;
    }
    if (weight <= (here.get(rule) ?? 0)) continue;
    here.set(rule, weight);
  }
  return Math.max(best, combined([everywhere, before, here]));
}

function combined(groups: readonly Weights[]): number {
  const rules: Weights = new Map();
  for (const group of groups) {
    for (const [rule, weight] of group) rules.set(rule, Math.max(weight, rules.get(rule) ?? 0));
  }
  const seen = new Set<string>();
  let doubt = 1;
  for (const [rule, weight] of [...rules].toSorted((a, b) => b[1] - a[1])) {
    const family = rule.slice(0, rule.indexOf('.'));
    doubt *= 1 - (seen.has(family) ? weight * sameFamily : weight);
    seen.add(family);
  }
  return Math.round((1 - doubt) * 1_000) / 1_000;
}
