/**
 * A cold review: items drawn at random by seed, shown as a candidate sees them beside the policy articles, to be
 * answered by somebody who has not seen the keys; then the answers are scored and every disputed key is named.
 *
 *   bank-cold-review <bank> --seed S [--count 15] --lang zh-CN|en            prints articles and items
 *   bank-cold-review <bank> --seed S [--count 15] --lang … --answers FILE    scores { "<item id>": { …response… } }
 *
 * Items that a person rates are left out: they have no key to dispute.
 */
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { candidateItem, drawOptionOrder, validateResponse } from '../app/core/bank/candidate-view.ts'
import { ResponseSchema } from '../app/core/bank/response.ts'
import { isRatedKind } from '../app/core/bank/vocabulary.ts'
import { scoreItem } from '../app/core/scoring/score-item.ts'
import { LocaleSchema } from '../app/core/shared/locale.ts'
import { seededRandom } from '../app/core/shared/random.ts'
import { readBankFiles } from '../app/services/content/bank-files.server.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seed: { type: 'string', default: 'cold' },
    count: { type: 'string', default: '15' },
    lang: { type: 'string', default: 'zh-CN' },
    answers: { type: 'string' },
    folder: { type: 'string', default: 'question-banks' },
  },
})
const bank = positionals[0]
if (!bank) {
  console.error('Name a bank: bank-cold-review <bank> --seed S --lang zh-CN|en [--answers FILE]')
  process.exit(1)
}
const locale = LocaleSchema.parse(values.lang)
const { set } = await readBankFiles(resolve(values.folder))
const pool = set.items
  .filter((item) => item.bank === bank && !item.value.practice && !isRatedKind(item.value.kind))
  .map((item) => item.value)
const random = seededRandom(`${values.seed}|${bank}`)
const drawn = random.shuffle(pool.sort((a, b) => (a.id < b.id ? -1 : 1))).slice(0, Number(values.count))

/** Credit below which the reader's answer disputes the key. */
const DISPUTED_BELOW = 0.75

if (values.answers === undefined) {
  console.log('# Policy articles\n')
  for (const { value: policy } of set.policies.filter((entry) => entry.bank === bank || entry.bank === 'shared')) {
    console.log(`## ${policy.title[locale]} (${policy.id}, revision ${policy.revision})\n\n${policy.summary[locale]}\n`)
    for (const clause of policy.clauses)
      console.log(`**${clause.id} ${clause.title[locale]}** ${clause.text[locale].trim()}\n`)
  }
  console.log('# Items\n')
  for (const item of drawn) {
    const view = candidateItem(item, locale, drawOptionOrder(item, seededRandom(`${values.seed}|${item.id}`)))
    console.log(`## ${item.id}\n\n${JSON.stringify(view, null, 1)}\n`)
  }
} else {
  const answers = JSON.parse(readFileSync(values.answers, 'utf8')) as Record<string, unknown>
  let disputed = 0
  for (const item of drawn) {
    const parsed = ResponseSchema.safeParse(answers[item.id])
    const valid = parsed.success && validateResponse(item, parsed.data).ok
    const score = scoreItem(item, valid && parsed.success ? parsed.data : null)
    const credit = score.credit ?? 0
    if (credit < DISPUTED_BELOW) disputed += 1
    console.log(
      `${credit < DISPUTED_BELOW ? 'disputed' : 'agreed  '}  ${credit.toFixed(2)}  ${item.id}${valid ? '' : '  (no valid answer)'}`,
    )
  }
  console.log(`${bank} ${locale}: ${disputed} of ${drawn.length} disputed`)
}
