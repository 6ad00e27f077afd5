// Ed25519 signatures (RFC 8032): by the browser, or by hand where the browser has no Ed25519.
import { joined } from "./bytes.js";
import { sha512 } from "./sha2.js";

const FIELD = 2n ** 255n - 19n;
const ORDER = 2n ** 252n + 27742317777372353535851937790883648493n;
const modulo = (number, by = FIELD) => ((number % by) + by) % by;

function power(base, exponent) {
  let [result, square] = [1n, modulo(base)];
  for (let left = exponent; left; left >>= 1n) {
    if (left & 1n) result = (result * square) % FIELD;
    square = (square * square) % FIELD;
  }
  return result;
}

const CURVE = modulo(-121665n * power(121666n, FIELD - 2n));
const ROOT_OF_MINUS_ONE = power(2n, (FIELD - 1n) / 4n);

function littleEndian(bytes) {
  let number = 0n;
  for (let at = bytes.length - 1; at >= 0; at--) number = (number << 8n) | BigInt(bytes[at]);
  return number;
}

/** The point of 32 bytes in extended coordinates; null where they encode none. */
function pointOf(bytes) {
  const y = littleEndian(bytes) & (2n ** 255n - 1n);
  if (y >= FIELD) return null;
  const square = modulo((y * y - 1n) * power(CURVE * y * y + 1n, FIELD - 2n));
  let x = power(square, (FIELD + 3n) / 8n);
  if (modulo(x * x - square)) x = (x * ROOT_OF_MINUS_ONE) % FIELD;
  const odd = BigInt(bytes[31] >> 7);
  if (modulo(x * x - square) || (!x && odd)) return null;
  if ((x & 1n) !== odd) x = FIELD - x;
  return [x, y, 1n, (x * y) % FIELD];
}

function sum([x1, y1, z1, t1], [x2, y2, z2, t2]) {
  const a = modulo((y1 - x1) * (y2 - x2));
  const b = modulo((y1 + x1) * (y2 + x2));
  const c = modulo(2n * t1 * t2 * CURVE);
  const d = modulo(2n * z1 * z2);
  const [e, f, g, h] = [b - a, d - c, d + c, b + a];
  return [modulo(e * f), modulo(g * h), modulo(f * g), modulo(e * h)];
}

function multiple(scalar, point) {
  let [result, double] = [[0n, 1n, 1n, 0n], point];
  for (let left = scalar; left; left >>= 1n) {
    if (left & 1n) result = sum(result, double);
    double = sum(double, double);
  }
  return result;
}

const BASE = pointOf(Uint8Array.from({ length: 32 }, (_, at) => (at ? 0x66 : 0x58)));

/** Whether these 64 bytes are the key's signature of the message, computed here. */
export function isSignedByHand(key, message, signature) {
  const [keyPoint, noncePoint] = [pointOf(key), pointOf(signature.slice(0, 32))];
  const scalar = littleEndian(signature.slice(32));
  if (!keyPoint || !noncePoint || scalar >= ORDER) return false;
  const challenge = littleEndian(sha512(joined(signature.slice(0, 32), key, message))) % ORDER;
  const left = multiple(scalar, BASE);
  const right = sum(noncePoint, multiple(challenge, keyPoint));
  return !modulo(left[0] * right[2] - right[0] * left[2]) && !modulo(left[1] * right[2] - right[1] * left[2]);
}

/** Whether these 64 bytes are the signature of the message by the key (32 bytes). */
export async function isSigned(key, message, signature) {
  let known;
  try {
    known = await crypto.subtle.importKey("raw", key, { name: "Ed25519" }, false, ["verify"]);
  } catch {
    return isSignedByHand(key, message, signature); // no Ed25519 here, or no WebCrypto at all
  }
  return crypto.subtle.verify({ name: "Ed25519" }, known, signature, message);
}
