import { describe, expect, it } from 'vitest';
import { callbackUrlProblem } from './callback-url.ts';

const origins = ['http://127.0.0.1:9400', 'https://hooks.example'];
const elsewhere = 'must be on one of CALLBACK_ORIGINS';
const characters = 'must not hold backslashes, blanks or control characters';
const plainForm = 'must have its host written in the plain form, as in https://example.com/path';
const credentials = 'must not hold a user or password';

describe('the address for callbacks', () => {
  it.each([
    'http://127.0.0.1:9400',
    'http://127.0.0.1:9400/hook?x=1#part',
    'HTTPS://Hooks.Example:443/a@b:c',
    'https://hooks.example/?mail=a@b.example',
    'https://hooks.example?x=1',
    'https://hooks.example/caf\u00e9/%20/../x',
    'http://127.0.0.1:9400/#@part',
  ])('can be %s', (url) => expect(callbackUrlProblem(url, origins)).toBeUndefined());

  it.each([
    ['http://bot:word@127.0.0.1:9400/hook', credentials],
    ['http://bot@127.0.0.1:9400/hook', credentials],
    ['http://:word@127.0.0.1:9400/hook', credentials],
    ['https://hooks.example@elsewhere.example/', credentials],
    ['https:\\\\bot:word@hooks.example/', credentials],
    ['http://127.0.0.1:94000/', elsewhere],
    ['http://127.0.0.1:9400.elsewhere.example/', elsewhere],
    ['https://127.0.0.1:9400/', elsewhere],
    ['blob:http://127.0.0.1:9400/hook', elsewhere],
    ['ftp://127.0.0.1:9400/', elsewhere],
    ['/hook', elsewhere],
    ['', elsewhere],
    ['https://@hooks.example/', credentials],
    ['https://:@hooks.example/x', credentials],
    ['https://hooks.example:443@hooks.example', credentials],
    ['https://hooks.example\\@elsewhere.example/', characters],
    ['https:\\\\hooks.example\\x', characters],
    ['https:/\\hooks.example/x', characters],
    ['https://hooks.example/a\\b', characters],
    [' https://hooks.example/x', characters],
    ['https://hooks.example/x ', characters],
    ['https://hooks.example/x\n', characters],
    ['https://hooks.example/a b', characters],
    ['https://hooks.example/a\u00a0b', characters],
    ['https://hooks.example/a\u0000b', characters],
    ['https://hooks.example/a\u007fb', characters],
    ['ht\ttps://hooks.example/x', characters],
    ['https://hooks\t.example/x', characters],
    ['https:hooks.example/x', plainForm],
    ['https:/hooks.example/x', plainForm],
    ['https:///hooks.example/x', plainForm],
    ['https://ho%6fks.example/x', plainForm],
    ['https://hooks.example:/x', plainForm],
    ['https://hooks.example:0443/x', plainForm],
    ['https://hooks\u3002example/x', plainForm],
    ['https://\uff48ooks.example/x', plainForm],
    ['https://hoo\u212as.example/x', plainForm],
    ['https://ho\u00adoks.example/x', plainForm],
    ['http://127.1:9400/x', plainForm],
    ['http://0x7f000001:9400/x', plainForm],
    ['http://hooks.example:443/x', elsewhere],
    ['https://hooks.example./x', elsewhere],
  ])('cannot be %s: %s', (url, problem) => expect(callbackUrlProblem(url, origins)).toBe(problem));
});
