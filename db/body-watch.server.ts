import { StoreError } from './dialect/errors.server.ts'

/** Rejects a body that never settles. One timer for the batch, looked at only when it fires. */
export class BodyWatch {
  reject: (error: unknown) => void = () => {}
  #turn = 0
  #timer: NodeJS.Timeout | undefined
  constructor(private readonly timeoutMs: number) {
    this.#arm()
  }
  #arm(): void {
    const turn = this.#turn
    this.#timer = setTimeout(() => {
      if (turn === this.#turn)
        this.reject(new StoreError('db.body_timeout', `A transaction body did not end within ${this.timeoutMs} ms`))
      this.#arm()
    }, this.timeoutMs)
  }
  next(): void {
    this.#turn++
  }
  stop(): void {
    clearTimeout(this.#timer)
  }
}
