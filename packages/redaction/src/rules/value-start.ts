import type { Scan } from '../engine/rule.ts';
import { openAt, readValue, type Value } from './value.ts';

// Some(", Secret::new(", new String(, []byte(, Optional.of(
const wrapper =
  /(?:new[ \t]|&|\[\])?((?:[A-Za-z_]\w{0,40}(?:::|\.)){0,4})([A-Za-z_]\w{0,40})(?:<[^<>()"']{0,40}>)?\(\s{0,8}(?:&(?=["']))?/y;
const carrying =
  /^(?:new|from|of|some|just|ok|right|ofNullable|from_str|fromString|valueOf|literal|str|bytes|bytearray|byte|b|to_secret|wrap|protect)$/;
// A type that is made of its value; not a verb, and nothing that takes a name.
const type = /^[A-Z]/;
const asksFor =
  /^(?:Get|Load|Read|Fetch|Find|Look|Parse|Format|Sprint|Print|Env|Field|Column|Input|Prompt|Ask|Must|Config|Param|Setting|Value$|Resolve|Decrypt|Path|File|Ur[il]|URL|Label|Text|Err|Exception|Invalid|Missing|Ref|Sub|Import|Join|Query|Header|Name|Type|Reg|Pattern|Depends|Var|Key|Alias|Message|Symbol|Title|Log|Test|Describe|Expect)/;
// !!str, &anchor
const mark = /(?:!!(?:str|string|binary)[ \t]{1,4}|&[\w-]{1,60}[ \t]{1,4})/y;
const mostNested = 3;

/** Where the value itself begins: behind what makes it, and behind a tag or an anchor. */
export function undressed(text: string, from: number, strong: boolean): number {
  const c = text[from] ?? '';
  if (c === '!' || c === '&') {
    mark.lastIndex = from;
    if (mark.test(text)) return mark.lastIndex;
  }
  if (!strong || !/[A-Za-z_&[]/.test(c) || !text.slice(from, from + 64).includes('(')) return from;
  let at = from;
  for (let i = 0; i < mostNested; i += 1) {
    wrapper.lastIndex = at;
    const name = wrapper.exec(text)?.[2];
    if (name === undefined || !(carrying.test(name) || (type.test(name) && !asksFor.test(name)))) break;
    at = wrapper.lastIndex;
  }
  return at > from && /^(?:[bBrRuUfF@$]#?)?\\{0,7}["'`]/.test(text.slice(at, at + 10)) ? at : from;
}

const listOpening = /\[\s{0,20}/y;
const comma = /\s{0,4},\s{0,20}/y;
const mostListed = 64;
const longestGap = 24;

/** The first 64 values of a list, with or without quotes. */
export function listed(scan: Scan, from: number): Value[] {
  listOpening.lastIndex = from;
  if (!listOpening.test(scan.text)) return [];
  const values: Value[] = [];
  let at = listOpening.lastIndex;
  while (values.length < mostListed) {
    const value = readValue(scan, at);
    if (value === undefined) break;
    values.push(value);
    at = value.after;
    comma.lastIndex = at;
    if (!comma.test(scan.text)) break;
    at = comma.lastIndex;
  }
  // It may go on with the text.
  if (scan.text.length - at < longestGap && !/\S/.test(scan.text.slice(at))) openAt(scan, from);
  return values;
}
