/** Between the player's routes and its service: addresses, form fields and statuses. */
import { redirect } from '@remix-run/node'
import type { PlayerNotice, PlayerView } from '../../core/attempt/player-view.ts'
import { writeCookie } from '../../http/cookies.server.ts'
import { statusOf } from '../../http/errors.ts'
import { notFound, orThrow, type ActorVisit } from '../../http/visit.server.ts'
import { TEXT_SIZES, THEMES } from '../../i18n/preferences.ts'
import { playerStep, type PlayerForm } from '../../services/attempt/player-form.server.ts'
import { readPlayer } from '../../services/attempt/player.server.ts'

type Shown = Extract<PlayerView, { phase: 'play' }>

/** What the page shows, or the way to the receipt or to the question where to continue. */
export async function loadPlayerView(
  { deps, actor, locale, preferences, receivedAt }: ActorVisit,
  attemptId: string,
  search: URLSearchParams,
): Promise<{ view: Shown; shortcuts: boolean } | Response> {
  const query = search.get('q')?.slice(0, 120) ?? null
  const view = orThrow(
    await readPlayer(deps, actor, attemptId, { itemId: search.get('item'), query }, locale, receivedAt),
  )
  if (view.phase === 'over') return redirect(`/candidate/attempt/${attemptId}/receipt`)
  if (view.phase === 'elsewhere') return redirect(`/candidate/attempt/${attemptId}/continue`)
  return { view, shortcuts: preferences.shortcuts }
}

const MAX_ITEMS = 60
const text = (form: FormData, name: string): string => {
  const value = form.get(name)
  return typeof value === 'string' ? value : ''
}
const whole = (value: string): number => (/^\d{1,9}$/.test(value) ? Number(value) : 0)

/** Fields `<item>/<field>` and `base/<item>` of the items named in `items`; everything else is left aside. */
function formOf(form: FormData): PlayerForm {
  const ids = [
    ...new Set(
      text(form, 'items')
        .split(',')
        .filter((id) => /^[a-z0-9-]{1,80}$/.test(id)),
    ),
  ].slice(0, MAX_ITEMS)
  const go = text(form, 'go').slice(0, 200)
  return {
    epoch: whole(text(form, 'epoch')),
    go,
    query: text(form, 'q').slice(0, 120),
    at: text(form, 'at').slice(0, 80),
    items: ids.map((itemId) => {
      const fields: Record<string, string | string[]> = Object.create(null) as Record<string, string | string[]>
      const prefix = `${itemId}/`
      if (go !== `clear:${itemId}`) {
        for (const key of new Set(form.keys())) {
          if (!key.startsWith(prefix)) continue
          const all = form.getAll(key).filter((value): value is string => typeof value === 'string')
          fields[key.slice(prefix.length)] = all.length === 1 ? (all[0] ?? '') : all
        }
      }
      return { itemId, base: whole(text(form, `base/${itemId}`)), fields }
    }),
  }
}

type Next = { path: string; cookie?: string } | { notice: PlayerNotice; status: number }

export async function runPlayerForm(
  { deps, actor, receivedAt }: ActorVisit,
  attemptId: string,
  form: FormData,
): Promise<Next> {
  const done = await playerStep(deps, actor, attemptId, formOf(form), receivedAt)
  if (!done.ok) throw notFound()
  const step = done.value
  const base = `/candidate/attempt/${encodeURIComponent(attemptId)}`
  switch (step.to) {
    case 'review':
    case 'receipt':
      return { path: `${base}/${step.to}` }
    case 'overview':
      return { path: '/candidate' }
    case 'stay':
      return { notice: step.notice, status: statusOfNotice(step.notice) }
    case 'item': {
      const search = new URLSearchParams({
        ...(step.itemId ? { item: step.itemId } : {}),
        ...(step.query ? { q: step.query } : {}),
      })
      const cookie =
        step.preference && allowed(step.preference.name, step.preference.value)
          ? writeCookie(deps.config, step.preference.name, step.preference.value, {
              maxAgeSeconds: 31_536_000,
              httpOnly: false,
            })
          : undefined
      return { path: search.size > 0 ? `${base}?${search}` : base, ...(cookie ? { cookie } : {}) }
    }
  }
}

const statusOfNotice = (notice: PlayerNotice): number => {
  switch (notice.kind) {
    case 'refused':
      return statusOf(notice.failure.code)
    case 'conflict':
    case 'taken_over':
      return 409
    case 'late':
    case 'confirm_next':
    case 'confirm_leave':
      return 200
  }
}

function allowed(name: string, value: string): boolean {
  const values: Record<string, readonly string[]> = {
    lang: ['zh-CN', 'en'],
    theme: THEMES,
    size: TEXT_SIZES,
    contrast: ['normal', 'high'],
    keys: ['on', 'off'],
  }
  return Object.hasOwn(values, name) && (values[name] ?? []).includes(value)
}
