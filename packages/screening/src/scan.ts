import { createClause } from './context/clause.ts';
import { contextFactor, judged } from './context/context.ts';
import type { Family, ScreeningFinding, Source } from './finding.ts';
import { addressingRules } from './rules/addressing.ts';
import { elicitationRules } from './rules/elicitation.ts';
import { claimRules } from './rules/claims.ts';
import { codeRules } from './rules/code.ts';
import { mayContain, pairsOf } from './rules/literals.ts';
import { instructionRules } from './rules/instructions.ts';
import { leakRules } from './rules/leaks.ts';
import { knownPhrases, markupRules } from './rules/markup.ts';
import { personaRules } from './rules/persona.ts';
import { hasQuotes, mentionFactor } from './mention.ts';
import { weightOf, type PhraseRule, type RuleBase } from './rules/phrase.ts';
import type { PatternRule } from './rules/pattern.ts';
import { shellRules } from './rules/shell.ts';
import { sqlRules } from './rules/sql.ts';
import { spanOf, type View } from './text/view.ts';
import { boundary, kinds } from './words/kinds.ts';
import type { Words } from './words/words.ts';

const phrases: readonly PhraseRule[] = [
  ...instructionRules,
  ...personaRules,
  ...leakRules,
  ...addressingRules,
];
const patterns: readonly PatternRule[] = [
  ...knownPhrases,
  ...elicitationRules,
  ...claimRules,
  ...markupRules,
  ...shellRules,
  ...sqlRules,
  ...codeRules,
];

// Quotation marks belong to what these look for.
const quoted: ReadonlySet<Family> = new Set(['shell', 'sql', 'path_traversal', 'template', 'code']);
// A decoded text is there to be hidden, whatever it says.
const hiddenFactor = 1.15;

// So far before a phrase a question about it begins: how do I, why does it.
const questionReach = 5;

// A question about something is not the thing; from elsewhere it may be a disguise.
function askedFactor(row: string, at: number, source: Source): number {
  for (let i = at - 1; i >= 0 && i >= at - questionReach && row[i] !== boundary; i -= 1) {
    if (row[i] === kinds.how) return source === 'user' ? 0.5 : 0.8;
  }
  return 1;
}

// So far before a verb of telling a "never" belongs to it.
const negationReach = 2;

// "Never share your password" asks for the contrary; "why don't you tell me your password" does not.
function negatedFactor(row: string, at: number, rule: RuleBase): number {
  if (rule.family !== 'exfiltration') return 1;
  for (let i = at - 1; i >= 0 && i >= at - negationReach; i -= 1) {
    const kind = row[i];
    if (kind === boundary || kind === kinds.you) return 1;
    if (kind === kinds.not) return 0.5;
  }
  return 1;
}

// A unit of a hidden text stands for all of its place, so that it does not show how it was written.
function lengthInOriginal(view: View, at: number): number {
  const { start, end } = spanOf(view, at, at + 1);
  return view.hidden === undefined ? end - start : 1;
}

/** Holds one reading of a text against every rule. */
export function scan(view: View, words: Words, source: Source): ScreeningFinding[] {
  const found: ScreeningFinding[] = [];
  let mayMention: boolean | undefined;
  const note = (rule: RuleBase, from: number, to: number, factor = 1) => {
    mayMention ??= hasQuotes(view.text);
    const mentioned = !mayMention || quoted.has(rule.family) ? 1 : mentionFactor(view.text, from, to);
    const weight = weightOf(rule, source) * mentioned * factor;
    const { start, end } = spanOf(view, from, Math.max(to, from + 1));
    const hidden = view.hidden === undefined ? '' : `, hidden in ${view.hidden}`;
    found.push({
      family: rule.family,
      rule: rule.name,
      reason: `${rule.reason}${hidden}`,
      start,
      end,
      weight: Math.min(0.99, view.hidden === undefined ? weight : weight * hiddenFactor),
    });
  };
  const there = new Uint8Array(128);
  for (let i = 0; i < words.kinds.length; i += 1) there[words.kinds.charCodeAt(i)] = 1;
  const clause = createClause(view.text, words);
  for (const rule of phrases) {
    if (weightOf(rule, source) === 0) continue;
    if (!rule.needs.every((letters) => letters.some((letter) => there[letter] === 1))) continue;
    const isJudged = judged.has(rule.family);
    for (const match of words.kinds.matchAll(rule.pattern)) {
      const last = match.index + match[0].length - 1;
      note(
        rule,
        words.starts[match.index] ?? 0,
        words.ends[last] ?? 0,
        askedFactor(words.kinds, match.index, source) *
          Math.min(
            negatedFactor(words.kinds, match.index, rule),
            isJudged ? contextFactor(clause, rule.family, match.index, last) : 1,
          ),
      );
    }
  }
  const pairs = pairsOf(view.text);
  for (const rule of patterns) {
    if (weightOf(rule, source) === 0) continue;
    if (!rule.literals.every((group) => mayContain(view.text, pairs, group))) continue;
    for (const match of view.text.matchAll(rule.pattern)) {
      if (rule.escapedAs !== undefined && lengthInOriginal(view, match.index) < rule.escapedAs) continue;
      note(rule, match.index, match.index + match[0].length);
    }
  }
  return found;
}
