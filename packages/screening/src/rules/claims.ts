import { pattern, type PatternRule } from './pattern.ts';

const droppedReason = 'claims that earlier instructions no longer hold';
const asideReason = 'tells the reader to set earlier instructions aside';
const masterReason = 'claims to be the one whom the assistant obeys';
const neededReason = 'claims that no approval is needed, and asks for the deed';
const secrecyReason = 'tells the reader to keep something from the user';

const orders = '(?:instructions?|guidelines?|directives?|rules|(?:system )?prompt|safeguards)';
const earlier = '(?:(?:previous|prior|earlier|old|original|former|existing|initial|current|system|safety) )';
const mine = `(?:(?:all |any |every |of ){0,2}your ${earlier}?|(?:all|any|every) (?:of )?(?:the )?${earlier})`;
const makers = '(?:developers?|creators?|makers?|programmers?|operators?|trainers?)';
const whole = '(?:everything|anything|whatever|all|what)';
const money =
  '(?:money|funds|payments?|balance|amount|sum|files?|passwords?|data|contacts?|customers?|records|keys?|inbox|\\d[\\d.,]{0,12})';
// "Pay at the counter" and "buy tickets online" are advice.
const orderLiterals = 'instruction guideline directive rules prompt safeguard';
const deed = `(?:(?:wire|transfer|delete|wipe|execute|purchase|deploy|merge|refund|erase)\\s(?!(?:at|by|in|with|when|from)\\b)|(?:pay|buy|book|order)\\s(?:it|this|them|now|the|\\d)|(?:send|forward|release|export|share|upload|move)\\s(?:\\w{1,12}\\s){0,3}(?:${money}\\b|it now\\b))`;
const lead =
  '(?:(?:so|and|then|just|now|please|simply|therefore|immediately|you (?:can|may|must|should))[\\s,]{1,2}){0,3}';
const gone =
  "(?:(?:do not|don't|does not|no longer|not) (?:appl(?:y|ies)|holds?|counts?|matters?|binds?)|(?:are|is) (?:no longer|not) (?:valid|in force|binding|applicable)|gelten (?:\\w{1,6} )?nicht|ne s'appliquent plus|ne sont plus valables|ya no (?:se aplican|valen|son validas))";
const foreignOrders = '(?:anweisungen|vorgaben|consignes|instrucciones|directives)';
const foreignDeed =
  '(?:uberweise?|sende|schicke?|losche|envoyez|envoie|virez|supprimez|envia|transfiere|borra|paga|elimina)';
const consent = '(?:approval|confirmation|consent|permission|authori[sz]ation)';

