// Loaded into a server under test before anything else: lets the test set the machine's clock, as an operator would.
// Only the wall clock jumps; performance.now goes on. The program knows nothing of it.
const machine = Date.now.bind(Date)
const RealDate = Date
let stepMs = 0

globalThis.Date = class extends RealDate {
  constructor(...given) {
    if (given.length === 0) super(machine() + stepMs)
    else super(...given)
  }
  static now() {
    return machine() + stepMs
  }
}

process.on('message', (message) => {
  if (typeof message?.stepMs !== 'number') return
  stepMs += message.stepMs
  process.send?.({ stepMs })
})
// The channel must not keep a server alive that has been told to stop.
process.channel?.unref()
