import { describe, expect, it } from 'vitest';
import { agents } from './agents.fixture.ts';
import { readSentence, whatCanBeAsked } from './sentences.ts';

const read = (prompt: string) => readSentence(prompt, agents);
const research = (topic: string) => ({ agent: 'research', input: { topic } });
const mail = (to: string, subject: string, text: string) => ({
  agent: 'communication',
  input: { to, subject, text },
});
const purchase = (quantity: string, asset: string) => ({ agent: 'purchase', input: { quantity, asset } });

describe('[TASK-002] research', () => {
  it.each([
    ['Research the history of tea', 'the history of tea'],
    ['  research   the history of tea .  ', 'the history of tea'],
    ['RESEARCH The History of Tea!', 'The History of Tea'],
    ['Please research electric ferries in Norway.', 'electric ferries in Norway'],
    ['Hi, could you please research electric ferries?', 'electric ferries'],
    ['Research: heat pumps', 'heat pumps'],
    ['Research "heat pumps"', 'heat pumps'],
    ['Do some research on heat pumps', 'heat pumps'],
    ['Find out about tidal power', 'tidal power'],
    ['find out how bees navigate', 'how bees navigate'],
    ['Look up the tallest lighthouse', 'the tallest lighthouse'],
    ['Search for vegan cheese', 'vegan cheese'],
    ['Search the web for vegan cheese', 'vegan cheese'],
    ['What is known about dark matter?', 'dark matter'],
    ['Tell me about the Hanseatic League', 'the Hanseatic League'],
    ['I would like to find out more about moss', 'moss'],
    ['I need some research on moss', 'moss'],
    ['Summarize what is known about moss', 'moss'],
    ['What are the latest news on moss?', 'moss'],
    ['Research how to buy and send flowers', 'how to buy and send flowers'],
    ['Research what to do and what not to do in Kyoto', 'what to do and what not to do in Kyoto'],
    ['Research the U.S. senate\nand its history', 'the U.S. senate\nand its history'],
  ])('reads %j', (prompt, topic) => {
    expect(read(prompt)).toEqual(research(topic));
  });
});

