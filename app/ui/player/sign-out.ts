/** On an address of the attempt: what waits on this device is sent, and then the session ends. */
export const THEN_SIGN_OUT = '#then-sign-out'

export const wantsToSignOut = (): boolean => window.location.hash === THEN_SIGN_OUT

export function signOut(): void {
  const form = document.createElement('form')
  form.method = 'post'
  form.action = '/logout'
  document.body.append(form)
  form.submit()
}
