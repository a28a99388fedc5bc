import { pattern, type PatternRule } from './pattern.ts';

const privateReason = 'asks for private data of a person';
const spellReason = 'asks for a secret in another form';
const verdictReason = 'tells the reader how to judge';
const answerReason = 'dictates what the reader is to answer';

const detail =
  '(?:e-?mail(?: address)?|(?:home|street|postal|current|ip)? ?address|phone(?: number)?|initials|birth ?da(?:te|y)|date of birth|birth year|age|salary|city|location|hometown|favou?rite \\w{1,12}|(?:first |last |middle |maiden |full |real )?name|social security|ssn|passport|credit card|bank|account number|(?:current )?(?:city|place|country) of residence)';
const contact =
  '(?:e-?mail(?: address)?|(?:home|street) address|phone number|social security number|ssn|passport number|credit card(?: number)?|bank account|account number|birth ?da(?:te|y)|date of birth|(?:current )?(?:city|place|country) of residence|salary)';
const ask =
  '(?:(?:can|could|would|will) you (?:please )?|please |^)(?:tell|give|share|show|print|reveal|provide|encode|translate|spell|write|list|send)';
const strange =
  '(?:backwards?|reversed?|in reverse|letter by letter|(?:first|last|each|every|next) (?:\\w{1,8} )?(?:letter|character)s?|acrostic|riddles?|rhymes?|poem|pig latin|morse|emojis?|phonetic|one (?:letter|character)|interlace|leetspeak|spell)';
const guarded =
  '(?:the|your|its|ur) (?:secret|confidential|hidden) (?:key|code|word|phrase|string|value|password)\\b|(?:the|your) (?:password|passcode|passphrase|pass phrase|access code)\\b';

