import { colourNote } from '../engine/colours.ts';
import type { Rule } from '../engine/rule.ts';
import { placeholderPattern } from '../placeholder.ts';
import { commandNote, commandRules, curlUser } from './commands.ts';
import { headerRules, webhookRules } from './headers.ts';
import { kubernetesSecret, manifestNotes } from './kubernetes.ts';
import { namedValue } from './named.ts';
import { privateKey } from './private-key.ts';
import { cloudTokens } from './tokens-cloud.ts';
import { codeTokens } from './tokens-code.ts';
import { markedWithinTokens, webTokens } from './tokens-marked-within.ts';
import { serviceTokens } from './tokens-services.ts';
import { urlCredentials } from './urls.ts';

const placeholders: Rule = {
  kinds: [],
  keywords: ['[redacted'],
  family: 'note',
  find(at, scan) {
    placeholderPattern.lastIndex = at;
    if (placeholderPattern.test(scan.text)) scan.placeholderEnd = placeholderPattern.lastIndex;
    return undefined;
  },
};

/** Everything that is looked for. Kinds that say more stand before those that say less. */
export const allRules: readonly Rule[] = [
  placeholders,
  colourNote,
  ...manifestNotes,
  commandNote,
  privateKey,
  kubernetesSecret,
  ...webTokens,
  ...markedWithinTokens,
  ...codeTokens,
  ...cloudTokens,
  ...serviceTokens,
  ...webhookRules,
  urlCredentials,
  ...headerRules,
  ...commandRules,
  curlUser,
  namedValue,
];
