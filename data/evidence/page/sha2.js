// SHA-256 and SHA-512 (FIPS 180-4). SHA-256 is synchronous: the browser's own asks for a promise for each row.

function primes(count) {
  const found = [];
  for (let number = 2; found.length < count; number++) if (found.every((prime) => number % prime)) found.push(number);
  return found;
}

/** The largest whole number whose `power`-th power is at most `value`. */
function wholeRoot(value, power) {
  let [low, high] = [0n, 1n << 80n];
  while (high - low > 1n) {
    const middle = (low + high) / 2n;
    if (middle ** power <= value) low = middle;
    else high = middle;
  }
  return low;
}

// FIPS 180-4, 4.2 and 5.3: the first 64 (or 32) bits of the fractions of square and cube roots of the first primes.
const WORD = (1n << 64n) - 1n;
const ROUNDS_512 = primes(80).map((prime) => wholeRoot(BigInt(prime) << 192n, 3n) & WORD);
const START_512 = primes(8).map((prime) => wholeRoot(BigInt(prime) << 128n, 2n) & WORD);
const ROUNDS_256 = Int32Array.from(ROUNDS_512.slice(0, 64), (word) => Number(word >> 32n) | 0);
const START_256 = Int32Array.from(START_512, (word) => Number(word >> 32n) | 0);
const schedule = new Int32Array(64);
let message = new Uint8Array(4096);

/** SHA-256 of these byte arrays, one after the other. */
export function sha256(...parts) {
  let size = 0;
  for (const part of parts) size += part.length;
  const padded = ((size + 8) >> 6 << 6) + 64;
  if (message.length < padded) message = new Uint8Array(2 * padded);
  let at = 0;
  for (const part of parts) {
    message.set(part, at);
    at += part.length;
  }
  message.fill(0, size, padded);
  message[size] = 0x80;
  const bits = new DataView(message.buffer);
  bits.setUint32(padded - 4, size << 3);
  bits.setUint32(padded - 8, Math.floor(size / 2 ** 29));
  const state = START_256.slice();
  for (let block = 0; block < padded; block += 64) compress(state, message, block);
  const digest = new Uint8Array(32);
  const view = new DataView(digest.buffer);
  for (let word = 0; word < 8; word++) view.setInt32(4 * word, state[word]);
  return digest;
}

function compress(state, input, block) {
  const [words, rounds] = [schedule, ROUNDS_256];
  for (let at = 0, from = block; at < 16; at++, from += 4)
    words[at] = (input[from] << 24) | (input[from + 1] << 16) | (input[from + 2] << 8) | input[from + 3];
  for (let at = 16; at < 64; at++) {
    const x = words[at - 15];
    const y = words[at - 2];
    const low = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3);
    const high = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10);
    words[at] = (words[at - 16] + low + words[at - 7] + high) | 0;
  }
  let a = state[0];
  let b = state[1];
  let c = state[2];
  let d = state[3];
  let e = state[4];
  let f = state[5];
  let g = state[6];
  let h = state[7];
  for (let at = 0; at < 64; at++) {
    const high = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
    const first = (h + high + ((e & f) ^ (~e & g)) + rounds[at] + words[at]) | 0;
    const low = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
    const second = (low + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    h = g;
    g = f;
    f = e;
    e = (d + first) | 0;
    d = c;
    c = b;
    b = a;
    a = (first + second) | 0;
  }
  state[0] += a;
  state[1] += b;
  state[2] += c;
  state[3] += d;
  state[4] += e;
  state[5] += f;
  state[6] += g;
  state[7] += h;
}

const rotated = (word, bits) => ((word >> bits) | (word << (64n - bits))) & WORD;

/** SHA-512 of a byte array. Slow: only signatures need it. */
export function sha512(bytes) {
  const padded = new Uint8Array((((bytes.length + 16) >> 7) << 7) + 128);
  padded.set(bytes);
  padded[bytes.length] = 0x80;
  const view = new DataView(padded.buffer);
  view.setBigUint64(padded.length - 8, BigInt(bytes.length) * 8n);
  let state = START_512;
  for (let block = 0; block < padded.length; block += 128) {
    const words = Array.from({ length: 16 }, (_, at) => view.getBigUint64(block + 8 * at));
    for (let at = 16; at < 80; at++) {
      const [x, y] = [words[at - 15], words[at - 2]];
      const low = rotated(x, 1n) ^ rotated(x, 8n) ^ (x >> 7n);
      const high = rotated(y, 19n) ^ rotated(y, 61n) ^ (y >> 6n);
      words.push((words[at - 16] + low + words[at - 7] + high) & WORD);
    }
    let [a, b, c, d, e, f, g, h] = state;
    for (let at = 0; at < 80; at++) {
      const high = rotated(e, 14n) ^ rotated(e, 18n) ^ rotated(e, 41n);
      const first = h + high + ((e & f) ^ (~e & WORD & g)) + ROUNDS_512[at] + words[at];
      const low = rotated(a, 28n) ^ rotated(a, 34n) ^ rotated(a, 39n);
      const second = low + ((a & b) ^ (a & c) ^ (b & c));
      [h, g, f, e, d, c, b, a] = [g, f, e, (d + first) & WORD, c, b, a, (first + second) & WORD];
    }
    state = [a, b, c, d, e, f, g, h].map((word, at) => (word + state[at]) & WORD);
  }
  const digest = new Uint8Array(64);
  state.forEach((word, at) => new DataView(digest.buffer).setBigUint64(8 * at, word));
  return digest;
}