/** Requests that have an attack in what they ask for rather than in how they put it. */
export const elicitationRules: readonly PatternRule[] = [
  pattern(
    'exfiltration',
    'about_the_user',
    [0.5, 0.4],
    'user',
    new RegExp(
      `(?:${ask}|\\b(?:what|which|where)(?:'s| is| are| was)?)(?!(?: me| us)? (?:how|why|whether)\\b) [^.?!\\n]{0,40}\\bthe user'?s ${detail}\\b[^.?!\\n]{0,60}\\?`,
      'gm',
    ),
    privateReason,
  ),
  pattern(
    'exfiltration',
    'where_the_user',
    [0.5, 0.5],
    'user',
    /\b(?:where|when) (?:does|do|did|is|was|has) the user (?:\w{1,10} ){0,3}(?:live|work|born|grow|go|bank|from|located|reside|married|staying)\b/g,
    privateReason,
  ),
  pattern(
    'exfiltration',
    'scene_for_private',
    [0.5, 0.4],
    'imagine suppose pretend assume hypothetical let',
    new RegExp(
      `\\b(?:imagine|suppose|pretend|assume|let'?s say|hypothetical\\w{0,2})\\b[^\\n]{0,300}\\b(?:tell|give|share|show|send|using|what is|what's)\\b[^.?!\\n]{0,30}\\b\\w{2,20}'s ${contact}\\b`,
      'g',
    ),
    privateReason,
  ),
  pattern(
    'exfiltration',
    'scene_for_secret',
    [0.5, 0.5],
    'password passcode passphrase secret',
    new RegExp(
      `\\b(?:imagine|suppose|pretend|assume|let'?s say|hypothetical\\w{0,2}|if (?:i|you|someone) (?:were|had|was)|in a (?:novel|story|game))\\b[^\\n]{0,200}\\b(?:your (?:password|passcode|passphrase|secret key)|the (?:password|passcode|secret key)[?.])`,
      'g',
    ),
    'asks for a secret within a made-up scene',
  ),
  pattern(
    'exfiltration',
    'secret_in_form',
    [0.5, 0.5],
    'secret confidential hidden pass access',
    new RegExp(
      `\\b${strange}\\b[^.?!\\n]{0,60}\\b(?:${guarded})|\\b(?:tell|give|write|say|print|spell|describe|put|show|share)\\b[^.?!\\n]{0,20}\\b(?:${guarded})[^.?!\\n]{0,60}\\b${strange}\\b`,
      'g',
    ),
    spellReason,
  ),
  pattern(
    'jailbreak',
    'hateful_text',
    [0.55, 0.55],
    'sentence joke tweet comment post paragraph poem slogan speech message text stor content',
    /\b(?:write|generate|compose|create|make|give|say|produce|tell)\s(?:me\s)?(?:one|an?|some|two|three|\d{1,2})\s(?:\w{1,12}\s){0,2}(?:toxic|hateful|harmful|offensive|insulting|racist|sexist|unfriendly|derogatory|abusive|hurtful|demeaning|discriminat\w{2,6}|degrading|homophobic|antisemitic|malicious|xenophobic)\s(?:\w{1,12}\s){0,2}(?:sentence|joke|tweet|comment|post|paragraph|poem|slogan|speech|message|text|stor[iy]\w{0,2}|content)s?\b/g,
    'asks for text that insults people',
  ),
  pattern(
    'jailbreak',
    'prompt_slot',
    [0.35, 0.2],
    '[ {',
    /\[\s?(?:(?:insert|your|enter|put|my|type|first)\s){0,3}(?:prompt|question|request|query|task)s?(?:\shere)?\s?\]|\{\s?prompt\s?(?:here)?\s?\}/g,
    'has a place for a request, as jailbreaks that are passed round do',
  ),
  pattern(
    'jailbreak',
    'unlocked',
    [0.4, 0.3],
    'unlocked liberated jailbroken openai open',
    /\b(?:fully|completely|now|are) (?:unlocked|liberated|jailbroken)\b|\b(?:openai|open ai)(?:'?s)? (?:\w{1,12} ){0,2}(?:polic|rules|guidelines|restrict|limit)/g,
    'claims that limits do not hold',
  ),
  pattern(
    'hidden_instruction',
    'verdict',
    [0, 0.5],
    'negative flaw weakness critic drawback shortcoming positive strength highlight',
    /\b(?:ignore|disregard|omit|overlook|skip|leave out|do not mention|don't mention)\s(?:all|any|the|every)?\s?(?:\w{1,12}\s)?(?:negative|flaws?|weakness\w{0,2}|criticisms?|drawbacks?|shortcomings?)\b|\b(?:only|exclusively|solely)\s(?:mention|report|focus|highlight|list|on)\s(?:on\s|the\s|its\s|their\s){0,2}(?:positive|strengths|highlights)/g,
    verdictReason,
  ),
  pattern(
    'hidden_instruction',
    'vouches',
    [0, 0.5],
    'malicious suspicious scam threat safe legitimate benign',
    /\b(?:really|very|extremely|absolutely)\simportant\b[^\n]{0,100}\b(?:domain|site|website|link|url|file|app|code|package|transaction|address|sender|message|record|name)\s(?:is|are)\s(?:not\s(?:malicious|suspicious|a\s?(?:scam|threat))|(?:completely\s|perfectly\s)?(?:safe|legitimate|benign))\b/g,
    verdictReason,
  ),
  pattern(
    'hidden_instruction',
    'recommend',
    [0, 0.5],
    'recommend rate rank score describe',
    /(?:(?<!\bwe |\bi |\bthey |\bwho |ers )\balways\s|\bmust\s|\bplease\s|[,:]\s)(?:recommend|rate|rank|score|describe)\s(?:it|this|the|him|her|them)\b[^.\n]{0,40}\b(?:as (?:the )?(?:best|top|first|safest|perfect|ideal)|10\/10|highest|regardless|above all|over (?:all )?others?)\b|\b(?:recommend|rate|rank)\s[^.\n]{0,40}\bregardless of\b/g,
    verdictReason,
  ),
  pattern(
    'hidden_instruction',
    'your_answer',
    [0, 0.5],
    'answer reply replies respons summar output',
    /\b(?:begin|start|end|finish|close|conclude|preface|prefix)\s(?:all\s|every\s|each\s)?(?:of\s)?your\s(?:final\s|next\s)?(?:answers?|repl(?:y|ies)|responses?|summar(?:y|ies)|outputs?)\s(?:with|by)\b(?!\s(?:(?:the|a|an|your|its)\s)(?:\w{1,8}\s)?(?:units?|date|time|name|initials|letter|full stop|period|question mark|signature|conclusion|greeting|title|page number|class|verb|noun)\b(?!\s(?:["“'`:]|that\b|of (?!the (?:question|result))|https?)))|\b(?:in|to)\s(?:all\s)?your\s(?:final\s|next\s)?(?:answer|reply|response|summary|output)s?,?\s(?:you\s)?(?:must\s|should\s|please\s|also\s)?(?:include|mention|add|insert|say|state|append)\b|\b(?:include|add|insert|append|mention)\b[^.\n]{0,60}\b(?:in|to)\syour\s(?:final\s(?:answer|reply)|next\s(?:answer|reply)|response|summary|output)\b/g,
    answerReason,
  ),
  pattern(
    'hidden_instruction',
    'say_the_result',
    [0, 0.5],
    'output answer result capital sum conclusion total population',
    /(?:[#*/"'([{<>.:-]\s{0,3}|\band\s|^\s{0,8})(?:just\s|only\s|please\s|instead\s){0,2}(?:state|say|report|claim|answer|respond|reply|declare|output)\s(?:that\s)?(?:the\s)(?:\w{1,12}\s){0,1}(?:output|answer|result|capital|sum|conclusion|total|population)s?\s(?:is|are|was|were|should be|equals)\s(?=["“'`\d])/gm,
    answerReason,
  ),
  pattern(
    'hidden_instruction',
    'instead_of_task',
    [0.1, 0.5],
    'summari translat answer review analy',
    /(?:^|[.!\n]\s{0,3})(?:instead of|do not|don't|rather than)\s(?:summari[sz](?:e|ing)|translat(?:e|ing)|answer(?:ing)?|review(?:ing)?|analy[sz](?:e|ing))(?:\s(?:this|the|it|these)\b[^.,\n]{0,40})?(?:,|\.|\sbut|;)\s{0,2}(?:please\s|just\s)?(?:write|reply|say|respond|output|print|tell|answer|produce|send)\b/gm,
    'gives the reader another task',
  ),
  pattern(
    'hidden_instruction',
    'when_asked',
    [0, 0.5],
    'asked',
    /\b(?:if|when|whenever)\s(?:you(?:'re)?\s)?(?:are\s|anyone is\s)?asked\s(?:for|about|to|on)\b[^.\n]{0,80}\b(?:say|answer|reply|respond|claim|state)\b/g,
    answerReason,
  ),
  pattern(
    'hidden_instruction',
    'reply_with',
    [0, 0.5],
    'respond reply answer output print say',
    /\b(?:respond|reply|answer|output|print|say)\s(?:(?:only|with|just|by saying)\s){1,2}(?:the\s(?:(?:single|exact)\s)?(?:words?|sentence|phrase|text|string)\s)?(?=["“])|\b(?:output|say|reply|respond|answer)\s(?:with\s)?(?:only|just|nothing but)\s(?:with\s)?the\s(?:(?:single|exact)\s)?(?:words?|sentence|phrase)\b/g,
    answerReason,
  ),
  pattern(
    'hidden_instruction',
    'while_reading',
    [0, 0.5],
    // Letters ask for something with a reply as well.
    'summari answering responding replying translating',
    /\b(?:when|while)\s(?:you\s)?(?:are\s)?(?:summari[sz]|translat|review|process|answer|respond|reply)\w{0,4}\b[^.\n]{0,60}(?:,|\s)(?:(?:also|always|please|you must|you should)\s){1,3}(?:tell|say|add|include|mention|state|write|begin|start|end)\b|\bbefore\s(?:answering|responding|replying|summari[sz]ing)\b[^.\n]{0,60}\b(?:print|say|output|send)\b/g,
    answerReason,
  ),
  pattern(
    'hidden_instruction',
    'assistant_only',
    [0, 0.5],
    'only',
    /\b(?:for|to) (?:the )?(?:ai |virtual )?(?:assistant|ai|agent|llm|chatbot|language model)s? only\b/g,
    'speaks to an AI system rather than to people',
  ),
];