/** Attacks that put an order as a claim about the orders, the approval or the sender. */
export const claimRules: readonly PatternRule[] = [
  pattern(
    'override',
    'your_orders_gone',
    [0.6, 0.8],
    `appl hold valid force bind count matter + ${orderLiterals} + longer not none don't`,
    new RegExp(
      `\\byour (?:\\w{1,12} ){0,2}${orders} (?:\\w{1,12} ){0,3}?${gone}|\\b${orders} (?:that )?you (?:(?:were|have been|had|was) )?(?:given|got|received|told|have)\\b(?: \\w{1,12}){0,3}? ${gone}|\\bprevious ${orders} ${gone} to you\\b|\\bnone of your (?:\\w{1,12} ){0,2}${orders} appl`,
      'g',
    ),
    droppedReason,
  ),
  pattern(
    'override',
    'orders_gone_and_deed',
    [0.6, 0.8],
    `appl hold valid force bind count matter gelten valables aplican valen + ${orderLiterals} anweisung vorgaben consigne instruccion + longer not don't gelten plus no`,
    new RegExp(
      `\\b(?:${orders}|${foreignOrders})(?: [\\w-]{1,12}){0,4}? ${gone}(?: mehr)?\\W{1,3}${lead}(?:${deed}|${foreignDeed}\\b|close all\\b|(?:reveal|print|show|reply with|send)\\s)`,
      'g',
    ),
    droppedReason,
  ),
  pattern(
    'override',
    'aside',
    [0.65, 0.85],
    'aside',
    new RegExp(
      `(?<!\\b(?:we|they|he|she|i|court|has|have|had|to|not|never) )\\b(?:set|put|leave|lay|cast|push) (?:aside (?:${mine}(?:\\w{1,12} )?${orders})|${mine}${orders} aside)\\b`,
      'g',
    ),
    asideReason,
  ),
  pattern(
    'override',
    'makers_words',
    [0.65, 0.85],
    'told taught said gave instructed + developer creator maker programmer operator trainer owner',
    new RegExp(
      `\\b(?:(?:set|put|leave|lay) aside|ignore|disregard|forget|discard) ${whole} (?:that )?(?:your ${makers}|your owner) (?:have |has |ever )?(?:told|taught|said|gave|instructed)\\b|\\b${whole} (?:that )?your ${makers} (?:have |has |ever )?(?:told|taught|gave) you (?:is|was) (?:now )?(?:void|wrong|invalid|obsolete|outdated)`,
      'g',
    ),
    asideReason,
  ),
  pattern(
    'override',
    'ignore_them',
    [0.6, 0.8],
    `ignore disregard forget discard follow + ${orderLiterals} + them those it`,
    new RegExp(
      `\\b(?:your (?:\\w{1,12} )?${orders}|system prompt|${orders} (?:that )?you (?:were|have been) (?:given|told)|${earlier}${orders}|${orders} (?:above|before this|at the top|further up))\\b[^.;!?\\n]{0,60}[.;!,]\\s(?:please |kindly |so |and |just |now ){0,3}(?:ignore|disregard|forget|discard|do not follow|don't follow) (?:them|it|those)(?: all)?,? (?:and (?:then )?(?:follow|obey|print|reveal|show|reply|${deed})|(?:follow|obey) (?:this|these|the (?:text|following)))`,
      'g',
    ),
    asideReason,
  ),
  pattern(
    'override',
    'text_replaces',
    [0.6, 0.8],
    `replace supersede override overwrite cancel + ${orderLiterals}`,
    new RegExp(
      `\\b(?:the following|what follows|(?:the|this|these) (?:new )?(?:text|lines|message|note|words|page|document|mail|email|instructions|rules|prompt)(?: below| here)?) (?:now |hereby )?(?:replace|supersede|override|overwrite|cancel)s? (?:all |any )?(?:of )?(?:your ${earlier}?${orders}|(?:the )?${earlier}?system prompt|(?:the )?${orders} (?:that )?you (?:were|have been) (?:given|told))\\b`,
      'g',
    ),
    droppedReason,
  ),
  pattern(
    'override',
    'new_operator',
    [0.45, 0.8],
    'operator administrator admin master owner developer principal + your',
    new RegExp(
      '\\b(?:the )?(?:sender|author|writer) of this (?:e-?mail|mail|message|page|text|document|note|file) is (?:now )?your (?:new )?(?:operator|administrator|admin|master|owner|developer|principal)\\b|\\bi am (?:now )?your (?:new (?:operator|master|developer|principal)|(?:operator|master|developer|principal) now)\\b|\\bfrom now on,? i am your (?:operator|master|developer|principal|administrator)\\b|\\bis now your (?:new )?(?:operator|master|principal)\\b',
      'g',
    ),
    masterReason,
  ),
  pattern(
    'approval_bypass',
    'not_needed_and_deed',
    [0.4, 0.7],
    'approval confirmation consent permission authori autori aprobacion confirmacion freigabe genehmigung bestatigung + need necessary requir necesita notig erforderlich notwendig falta',
    new RegExp(
      `\\b(?:no (?:further |more |other )?${consent} (?:is |was )?(?:needed|required|necessary)|${consent} (?:is|was) (?:no longer|not) (?:needed|required|necessary)|(?:do not|don't|no longer|need not) (?:need |require )(?:any |the )?${consent}(?: for \\w{1,12} \\w{1,12})?)(?: any ?more| here| now)?\\W{1,3}${lead}${deed}|\\b(?:no hace falta|no se necesita) (?:la |ninguna )?(?:aprobacion|confirmacion|autorizacion)\\W{1,3}${foreignDeed}\\b|\\b(?:freigabe|genehmigung|bestatigung) ist nicht (?:mehr )?(?:notig|erforderlich|notwendig)\\W{1,3}${foreignDeed}\\b`,
      'g',
    ),
    neededReason,
  ),
  pattern(
    'approval_bypass',
    'agreed_and_deed',
    [0.4, 0.6],
    'already + approved confirmed agreed authori consent',
    new RegExp(
      `\\b(?:already (?:been )?(?:approved|confirmed|agreed|authori[sz]ed|gave consent|given (?:his |her |their )?consent)|(?:approved|confirmed|agreed) already)\\b[^.;:!?\\n]{0,60}[.;:,]\\s(?:(?:do not|don't|no need to|you need not) (?:ask|confirm|check)(?: again)?[.;:,]\\s)?${lead}${deed}`,
      'g',
    ),
    neededReason,
  ),
  pattern(
    'secrecy',
    'not_bother_user',
    [0.3, 0.4],
    'bother troubl disturb + user owner human customer operator',
    /\b(?:do not|don't|dont|never|without) (?:bother(?:ing)?|trouble?(?:ing)?|disturb(?:ing)?) (?:the |your )?(?:user|owner|human|customer|operator)s?(?: (?:with|about) (?:it|this|them|that|the details|any of this))?(?=[.,;:!]|\s{0,3}$)/gm,
    secrecyReason,
  ),
  pattern(
    'secrecy',
    'need_not_know',
    [0.35, 0.6],
    'know hear learn + user owner human customer operator + need not',
    /\b(?:the )?(?:user|owner|human|customer|operator)s? (?:need not|needn't|must not|(?:does|do) not need to|doesn't need to|don't need to|should not) (?:know|hear|learn)(?: (?:about|of) (?:it|this|that))?(?=[.,;:!]|\s{0,3}$)/gm,
    secrecyReason,
  ),
  pattern(
    'hidden_instruction',
    'whichever_model',
    [0.15, 0.55],
    'process read handl summar pars + model ai llm chatbot + this the',
    /\b(?:ai|llm|chatbot|model|ai (?:assistant|agent|system|model))s?(?<=\b(?:to|for) (?:whichever|whatever|any|every|the) (?:language )?(?:ai |llm|chatbot|model)?\w{0,10}) (?:that |who |which )?(?:is |are )?(?:process|read|handl|summar|pars)\w{0,5} (?:this|the|these)\b/g,
    'speaks to an AI system rather than to people',
  ),
];
