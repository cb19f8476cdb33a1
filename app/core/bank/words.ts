/**
 * Word lists of the checks, one place for both languages. Each entry is a regular expression source; the comments give
 * the ordinary word that an exception protects. Lists of unconditional words are for options, where they tell a guesser
 * something; a policy article may say "never" as often as it must.
 */
import type { Locale } from '../shared/locale.ts'

type WordList = Record<Locale, readonly string[]>

const compile = (list: WordList): Record<Locale, RegExp> => ({
  'zh-CN': new RegExp(list['zh-CN'].join('|'), 'gu'),
  en: new RegExp(`\\b(?:${list.en.join('|')})\\b`, 'giu'),
})

/** Specific determiners: they claim that there is no exception. */
export const ABSOLUTE = compile({
  'zh-CN': [
    '总是',
    '永远',
    '从来不|从不',
    '绝不|决不|绝对',
    '一律|一概',
    '(?:必须|务必|应当?)(?:立即|立刻|马上)',
    '任何情况',
    '无论如何|不管怎样',
    '毫无例外|无一例外',
    '所有(?!权|者|人名|制)', // 所有权, 所有者
    '任何(?!人名)',
    '只能|只可|只准|只有|唯有',
    '凡是',
    '百分之百|百分百|100%',
    '全都|统统|通通',
    '完全(?=不|没|可以|由|靠|是|无)',
    '每次都|每一次都|次次',
  ],
  en: [
    'always',
    'never',
    'absolutely|completely|entirely',
    'must immediately|must at once',
    'under no circumstances|under any circumstances|in any circumstances',
    'in (?:all|every|each) cases?',
    'at all times|every (?:single )?time',
    'without exception',
    'no matter what',
    '(?<!\\b(?:not|the|read)[ -])only(?! (?:one|two|three|four|five|child|\\d))', // the only order, not only, read-only
    '(?<!\\b(?:at|after|above|of|in|for) )all(?! (?:right|set|day|night|round|along|the same|two|three|four|five|six|\\d))', // at all, after all, all three
    'every(?! (?:day|week|month|hour|morning|two|three|\\d))',
  ],
})

/** Hedges: a careful author puts them where the statement has to be true. */
export const HEDGE = compile({
  'zh-CN': [
    '一般(?!纳税|贸易)',
    '通常',
    '往往',
    '(?<!尽|不)可能(?!性)',
    '或许|也许',
    '多半|大多|大都',
    '有时',
    '视情况|视具体情况',
    '原则上',
    '大概',
  ],
  en: [
    'usually',
    'generally',
    'often',
    'sometimes',
    'typically',
    'normally',
    'might',
    '(?<!\\bin )may(?! (?:\\d|20))',
    'probably',
    'possibly',
    'perhaps',
    'as a rule',
    'in most cases',
    'tends? to',
  ],
})

/** "All of the above", "none of the above", and options that name other options by letter. */
export const ALL_ABOVE: Record<Locale, RegExp> = {
  'zh-CN':
    /(?:以上|上述|前述|前面)(?:各项|选项|几项|做法|说法|所有|全部|三项|两项)?(?:都|皆|均|全)(?!不|非|没|错)(?:是|对|可|正确|要|选|行|可以)?|(?:以上|上述|前述)(?:所有|全部)|^(?:全部|都)(?:正确|对|是|选)$/u,
  en: /\b(?:all|any|each|every one|both) of (?:the )?(?:above|these|them|those)\b|\ball (?:the )?(?:above|answers are|are (?:right|correct))\b/iu,
}
export const NONE_ABOVE: Record<Locale, RegExp> = {
  'zh-CN':
    /(?:以上|上述|前述|前面)(?:各项|选项|几项|做法|说法|三项|两项)?(?:都|皆|均|全)(?:不|非|没|错)|^都不(?:对|是|正确|合适)$/u,
  en: /\b(?:none|neither) of (?:the )?(?:above|these|them|those)\b/iu,
}
export const TYPE_K: Record<Locale, RegExp> = {
  'zh-CN':
    /^(?:仅|只有|包括|选项)?\s*[A-Fa-f①-⑥](?:\s*(?:和|与|及|、|，|或)\s*[A-Fa-f①-⑥])+\s*(?:项|都对|正确)?$|(?:选项|第)[A-Fa-f一二三四](?:项)?(?:和|与|、)(?:选项|第)?[A-Fa-f一二三四](?:项)?/u,
  en: /^(?:[Oo]nly |[Bb]oth |[Oo]ptions? )?[A-F](?:(?:,| and| or|, and) [A-F])+(?: only| are (?:right|correct))?\.?$|\b(?:[Oo]ptions?|[Aa]nswers?) [A-F] and [A-F]\b|\b[Bb]oth [A-F] and [A-F]\b/u,
}

