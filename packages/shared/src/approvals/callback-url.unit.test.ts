import { describe, expect, it } from 'vitest';
import { callbackUrlProblem } from './callback-url.ts';

const origins = ['http://127.0.0.1:9400', 'https://hooks.example'];
const elsewhere = 'must be on one of CALLBACK_ORIGINS';
const credentials = 'must not hold a user or password';

describe('the address for callbacks', () => {
  it.each([
    'http://127.0.0.1:9400',
    'http://127.0.0.1:9400/hook?x=1#part',
    'HTTPS://Hooks.Example:443/a@b:c',
    'https://hooks.example/?mail=a@b.example',
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
  ])('cannot be %s: %s', (url, problem) => expect(callbackUrlProblem(url, origins)).toBe(problem));
});
