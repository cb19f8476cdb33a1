/** react-hook-form on Remix actions: the browser checks with the same schema, then the native form is what travels. */
import { zodResolver } from '@hookform/resolvers/zod'
import { useNavigation, useSubmit } from '@remix-run/react'
import { useEffect } from 'react'
import { useForm, type DefaultValues, type FieldValues, type Path } from 'react-hook-form'
import type { z } from 'zod'
import type { Rejected } from './form.ts'

export function useActionForm<In extends FieldValues, Out>(options: {
  schema: z.ZodType<Out, In>
  defaultValues: DefaultValues<In>
  rejected?: Rejected | null | undefined
}) {
  const submit = useSubmit()
  const navigation = useNavigation()
  const form = useForm<In, unknown, Out>({
    resolver: zodResolver(options.schema),
    defaultValues: { ...options.defaultValues, ...(options.rejected?.values as DefaultValues<In>) },
    // Not on blur: an error that appears as the field is left moves the page, and the click that left it misses its
    // button.
    mode: 'onSubmit',
  })
  const { setError } = form
  const { rejected } = options
  useEffect(() => {
    for (const [name, messages] of Object.entries(rejected?.fieldErrors ?? {})) {
      if (messages?.[0]) setError(name as Path<In>, { type: 'server', message: messages[0] })
    }
    if (rejected?.formErrors[0]) setError('root.server', { type: 'server', message: rejected.formErrors[0] })
  }, [rejected, setError])
  const onSubmit = (event: React.FormEvent<HTMLFormElement>) => {
    const target = event.currentTarget
    const submitter = (event.nativeEvent as SubmitEvent).submitter as HTMLButtonElement | null
    return form.handleSubmit(() => submit(submitter ?? target, { method: 'post' }))(event)
  }
  return { ...form, onSubmit, isPending: navigation.state !== 'idle' }
}
