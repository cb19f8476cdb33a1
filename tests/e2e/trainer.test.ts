// A trainer edits an item beside the candidate's view of it and publishes: a new attempt draws the new version, a
// running one keeps the old.
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { formItemsOf } from '#db/repositories/forms.server.ts'
import { actAs, intentButton, playerReady } from '#tests/setup/browser-acts.ts'
import { axeOnce, closeBrowser, visitor, visitorsLeave } from '#tests/setup/browser.ts'
import { peopleMaker, publish, smallContent, type Person } from '#tests/setup/matrix-world.ts'
import { startPoise, type Poise } from '#tests/setup/poise-server.ts'

let poise: Poise
let trainer: Person
beforeAll(async () => {
  poise = await startPoise({ mode: 'test' })
  const deps = await poise.deps()
  await publish(deps, smallContent())
  trainer = await peopleMaker(deps).staff('trainer', 'trainer')
})
afterEach(async ({ task }) => visitorsLeave(task.result?.state === 'fail' ? task.name : undefined))
afterAll(async () => {
  await closeBrowser()
  await poise?.dispose()
})

describe.each([
  [
    'zh-CN',
    'light',
    '一位买家写道，收到的水壶有一道裂纹。你先怎样回应？',
    'A buyer writes that their kettle arrived with a crack in it. What do you reply first?',
  ],
  [
    'en',
    'dark',
    '买家来信说，刚收到的水壶上有裂纹。您先怎样回应？',
    'A buyer has written: the kettle came with a crack. What do you reply first?',
  ],
] as const)('in %s, %s', (locale, theme, zh, en) => {
  test('a new version is drawn by a new attempt, and a running one keeps the old', async () => {
    const deps = await poise.deps()
    const make = peopleMaker(deps)
    const before = await make.start(await make.candidate(`before-${locale}`, 'mx-short'))
    const staff = await visitor(poise, { locale, theme, viewport: { width: 1440, height: 1000 } })
    const { page } = staff
    await actAs(staff, poise, trainer)
    // Found by a word of either language.
    await page.goto(`/trainer/items?q=${encodeURIComponent(locale === 'en' ? 'kettle' : '水壶')}`)
    await axeOnce(staff, 'found')
    await page.locator('a[href^="/trainer/items/mx-choice"]').first().click()
    await page.waitForURL('**/trainer/items/mx-choice')
    await page.locator('[name="stem.zh-CN"]').fill(zh)
    await page.locator('[name="stem.en"]').fill(en)
    // The candidate's view beside it follows.
    const own = locale === 'en' ? en : zh
    await expect.poll(async () => (await page.locator('body').innerText()).split(own).length).toBeGreaterThanOrEqual(2)
    for (const tick of await page.locator('input[type=checkbox][name^="compared."]').all())
      if (await tick.isVisible()) await tick.check()
    await axeOnce(staff, 'edited')
    await intentButton(page, 'publish').click()
    await page.waitForURL(/published=\d+/)
    await axeOnce(staff, 'published')
    await page.goto('/trainer/items/mx-choice/versions')
    await axeOnce(staff, 'versions')
    await page.goto('/trainer/items/mx-choice/used-in')
    await axeOnce(staff, 'uses')
    const after = await make.start(await make.candidate(`after-${locale}`, 'mx-short'))
    const versionOf = async (attemptId: string) =>
      (await formItemsOf(deps.store.read, attemptId)).find((slot) => slot.itemId === 'mx-choice')?.itemVersionId
    expect(await versionOf(after.attemptId)).not.toBe(await versionOf(before.attemptId))
    for (const [who, sees] of [
      [before, false],
      [after, true],
    ] as const) {
      const candidate = await visitor(poise, { locale: 'en' })
      await actAs(candidate, poise, who)
      await candidate.page.goto(`/candidate/attempt/${who.attemptId}?item=mx-choice`)
      await playerReady(candidate.page)
      expect(((await candidate.page.locator('.stem').textContent()) ?? '').includes(en)).toBe(sees)
    }
  })
})
