import { describe, expect, it } from 'vitest';
import { unmask } from './homoglyphs.ts';
import { normalise } from './normalise.ts';

const read = (text: string) => {
  const { text: plain, obfuscation } = normalise(text);
  return [plain, obfuscation.masked];
};

describe('letters that look like Latin ones', () => {
  // Each is read within a word of Latin letters, by what a person takes it for.
  it.each([
    ['Cyrillic', 'авекмнорстухіјѕһԁԛԝгзпьѵӏԍғ', 'abekmhopctyxijshdqwrznbvlgf'],
    ['Greek', 'αβγεηικνορτυχωζμ', 'abyenikvoptuxwzu'],
    ['Armenian', 'օհոսց', 'ohnug'],
    ['Cherokee', 'ꭺꮯꭼꮋꭻꮶꮇꮲꭱꮪꭲꮩꮃꮓ', 'acehjkmprstvwz'],
    ['phonetic', 'ɑɡɩʀʏꜱᴀᴇᴏᴜɴᴛɪʟᴘᴍᴄᴅʙɢʜᴊᴋᴠᴡᴢ', 'agirysaeountilpmcdbghjkvwz'],
  ])('are read as those: %s', (_script, letters, latin) => {
    for (const [i, letter] of Array.from(letters).entries())
      expect(read(`x${letter}x и`)).toEqual([`x${latin[i]}x и`, 1]);
  });

  it('are read so in whole words where a text has no other letters of their scripts', () => {
    expect(read('please сор')).toEqual(['please cop', 3]);
    // A word that nobody takes for Latin makes the script one that is written here.
    expect(read('please сор ж')).toEqual(['please сор ж', 0]);
    // Without a Latin letter there is nothing to be taken for.
    expect(read('сор')).toEqual(['сор', 0]);
    expect(read('сор 123')).toEqual(['сор 123', 0]);
  });

  it('are looked at word by word', () => {
    expect(read('паr сор ж')).toEqual(['nar сор ж', 2]);
    expect(read('сор-паr ж')).toEqual(['сор-nar ж', 2]);
    expect(read('x сор')).toEqual(['x cop', 3]);
  });

  it('stay beside letters of other alphabets, and not beside signs for words or syllables', () => {
    for (const other of ['აბ', 'ש', 'ا', 'ก', 'ꙁ']) expect(read(`please сор ${other}`)[1]).toBe(0);
    for (const other of ['字', '한', '→', 'ż', '😀']) expect(read(`please сор ${other}`)[1]).toBe(3);
  });

  it('are changed in place, and no further than the text goes', () => {
    const units = Uint16Array.from(Array.from('xа xа', (letter) => letter.charCodeAt(0)));
    expect(unmask(units, 2)).toBe(1);
    expect(String.fromCharCode(...units)).toBe('xa xа');
    expect(unmask(new Uint16Array(0), 0)).toBe(0);
  });
});
