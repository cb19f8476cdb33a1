/** The filters of the item list as they stand in the address. What makes no sense there counts as not given. */
import { CompetencySchema, ItemKindSchema, type Competency, type ItemKind } from '../../core/bank/vocabulary.ts'

export const STATUSES = ['active', 'retired', 'draft'] as const
export type ItemListFilter = {
  query: string
  bank: string | null
  kind: ItemKind | null
  competency: Competency | null
  status: (typeof STATUSES)[number] | null
  provisional: boolean | null
  page: number
}

export function readItemFilter(query: URLSearchParams): ItemListFilter {
  const key = query.get('key')
  const page = Number(query.get('page'))
  return {
    query: (query.get('q') ?? '').trim().slice(0, 120),
    bank: query.get('bank') || null,
    kind: ItemKindSchema.safeParse(query.get('kind')).data ?? null,
    competency: CompetencySchema.safeParse(query.get('competency')).data ?? null,
    status: STATUSES.find((status) => status === query.get('status')) ?? null,
    provisional: key === 'provisional' ? true : key === 'rated' ? false : null,
    page: Number.isInteger(page) && page > 0 ? page : 1,
  }
}

/** The address of the same list with something changed. */
export function filterQuery(filter: ItemListFilter): string {
  const query = new URLSearchParams()
  const put = (name: string, value: string | null): void => {
    if (value) query.set(name, value)
  }
  put('q', filter.query)
  put('bank', filter.bank)
  put('kind', filter.kind)
  put('competency', filter.competency)
  put('status', filter.status)
  put('key', filter.provisional === null ? null : filter.provisional ? 'provisional' : 'rated')
  put('page', filter.page > 1 ? String(filter.page) : null)
  return query.size > 0 ? `?${query}` : ''
}

export const isFiltered = (filter: ItemListFilter): boolean => filterQuery({ ...filter, page: 1 }) !== ''
