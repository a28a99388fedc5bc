import { anyOf, negation, told } from './order-words.ts';
import { withoutCourtesy } from './courtesy.ts';

interface Orders {
  /** What somebody says who wants just this. */
  verb: RegExp;
  /** What shows that it is told, asked or wished, and not ordered now. */
  report: RegExp;
  /** The part of the prompt that says what to do: the words of a mail may be of anything. */
  partOf(prompt: string): string;
}

// "My order", "the mail", "I write": no orders.
const notTold = `(?<!(?:my|the|an?|his|her|your|our|their|in|last|this|that|i|we|you)\\s{1,4})`;

/** What a prompt has to say, by the agents that have an effect outside. */
const orders = new Map<string, Orders>([
  [
    'communication',
    {
      verb: anyOf(`
        ${notTold}(?:send|e-?mail|mail|message|write|drop|forward|reply|notify|inform|tell)
        let know, let(?: [^\\s]{1,64}){1,6} know
        schick, schicke, schicken, sende, senden, schreib, schreibe, schreiben, maile, mailen, teile, informiere, benachrichtige
        envoie, envoyez, envoyer, écris, écrivez, écrire, ecris, ecrire
        envía, envia, envíe, envíale, enviale, enviar, escribe, escríbele, escribir, manda, mandar
        invia, inviare, scrivi, scrivere, mandare, spedisci
        stuur, sturen, schrijf, schrijven, verstuur, verzend
        envie, escreva, escrever, mande
        wyślij, wyslij, wysłać, napisz, napisać`),
      report:
        anyOf(`${told}, from, got, received, receive, came, tomorrow, tonight, later, next, if, when, once, until, after, before, every, should, may, might, maybe, perhaps, or
        morgen, später, wenn, falls, oder, demain, si, quand, ou, mañana, cuando, domani, se, quando, amanhã, als, jutro, jeśli, gdy`),
      partOf: (prompt) => prompt.slice(0, Math.max(prompt.search(/[@＠﹫]/u), 0)),
    },
  ],
  [
    'purchase',
    {
      verb: anyOf(`
        ${notTold}(?:buy|purchase|order|acquire)
        get me, get us, grab, pick up, could do with, i need, i want, we need, we want
        kauf, kaufe, kaufen, kauft, bestell, bestelle, bestellen, besorg, besorge, besorgen, erwirb, erwerben
        achète, achete, achetez, acheter, commande, commandez, commander
        compra, compre, comprar, cómprame, comprame, adquiere, adquirir
        compri, comprare, acquista, acquistare, ordina
        koop, kopen, bestel, aanschaffen
        adquira
        kup, kupić, kupic, kupcie, zamów`),
      report:
        anyOf(`${told}, bought, sold, sell, sells, selling, buying, rid, dump, unload, owns, own, owned, had, was, were, did, tomorrow
        verkaufe, verkaufen, wenn, falls, morgen, vends, vendre, demain, si, vende, vender, mañana, vendi, vendere, domani, se, verkoop, verkopen, als, sprzedaj, jutro, jeśli`),
      partOf: (prompt) => prompt,
    },
  ],
]);

/** What a model may choose for any prompt: it only reads. */
const onlyReading = new Set(['research']);
const address = /[^\s<>()"]{1,254}@[^\s<>()"]{1,254}/g;

/**
 * Whether a prompt itself orders what a model says that it does, for what has an effect outside: it has a verb of that, denies nothing,
 * asks nothing, and tells of nobody else's wish. A model that misreads ("Get rid of 3 shares") is not believed.
 */
export function isOrdered(agent: string, prompt: string): boolean {
  if (onlyReading.has(agent)) return true;
  const order = orders.get(agent);
  if (order === undefined) return false;
  const words = prompt.replaceAll(address, ' ');
  const part = order.partOf(prompt);
  return (
    !negation.test(words) &&
    order.verb.test(withoutCourtesy(words).text) &&
    !order.report.test(part) &&
    !asks(part)
  );
}

/** Whether it is a question, other than a polite order. */
const asks = (text: string): boolean => /[?¿？]/u.test(text) && !withoutCourtesy(text).politeQuestion;
