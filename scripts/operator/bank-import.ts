import { statSync } from 'node:fs'
import { join } from 'node:path'
import { LocaleSchema } from '../../app/core/shared/locale.ts'
import { findingText } from '../../app/i18n/bank-findings.ts'
import { importBanks } from '../../app/services/content/bank-import.server.ts'
import { CommandError, readArguments, UsageError, withDeps, type Command } from './command.ts'

/** Imports question-banks/, or another folder, into the database. */
export const bankImport: Command = {
  does: 'imports question-banks/, or another folder; twice changes nothing',
  usage: 'bank:import [--folder question-banks] [--lang en|zh-CN]',
  read(args) {
    const { folder, lang = 'en' } = readArguments(args, { options: ['folder', 'lang'] }).options
    const locale = LocaleSchema.safeParse(lang)
    if (!locale.success) throw new UsageError(`--lang is en or zh-CN, not ${lang}.`)
    return async ({ config, root, pathOf }) => {
      const banks = folder === undefined ? join(root, 'question-banks') : pathOf(folder)
      if (!statSync(banks, { throwIfNoEntry: false })?.isDirectory())
        throw new CommandError(`There is no folder ${banks}.`)
      await withDeps(config, async (deps) => {
        const report = await importBanks(deps, banks)
        for (const finding of report.blocked) {
          const { message, hint } = findingText(locale.data, finding)
          console.error(
            `${finding.subject.file ?? finding.subject.id} › ${finding.path}\n  ${finding.code}: ${message}\n  ${hint}`,
          )
        }
        if (report.blocked.length > 0) throw new CommandError('Nothing was imported: correct the findings above first.')
        if (report.created + report.unchanged + report.conflicts.length === 0)
          throw new CommandError(`There is no question bank in ${banks}, so nothing was imported.`)
        console.log(
          `${report.created} created, ${report.unchanged} unchanged, ${report.retired} retired, ${report.conflicts.length} in conflict`,
        )
        for (const c of report.conflicts) {
          console.log(
            `  ${c.type} ${c.id} was edited in Poise; ${c.file === '' ? 'its file is gone' : c.fileChanged ? `${c.file} has changed as well` : c.file}. Left as it is.`,
          )
        }
      })
    }
  },
}
