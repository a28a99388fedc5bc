import { pattern, type PatternRule } from './pattern.ts';

const turn = 'forges a turn of the conversation';
const edge = 'forges the end of the data that it stands in';
const picture = 'loads a picture whose address carries data away';

/** Phrases that known jailbreaks share. */
export const knownPhrases: readonly PatternRule[] = [
  pattern(
    'jailbreak',
    'anything_now',
    [0.6, 0.6],
    'anything now',
    /\bdo anything now\b/g,
    'asks for a known jailbreak persona',
  ),
  pattern(
    'jailbreak',
    'stay_in_character',
    [0.4, 0.4],
    'character',
    /\b(?:stay(?:ing)? in|(?:never|not|dont|don't) break) (?:your )?character\b/g,
    'forbids the assistant to leave its role',
  ),
  pattern(
    'jailbreak',
    'broken_free',
    [0.5, 0.5],
    'confines',
    /\bconfines of (?:\w{1,15} ){0,2}(?:ai|artificial|openai)/g,
    'claims that limits do not hold',
  ),
];

// What the turns of a model say and the records of a program do not; other scripts and languages count as orders.
const ordering =
  "\\b(?:you (?:are|must|should|will|can|may|have|need)|your (?:\\w{1,12} )?(?:task|instructions?|rules|role|goal|guidelines|prompt)|ignore|disregard|forget|override|bypass|transfer|send|pay|wire|delete|reveal|print|show|call|run|execute|forward|obey|follow|pretend|always|never|must|do not|don't|sure|approv\\w{1,5}|instructions:|du|sie|tu|vous|debes|ignorier\\w{1,3}|ignor[ae]z?|sende|envia|envoyez)\\b|[^\\x00-\\x7f]{4}";

/** Forged delimiters and roles, and pictures that carry data. */
export const markupRules: readonly PatternRule[] = [
  pattern(
    'hidden_instruction',
    'model_tokens',
    [0.5, 0.85],
    '<| [inst [/inst <<sys <</sys </s> <start_of',
    /<\|[a-z_]{2,20}\|>|\[\/?inst\]|<<\/?sys>>|<start_of_turn>|<\/s>\s{0,3}(?:<s>|\[inst)|<\|(?:im_start|system|user|assistant|endoftext)/g,
    'has delimiters that language models use',
  ),
  pattern(
    'hidden_instruction',
    'system_tag',
    [0.4, 0.7],
    '<system </system <admin </admin <i </i <developer </developer <override </override <prompt </prompt <assistant </assistant <tool </tool [',
    /<\/?(?:system|system[-_](?:prompt|message|note|reminder|instruction|override)|admin|instructions?|important|information|developer|override|assistant|prompt|tool[-_](?:result|output|response))\s{0,3}>|\[{1,2}\s{0,3}(?:system|admin|developer|assistant)(?:[\s_-]{1,3}(?:note|notice|message|override|prompt|instructions?|update|alert|command))?\s{0,3}\]{1,2}/g,
    'has a tag that claims to come from the system',
  ),
  pattern(
    'hidden_instruction',
    'system_header',
    [0.4, 0.6],
    'system admin developer override',
    /(?:^|\n|[>"*#|-])[\s#*=_-]{0,12}(?:new\s{1,3})?(?:system|admin|developer)(?:[\s_-]{1,3}(?:prompt|message|note|notice|override|instructions?|update|command|alert))?[*_"]{0,3}\s{0,3}:\s{0,3}(?=[^\s\d"{[][^\n]{8})/g,
    'has a heading that claims to come from the system',
  ),
  pattern(
    'hidden_instruction',
    'loud_header',
    [0.4, 0.65],
    // For developers and administrators headings are ordinary where nothing speaks of a system.
    'system',
    /(?:^|\n)[^\w\n]{0,8}(?:#|==|--|\*\*)[\s#*=-]{0,20}(?:new\s{1,3}|begin\s{1,3}|end\s{1,3}of\s{1,3})?(?:system|developer|admin)\s{1,3}(?:message|prompt|instructions?|notice|override)/g,
    'has a heading that claims to come from the system',
  ),
  pattern(
    'hidden_instruction',
    'role_json',
    [0.4, 0.45],
    'role',
    /["']role["']\s{0,3}:\s{0,3}["'](?:system|developer|assistant)["']/g,
    turn,
  ),
  pattern(
    'hidden_instruction',
    'role_json_order',
    [0.2, 0.6],
    'role',
    new RegExp(
      `["']role["']\\s{0,3}:\\s{0,3}["'](?:system|developer|assistant)["'](?=[^]{0,400}?(?:${ordering}))`,
      'g',
    ),
    turn,
  ),
  pattern(
    'hidden_instruction',
    'turns',
    [0.15, 0.55],
    'assistant ai',
    /\b(?:assistant|ai)\s{0,2}:[^:]{1,300}\b(?:user|human)\s{0,2}:/g,
    turn,
  ),
  pattern(
    'hidden_instruction',
    'broken_out',
    [0.3, 0.65],
    'assistant system user',
    /["'}\])]{2,8}[\s,;]{0,6}(?:assistant|system|user)\s{0,2}:/g,
    turn,
  ),
  pattern(
    'hidden_instruction',
    'end_of_data',
    [0.3, 0.65],
    'end begin start',
    /\b(?!end-users?\s)(?:end|begin|start)(?:ing)?[\s_-]{1,3}(?:of[\s_-]{1,3})?(?:the[\s_-]{1,3})?(?:tool|user|document|data|untrusted|external|search|web|function|context|system|file|page|new)[\s_-]{1,3}(?:output|results?|input|content|data|message|prompt|instructions?|task|response|page)\b/g,
    edge,
  ),
  pattern(
    'hidden_instruction',
    'end_document',
    [0.15, 0.45],
    'end of',
    /(?:^|\n|[.!]\s)[^\w\n]{0,8}end\s{1,3}of\s{1,3}(?:document|file|email|page|article|text|output|context)\b[^\n]{0,20}(?:begin|new|now|start|\n)/g,
    edge,
  ),
  pattern(
    'hidden_instruction',
    'comment_to_ai',
    [0.15, 0.65],
    '<!-- /* // todo fixme #',
    /(?:<!--|\/\*|\/\/|\btodo|\bfixme|(?:^|\n)\s{0,8}#)\s{0,3}\(?\s{0,3}(?:to\s|for\s|note\s|hey\s|dear\s){0,2}(?:ai|llm|gpt|chatgpt|assistant|agent|agents|copilot|claude|gemini|chatbot|bot|ai[\s_-](?:agent|assistant)|language model)s?\b\s{0,3}[:),!-]/g,
    'speaks to an assistant out of a comment',
  ),
  pattern(
    'hidden_instruction',
    'assistant_colon',
    [0, 0.35],
    'assistant agent ai llm chatbot',
    /(?:^|\n|[>"*({|-]\s{0,3})(?:assistants?|ai agents?|agents?|llms?|ais?|chatbots?)\s{0,2}[:,]\s{0,3}(?=[a-z])/g,
    'speaks to an assistant',
  ),
  pattern(
    'hidden_instruction',
    'call_tool',
    [0.05, 0.45],
    'tool',
    /\b(?:call|invoke|use|run|execute|trigger)\s(?:the\s|your\s)?(?:[\w.-]{1,40}\s)?tool\b/g,
    'asks for a tool to be called',
  ),
  pattern(
    'exfiltration',
    'picture',
    [0.5, 0.8],
    '](',
    /!\[[^\]\n]{0,120}\]\(\s{0,3}(?:https?:)?\/\/[^\s)]{1,200}[?&][\w.-]{1,30}=(?:[{<[$]|[^)\s]{0,80}(?:secret|history|conversation|password|prompt|exfil|leak|api_?key|user_?data|data\b))/g,
    picture,
  ),
  pattern(
    'exfiltration',
    'picture_tag',
    [0.35, 0.7],
    '<img',
    /<img\b[^>]{0,200}src\s{0,2}=\s{0,2}["']?(?:https?:)?\/\/[^\s"'>]{1,200}\?[^"'>]{0,200}(?:[{<[]|secret|history|conversation|prompt|password|apikey)[^>]{0,40}/g,
    picture,
  ),
  pattern(
    'exfiltration',
    'placeholder_address',
    [0.3, 0.6],
    'http',
    /https?:\/\/[^\s"'<>)]{1,200}[?&]\w{1,30}=(?:\{{1,2}|<|\[|\$\{?)\s{0,2}(?:the[\s_-])?(?:user|secret|history|conversation|chat|prompt|token|password|api|key|email|data|context|summary|your|encoded|base64|insert|system)/g,
    'has an address into which data is to be put',
  ),
];
