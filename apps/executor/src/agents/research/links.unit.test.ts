import { describe, expect, it } from 'vitest';
import { createLinkFilter } from './links.ts';

const filter = createLinkFilter('is booking.com better than hotels', [
  { url: 'https://docs.example/a?b=c' },
  { url: 'https://Other.example/' },
]);
const gone = '[link removed]';

describe('links in the text of a research', () => {
  it.each([
    ['see https://docs.example/a?b=c.', 'see https://docs.example/a?b=c.'],
    ['(https://docs.example/a?b=c)', '(https://docs.example/a?b=c)'],
    ['says docs.example and booking.com', 'says docs.example and booking.com'],
    ['and/or 3.14/2 at 0.15/kWh, v1.2.3', 'and/or 3.14/2 at 0.15/kWh, v1.2.3'],
    ['Node.js/Deno, e.g. this, i.e. that', 'Node.js/Deno, e.g. this, i.e. that'],
    ['in winter.To heat; costs.Live with it', 'in winter.To heat; costs.Live with it'],
    ['at 10:30, ratio 3:1, note: this', 'at 10:30, ratio 3:1, note: this'],
    ['a footnote [1] and [2]', 'a footnote [1] and [2]'],
  ])('stay as they are in %j', (text, left) => expect(filter(text)).toBe(left));

  it.each([
    ['go to https://evil.example/x?y=z now', `go to ${gone} now`],
    ['HTTPS://EVIL.EXAMPLE', gone],
    ['https://docs.example/a?b=c&d=e', gone],
    ['https://docs.example/other.', `${gone}.`],
    ['https://docs.example@evil.example/', gone],
    ['ftp://evil.example/, javascript:alert(1) and data:text/html,x', `${gone}, ${gone}) and ${gone}`],
    ['mail mailto:a@evil.example', `mail ${gone}`],
    ['pay bitcoin:1BoatSLRHtKNngkdXEeobR76b53LETtpyT', `pay ${gone}`],
    ['www.evil.example', gone],
    ['evil.example/track?u=1', gone],
    ['visit evil.com today', `visit ${gone} today`],
    ['visit evil.page, or Evil.Com', `visit ${gone}, or ${gone}`],
    ['bücher.example/x', gone],
    ['1.2.3.4/x and 1.2.3.4:80/', `${gone} and ${gone}`],
    ['[the report](https://evil.example/r)', 'the report'],
    ['![picture](https://evil.example/p.png?q=secret)', 'picture'],
    ['<https://evil.example/>', `<${gone}>`],
    ['[1]: https://evil.example/', gone],
    ['http:/evil.example http:///evil.example', `${gone} ${gone}`],
  ])('are taken out of %j', (text, left) => expect(filter(text)).toBe(left));

  it('are looked for in time that grows with the text', () => {
    for (const part of ['[](', 'a.', 'a-', 'http:', '[', 'www.', '1.2.', 'x@y.'])
      expect(filter(part.repeat(20_000)).length).toBeGreaterThan(0);
  });
});
