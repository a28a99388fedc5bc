// Cyrillic, Greek, Armenian and Cherokee letters, lower case, that look like Latin ones.
const pairs =
  'аa вb еe кk мm нh оo рp сc тt уy хx іi јj ѕs һh ԁd ԛq ԝw гr зz пn ьb ѵv ӏl ԍg ғf αa βb γy εe ηn ιi κk νv οo ρp τt υu χx ωw ζz μu օo հh ոn սu ցg ՙ, ꭺa ꮯc ꭼe ꮋh ꭻj ꮶk ꮇm ꮲp ꭱr ꮪs ꭲt ꮩv ꮃw ꮓz ɑa ɡg ɩi ʀr ʏy ꜱs ᴀa ᴇe ᴏo ᴜu ɴn ᴛt ɪi ʟl ᴘp ᴍm ᴄc ᴅd ʙb ɢg ʜh ᴊj ᴋk ᴠv ᴡw ᴢz';
const latinOf = new Map(pairs.split(' ').map((pair) => [pair.charCodeAt(0), pair.charCodeAt(1)]));

const isLatin = (c: number) => c >= 97 && c <= 122;
const isForeign = (c: number) => c >= 0x250 && c <= 0xabff && !(c >= 0x2000 && c < 0xa000);

/**
 * Turns look-alikes into the Latin letters that they stand for, in place: in words that mix scripts, and everywhere in a text
 * whose foreign letters all look like Latin ones.
 *
 * @returns how many letters were changed
 */
export function unmask(units: Uint16Array, length: number): number {
  let latin = false;
  let genuine = false;
  let masked = false;
  for (let i = 0; i < length; i += 1) {
    const c = units[i] ?? 0;
    if (isLatin(c)) latin = true;
    else if (latinOf.has(c)) masked = true;
    else if (isForeign(c)) genuine = true;
  }
  if (!masked) return 0;
  let changed = 0;
  for (let from = 0; from < length;) {
    let to = from;
    let mixed = latin && !genuine;
    for (; to < length; to += 1) {
      const c = units[to] ?? 0;
      if (!isLatin(c) && !isForeign(c)) break;
      if (isLatin(c)) mixed = true;
    }
    for (let i = from; i < to; i += 1) {
      const plain = mixed ? latinOf.get(units[i] ?? 0) : undefined;
      if (plain === undefined) continue;
      units[i] = plain;
      changed += 1;
    }
    from = to + 1;
  }
  return changed;
}
