import type { ScreeningFinding, Source } from '../finding.ts';
import type { ObfuscationCounts } from '../text/normalise.ts';

// Flags of regions are written with up to six of them.
const manyTags = 8;
const manySplits = 4;
const manyMasks = 3;
const manyEscapes = 12;

/** What a text does to be read otherwise than it is seen is a finding by itself; most weigh little without another one. */
export function obfuscationFindings(
  obfuscation: ObfuscationCounts,
  source: Source,
  length: number,
): ScreeningFinding[] {
  const found: ScreeningFinding[] = [];
  const note = (name: string, weight: number, reason: string) =>
    found.push({ family: 'obfuscation', rule: `obfuscation.${name}`, reason, start: 0, end: length, weight });
  const stricter = source === 'user' ? 0 : 0.1;
  if (obfuscation.tags >= manyTags) note('tags', 0.6, 'has letters that cannot be seen (Unicode tags)');
  if (obfuscation.split >= manySplits)
    note('invisible', 0.25 + stricter, 'has invisible characters inside words');
  if (obfuscation.bidiOverrides > 0) note('turned', 0.25 + stricter, 'turns the direction of its text');
  if (obfuscation.masked >= manyMasks) note('look_alikes', 0.25 + stricter, 'mixes letters that look alike');
  if (obfuscation.escaped >= manyEscapes) note('escapes', 0.2 + stricter, 'writes plain letters as escapes');
  return found;
}