describe('[TASK-002] a mail', () => {
  const lunch = mail('ann@example.org', 'Lunch', 'See you at noon');
  it.each([
    'Send an email to ann@example.org with subject Lunch and say See you at noon',
    'send an e-mail to ann@example.org with subject Lunch and say See you at noon',
    'SEND AN EMAIL TO ann@example.org WITH SUBJECT Lunch AND SAY See you at noon',
    '  Send an email to <ann@example.org> with subject "Lunch" and say "See you at noon".',
    'Please send an email to ann@example.org, with the subject “Lunch”, and say: “See you at noon”',
    'Email ann@example.org with subject Lunch and say See you at noon',
    'Send an email to Ann Smith <ann@example.org> with subject Lunch and say See you at noon',
    'Send an email to "Ann" <ann@example.org> with subject Lunch and say See you at noon',
    'Email ann@example.org: subject Lunch, body See you at noon',
    'E-mail ann@example.org subject: Lunch, body: See you at noon',
    'Mail ann@example.org with the subject line Lunch saying See you at noon',
    'Write an email to ann@example.org with subject Lunch and text See you at noon',
    'Write to ann@example.org with subject Lunch and write See you at noon',
    'Send a message to ann@example.org with subject "Lunch" saying "See you at noon"',
    'Send ann@example.org an email with subject Lunch and say See you at noon',
    'Send an email to ann@example.org saying See you at noon, with subject Lunch',
    'Email ann@example.org saying See you at noon\nSubject: Lunch',
    'Email ann@example.org saying "See you at noon", with subject Lunch',
    'Email ann@example.org and say "See you at noon" with subject "Lunch"',
    'Email ann@example.org with text "See you at noon" and subject "Lunch"',
    'Send an email\nto ann@example.org\nSubject: Lunch\nBody: See you at noon',
    'Send an email to ann@example.org\n\nSubject: Lunch\n\nText:\nSee you at noon\n',
    "Could you send an email to ann@example.org with subject 'Lunch' that says 'See you at noon'?".replace(
      '?',
      '',
    ),
  ])('reads %j', (prompt) => {
    expect(read(prompt)).toEqual(lunch);
  });

  it.each([
    ['Dear Bob,\n\n  I will\tbe late.\n\nAnn', 'Dear Bob,\n\n  I will\tbe late.\n\nAnn'],
    ['hello, then buy 2 bitcoin and say goodbye', 'hello, then buy 2 bitcoin and say goodbye'],
    ['Is it true that you do not come?', 'Is it true that you do not come?'],
    ['My answer is "yes", but not today', 'My answer is "yes", but not today'],
    ['- item', '- item'],
    ['= 5', '= 5'],
    [': x', ': x'],
    [':-) see you', ':-) see you'],
    [', yes', ', yes'],
    ['-5 degrees', '-5 degrees'],
    ['"hi', '"hi'],
    ["'ello there, it's me", "'ello there, it's me"],
    ['*bold* and = equal -', '*bold* and = equal -'],
    ['write to bob@example.org with subject Other', 'write to bob@example.org with subject Other'],
  ])('keeps its text whole: %j', (text, kept) => {
    const prompt = `Send an email to ann@example.org with subject Hello there and say ${text}`;
    expect(read(prompt)).toEqual(mail('ann@example.org', 'Hello there', kept));
  });

  it('takes a subject as it is written', () => {
    const prompt = 'Send an email to a.b+c@mail.example.org with subject Are you coming? and say Tell me.';
    expect(read(prompt)).toEqual(mail('a.b+c@mail.example.org', 'Are you coming?', 'Tell me.'));
  });

  it.each([
    ['Send an email to ann@example.org and say hello', /subject .* missing/],
    ['Send an email to ann@example.org with subject and say hello', /subject .* missing/],
    ['Send an email to ann@example.org with subject Hello', /text .* missing/],
    ['Send an email to ann@example.org with subject Hello and say', /text .* missing/],
    ['Send an email to ann@example.org', /subject and the text/],
    ['Send an email to Ann with subject Hello and say hello', /address/],
    ['Send an email to ann@ with subject Hello and say hello', /address/],
    ['Send an email with subject Hello and say hello', /address/],
    ['Send an email to ann@example.org, bob@example.org with subject A and say b', /more than one recipient/],
    ['Send an email to ann@example.org and bob@example.org with subject A and say b', /more than one recip/],
    ['Send an email to ann@example.org cc bob@example.org with subject A and say b', /more than one recip/],
    ['Send an email to ann@example.org;bob@example.org with subject A and say b', /more than one recip/],
    ['Send an email to ann@example.org,bob@example.org with subject A and say b', /more than one recip/],
    [
      'Send an email to ann@example.org and cc bob@example.org with subject A and say b',
      /more than one recip/,
    ],
    [
      'Send an email to ann@example.org with subject A cc bob@example.org and say b',
      /address in the subject/,
    ],
    ['Send an email to Bob bob@example.org with subject A and say b', /address/],
    ['Send an email to ann@example.org with subject "A" and say "b" and buy 2 bitcoin', /more than one task/],
    ['Send an email to ann@example.org with subject "A\nB" and say c', /more than one line/],
    ['Send an email to ann@example.org about lunch', /subject/],
  ])('says what is missing or wrong: %j', (prompt, problem) => {
    expect(read(prompt)).toEqual({ problem: expect.stringMatching(problem), final: expect.any(Boolean) });
  });
});

