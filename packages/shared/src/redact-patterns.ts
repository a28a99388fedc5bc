export interface SecretPattern {
  kind: string;
  /** Cheap test that is false for nearly all text, so that the pattern itself seldom runs. */
  hint: RegExp;
  /** Global; group 1, where there is one, is text in front of the secret that stays. */
  pattern: RegExp;
}

/** A token that begins with a fixed mark, as the providers document theirs. */
function token(kind: string, mark: string, body: string): SecretPattern {
  // The look-behind keeps one long run of such characters from being tried at each of its positions.
  return {
    kind,
    hint: new RegExp(mark),
    pattern: new RegExp(`(?<![A-Za-z0-9_-])(?:${mark})${body}`, 'g'),
  };
}

/** Kinds of secrets by their own form. Order matters: the more telling kind comes first. */
export const secretPatterns: readonly SecretPattern[] = [
  {
    kind: 'private-key',
    hint: /-----BEGIN/,
    pattern:
      /-----BEGIN (?:[A-Z0-9]{1,20} ){0,3}PRIVATE KEY(?: BLOCK)?-----(?:(?!-----)[\s\S]){0,16384}(?:-----END (?:[A-Z0-9]{1,20} ){0,3}PRIVATE KEY(?: BLOCK)?-----)?/g,
  },
  {
    kind: 'url-password',
    hint: /:\/\//,
    pattern: /(:\/\/[^\s:/?#@"'<>]{0,256}:)[^\s/?#"'<>]{1,1024}(?=@)/g,
  },
  {
    kind: 'telegram-token',
    hint: /\d:[\w-]{30}/,
    // Also inside a path: https://host/bot<token>/method.
    pattern: /(?<!\d)\d{6,12}:[\w-]{30,60}(?![\w-])/g,
  },
  token('jwt', 'eyJ', '[\\w-]{5,4096}\\.[\\w-]{5,8192}(?:\\.[\\w-]{0,4096}){0,3}'),
  token('anthropic-key', 'sk-ant-', '[\\w-]{20,200}'),
  token('openai-key', 'sk-', '(?:proj-|svcacct-|admin-)?[\\w-]{20,220}'),
  token('stripe-key', '(?:sk|rk|pk)_(?:live|test)_', '[A-Za-z0-9]{10,250}'),
  token('webhook-secret', 'whsec_', '[\\w+/=-]{16,200}'),
  token('github-token', 'gh[pousr]_', '[A-Za-z0-9]{20,255}'),
  token('github-token', 'github_pat_', '\\w{20,255}'),
  token('gitlab-token', 'gl(?:pat|ptt|dt|rt|cbt|soat|ft)-', '[\\w-]{16,255}'),
  token('slack-token', 'xox[abeoprs]-', '[\\w-]{10,255}'),
  token('slack-token', 'xapp-', '[\\w-]{10,255}'),
  token('aws-key-id', '(?:AKIA|ASIA|ABIA|ACCA)', '[A-Z0-9]{16}(?![A-Z0-9])'),
  token('google-key', 'AIza', '[\\w-]{35}'),
  token('google-token', 'ya29\\.', '[\\w-]{20,2048}'),
  token('npm-token', 'npm_', '[A-Za-z0-9]{36}'),
  token('groq-key', 'gsk_', '[A-Za-z0-9]{20,200}'),
  token('resend-key', 're_', '[A-Za-z0-9]{8}_[A-Za-z0-9]{16,64}'),
  token('sendgrid-key', 'SG\\.', '[\\w-]{16,64}\\.[\\w-]{16,128}'),
  token('brave-key', 'BSA', '[\\w-]{25,60}'),
  token('coingecko-key', 'CG-', '[A-Za-z0-9]{20,40}'),
  token('supabase-key', 'sb(?:p|_secret|_publishable)_', '[\\w-]{16,128}'),
  token('huggingface-token', 'hf_', '[A-Za-z0-9]{30,64}'),
  {
    kind: 'bearer',
    hint: /bearer|basic/i,
    pattern: /\b((?:bearer|basic)\s{1,3})[A-Za-z0-9._~+/=-]{8,8192}/gi,
  },
  {
    kind: 'cookie',
    hint: /cookie:/i,
    pattern: /\b((?:set-)?cookie:\s{0,3})[^\r\n]{1,8192}/gi,
  },
];

// A name that says secret, then = or :, then a value, also as JSON, YAML or a command-line flag.
const named =
  /((?:passw(?:or)?d|passphrase|pwd|secret|token|api[_-]?key|apikey|access[_-]?key|private[_-]?key|role[_-]?key|authorization|credentials?)(?:[_-]?(?:key|id|value|hash|previous|secret|token)){0,2}\\?["']?\s{0,3}(?:=>|:=|[=:])\s{0,3})(\\?"(?:[^"\\\r\n]|\\[^\r\n"]){3,4096}\\?"?|'[^'\r\n]{3,4096}'?|[^\s"',;&<>(){}[\]]{4,4096})/gi;
const nameHint =
  /passw|passphrase|pwd|secret|token|api[_-]?key|access[_-]?key|private[_-]?key|role[_-]?key|authorization|credential/i;
// What commonly stands there and is no secret: words of state, and numbers (max_tokens: 4096).
const harmless =
  /^["'\\]*(?:\[redacted[^\]]*\]?|true|false|null|none|undefined|required|missing|invalid|expired|wrong|empty|unset|\d{1,12}|bearer|basic|\$\{?\w+\}?)["'\\]*$/i;

/** Replaces what follows a secret-like name (`password=...`, `"api_key": "..."`). */
export function valueAfterSecretName(text: string): string {
  if (!nameHint.test(text)) return text;
  return text.replace(named, (whole: string, lead: string, value: string) => {
    if (harmless.test(value)) return whole;
    const quote = /^\\?["']/.exec(value)?.[0] ?? '';
    return `${lead}${quote}[redacted]${quote}`;
  });
}

// The shortest is a password in an address, `://:x@`.
const shortestSecret = 6;
const anyHint = new RegExp(
  [...secretPatterns.map(({ hint }) => hint), nameHint].map((h) => h.source).join('|'),
  'i',
);

/** False for nearly all text, after one look instead of one for each kind. */
export function mayHoldSecret(text: string): boolean {
  return text.length >= shortestSecret && anyHint.test(text);
}
