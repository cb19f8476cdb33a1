import type { FindingSentences, GuidelineNames } from './sentences.ts'

export const enFindings: FindingSentences = {
  'file.yaml': [
    'Line {line}, column {column}: from here on this cannot be read as YAML',
    'Quote texts that contain a colon or start with a special character; indent with spaces. In the parser’s words: “{problem}”',
  ],
  'file.schema': ['Line {line}: {problem}', 'Compare with docs/authoring.md and question-banks/schema.'],
  'file.name': ['The file is called {file}, the id inside is {id}', 'Name the file after the id.'],
  'file.place': [
    'Nothing is read from this place',
    'Put the file into one of the folders that docs/authoring.md lists.',
  ],
  'file.bank_missing': [
    'The folder {bank} has no readable bank.yaml',
    'Write bank.yaml or correct the one that is there.',
  ],
  'set.duplicate_id': ['The id {id} is already in use ({first})', 'Ids are never used twice. Choose another.'],
  'ref.rubric': ['There is no rubric {id}', 'Name a rubric that exists.'],
  'ref.policy': ['There is no policy {id}', 'Name a policy that exists.'],
  'ref.policy_revision': [
    'The item tests revision {named} of {id}; the policy is at revision {current}',
    'Read the policy again, correct stem and key, then raise the revision.',
  ],
  'ref.policy_clause': ['The policy {id} has no clause {clause}', 'Name a clause that exists.'],
  'ref.policy_not_current': [
    'The policy {id} is not in force ({status})',
    'Test only what an agent must act on today.',
  ],
  'ref.enemy': ['There is no other item {id}', 'Name the item that must not be drawn together with this one.'],
  'ref.item': ['There is no item {id}', 'Name an item that exists.'],
  'ref.scenario': ['There is no scenario {id}', 'Name a scenario that exists.'],
  'ref.kit': ['There is no interview kit {id}', 'Name a kit that exists.'],
  'ref.blueprint': ['There is no blueprint {id}', 'Name a blueprint that exists.'],
  'ref.notice': ['There is no notice {id}', 'Name a notice that exists.'],
  'ref.bank': ['There is no bank {id}', 'Name a bank that exists.'],
  'ref.bound_value': ['“{value}” is not a value of “{by}”', 'Use one of the values in app/core/bank/vocabulary.ts.'],
  'ref.statement': [
    'The source register has no statement {id}',
    'Name a statement in question-banks/sources, or add it there.',
  ],
  'ref.statement_document': [
    'Statement {id} does not belong to {document}',
    'Name the right document or the right statement.',
  ],
  'ref.programme_practice': [
    'Item {id} counts in forms and cannot serve as practice',
    'Set practice: true on the item or name another.',
  ],
  'source.not_carried': [
    'Statement {id} is marked as carried, but nothing carries it',
    'Name it in an item, policy, rubric, scenario or kit, or mark it as left out and say why.',
  ],
  'source.left_out_cited': [
    'Statement {id} was deliberately left out, yet it is named here',
    'Remove the reference or change the decision in the register.',
  ],
  'policy.unreferenced': [
    'Nothing refers to the policy {id}',
    'Write an item or a scenario that needs it, or remove it.',
  ],
  'item.id_prefix': ['Item ids of the bank {bank} start with {prefix}', 'Rename the item.'],
  'item.policy_missing': [
    'An item on policy knowledge with a key names no policy clause',
    'Add policy: { id, revision, clause }.',
  ],
  'item.duplicate_option_id': ['The option id {id} is used twice', 'Give each option its own id.'],
  'item.too_few_options': [
    '{n} options are shown; at least {min} are needed',
    'Write another option or bring a retired one back.',
  ],
  'item.key_unknown': ['The key {key} is not among the options', 'Name the id of an option.'],
  'item.key_retired': ['The key {key} is a retired option', 'Choose another key or bring the option back.'],
  'item.keys_invalid': [
    'The list of keys does not work: {key}',
    'Name each key once and leave at least one option wrong.',
  ],
  'item.order_mismatch': [
    'The order ({order}) does not list each element ({elements}) exactly once',
    'List every element id once.',
  ],
  'item.pairs_mismatch': [
    'The pairs do not fit the two sides: {id}',
    'Give every left entry one right entry that exists.',
  ],
  'item.rationales_mismatch': [
    'The rationales do not fit the left side: {id}',
    'Give one rationale for each left entry.',
  ],
  'item.gap_count': [
    'The gap {id} appears {n} times in this language',
    'Write each gap exactly once in each language.',
  ],
  'item.gap_unknown': [
    'The text has a gap {id} that is not described',
    'Add it under gaps or take it out of the text.',
  ],
  'item.accepted_too_long': [
    '“{text}” is accepted but longer than the {max} characters that can be typed',
    'Raise the limit or remove this answer.',
  ],
  'item.limits': ['The smallest length {min} is not below the largest {max}', 'Lower the one or raise the other.'],
  'item.judgement_extremes': [
    'Best and worst action must be unique; there are {best} best and {worst} worst',
    'Change the effectiveness so that one action is best and one is worst.',
  ],
  'item.judgement_spread': [
    'Effectiveness runs only from {lowest} to {highest}',
    'Spread the actions over the scale from harmful to best.',
  ],
  'item.key_length': [
    'The key stands out by its length: {key} characters against {other}',
    'Cut the key or give a wrong option a plausible reason.',
  ],
  'item.key_grammar': [
    'Only the key differs by form ({form}): {key}, all others {others}',
    'Give all options the same form.',
  ],
  'item.absolute_word': [
    'Absolute words give an option away: {words}',
    'Say it without the absolute word, or use such words in right and wrong options alike.',
  ],
  'item.hedged_key': ['Only the key is hedged: {words}', 'Remove the hedge or hedge a wrong option as well.'],
  'item.negative_stem': [
    'The question is negative but does not show it: {words}',
    'Ask for what holds; if that cannot be done, put the negation in **bold**.',
  ],
  'item.all_of_the_above': [
    'An option stands for all the others: “{text}”',
    'Write an option of its own or a multiple-choice item.',
  ],
  'item.none_of_the_above': ['An option denies all the others: “{text}”', 'Write an option of its own.'],
  'item.type_k': ['An option is made of other options: “{text}”', 'Write a multiple-choice item.'],
  'item.option_overlap': ['Options {first} and {second} overlap ({how})', 'Make them exclude each other.'],
  'item.repeated_words': ['Every option repeats “{words}”', 'Move the words into the stem.'],
  'item.gives_away': [
    '{source} gives away the answer to {target}: “{text}”',
    'Reword one of them or make them enemies.',
  ],
  'item.near_duplicate': ['{percent}% like {other}', 'Drop one, make it clearly different, or make them enemies.'],
  'bank.key_position': ['Keys of items with {options} options are unevenly placed: {counts}', 'Move some keys.'],
  'bank.true_false_balance': ['{right} statements are true, {wrong} are false', 'Reverse some statements.'],
  'bank.blind_rule': [
    '{strategy} earns {earned}% where chance earns {chance}% ({language}, {n} items)',
    'Change options until the rule earns no more than chance.',
  ],
  'translation.untranslated': ['Text in the other language: “{text}”', 'Write it for the readers of this language.'],
  'translation.stale': [
    'Compared with revision {checked} of the other language, which is at {revision}',
    'Compare the texts and raise checkedAgainst.',
  ],
  'text.typography': [
    'Typography: “{text}”',
    'Chinese: full-width marks, “” quotes, no space beside digits. English: curly quotes.',
  ],
  'text.phone_number': ['A telephone number: {number}', 'Say “look it up in the official app or site”.'],
  'text.link': ['A link or web address: {text}', 'Describe the page instead.'],
  'text.company_name': [
    'A real company or its product: {name}',
    'Use Tidewell Market. Only a policy, or an item about that fact, may name a company, with namesCompanies: true.',
  ],
  'interview.forbidden_topic': [
    'A topic that must not be asked: {topic} (“{word}”)',
    'Ask about the work itself, e.g. “Can you work these shifts?”',
  ],
  'rubric.anchor_trait': ['The anchor names a trait: “{word}”', 'Describe what one could see, hear or read.'],
  'rubric.anchor_vague': ['The anchor only judges: “{text}”', 'Describe what one could see, hear or read.'],
  'rubric.anchor_repeated': ['The anchor is the same as that of level {level}', 'Say what makes the difference.'],
  'blueprint.infeasible': [
    'Section {section} cannot be filled: {by} {value} needs {need}, there are {have} ({rule})',
    'Write more such items or change the bounds.',
  ],
  'blueprint.one_form_only': [
    'A second attempt would repeat items: two forms need {need} ({by} {value}), there are {have}',
    'Write more such items or allow one attempt.',
  ],
  'waiver.unknown_rule': ['No warning has the code {rule}; errors cannot be waived', 'Remove the waiver.'],
  'waiver.unused': ['Nothing here needs the waiver of {rule}', 'Remove the waiver.'],
}