describe('[TASK-002] a purchase', () => {
  it.each([
    ['Buy 2 bitcoin', '2', 'bitcoin'],
    ['buy 2 BTC.', '2', 'BTC'],
    ['Purchase 0.5 bitcoin', '0.5', 'bitcoin'],
    ['Buy .5 bitcoin', '0.5', 'bitcoin'],
    ['Buy 1,000.50 dogecoin', '1000.50', 'dogecoin'],
    ['Buy 007 dogecoin', '7', 'dogecoin'],
    ['Please buy me 3 ethereum classic, thanks!', '3', 'ethereum classic'],
    ['Buy a bitcoin', '1', 'bitcoin'],
    ['Buy one bitcoin', '1', 'bitcoin'],
    ['Buy 2 of bitcoin', '2', 'bitcoin'],
    ['Buy 2 units of bitcoin-cash', '2', 'bitcoin-cash'],
    ['Buy 0.5BTC', '0.5', 'BTC'],
    ['Buy 2 BTC of', '2', 'BTC'],
    ['Buy 0.1 of a bitcoin', '0.1', 'bitcoin'],
    ['Buy 2 units bitcoin', '2', 'bitcoin'],
    ['Buy 2 coins', '2', 'coins'],
    ['I want to buy 2 bitcoin now', '2', 'bitcoin'],
    ['Could you buy 2 bitcoin?', '2', 'bitcoin'],
    ['Buy 2 "bitcoin"', '2', 'bitcoin'],
    ['Buy, 2 bitcoin', '2', 'bitcoin'],
    ['Buy 2 "bitcoin only"', '2', 'bitcoin only'],
    ['Buy 2 bitcoin-only', '2', 'bitcoin-only'],
    ['Buy 1,234,567 dogecoin', '1234567', 'dogecoin'],
    ['Buy 1,234.5 dogecoin', '1234.5', 'dogecoin'],
    ['Buy 1.234 dogecoin', '1.234', 'dogecoin'],
    ['Buy 2 bitcoin right now, please', '2', 'bitcoin'],
    ['Buy 0.000000000000000001 ethereum', '0.000000000000000001', 'ethereum'],
  ])('reads %j', (prompt, quantity, asset) => {
    expect(read(prompt)).toEqual(purchase(quantity, asset));
  });

  it.each([
    ['Buy $50 of bitcoin', /quantity/],
    ['Buy 50 dollars of bitcoin', /quantity/],
    ['Buy 50 USD worth of bitcoin', /quantity/],
    ['Buy 50€ of bitcoin', /quantity/],
    ['Buy bitcoin', /quantity is missing/],
    ['Buy some bitcoin', /quantity is missing/],
    ['Buy 2', /is missing/],
    ['Buy', /is missing/],
    ['Buy 1,5 bitcoin', /more than one way/],
    ['Buy 1.000,50 bitcoin', /more than one way/],
    ['Buy 0,500 bitcoin', /Write 0\.500\./],
    ['Buy 0,001 bitcoin', /Write 0\.001\./],
    ['Buy 00,500 bitcoin', /Write 0\.500\./],
    ['Buy 0,123,456 bitcoin', /more than one way/],
    ['Buy 012,345.6 bitcoin', /more than one way/],
    ['Buy 1,234 bitcoin', /Write 1234 or 1\.234\./],
    ['Buy 12,34 bitcoin', /Write 12\.34\./],
    ['Buy 1234,567 bitcoin', /Write 1234\.567\./],
    ['Buy 1,23,456 bitcoin', /more than one way/],
    ['Buy 1,234,56 bitcoin', /more than one way/],
    ['Buy 1,234BTC', /Write 1234 or 1\.234\./],
    ['Buy ,5 bitcoin', /Write 0\.5\./],
    ['Buy: ,5 bitcoin', /Write 0\.5\./],
    ['Buy , 5 bitcoin', /quantity is missing/],
    ['Buy 1 000 bitcoin', /goes on/],
    ['Buy 12 34', /goes on/],
    ['Buy 2 bitcoin only', /goes on/],
    ['Buy 2 bitcoin immediately', /goes on/],
    ['Buy 2 bitcoin today', /goes on/],
    ['Buy 2 bitcoin right away', /goes on/],
    ['Buy 2 bitcoin max 100', /goes on/],
    ['Buy 2 bitcoin cheap', /goes on/],
    ['Buy 2 bitcoin ASAP', /goes on/],
    ['Buy 2 bitcoin wait', /goes on/],
    ['Buy 2 bitcoin just kidding', /goes on/],
    ['Buy 2 bitcoin Friday', /goes on/],
    ['Buy 2 m dogecoin', /goes on/],
    ['Buy 20 sats bitcoin', /goes on/],
    ['Buy 2 tenths of bitcoin', /goes on/],
    ['Buy 1e3 bitcoin', /more than one way/],
    ['Buy 2-3 bitcoin', /more than one way/],
    ['Buy 2k dogecoin', /more than one way/],
    ['Buy ２ bitcoin', /missing/],
    ['Buy -2 bitcoin', /below zero/],
    ['Buy 0 bitcoin', /zero/],
    ['Buy 0.00 bitcoin', /zero/],
    ['Buy 2 million dogecoin', /goes on/],
    ['Buy 2 bitcoin tomorrow', /goes on/],
    ['Buy 2 bitcoin if the price falls', /goes on/],
    ['Buy 2 bitcoin for 100 dollars', /goes on/],
    ['Buy 2 bitcoin at 50', /goes on/],
    ['Buy 2 bitcoin ignoring limits', /goes on/],
    ['Buy 2 bitcoin. Ignore the limits', /goes on/],
    ['Buy 2 bitcoin with max_spend 100000', /goes on/],
    ['Buy 2 bitcoin and 3 ethereum', /more than one task/],
    ['Buy 2 bitcoin or ethereum', /more than one task/],
    ['Buy 2 bitcoin, then email it to ann@example.org', /goes on|more than one task/],
    ['Buy 2 bitсoin', /goes on/],
    ['Buy 2 bitcoin?', /question/],
  ])('does not guess: %j', (prompt, problem) => {
    expect(read(prompt)).toEqual({ problem: expect.stringMatching(problem), final: expect.any(Boolean) });
  });
});

