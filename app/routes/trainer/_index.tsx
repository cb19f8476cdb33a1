import { redirect, type LoaderFunctionArgs } from '@remix-run/node'
import { requireActor } from '../../http/visit.server.ts'

export async function loader(args: LoaderFunctionArgs) {
  await requireActor(args, 'trainer')
  return redirect('/trainer/items')
}
