// Enough to tell, and no more work for a long text than for a short one.
const looked = 96;
const counts = new Uint8Array(128);

/** How often each character stands there; those beyond ASCII count as one. */
function count(text: string): number {
  counts.fill(0);
  const length = Math.min(text.length, looked);
  for (let i = 0; i < length; i += 1) {
    const c = text.charCodeAt(i) & 127;
    counts[c] = (counts[c] ?? 0) + 1;
  }
  return length;
}

/** Shannon entropy of the first characters, in bits for each. */
export function entropy(text: string): number {
  const length = count(text);
  let bits = 0;
  for (let c = 0; c < 128; c += 1) {
    const n = counts[c] ?? 0;
    if (n > 0) bits -= (n / length) * Math.log2(n / length);
  }
  return bits;
}

// Words that stand where a secret would stand, and characters that hide one.
const placeholderWords =
  /^(?:x{3,}|\*{2,}|\.{2,}|#{3,}|-{3,}|_{3,}|\?{2,}|•+|…)|x{6,}|\*{3,}|\.{3}|#{6,}|…|•{3}|example$|^(?:your|my)[_.-]|[_.-]your[_.-]|^your|placeholder|^\[?redacted\]?$|^dummy|^insert[_.-]|^replace[_.-]|^change[_.-]me$|^todo$|^to[_.-]be[_.-]|goes[_.-]?here$|^[a-z]+(?:_[a-z]+)*_here$/i;
// ACCESS_TOKEN: the name of a value and not the value.
const constant = /^[A-Z]+(?:_[A-Z]+)+$/;
const variable =
  /^\\?(?:\$[A-Za-z_][\w]*(?:(?:\.|->|-|:|::|\?\.)[A-Za-z_\w]*)*$|\$\d|\$$|%\(?[\w.]*\)?[sdvrq]$|<$|\[[\w -]*\]$|process\.env\b|os\.environ|env\[|System\.getenv|import\.meta)/;
// What is filled in later: ${NAME}, $(command), {{ name }}, <name>, %NAME%, {name}
const blank =
  /\\?(?:\$\{[^{}]*\}|\$\([^()]*\)|\{\{[^{}]*\}\}|#\{[^{}]*\}|%\([\w.]*\)[sdvrq]|%[A-Za-z_.-]+%|@[A-Za-z_.-]+@|\{[\w.]*\}|<[^<>]*>|(?<![A-Za-z\d])\$(?:[A-Z_][A-Z\d_]*|[a-z_]+))/g;

/** A template, and not a secret in which some of its signs stand: nothing random is left beside what is filled in. */
function isTemplate(value: string): boolean {
  if (!/[$%{<@#]/.test(value)) return false;
  const rest = value.replaceAll(blank, ' ');
  return rest.length < value.length && !(looksRandom(rest) && /[^ ]{6}/.test(rest));
}

/** Whether this stands for a secret (`<token>`, `${TOKEN}`, `xxxx`, `***`) and is none. */
export function isPlaceholder(whole: string): boolean {
  // What ends a long one was not looked at.
  const value = whole.length > looked ? `${whole.slice(0, looked)}~` : whole;
  return (
    variable.test(value) ||
    isTemplate(value) ||
    constant.test(value) ||
    placeholderWords.test(value) ||
    isMonotonous(value)
  );
}

// Signs that hide a secret. Other letters in a row are more likely somebody's idea of a test key: they go.
const hiding = Array.from('xX*.#0_-', (sign) => sign.charCodeAt(0));

/** One sign that hides makes most of it. */
function isMonotonous(value: string): boolean {
  if (value.length < 4) return false;
  const most = count(value) * 0.6;
  return hiding.some((sign) => (counts[sign] ?? 0) > most);
}

/** One letter or digit again and again, but none that hides: as a key it is a bad one, and still one. */
export function isRepeated(value: string): boolean {
  return /^([A-WYZa-wyz1-9])\1{7,}$/.test(value.length > looked ? value.slice(0, looked) : value);
}

/** Letters and digits, or capitals among small letters: what words of a language do not have. */
export function looksRandom(whole: string): boolean {
  const value = whole.length > looked ? whole.slice(0, looked) : whole;
  return (
    (/\d/.test(value) && /[A-Za-z]/.test(value)) || (/[a-z][A-Z]/.test(value) && /[A-Z].*[A-Z]/.test(value))
  );
}

const part = /^(?:[A-Za-z]+\d{0,3}|[a-z]\d{1,2}[a-z])$/;
// Found out at once: what no name has.
const unlikeWords = /\d[a-z]{2}|\d{4}/;
const humps = /[^A-Za-z0-9]+|(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])/;
const unspeakable = /[bcdfghjklmnpqrstvwxz]{6}|^[bcdfghjklmnpqrstvwxz]{5,}$/i;

/** Words of a language, or a name made of them: `localhost`, `accessToken`, `my_database`, `HTTPServer2`. */
export function looksLikeWords(whole: string): boolean {
  const value = whole.length > looked ? whole.slice(0, looked) : whole;
  if (unlikeWords.test(value)) return false;
  const parts = value.split(humps).filter((one) => one !== '');
  const letters = parts.reduce((sum, one) => sum + one.length, 0);
  // Capitals again and again are no beginnings of words.
  if (parts.length === 0 || (parts.length > 1 && letters / parts.length < 3)) return false;
  return parts.every((one) => part.test(one) && !unspeakable.test(one));
}

/** What is random and no name or word, where either may stand. */
export const looksSecret = (value: string): boolean => looksRandom(value) && !looksLikeWords(value);

/** What is a key and not the name of somebody, where either may stand. */
export function isKey(value: string): boolean {
  if (value.length < 16 || !/^[\w.~+=%/-]+$/.test(value) || !/[A-Za-z\d]{8}/.test(value)) return false;
  return looksSecret(value) && entropy(value) > 2.8 && !isPlaceholder(value);
}
