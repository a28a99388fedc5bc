import lookAlikes from 'unhomoglyph/data.json' with { type: 'json' };

// Of Unicode's confusables (UTS 39), and what that table does not lead to a Latin letter.
const table = new Map(Object.entries<string>(lookAlikes));
const smallCapitals = 'ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘꞯʀꜱᴛᴜᴠᴡxʏᴢ';
for (const [index, letter] of Array.from(smallCapitals).entries()) {
  if (letter !== 'x') table.set(letter, String.fromCharCode(97 + index));
}
const others: Record<string, string> = {
  τ: 't',
  ᴩ: 'p',
  ß: 'b',
  '·': '.',
  '。': '.',
  '．': '.',
  '｡': '.',
  '‚': ',',
};
for (const [letter, as] of Object.entries(others)) table.set(letter, as);
// Letters in circles and squares, and those that flags are made of.
for (const first of [0x1f150, 0x1f170, 0x1f1e6]) {
  for (let n = 0; n < 26; n += 1) table.set(String.fromCodePoint(first + n), String.fromCharCode(97 + n));
}

const isAscii = /^[\x20-\x7e]*$/;
const unseen = /[\p{M}\p{C}\p{Z}\p{Default_Ignorable_Code_Point}\s()'`´"]+/gu;

/**
 * What a name looks like, to compare it with one that must not be imitated: no accents, no case, nothing invisible, no spaces,
 * letters of other scripts and digits as the Latin letters that they resemble. Only for comparing: both sides have to be folded.
 */
export function looksLike(text: string): string {
  const latin = isAscii.test(text)
    ? text
    : Array.from(text.normalize('NFKD').replaceAll(unseen, ''), latinOf).join('');
  return latin
    .normalize('NFKD')
    .replaceAll(unseen, '')
    .toLowerCase()
    .replaceAll('rn', 'm')
    .replaceAll('vv', 'w')
    .replaceAll(/[1|!i]/g, 'l')
    .replaceAll('0', 'o');
}

// A letter may look like one that looks like another, and a capital like its small letter.
function latinOf(letter: string): string {
  const first = table.get(letter) ?? table.get(letter.toLowerCase()) ?? letter;
  return table.get(first) ?? first;
}
