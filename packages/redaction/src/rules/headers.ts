import { entropy, isPlaceholder, isRepeated, looksRandom } from '../engine/entropy.ts';
import type { Rule } from '../engine/rule.ts';
import { pattern } from './token.ts';

// Mixed within a word, or with digits: "Bearer authentication" and "Basic Realm" are words.
const isCredential = (secret: string) =>
  !isPlaceholder(secret) &&
  (looksRandom(secret) || isRepeated(secret) || (secret.length >= 20 && entropy(secret) > 3));

/** What HTTP sends to say who asks. Header lines with other names are read by their name. */
export const headerRules: readonly Rule[] = [
  pattern('bearer', ['bearer'], /bearer(?:\s|%20|\+){1,3}["']?(?<secret>[\w.~+/=:-]{8,8192})/i, isCredential),
  pattern(
    'basic-auth',
    ['basic'],
    /basic(?:\s|%20){1,3}(?<secret>[A-Za-z0-9+/]{8,4096}={0,2})(?![\w.])/i,
    (secret) => isCredential(secret) && /[A-Z].*[a-z]|[a-z].*[A-Z]/.test(secret),
  ),
  pattern(
    'auth-scheme',
    ['negotiate', 'ntlm'],
    /(?:negotiate|ntlm)\s{1,3}(?<secret>[A-Za-z0-9+/]{20,8192}={0,2})/i,
    isCredential,
  ),
  pattern(
    'digest-auth',
    ['digest '],
    /digest\s{1,3}(?=[^\r\n]{0,300}\bresponse=)(?<secret>[^\r\n]{10,1024})/i,
    undefined,
    { rest: 100 },
  ),
  pattern('aws-signature', ['signature='], /signature=(?<secret>[0-9a-fA-F]{64})(?![0-9a-fA-F])/i),
  pattern(
    'azure-sas',
    ['sig='],
    /sig=(?<secret>[A-Za-z0-9+/_-]{20,100}(?:%[0-9A-Fa-f]{2}[A-Za-z0-9+/_-]{0,100}){0,10}={0,2})/i,
    isCredential,
  ),
];

/** Addresses that are secrets by themselves. */
export const webhookRules: readonly Rule[] = [
  pattern(
    'slack-webhook',
    ['hooks.slack.com/'],
    /hooks\.slack\.com\/(?:services|workflows|triggers)\/(?<secret>[\w/+-]{20,120})/i,
    (s) => !isPlaceholder(s) && looksRandom(s),
  ),
  pattern('discord-webhook', ['/api/webhooks/'], /\/api\/webhooks\/\d{15,22}\/(?<secret>[\w-]{40,100})/i),
  pattern(
    'teams-webhook',
    ['webhook.office.com/'],
    /webhook\.office\.com\/webhookb2\/(?<secret>[\w@/-]{40,400})/i,
  ),
  pattern(
    'zapier-webhook',
    ['hooks.zapier.com/'],
    /hooks\.zapier\.com\/hooks\/catch\/(?<secret>\d{4,12}\/\w{5,16})/i,
  ),
];
