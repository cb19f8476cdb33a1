// The table of the hot path: every request that is answered before Express.
import { attemptHotRoutes } from './hot-attempts.server.ts'
import { roomHotRoutes } from './hot-room.server.ts'
import type { HotRoute } from './hot-route.server.ts'

export const hotRoutes: readonly HotRoute[] = [...attemptHotRoutes, ...roomHotRoutes]
