import { bare, onlyAddressIn } from './address.ts';
import { readQuantity } from './quantity.ts';

// What a model may put into words of its own; a person reads it on the card before it leaves. All else has to be the person's.
const inOwnWords = new Set(['topic', 'subject', 'text']);

/**
 * Whether the person has written each value of an input that decides who gets something, what, and how much of it. An address or a
 * quantity has to be the only one that they wrote: which of several is meant is not for a model to say.
 */
export function areWritten(input: Record<string, unknown>, prompt: string): boolean {
  const { asset, quantity } = input;
  const isAmount = typeof quantity === 'string' || typeof quantity === 'number';
  if (typeof asset === 'string' && isAmount && !areConnected(String(quantity), asset, prompt)) return false;
  return Object.entries(input).every(([name, value]) => {
    if (typeof value === 'string') return inOwnWords.has(name) || isWritten(value, prompt);
    return typeof value === 'number' && isWritten(String(value), prompt);
  });
}

function isWritten(value: string, prompt: string): boolean {
  const plain = value.trim();
  if (plain.includes('@')) return onlyAddressIn(prompt) === plain.toLowerCase();
  if (isNumeric(plain)) return !doubtful.test(prompt) && isOnly(readQuantity(plain), quantitiesIn(prompt));
  return hasWords(prompt.toLowerCase(), plain.toLowerCase());
}

/** Whether somebody could take it for a number, such as `2e5` and `+2`. */
const isNumeric = (text: string): boolean =>
  text !== '' && (Number.isFinite(Number(text)) || /^[^\p{L}]*\p{N}[^\p{L}]*$/u.test(text));

const isOnly = (value: string | undefined, found: readonly (string | undefined)[]): boolean =>
  value !== undefined && found.length === 1 && found[0] === value;

const notAfterQuantities =
  /^(?:k|m|%|percent|hundred|thousand|million|billion|trillion|dozen|dollars?|usd|eur|euros?|gbp|pounds?|cents?|bucks|am|pm)$/i;
const numberWords = /^(?:one|two|three|four|five|six|seven|eight|nine|ten)$/i;

// With one of these a quantity is perhaps not meant, or not now. (In a mail they are a part of what is to be said.)
const doubtful =
  /(?<![\p{L}\p{N}])(?:not|don['’]?t|never|no|if|unless|when|whenever|once|until|till|before|after|later|soon|tomorrow|tonight|next|every|each|daily|weekly|monthly|should|shall|might|may|maybe|perhaps|whether|would|worth|instead|or|sell|at|below|above|under|over|less|more|than)(?![\p{L}\p{N}])/iu;

/** What a text has of numbers, each once; undefined for one that is no plain quantity (`$50`, `2 million`, `3rd`). */
function quantitiesIn(prompt: string): (string | undefined)[] {
  const words = prompt.split(/\s+/).map(bare);
  const found = words.flatMap((word, index) => {
    if (!/\p{N}/u.test(word) || word.includes('@')) return [];
    return [notAfterQuantities.test(words[index + 1] ?? '') ? undefined : readQuantity(word)];
  });
  const written = found.length > 0 ? found : words.filter((word) => numberWords.test(word)).map(readQuantity);
  return [...new Set(written)];
}

// What may stand between a quantity and what it counts: "2 of the", "2 units of".
const between =
  /^(?:of|the|an?|x|×|units?|coins?|tokens?|pieces?|shares?|de|du|des|von|van|di|do|da|stück|einheiten|unités?|unidades|unità|stuks)$/iu;
const mostBetween = 3;
// What may follow an asset: anything else makes it another thing ("tiny screws") or limits the order ("for at most 2 dollars").
const ending =
  /^[\s.,!"'”’“)]*(?:(?:coins?|tokens?|please|thanks|thank you|now|right now|for me|for us|bitte|danke|jetzt|kaufen|bestellen|besorgen|s['’]il (?:te|vous) pla[iî]t|svp|merci|por favor|gracias|per favore|grazie|alstublieft|alsjeblieft|obrigad[oa]|proszę|dzięki)(?![\p{L}\p{N}])[\s.,!?"'”’“)]*){0,4}\??\s*$/iu;
const longestEnding = 80;

/** Whether a text has the quantity directly before the asset, and nothing behind it: "2 cats and a tiny dog" has no 2 of tiny. */
function areConnected(quantity: string, asset: string, prompt: string): boolean {
  const wanted = readQuantity(quantity.trim());
  const name = asset.trim().toLowerCase();
  const text = prompt.toLowerCase().trimEnd();
  return placesOf(text, name).some((at) => {
    const rest = text.slice(at + name.length);
    if (wanted === undefined || rest.length > longestEnding || !ending.test(rest)) return false;
    const before = text
      .slice(Math.max(0, at - 80), at)
      .replace(/["'“‘(<]$/, '')
      .trimEnd();
    const words = before
      .split(/\s+/)
      .slice(-mostBetween - 1)
      .reverse();
    const counted = words.find((word) => !between.test(word) || readQuantity(word) === wanted);
    return counted !== undefined && readQuantity(counted) === wanted;
  });
}

/** Whether a text has these words, as words of their own. */
const hasWords = (text: string, words: string): boolean => placesOf(text, words).length > 0;

function placesOf(text: string, words: string): number[] {
  const places: number[] = [];
  if (words === '') return places;
  for (let at = text.indexOf(words); at >= 0; at = text.indexOf(words, at + 1)) {
    const [before, after] = [
      text.slice(Math.max(0, at - 1), at),
      text.slice(at + words.length, at + words.length + 1),
    ];
    if (!isPartOfWord(before) && !isPartOfWord(after)) places.push(at);
  }
  return places;
}

const isPartOfWord = (character: string): boolean => /[\p{L}\p{N}\p{M}_$-]/u.test(character);
