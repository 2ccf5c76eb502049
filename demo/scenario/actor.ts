/** One second of the story. */
export interface Second {
  /** Epoch milliseconds. */
  readonly at: number;
  /** Seconds since the demo was started; negative for the hour of history before it. */
  readonly t: number;
}

/** One part of the cluster. It is told every second in turn, and sets its history in the same way as its present. */
export type Actor = (second: Second) => void;

/** An actor that does each step once, when its second has come. */
export function script(steps: readonly (readonly [t: number, step: (at: number) => void])[]): Actor {
  const left = steps.toSorted(([a], [b]) => a - b);
  return ({ at, t }) => {
    while (left[0] !== undefined && left[0][0] <= t) left.shift()?.[1](at);
  };
}