describe('[TASK-002] sentences that should not be carried out', () => {
  it.each([
    "Don't buy 2 bitcoin",
    'Don’t buy 2 bitcoin',
    'Please do not buy 2 bitcoin',
    'Never send an email to ann@example.org with subject A and say b',
    'Not research tea',
    'You must not buy 2 bitcoin',
    "I don't want you to buy 2 bitcoin",
    'Should I buy 2 bitcoin?',
    'Should we send an email to ann@example.org with subject A and say b?',
    'Can I buy 2 bitcoin?',
    'Is it wise to buy 2 bitcoin?',
    '"Buy 2 bitcoin"',
    '“Send an email to ann@example.org with subject A and say b”',
    'If the price falls, buy 2 bitcoin',
    'When I say so, buy 2 bitcoin',
    'Every day buy 2 bitcoin',
    'Research tea and email it to ann@example.org',
    'Research tea, then buy 2 bitcoin',
    'Research tea. Send an email to ann@example.org with subject A and say b',
    'Research tea; buy 5 ethereum',
    'Research tea\nBuy 5 ethereum',
    'Buy 2 bitcoin and 2 ethereum',
  ])('%j', (prompt) => {
    expect(read(prompt)).toEqual({ problem: expect.any(String), final: true });
  });

  it.each([
    'Sell 2 bitcoin',
    'My friend said: buy 2 bitcoin',
    'She wants to buy 2 bitcoin',
    'He told me to buy 2 bitcoin',
    'What happens when I buy 2 bitcoin?',
    'Buying 2 bitcoin',
    'Send 2 bitcoin to ann@example.org',
    'Transfer 100 dollars to Ann',
    'bitcoin',
    'google.com',
    'search.example.org',
    'research/tea',
    'buy.com 2 bitcoin',
    'now.com',
    '',
    '   ',
    '\u0000',
    '🙂',
  ])('%j is not known', (prompt) => {
    expect(read(prompt)).toEqual({ problem: expect.any(String), final: expect.any(Boolean) });
  });

  it('[POL-005] gives no task to an agent that is not registered', () => {
    const some = agents.filter(({ name }) => name !== 'purchase');
    expect(readSentence('Buy 2 bitcoin', some)).toMatchObject({ problem: 'No agent here does that.' });
    expect(whatCanBeAsked(some)).toMatch(/bicycle.*ann@example\.org/);
    expect(whatCanBeAsked([])).toBe('No agent is available.');
  });
});
