import { describe, expect, it } from 'vitest';
import { useFingerprintKey } from './fingerprint.ts';
import { kindSamples } from './samples/kind-samples.fixture.ts';
import { redact } from './redact.ts';
import { allRules } from './rules/all-rules.ts';
import { partsOf, writeForm } from './samples/token-alphabets.ts';
import {
  formsWithNeighbours,
  notBefore,
  ofManyCharacters,
  takenWhatever,
  tokenForms,
} from './samples/token-forms.ts';

useFingerprintKey('a key for these tests, of no use elsewhere');

/** The text with placeholders that leave out the fingerprint. */
const redacted = (text: string) => redact(text).replaceAll(/:[0-9a-f]{6}\]/g, ']');
const inSentence = (token: string) => `use ${token} now`;
const forms = tokenForms.map(([kind, marks, form]) => ({
  kind,
  name: `${kind}: ${form}`,
  whole: inSentence(`[redacted:${kind}]`),
  marks: marks.split(' '),
  form,
}));

describe('every kind of secret', () => {
  it('[SEC-020] has a sample', () => {
    const sampled = new Set([...tokenForms, ...kindSamples].map(([kind]) => kind));
    expect(allRules.flatMap(({ kinds }) => kinds).filter((kind) => !sampled.has(kind))).toEqual([]);
  });

  it('is named by the rule that gives it', () => {
    const named = new Set(allRules.flatMap(({ kinds }) => kinds));
    expect([...tokenForms, ...kindSamples].map(([kind]) => kind).filter((kind) => !named.has(kind))).toEqual(
      [],
    );
    expect(named.has('')).toBe(false);
  });

  it('[SEC-020] has a sample with each of its marks, if marks tell it', () => {
    const marks = new Map<string, Set<string>>();
    for (const [kind, text] of tokenForms) {
      const known = marks.get(kind) ?? new Set();
      marks.set(kind, known.union(new Set(text.toLowerCase().split(' '))));
    }
    const missing = allRules.flatMap(({ kinds: [kind = ''], keywords }) => {
      const known = marks.get(kind);
      return known === undefined || known.has('') ? [] : keywords.filter((word) => !known.has(word));
    });
    expect(missing).toEqual([]);
  });

  it.each(forms)('[SEC-020] is taken out at its shortest and longest: $name', ({ whole, marks, form }) => {
    const parts = partsOf(form);
    for (const mark of marks) {
      for (const end of ['least', 'most'] as const) {
        const token = writeForm(
          parts,
          parts.map((part) => part[end]),
        );
        expect(redacted(inSentence(mark + token)), `${mark} ${end}`).toBe(whole);
      }
    }
  });

  it.each(forms.filter(({ form }) => !formsWithNeighbours.has(form)))(
    'is not taken for what is one character shorter or longer: $name',
    ({ whole, marks, form }) => {
      const parts = partsOf(form);
      const least = parts.map((part) => part.least);
      const most = parts.map((part) => part.most);
      for (const [index, part] of parts.entries()) {
        if (part.literal) continue;
        const others = [most.with(index, part.most + 1)];
        if (part.least > 0) others.push(least.with(index, part.least - 1));
        for (const lengths of others) {
          for (const mark of marks) {
            expect(
              redacted(inSentence(mark + writeForm(parts, lengths))),
              `${mark} ${lengths.join()}`,
            ).not.toBe(whole);
          }
        }
      }
    },
  );

  it.each(forms.filter(({ kind }) => takenWhatever.has(kind)))(
    '[SEC-020] is taken out although letters follow its longest form: $name',
    ({ kind, marks, form }) => {
      const parts = partsOf(form);
      const longest = writeForm(
        parts,
        parts.map(({ most }) => most),
      );
      for (const mark of marks) {
        expect(redacted(`use ${mark}${longest}7q now`), mark).toBe(`use [redacted:${kind}]7q now`);
      }
    },
  );

  it.each(forms.filter(({ kind }) => ofManyCharacters.has(kind)))(
    'is not taken for a few characters again and again: $name',
    ({ kind, marks, form }) => {
      const few = partsOf(form).map((part) =>
        part.literal ? part : { ...part, alphabet: part.alphabet.slice(0, 4) },
      );
      const text = writeForm(
        few,
        few.map(({ most }) => most),
      );
      for (const mark of marks) expect(redacted(inSentence(mark + text)), mark).not.toContain(kind);
    },
  );

  it.each(notBefore)('is not taken for a part of something else: %s before one of %s', (kind, signs) => {
    for (const { marks, form } of forms.filter((one) => one.kind === kind)) {
      const parts = partsOf(form);
      const longest = writeForm(
        parts,
        parts.map(({ most }) => most),
      );
      for (const mark of marks) {
        for (const sign of signs) {
          expect(redacted(inSentence(mark + longest + sign)), mark + sign).not.toContain(kind);
        }
      }
    }
  });

  it.each(kindSamples)('[SEC-020] a %s is taken out of %j', (kind, text, secret) => {
    const out = redacted(text);
    expect(out).not.toContain(secret);
    expect(out).toContain(`[redacted:${kind}]`);
  });
});