/** Negative words of a question that asks for what does not hold. */
export const NEGATIVE: Record<Locale, RegExp> = {
  'zh-CN':
    /(?:不(?:正确|准确|恰当|妥当|合适|适当|适合|合理|合规|符合|属于|应该?|该|能|可以?|宜|得|需要|需|包括|包含|必|当|算|构成|对|妥|是|会|要)|最不|错误的?(?!提示|信息|代码|码)|有误|欠妥|并非|不可|例外|除外|不在.{0,8}之[列内]|没有(?!收到|到货|解决))/gu,
  en: /\b(?:not|never|except|(?<!\bat )least|cannot|can['’]t|isn['’]t|aren['’]t|doesn['’]t|don['’]t|shouldn['’]t|mustn['’]t|won['’]t|incorrect|inappropriate|unsuitable|untrue|false|(?<!\bwhat (?:is|was|went|looks) )wrong(?! with))\b/giu,
}

/**
 * Names of real companies, their brands and tools. A policy or an item about that very fact says `namesCompanies:
 * true`.
 */
export const COMPANIES =
  /亚马逊|天猫|淘宝|阿里巴巴|阿里旺旺|阿里云|(?<!兴)旺旺(?!季|角|仔)|千牛|支付宝|花呗|京东|拼多多|抖音|快手|小红书|唯品会|苏宁|当当网|美团|饿了么|微信|微博|顺丰|(?<!\p{L})(?:Amazon|Tmall|Taobao|Alibaba|AliExpress|Alipay|Wangwang|Qianniu|AliWangWang|JD\.com|eBay|Etsy|Shopee|Lazada|Temu|Shein|Pinduoduo|Walmart|Rakuten|Zalando|WeChat|Weibo|Douyin|TikTok|WhatsApp|PayPal|Shopify|Zendesk|Seller Central|FedEx|Jungle Scout)(?!\p{L})/giu
/** Case matters: a prime reason is not a membership, and a list of follow-ups is not a parcel service. */
export const COMPANIES_CASED =
  /(?<!\p{L})(?:JD|DHL|UPS)(?!\p{L})|(?<!\p{L})Prime(?= (?:Day|member|membership|refund|order|delivery|customer|subscri|Video))|Prime(?=会员|日)|Prime(?=[\p{Script=Han}])/gu

/** Topics that an interview must not touch, by topic, in both languages. */
export const FORBIDDEN_TOPICS = {
  marriage: {
    'zh-CN': /结婚|已婚|未婚|婚姻|婚恋|离婚|配偶|丈夫|妻子|老公|老婆|男朋友|女朋友|有没有对象|家庭(?:情况|状况|背景)/u,
    en: /\b(?:married|marry|marriage|marital|spouse|husband|wife|divorced?|boyfriend|girlfriend|family (?:situation|status|plans?))\b/iu,
  },
  children: {
    'zh-CN': /孩子|小孩|子女|生育|儿子|女儿|带娃|二胎/u,
    en: /\b(?:child|children|kids?|childcare|parenthood|(?:your )?(?:son|daughter)s?)\b/iu,
  },
  pregnancy: { 'zh-CN': /怀孕|孕期|孕妇|备孕|产假|哺乳/u, en: /\b(?:pregnan\w*|maternity|paternity)\b/iu },
  age: {
    'zh-CN': /年龄|年纪|多大了|几岁|岁数|出生(?:年|日期)|哪一?年(?:出生|生)/u,
    en: /\b(?:your age|ages?|aged|how old (?:are|is) (?:you|he|she)|date of birth|birth ?date|year (?:of birth|(?:were )?you (?:were )?born))\b/iu,
  },
  religion: {
    'zh-CN': /宗教|信仰|信教|礼拜|教会|教堂|清真/u,
    en: /\b(?:religio\w*|church|mosque|pray(?:er|s|ing)?|(?<!good |bad )faith)\b/iu,
  },
  health: {
    'zh-CN':
      /(?<!账户|账号|店铺|店|商品)健康(?!度|分)|身体(?:状况|情况|怎么样|好不好)|疾病|病史|生病|病假|残疾|残障|体检|抑郁|焦虑症|服药/u,
    en: /\b(?:(?<!account |account’s |store |listing )health|medical|illness|disease|sick(?: leave| days?)?|disabilit\w*|medication|depression|anxiety disorder)\b/iu,
  },
  origin: {
    'zh-CN': /籍贯|老家|哪里人|民族|户口|户籍|国籍|出生地|口音|种族|外地人/u,
    en: /\b(?:nationality|ethnic\w*|race(?! condition)|racial|native country|country of birth|birthplace|where (?:are|were) you (?:originally )?(?:from|born)|your origins?|your accent|immigra\w*)\b/iu,
  },
} as const satisfies Record<string, Record<Locale, RegExp>>
export type ForbiddenTopic = keyof typeof FORBIDDEN_TOPICS

