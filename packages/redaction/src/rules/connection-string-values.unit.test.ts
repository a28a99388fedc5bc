import { describe, expect, it } from 'vitest';
import { asRedacted, withoutFingerprints, withoutMarks } from '../marked-text.fixture.ts';
import { redact } from '../redact.ts';

describe('the password of a connection string', () => {
  it.each([
    'Server=db;Uid=sa;Pwd=«a b,c(4k2q»;Encrypt=yes',
    'Server=db;Password=«a 4k»;x=1',
    'Server=db; Password=«a 4k»; x y=1',
    'Server=db;User Password=«a 4k»;x=1',
    'Server=tcp:sql1,1433;User Id=app;Password=«4,k»;Encrypt=True',
    'Server={a;b};Password=«4|k»;Encrypt=True',
    ...Array.from(' ,()[]{}&<>|').map((sign) => `Server=db;Password=«q7${sign}Xb4»;Encrypt=True`),
    'A=db;Password=«q7 Xb4»;x=1',
    // In braces.
    'Driver={x};Pwd={«!password»};a=1',
    'Driver={x};Pwd={«password!»};a=1',
    'Driver={x};Uid=sa;Pwd={«a;b 4»};Encrypt=yes',
    'Driver={x};Pwd={«a}}b 4»}',
    'Driver={x};Pwd={«a;4b»}"',
    "Driver={x};Pwd={«a;4b»}' x",
    'Driver={x};Pwd={«a;4b»}\n',
    'Pwd={«a;4b»};Server=db',
    'Pwd={«a;4b»}; Server name=db',
    'x Pwd={«a;4b»};Server=db',
    'url;password={«a;4b»};encrypt=true',
    'Server=db;Pwd={«marten4k2q»};x=1',
    // Up to its sign where it holds no others.
    'Server=db;Password=«q7XbT2»;Encrypt=True',
    'Server=db;Password="«a;b 4»";x=1',
    'Server=db;Password=«q7XbT2»',
    // In an environment.
    'PASSWORD=«a,b;c&d<e>f4»',
    'PASSWORD=«a(b4»\nNEXT=1',
    'PASSWORD=«a)b4» \t \r\nNEXT=1',
    'PASSWORD=«a{b4»',
    'PASSWORD=«a}b4»',
    'PASSWORD=«a[b4»',
    'PASSWORD=«a]b4»',
    'PASSWORD=«a|b4»',
    'PASSWORD=«a,b4»',
    'PASSWORD=«f!(b4»',
    'PASSWORD=«q7/a(b4)»',
    'PASSWORD=«a(b)c4»',
    'export=1\nPASSWORD=«x;y4z»\n',
  ])('[SEC-020] is taken out, up to its end: %j', (text) => {
    expect(withoutFingerprints(redact(withoutMarks(text)))).toBe(asRedacted(text, 'password'));
  });

  it.each([
    'Driver={x};Uid=sa;Pwd={password};Encrypt=yes',
    'Driver={x};Uid=sa;Pwd={db.password};Encrypt=yes',
    'Pwd={DbPassword};Server=db',
    'PASSWORD=getToken(x)',
    'PASSWORD=getToken(x);',
    'PASSWORD=config[password]',
    'PASSWORD=$(cat x)',
    'PASSWORD=<a b>',
    'x;PASSWORD=$(cat "x y")',
    'PASSWORD=(a b)',
    'PASSWORD=a,b',
  ])('is none when it is called or named: %j', (text) => {
    expect(redact(text)).toBe(text);
  });

  it.each([
    ['x password=marten4k2q,c(d); more', 'x password=[redacted:password],c(d); more'],
    ['Server=db;Password = a b,c4k2q;x=1', 'Server=db;Password = a b,c4k2q;x=1'],
    ['Server: db; Password=q7XbT2 b;Encrypt=1', 'Server: db; Password=[redacted:password] b;Encrypt=1'],
    ['Server=db Password=q7XbT2 b;Encrypt=1', 'Server=db Password=[redacted:password] b;Encrypt=1'],
    ['Server=db;Password=q7XbT2 b; more', 'Server=db;Password=[redacted:password] b; more'],
    ['Server=db;Password=q7XbT2 b;\nEncrypt=1', 'Server=db;Password=[redacted:password] b;\nEncrypt=1'],
    ['Server=db;Password:q7XbT2 b;x=1', 'Server=db;Password:[redacted:password] b;x=1'],
    ['a password=marten4k2q,b c', 'a password=[redacted:password],b c'],
    ['PASSWORD=marten4k2q,b c', 'PASSWORD=[redacted:password],b c'],
    ['PASSWORD= marten4k2q,b', 'PASSWORD= [redacted:password],b'],
    ['PASSWORD: marten4k2q,b', 'PASSWORD: [redacted:password],b'],
    ['PASSWORD=marten4k2q,', 'PASSWORD=[redacted:password],'],
    ['PASSWORD=marten4k2q;', 'PASSWORD=[redacted:password];'],
    ['PASSWORD=marten4k2q"x,y', 'PASSWORD=[redacted:password]"x,y'],
  ])('ends as others do where it is no such string: %j', (text, redacted) => {
    expect(withoutFingerprints(redact(text))).toBe(redacted);
  });
});
