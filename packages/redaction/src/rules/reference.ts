import { looksLikeWords } from '../engine/entropy.ts';
import { classifyName } from '../names.ts';
import type { Surroundings } from './surroundings.ts';

// What commonly stands behind such a name and is none: words of state, types, and numbers (max_tokens: 4096).
const typeOrState =
  /^(?:true|false|null|nil|none|undefined|required|optional|missing|invalid|valid|expired|wrong|empty|unset|set|unknown|revoked|rotated|refreshed|hidden|masked|removed|redacted|filtered|secret|password|token|string|text|number|boolean|object|array|bytes|buffer|void|any|str|int|bool|yes|no|on|off|ok|failed|failure|denied|success|successful|enabled|disabled|default|bearer|basic|digest|oauth2?|jwt|not|is|was|has|must|should|cannot|unauthorized|forbidden|rejected|accepted|mismatch|incorrect|absent|present|provided|found|n\/a|nan|unexpected|authentication|authorization|rsa|ed25519|ecdsa|aes|hs256|rs256|es256|sha256|md5|scram-sha-256|publickey|keyboard-interactive|pat|hmac|amd64|arm64|i386|x86_64|all|varchar|never|include|omit|same-origin|unique symbol|readonly|protected|(?:bearer|basic|token|bot|apikey|key) )$/i;
export const isTypeOrState = (value: string) => typeOrState.test(value);

const path =
  /^(?:\.{0,2}|~)\/(?:[\w.@-]+\/)*[\w.@-]+\.\w{1,8}$|^(?:\.{1,2}|~)\/|^\/(?:bin|etc|home|opt|tmp|usr|var|run|srv|mnt|app|proc|root|Users|secrets?|dev|sys|api|v\d|auth|login|oauth|workspace|builds|github)(?:\/|$)|^[A-Za-z]:\\|^(?:file|https?|wss?|git|s3|gs|arn|urn|vault|op|secretsmanager|projects|ssm|awssm|awsssm|gcpsm|azkv|keyvault|env|ref\+\w+|sops|aws-sm|aws-ps|doppler|infisical|bws|pass|keychain|secret-manager):(?:\/|\w)|^projects\/[\w-]+\/secrets\//;
const levels = /^(\/?)([\w.@-]+(?:\/[\w.@:-]+)+)\/?(?:#[\w.-]+)?$/;

/** The path of a file, or of a parameter in a store of secrets: /prod/db/password, secret/data/app. */
export function isPath(value: string): boolean {
  if (path.test(value)) return true;
  const match = value.includes('/') ? levels.exec(value) : null;
  if (match === null) return false;
  const names = (match[2] ?? '').split('/');
  if (!names.every((name) => /^(?:v?\d{1,4}|\w)$/.test(name) || looksLikeWords(name))) return false;
  return (
    match[1] === '/' ||
    names.length > 2 ||
    classifyName(names.at(-1) ?? '') !== undefined ||
    value.includes('#')
  );
}

// Code: a name, a field of something, a call.
const identifier = /^[A-Za-z_$][\w$]*$/;
const chain = /^[!*&@:]?[A-Za-z_$][\w$]*(?:(?:\.|::|->|\?\.|!\.)[A-Za-z_$][\w$]*)+[!?.]?$/;
// *alias of YAML, !tag, !negated, @variable, :symbol, &reference
const marked = /^[*!@:&][A-Za-z_][\w.]*$/;
const typeName =
  /(?:Type|Id|Props|State|Ref|Like|Config|Options|Model|Dto|DTO|Schema|Field|Input|Output|Array|Buffer|Object|Value|Name|Provider|Service|Manager|Callback|Handler|Function|Source|Storage|Store|Str|Bytes|Enum|Info|Data|Response|Request|Result|Error)$/;

/** Whether a value without quotes is a name for a value: a variable, a field, a type, an alias. */
export function isReference(value: string, near: Surroundings): boolean {
  const bare = value.replace(/[?!.:]+$/, '');
  if (chain.test(bare)) return isChain(bare, near);
  if (marked.test(bare)) return !near.tight && looksLikeWords(bare);
  if (!identifier.test(bare) || !looksLikeWords(bare)) return false;
  const named = namesSecret(bare);
  if (near.argument) return named || !/\d/.test(bare);
  if (near.tight) return false;
  if (named) return !isLineEnd(near.next) || isCompound(bare);
  if (/\d/.test(bare)) return typeName.test(bare);
  if (!near.alone || !isLineEnd(near.next)) return true;
  return isCompound(bare) && (near.sign !== ':' || typeName.test(bare));
}

function isChain(value: string, near: Surroundings): boolean {
  const parts = value.split(/[^\w$]+/).filter((part) => part !== '');
  if (parts.every((part) => looksLikeWords(part) || part.length < 4)) return value.length <= 80;
  return !near.tight && !/\d/.test(value) && !/^[A-Za-z0-9]{20}/.test(value);
}

/** `db_password`, `accessToken`: the name of a secret is none. */
const namesSecret = (value: string) => classifyName(value) !== undefined;
const isCompound = (value: string) => /[A-Za-z]_[A-Za-z]|[a-z][A-Z]|^_/.test(value);
const isLineEnd = (next: string) => next === '' || next === '\n' || next === '\r';