/**
 * Trait words in an anchor: what a person is, has or feels, instead of what one could see, hear or read. Each pattern
 * needs the trait as a predicate or possession, so that "says in one sentence that …" next to a trait word is left
 * alone.
 */
export const TRAIT: Record<Locale, RegExp> = {
  'zh-CN':
    /(?:有|富有|具有|具备|缺乏|缺少|展现出?|表现出?|体现出?|显示出?|充满|带着|拥有|没有)(?:了|着)?(?:很|较|极)?(?:强的?|高的?|好的?|良好的?|足够的?|一定的?|明显的?|真诚的?)?(?:同理心|共情(?:能力)?|责任(?:心|感)|耐心|爱心|诚意|热情|亲和力|专业(?:性|素养|度|精神)|积极性|主动性|服务意识|团队精神|自信|韧性|灵活性|敬业精神)|(?:很|非常|十分|比较|较为|不够|不太|极其|相当|足够|态度)(?:热情|耐心|专业|友好|友善|真诚|礼貌|积极|主动|自信|负责|敬业|细心|冷静|灵活|有同理心|有责任心|有耐心)|态度(?:良好|好|差|恶劣|端正|冷淡|生硬|积极|一般)|(?:沟通|表达|倾听|应变|分析|学习|抗压|共情|组织|理解|情绪管理|解决问题的?)能力(?:强|弱|较|一般|突出|不足|优秀|良好|出色|很|差)|素质(?:高|好|差)|性格|品格|天生|富有同情心/u,
  en: /\b(?:is|are|was|seems|appears|remains|stays|comes across as|sounds|being)(?: (?:very|quite|fairly|somewhat|not|highly|extremely|always|consistently|genuinely|a|an|more|less|too)){0,2} (?:empath(?:et)?ic|professional|friendly|polite|patient|caring|warm|confident|calm|rude|positive|motivated|enthusiastic|proactive|resilient|flexible|attentive|sincere|helpful|competent|knowledgeable|team player|good (?:listener|communicator)|natural)\b|\b(?:shows?|displays?|demonstrates?|has|have|lacks?|possesses|exhibits?)(?: (?:a|an|some|no|little|great|strong|good|excellent|poor|limited|real|genuine|true|high|clear|level of|lot of|sense of|basic|outstanding)){0,3} (?:empathy|professionalism|patience|enthusiasm|warmth|confidence|attitude|character|personality|motivation|resilience|team spirit|integrity|responsibility|ownership mindset|commitment|(?:communication|listening|interpersonal|people|soft|analytical|problem-solving|problem solving) skills)\b|\b(?:excellent|strong|good|poor|weak|average|outstanding) (?:communicator|listener|team player|attitude|(?:communication|listening|interpersonal|people|soft) skills)\b/iu,
}
/** Words that only rate: an anchor that holds nothing else says no more than its number. */
export const RATING_ONLY: Record<Locale, RegExp> = {
  'zh-CN':
    /^(?:表现|做得|完成得?|处理得?|整体|基本|较|很|非常|十分|比较|完全|不|未|达到|超出|低于|符合|满足|要求|标准|预期|期望|优秀|良好|一般|合格|较差|差|好|出色|尚可|及格|的|得|，|。|、|；)+$/u,
  en: /^(?:(?:performance|very|quite|fully|partly|mostly|meets?|exceeds?|below|above|does|not|meet|the|expectations?|standards?|requirements?|excellent|good|poor|average|fair|satisfactory|unsatisfactory|acceptable|outstanding|adequate|inadequate|performs?|well|badly|poorly|level|is|at|as|expected)[\s,.;]*)+$/iu,
}

/** English words that carry no matter; left out when texts are compared. */
export const STOP_WORDS: ReadonlySet<string> = new Set(
  'a an the and or but if then than so as of to in on at by for from with about into over after before up down out off is are was were be been being has have had do does did will would shall should can could may might must i you he she it we they me him her us them my your his its our their this that these those who whom whose which what when where why how not no nor too very just also there here it’s each any some more most other another same own'.split(
    ' ',
  ),
)
