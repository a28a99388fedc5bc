import { describe, expect, it } from 'vitest';
import { agents } from './agents.fixture.ts';
import { readSentence } from './sentences.ts';

const read = (prompt: string) => readSentence(prompt, agents);
const mail = (to: string, subject: string, text: string) => ({
  agent: 'communication',
  input: { to, subject, text },
});

describe('[TASK-002] subject and text of a mail', () => {
  it.each([
    '=?utf-8?B?QmNjOg==?=',
    '- a list',
    '= 5',
    'of interest',
    ': x',
    '-',
    'Re: a = b',
    '"x"y',
    "it's Ann's",
  ])('keeps the subject %j as it is', (subject) => {
    const prompt = `Send an email to ann@example.org with subject ${subject} and say - item`;
    expect(read(prompt)).toEqual(mail('ann@example.org', subject, '- item'));
  });

  it.each([
    ['with text of the contract', 'of the contract'],
    ['with a body of hello', 'hello'],
    ['with the text of "hello"', 'hello'],
    ['and the text is hello', 'hello'],
    ['say: hello', 'hello'],
    ['say "hello", please. Thanks!', 'hello'],
    ['say "hello", thank you.', 'hello'],
    ["say 'I can't come' ", "I can't come"],
  ])('tells the words around the text from it: %j', (words, text) => {
    expect(read(`Send an email to ann@example.org with subject A, ${words}`)).toEqual(
      mail('ann@example.org', 'A', text),
    );
  });

  it.each([
    '"hello", but don\'t send it yet',
    '"hello" tomorrow',
    '"hello" but only if he has paid',
    '"hello". Do not send it before Friday',
    '"hello" and "bye"',
    '"hello" in Spanish',
    '"hello"-but not yet',
    '”hello” tomorrow',
    '»hello« tomorrow',
    '"yes" is my answer',
    '“hello” when I say so',
    "'hello', please wait",
    '"hello" thanks but no',
  ])('does not send what goes on after its quotation marks: %j', (text) => {
    const prompt = `Send an email to ann@example.org with subject A and say ${text}`;
    expect(read(prompt)).toEqual({ problem: expect.stringMatching(/after the closing/), final: true });
    const textFirst = `Email ann@example.org saying ${text}, with subject A`;
    expect(read(textFirst)).toEqual({ problem: expect.any(String), final: true });
  });

  it('names what stands behind the quotation marks', () => {
    const prompt = 'Email ann@example.org with subject A and say "b", but not before Friday';
    expect(read(prompt)).toMatchObject({ problem: expect.stringContaining('"but not before Friday"') });
    expect(read('Email ann@example.org with subject "A" tomorrow and say b')).toMatchObject({
      problem: expect.stringContaining('"tomorrow and say b"'),
      final: true,
    });
  });

  it.each([
    'I agree with the subject under discussion',
    'See you at noon with subject Lunch',
    'do not reply with subject matter experts',
    'we can talk with subject experts. Also, see you',
    'you will get a mail with subject x, with subject y',
    'Hi. Subject: lunch is at 12',
    'The contract and the subject of it',
  ])('does not guess where a text ends and the subject begins: %j', (text) => {
    expect(read(`Email ann@example.org saying ${text}`)).toEqual({
      problem: expect.any(String),
      final: expect.any(Boolean),
    });
  });

  it('takes a subject in quotation marks with whatever is in it', () => {
    const prompt = 'Email ann@example.org with subject "cc bob@example.org" and say hi';
    expect(read(prompt)).toEqual(mail('ann@example.org', 'cc bob@example.org', 'hi'));
  });
});
