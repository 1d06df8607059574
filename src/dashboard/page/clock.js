// The run's clock between two events. An event tells an instant that is a moment old when it arrives, now more and now less: the one
// that came quickest is nearest to the truth, so the clock never jumps back for a slow one.

/** A difference of more than this is no delay: the run itself stood still, or is another one. */
const MOST_DELAY_US = 2e6;

export class Clock {
  #id = null;
  #ahead = 0;
  #stopped = 0;
  #runs = false;

  /** What the event says, at its arrival. */
  set(run) {
    const ahead = run.now_us - performance.now() * 1e3;
    const same = run.id === this.#id && this.#runs;
    const late = this.#ahead - ahead;
    this.#ahead = same && late > 0 && late < MOST_DELAY_US ? this.#ahead : ahead;
    this.#id = run.id;
    this.#stopped = run.now_us;
    this.#runs = run.state === "running";
  }

  /** Nobody tells any more how the run goes on. */
  stop() {
    this.#stopped = this.now();
    this.#runs = false;
  }

  /** Whether it ticks. */
  get runs() {
    return this.#runs;
  }

  /** µs since the run began. */
  now() {
    return this.#runs ? performance.now() * 1e3 + this.#ahead : this.#stopped;
  }
}