export const enGuidelines: GuidelineNames = {
  'HDR2002-3': 'Haladyna, Downing and Rodriguez 2002, guideline 3: use novel material, paraphrase',
  'HDR2002-4': 'Haladyna, Downing and Rodriguez 2002, guideline 4: keep items independent of each other',
  'HDR2002-9': 'Haladyna, Downing and Rodriguez 2002, guideline 9: avoid the complex (Type K) format',
  'HDR2002-12': 'Haladyna, Downing and Rodriguez 2002, guideline 12: correct grammar, punctuation and spelling',
  'HDR2002-15':
    'Haladyna, Downing and Rodriguez 2002, guideline 15: put the central idea in the stem, not in the options',
  'HDR2002-17': 'Haladyna, Downing and Rodriguez 2002, guideline 17: word the stem positively; emphasise a negation',
  'HDR2002-19': 'Haladyna, Downing and Rodriguez 2002, guideline 19: only one option is right',
  'HDR2002-20': 'Haladyna, Downing and Rodriguez 2002, guideline 20: vary the place of the right answer',
  'HDR2002-22': 'Haladyna, Downing and Rodriguez 2002, guideline 22: options must not overlap',
  'HDR2002-24': 'Haladyna, Downing and Rodriguez 2002, guideline 24: options of about equal length',
  'HDR2002-25': 'Haladyna, Downing and Rodriguez 2002, guideline 25: be careful with “none of the above”',
  'HDR2002-26': 'Haladyna, Downing and Rodriguez 2002, guideline 26: avoid “all of the above”',
  'HDR2002-28a':
    'Haladyna, Downing and Rodriguez 2002, guideline 28a: avoid specific determiners such as always and never',
  'HDR2002-28b': 'Haladyna, Downing and Rodriguez 2002, guideline 28b: avoid options that echo the stem',
  'HDR2002-28c': 'Haladyna, Downing and Rodriguez 2002, guideline 28c: avoid grammatical clues',
  'HDR2002-28d': 'Haladyna, Downing and Rodriguez 2002, guideline 28d: avoid a conspicuous right answer',
}

