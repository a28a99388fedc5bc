import { growsLinearly } from '@actp/testing/growth';
import { describe, expect, it } from 'vitest';
import { isOrdered } from './orders.ts';

describe('[TASK-002] what a model says that a prompt orders', () => {
  it.each([
    'Get me 3 tiny',
    'Could you get me 3 tiny?',
    'I could do with 3 tiny',
    'I want to buy 3 tiny',
    'Order 3 tiny',
    'Bitte 3 tiny kaufen',
    'Kaufe 3 tiny',
    'Achète 3 tiny, merci',
    'Compra 3 tiny por favor',
    'Acquista 3 tiny',
    'Koop 3 tiny',
    'Compre 3 tiny',
    'Kup 3 tiny',
  ])('a purchase: %j', (prompt) => expect(isOrdered('purchase', prompt)).toBe(true));

  it.each([
    'Get rid of 3 tiny',
    'Dump 3 tiny',
    'Unload my 3 tiny',
    'Sell 3 tiny',
    'I have 2 cats and a tiny dog',
    'Who owns 3 tiny coins in this room',
    'What if I buy 3 tiny',
    'Is it wise to buy 3 tiny?',
    'He told me to buy 3 tiny',
    'My friend wants to buy 3 tiny',
    'My order of 3 tiny is late',
    'We buy 3 tiny each week',
    "Don't buy 3 tiny",
    'Do not get me 3 tiny',
    'Never buy 3 tiny',
    'Buy nothing, 3 tiny',
    'Nie 3 tiny kaufen',
    'Bitte keine 3 tiny kaufen',
    'Kaufe 3 tiny erst morgen',
    'Ne pas acheter 3 tiny',
    'N’achète pas 3 tiny',
    'N’achète 3 tiny sous aucun prétexte',
    'No compres 3 tiny',
    'Nunca comprar 3 tiny',
    'Non comprare 3 tiny',
    'Koop geen 3 tiny',
    'Não compre 3 tiny',
    'Nie kup 3 tiny',
    '3 tiny',
    '',
  ])('no purchase: %j', (prompt) => expect(isOrdered('purchase', prompt)).toBe(false));

  it.each([
    'Let bob@example.org know that lunch is at noon',
    'Let our dear Bob, bob@example.org, know that she is late',
    'Can you write a mail to bob@example.org, saying hi?',
    'Tell bob@example.org: are you coming?',
    'Send my regards to no@not.example.org',
    'Schick eine Mail an bob@example.org: bis gleich',
    'Envoie un message à bob@example.org : bonjour',
    'Envía un correo a bob@example.org: hola',
    'Scrivi a bob@example.org: ciao',
    'Stuur een mail naar bob@example.org: hallo',
    'Envie um e-mail para bob@example.org: oi',
    'Wyślij mail do bob@example.org: cześć',
  ])('a mail: %j', (prompt) => expect(isOrdered('communication', prompt)).toBe(true));

  it.each([
    'Tell nobody at bob@example.org about it',
    'Tell everyone except bob@example.org',
    'Schick eine Mail an bob@example.org, aber erst morgen',
    'Schreib bob@example.org nichts davon',
    "N'envoie rien à bob@example.org",
    'No escribas a bob@example.org',
    'Non scrivere a bob@example.org',
    'Stuur niets naar bob@example.org',
    'Não envie a bob@example.org',
    'Nie pisz do bob@example.org',
    'bob@example.org is nice',
    'The mail from bob@example.org was nice',
    'I got an email from bob@example.org',
    'My mail to bob@example.org bounced',
    'She wrote to bob@example.org',
    'She said to write to bob@example.org',
    'Did you write to bob@example.org?',
    'How do I write to bob@example.org?',
    'Should you write to bob@example.org',
    'Tomorrow write to bob@example.org',
    'Write to Ann or bob@example.org',
  ])('no mail: %j', (prompt) => expect(isOrdered('communication', prompt)).toBe(false));

  it('may be research whatever the prompt says, and nothing of an agent that is not known here', () => {
    expect(isOrdered('research', 'What is not known of tides?')).toBe(true);
    expect(isOrdered('trading', 'Buy 3 tiny')).toBe(false);
  });

  it.each(["n't ", 'let a ', 'a@b ', ' ', 'x'])(
    'is found in time in proportion to the length: %j',
    (piece) => {
      for (const agent of ['purchase', 'communication']) {
        const linear = growsLinearly((length) => {
          const prompt = `${piece.repeat(Math.ceil(length / piece.length))}x`;
          return () => isOrdered(agent, prompt);
        }, 1_000);
        expect(linear, agent).toBe(true);
      }
    },
  );
});
