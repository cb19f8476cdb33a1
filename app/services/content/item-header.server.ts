/** An item as the editor's pages find it: its version in use, any version of its own, and the header of each page. */
import { contentHead } from '../../../db/repositories/content.server.ts'
import type { ItemHeader } from '../../core/bank/editing/view.ts'
import type { Item } from '../../core/bank/schema.ts'
import { usesOf } from '../../core/bank/usage.ts'
import type { LocalizedText } from '../../core/shared/locale.ts'
import type { Deps } from '../../ground/deps.server.ts'
import { usageSet } from './search.server.ts'
import { allCurrent, readVersion, type Version } from './versions.server.ts'

type ReadDeps = Pick<Deps, 'store'>

/** A version of this very item, by an id that came from outside. */
export async function versionOf(deps: ReadDeps, itemId: string, versionId: string): Promise<Version<'item'> | null> {
  const version = await readVersion(deps.store.read, 'item', versionId)
  return version && version.body.id === itemId ? version : null
}

const excerptOf = (text: string): string => {
  const line = text.replaceAll('**', '').split('\n')[0] ?? ''
  const chars = [...line]
  return chars.length <= 48 ? line : `${chars.slice(0, 47).join('')}…`
}
export const itemTitle = (item: Item): LocalizedText => ({
  'zh-CN': excerptOf(item.stem['zh-CN']),
  en: excerptOf(item.stem.en),
})

type Head = NonNullable<Awaited<ReturnType<typeof contentHead>>>
async function bankTitle(deps: ReadDeps, bankId: string): Promise<LocalizedText> {
  const banks = await allCurrent(deps.store.read, 'bank')
  return banks.find(({ body }) => body.id === bankId)?.body.title ?? { 'zh-CN': bankId, en: bankId }
}

export async function headerOf(deps: ReadDeps, { head, version }: Head, versions: number): Promise<ItemHeader> {
  const item = version.body as unknown as Item
  return {
    itemId: head.contentId,
    kind: item.kind,
    title: itemTitle(item),
    bank: { id: head.bankId, title: await bankTitle(deps, head.bankId) },
    status: head.status,
    number: version.number,
    versions,
    uses: usesOf(await usageSet(deps), 'item', head.contentId).length,
  }
}

export const findHead = (deps: ReadDeps, itemId: string) => contentHead(deps.store.read, 'item', itemId)