export const enTerms = {
  end_mark: 'closing mark',
  case: 'capital letter',
  gerund: '-ing form',
  opening: 'opening word',
  clauses: 'number of sentences',
  article: 'fit of the article',
  range: 'ranges of numbers',
  same: 'almost the same words',
  contained: 'one is part of the other',
  too_few: 'too few items',
  crossed: 'minimum above maximum',
  minima: 'minima add up to more than the count',
  maxima: 'maxima leave too few',
  exposure: 'too few for the exposure cap',
  together: 'not together with the other demands',
  longest: 'Always the longest option',
  shortest: 'Always the shortest option',
  most_hedged: 'Always the most hedged option',
  most_shared: 'Always the option that shares most words with the stem',
  not_absolute: 'Never the option with an absolute word',
  position_1: 'Always the first option',
  position_2: 'Always the second option',
  position_3: 'Always the third option',
  position_4: 'Always the fourth option',
  position_5: 'Always the fifth option',
  position_6: 'Always the sixth option',
  always_true: 'Always “true”',
  always_false: 'Always “false”',
  marriage: 'marriage',
  children: 'children',
  pregnancy: 'pregnancy',
  age: 'age',
  religion: 'religion',
  health: 'health',
  origin: 'origin',
  count: 'number of items',
  competency: 'competency',
  kind: 'kind',
  difficulty: 'difficulty',
  channel: 'channel',
  source: 'source',
  bank: 'bank',
  topic: 'topic',
  enemies: 'items that must not meet',
  dated: 'dated',
  withdrawn: 'withdrawn',
}

/** Words for parameter values that are codes themselves. */
export type FindingTerms = Readonly<Record<keyof typeof enTerms, string>>
