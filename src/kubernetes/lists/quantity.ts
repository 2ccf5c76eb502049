const SCALES: Readonly<Record<string, number>> = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  '': 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
};

/** A Kubernetes quantity (`250m`, `1.5Gi`, `123456789n`, `2e3`) as a plain number: cores for CPU, bytes for memory; `null` for anything else. */
export function parseQuantity(quantity: unknown): number | null {
  if (typeof quantity === 'number') return Number.isFinite(quantity) ? quantity : null;
  if (typeof quantity !== 'string') return null;
  const match = /^([+-]?(?:\d+(?:\.\d*)?|\.\d+))(?:([eE][+-]?\d+)|([numkMGTPE]|[KMGTPE]i))?$/.exec(quantity);
  if (match === null) return null;
  const [, digits = '', exponent = '', suffix = ''] = match;
  // Dividing keeps `100m` at exactly 0.1 where multiplying would not.
  const scale = SCALES[suffix] ?? 1;
  const value = Number(digits + exponent);
  return scale < 1 ? value / Math.round(1 / scale) : value * scale;
}
