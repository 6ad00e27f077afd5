// Bytes and texts: hex, base64, UTF-8, canonical JSON, and the error that carries the sentence of what is wrong.

/** What is wrong, as one sentence for the reader. */
export class Wrong extends Error {}

/** This page cannot tell whether the evidence is right. */
export class Unreadable extends Error {}

export const NEWER = "cần bản verify.html mới hơn.";

export function must(holds, sentence, Kind = Wrong) {
  if (!holds) throw new Kind(sentence);
}

export const utf8 = (text) => new TextEncoder().encode(text);
const strictDecoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** The text of these bytes; null where they are not UTF-8. */
export function textOf(bytes) {
  try {
    return strictDecoder.decode(bytes);
  } catch {
    return null;
  }
}

const HEX_PAIRS = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));

export function hex(bytes) {
  let digits = "";
  for (const byte of bytes) digits += HEX_PAIRS[byte];
  return digits;
}

/** The bytes of lower-case hexadecimal digits; null where the text is something else. */
export function bytesOfHex(text) {
  if (typeof text !== "string" || !/^(?:[0-9a-f]{2})*$/.test(text)) return null;
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => parseInt(pair, 16));
}

export const base64 = (bytes) => btoa(String.fromCharCode(...bytes));

/** The bytes of a base64 text in its only form; null for any other text: base64 has spare bits. */
export function bytesOfBase64(text) {
  try {
    const bytes = Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));
    return base64(bytes) === text ? bytes : null;
  } catch {
    return null;
  }
}

export function joined(...parts) {
  const whole = new Uint8Array(parts.reduce((size, part) => size + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

export function sameBytes(one, other) {
  return one.length === other.length && one.every((byte, at) => byte === other[at]);
}

/** Compares two texts by code points, as the desk sorts codes. */
export function compareTexts(one, other) {
  if (one === other) return 0;
  const [left, right] = [Array.from(one), Array.from(other)];
  const at = left.findIndex((sign, place) => sign !== right[place]);
  if (at < 0) return -1;
  if (at >= right.length) return 1;
  return left[at].codePointAt(0) - right[at].codePointAt(0);
}

/** A JSON value as RFC 8785 writes it. Throws a TypeError for a number that is not a safe integer. */
export function canonical(value) {
  if (typeof value === "number") {
    if (!Number.isSafeInteger(value) || Object.is(value, -0)) throw new TypeError("not an integer");
    return String(value);
  }
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  const fields = Object.keys(value).sort().map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`);
  return `{${fields.join(",")}}`;
}

/** The value of a text in canonical JSON; undefined for any other text, so that no key can stand there twice. */
export function valueOf(text) {
  try {
    const value = JSON.parse(text);
    return canonical(value) === text ? value : undefined;
  } catch {
    return undefined;
  }
}

export const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);
export const isCount = (value) => Number.isSafeInteger(value) && value >= 0;
export const isText = (value) => typeof value === "string";
