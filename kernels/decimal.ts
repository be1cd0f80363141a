import { digitCount, writeDigits } from './bytes'

// Exact decimals: unscaled integers of 128 bits in two halves. A result goes to the 16 bytes at `out`, low half first, and the function returns 0; it returns 1
// when the result has more than 38 digits, and then `out` is undefined. Scales are the caller's: it says by how many digits to move.

/** How `decimalRescale` drops digits. */
const HALF_UP: i32 = 0
const DOWN: i32 = 1
const FLOOR: i32 = 2
const CEIL: i32 = 3

const MAX_DIGITS: i32 = 38
const POWERS = memory.data<u64>([
  1, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000, 1000000000, 10000000000, 100000000000, 1000000000000, 10000000000000, 100000000000000,
  1000000000000000, 10000000000000000, 100000000000000000, 1000000000000000000, 10000000000000000000,
])

// The working number: a magnitude of 256 bits, least limb first. Functions below read and write it; a kernel instance belongs to one thread.
let n0: u64 = 0
let n1: u64 = 0
let n2: u64 = 0
let n3: u64 = 0

// Second result of `multiplyWide` and of `power`.
let wideHigh: u64 = 0

// Limbs of 32 bits for long division.
const NUMERATOR = memory.data(48)
const DIVISOR = memory.data(16)
const QUOTIENT = memory.data(40)

// @ts-ignore: decorator
@inline
function multiplyWide(a: u64, b: u64): u64 {
  const a0 = a & 0xffffffff
  const a1 = a >> 32
  const b0 = b & 0xffffffff
  const b1 = b >> 32
  const p00 = a0 * b0
  const p01 = a0 * b1
  const p10 = a1 * b0
  const middle = (p00 >> 32) + (p01 & 0xffffffff) + (p10 & 0xffffffff)
  wideHigh = a1 * b1 + (p01 >> 32) + (p10 >> 32) + (middle >> 32)
  return (p00 & 0xffffffff) | (middle << 32)
}

// @ts-ignore: decorator
@inline
function smallPower(digits: i32): u64 {
  return load<u64>(POWERS + (<usize>digits << 3))
}

/** The low half of 10^digits, digits 0 to 38; the high one in `wideHigh`. */
function power(digits: i32): u64 {
  if (digits > 19) return multiplyWide(smallPower(19), smallPower(digits - 19))
  wideHigh = 0
  return smallPower(digits)
}

/** Sets the working number to the magnitude of a signed 128-bit number. */
// @ts-ignore: decorator
@inline
function setMagnitude(low: u64, high: u64): void {
  if (<i64>high < 0) {
    n0 = 0 - low
    n1 = ~high + (low == 0 ? 1 : 0)
  } else {
    n0 = low
    n1 = high
  }
  n2 = 0
  n3 = 0
}

/** Stores the working number with a sign, unless it has more than 38 digits. */
function storeResult(isNegative: bool, out: usize): i32 {
  if ((n2 | n3) != 0) return 1
  // 10^38 in two halves.
  if (n1 > 0x4b3b4ca85a86c47a || (n1 == 0x4b3b4ca85a86c47a && n0 >= 0x098a224000000000)) return 1
  if (isNegative) {
    store<u64>(out, 0 - n0)
    store<u64>(out, ~n1 + (n0 == 0 ? 1 : 0), 8)
  } else {
    store<u64>(out, n0)
    store<u64>(out, n1, 8)
  }
  return 0
}

/** Multiplies the working number by 10^digits; true when it outgrew 256 bits. */
function scaleUp(digits: i32): bool {
  while (digits > 0) {
    const step = min(digits, 19)
    digits -= step
    const factor = smallPower(step)
    n0 = multiplyWide(n0, factor)
    let carry = wideHigh
    if ((n1 | n2 | n3) == 0) {
      n1 = carry
      continue
    }
    let limb = multiplyWide(n1, factor) + carry
    carry = wideHigh + (limb < carry ? 1 : 0)
    n1 = limb
    limb = multiplyWide(n2, factor) + carry
    carry = wideHigh + (limb < carry ? 1 : 0)
    n2 = limb
    limb = multiplyWide(n3, factor) + carry
    carry = wideHigh + (limb < carry ? 1 : 0)
    n3 = limb
    if (carry != 0) return true
  }
  return false
}

/** Divides the working number by a word below 2^32 and returns the remainder. */
function divideSmall(divisor: u64): u64 {
  let rest: u64 = 0
  if (n3 != 0) {
    rest = (rest << 32) | (n3 >> 32)
    const high = rest / divisor
    rest = ((rest % divisor) << 32) | (n3 & 0xffffffff)
    n3 = (high << 32) | (rest / divisor)
    rest %= divisor
  }
  if ((n2 | rest) != 0) {
    rest = (rest << 32) | (n2 >> 32)
    const high = rest / divisor
    rest = ((rest % divisor) << 32) | (n2 & 0xffffffff)
    n2 = (high << 32) | (rest / divisor)
    rest %= divisor
  }
  if ((n1 | rest) != 0) {
    rest = (rest << 32) | (n1 >> 32)
    const high = rest / divisor
    rest = ((rest % divisor) << 32) | (n1 & 0xffffffff)
    n1 = (high << 32) | (rest / divisor)
    rest %= divisor
  }
  if (rest == 0) {
    rest = n0 % divisor
    n0 /= divisor
    return rest
  }
  rest = (rest << 32) | (n0 >> 32)
  const high = rest / divisor
  rest = ((rest % divisor) << 32) | (n0 & 0xffffffff)
  n0 = (high << 32) | (rest / divisor)
  return rest % divisor
}

/** Adds a 128-bit number to the working number; true when it outgrew 256 bits. */
function addTo(low: u64, high: u64): bool {
  n0 += low
  let carry: u64 = n0 < low ? 1 : 0
  n1 += carry
  carry = n1 < carry ? 1 : 0
  n1 += high
  if (n1 < high) carry = 1
  if (carry == 0) return false
  n2++
  if (n2 != 0) return false
  n3++
  return n3 == 0
}

/** Divides the working number by 10^digits and rounds its magnitude; true when it outgrew 256 bits on the way. */
function scaleDown(digits: i32, isNegative: bool, rounding: i32): bool {
  if (digits <= 0) return false
  if (digits > 76) {
    const isAway = (n0 | n1 | n2 | n3) != 0 && rounding == (isNegative ? FLOOR : CEIL)
    n0 = isAway ? 1 : 0
    n1 = 0
    n2 = 0
    n3 = 0
    return false
  }
  if (digits > MAX_DIGITS) {
    // Half of such a power does not fit 128 bits; a first division leaves whether anything was lost.
    const wasInexact = dropDigits(digits - MAX_DIGITS)
    digits = MAX_DIGITS
    if (wasInexact && rounding != HALF_UP && rounding == (isNegative ? FLOOR : CEIL)) {
      dropDigits(digits)
      return addTo(1, 0)
    }
  }
  // Powers of ten are even: adding half of one before dividing rounds halves up, adding all but one rounds up what is not exact.
  let low = power(digits)
  let high = wideHigh
  if (rounding == HALF_UP) {
    low = (low >> 1) | (high << 63)
    high >>= 1
    if (addTo(low, high)) return true
  } else if (rounding == (isNegative ? FLOOR : CEIL)) {
    if (low == 0) high--
    low--
    if (addTo(low, high)) return true
  }
  dropDigits(digits)
  return false
}

/** Divides the working number by 10^digits, towards zero; true when a digit other than 0 was lost. */
function dropDigits(digits: i32): bool {
  if ((n1 | n2 | n3) == 0) {
    if (digits > 19) {
      const wasInexact = n0 != 0
      n0 = 0
      return wasInexact
    }
    const divisor = smallPower(digits)
    const rest = n0 % divisor
    n0 /= divisor
    return rest != 0
  }
  let lost: u64 = 0
  for (; digits > 9; digits -= 9) lost |= divideSmall(1000000000)
  return (lost | divideSmall(smallPower(digits))) != 0
}

// The remainder of `divideBy`.
let restLow: u64 = 0
let restHigh: u64 = 0

/** Divides the working number by a number of 128 bits that is not 0. */
function divideBy(low: u64, high: u64): void {
  restHigh = 0
  if (high == 0) {
    if ((n1 | n2 | n3) == 0) {
      restLow = n0 % low
      n0 /= low
      return
    }
    if (low >> 32 == 0) {
      restLow = divideSmall(low)
      return
    }
  }
  divideLong(low, high)
}

/** Knuth's algorithm D with limbs of 32 bits; the divisor has at least two. */
function divideLong(low: u64, high: u64): void {
  const limbs: i32 = high >> 32 != 0 ? 4 : high != 0 ? 3 : 2
  const shift: u64 = high != 0 ? clz<u64>(high) & 31 : clz<u64>(low) & 31
  // Normalized: the highest limb of the divisor has its high bit set.
  let d0 = low << shift
  let d1 = shift != 0 ? (high << shift) | (low >> (64 - shift)) : high
  store<u64>(DIVISOR, d0)
  store<u64>(DIVISOR, d1, 8)
  store<u64>(NUMERATOR, n0 << shift)
  store<u64>(NUMERATOR, shift != 0 ? (n1 << shift) | (n0 >> (64 - shift)) : n1, 8)
  store<u64>(NUMERATOR, shift != 0 ? (n2 << shift) | (n1 >> (64 - shift)) : n2, 16)
  store<u64>(NUMERATOR, shift != 0 ? (n3 << shift) | (n2 >> (64 - shift)) : n3, 24)
  store<u64>(NUMERATOR, shift != 0 ? n3 >> (64 - shift) : 0, 32)
  memory.fill(QUOTIENT, 0, 40)
  const top = <u64>load<u32>(DIVISOR + (<usize>(limbs - 1) << 2))
  const second = <u64>load<u32>(DIVISOR + (<usize>(limbs - 2) << 2))
  for (let j = 8 - limbs; j >= 0; j--) {
    const at = NUMERATOR + (<usize>j << 2)
    const highest = at + (<usize>limbs << 2)
    const two = (<u64>load<u32>(highest) << 32) | load<u32>(highest - 4)
    let guess = two / top
    let rest = two % top
    while (guess >> 32 != 0 || guess * second > ((rest << 32) | load<u32>(highest - 8))) {
      guess--
      rest += top
      if (rest >> 32 != 0) break
    }
    let borrow: i64 = 0
    let carry: u64 = 0
    for (let i = 0; i < limbs; i++) {
      const product = guess * load<u32>(DIVISOR + (<usize>i << 2)) + carry
      carry = product >> 32
      const place = at + (<usize>i << 2)
      const difference = <i64>load<u32>(place) - borrow - <i64>(product & 0xffffffff)
      store<u32>(place, <u32>difference)
      borrow = difference < 0 ? 1 : 0
    }
    const difference = <i64>load<u32>(highest) - borrow - <i64>carry
    store<u32>(highest, <u32>difference)
    if (difference < 0) {
      // The guess was one too large, which is rare.
      guess--
      let sum: u64 = 0
      for (let i = 0; i < limbs; i++) {
        const place = at + (<usize>i << 2)
        sum += <u64>load<u32>(place) + load<u32>(DIVISOR + (<usize>i << 2))
        store<u32>(place, <u32>sum)
        sum >>= 32
      }
      store<u32>(highest, load<u32>(highest) + <u32>sum)
    }
    store<u32>(QUOTIENT + (<usize>j << 2), <u32>guess)
  }
  d0 = load<u64>(NUMERATOR)
  d1 = load<u64>(NUMERATOR, 8)
  restLow = shift != 0 ? (d0 >> shift) | (d1 << (64 - shift)) : d0
  restHigh = d1 >> shift
  n0 = load<u64>(QUOTIENT)
  n1 = load<u64>(QUOTIENT, 8)
  n2 = load<u64>(QUOTIENT, 16)
  n3 = load<u64>(QUOTIENT, 24)
}

export function decimalAdd(aLow: u64, aHigh: u64, bLow: u64, bHigh: u64, out: usize): i32 {
  const low = aLow + bLow
  const high = aHigh + bHigh + (low < aLow ? 1 : 0)
  // Two numbers of one sign gave one of the other.
  if (<i64>((aHigh ^ high) & (bHigh ^ high)) < 0) return 1
  setMagnitude(low, high)
  return storeResult(<i64>high < 0, out)
}

export function decimalSubtract(aLow: u64, aHigh: u64, bLow: u64, bHigh: u64, out: usize): i32 {
  const low = aLow - bLow
  const high = aHigh - bHigh - (aLow < bLow ? 1 : 0)
  if (<i64>((aHigh ^ bHigh) & (aHigh ^ high)) < 0) return 1
  setMagnitude(low, high)
  return storeResult(<i64>high < 0, out)
}

/** The exact product, then without its last `digits` digits, halves rounded up. */
export function decimalMultiply(aLow: u64, aHigh: u64, bLow: u64, bHigh: u64, digits: i32, out: usize): i32 {
  const isNegative = <i64>(aHigh ^ bHigh) < 0
  setMagnitude(aLow, aHigh)
  const a0 = n0
  const a1 = n1
  setMagnitude(bLow, bHigh)
  multiplyMagnitudes(a0, a1, n0, n1)
  if (scaleDown(digits, isNegative, HALF_UP)) return 1
  return storeResult(isNegative, out)
}

/** Sets the working number to a product. */
function multiplyMagnitudes(a0: u64, a1: u64, b0: u64, b1: u64): void {
  n0 = multiplyWide(a0, b0)
  n1 = wideHigh
  n2 = 0
  n3 = 0
  if ((a1 | b1) == 0) return
  addShifted(multiplyWide(a0, b1))
  addShifted(multiplyWide(a1, b0))
  const low = multiplyWide(a1, b1)
  n2 += low
  n3 += wideHigh + (n2 < low ? 1 : 0)
}

/** Adds the last wide product, 64 bits up. */
// @ts-ignore: decorator
@inline
function addShifted(low: u64): void {
  n1 += low
  const high = wideHigh + (n1 < low ? 1 : 0)
  n2 += high
  if (n2 < high) n3++
}

/** a * 10^digits / b, halves rounded up; `digits` may be negative. `b` is not 0. */
export function decimalDivide(aLow: u64, aHigh: u64, bLow: u64, bHigh: u64, digits: i32, out: usize): i32 {
  const isNegative = <i64>(aHigh ^ bHigh) < 0
  setMagnitude(bLow, bHigh)
  let b0 = n0
  let b1 = n1
  if (digits < 0) {
    if (scaleUp(-digits) || (n2 | n3) != 0) {
      // The divisor is larger than twice any number.
      store<u64>(out, 0)
      store<u64>(out, 0, 8)
      return 0
    }
    b0 = n0
    b1 = n1
  }
  setMagnitude(aLow, aHigh)
  if (digits > 0 && scaleUp(digits)) return 1
  divideBy(b0, b1)
  // Half of the divisor or more is left: rest >= b - rest.
  const halfLow = b0 - restLow
  const halfHigh = b1 - restHigh - (b0 < restLow ? 1 : 0)
  if (restHigh > halfHigh || (restHigh == halfHigh && restLow >= halfLow)) {
    if (addTo(1, 0)) return 1
  }
  return storeResult(isNegative, out)
}

/** The remainder of a * 10^aDigits / b * 10^bDigits with the sign of `a`, at the scale of both. `b` is not 0; one of the counts is 0. */
export function decimalRemainder(aLow: u64, aHigh: u64, bLow: u64, bHigh: u64, aDigits: i32, bDigits: i32, out: usize): i32 {
  const isNegative = <i64>aHigh < 0
  setMagnitude(bLow, bHigh)
  if (scaleUp(bDigits) || (n2 | n3) != 0) {
    // The divisor is larger than any number.
    setMagnitude(aLow, aHigh)
    return storeResult(isNegative, out)
  }
  const b0 = n0
  const b1 = n1
  setMagnitude(aLow, aHigh)
  if (scaleUp(aDigits)) return 1
  divideBy(b0, b1)
  n0 = restLow
  n1 = restHigh
  n2 = 0
  n3 = 0
  return storeResult(isNegative, out)
}

/** Moves by `digits`: more than 0 appends zeros, less drops digits, rounded as `rounding` says: 0 half up, 1 down, 2 floor, 3 ceiling. */
export function decimalRescale(low: u64, high: u64, digits: i32, rounding: i32, out: usize): i32 {
  const isNegative = <i64>high < 0
  setMagnitude(low, high)
  if (digits > 0) {
    if ((n0 | n1) != 0 && (digits > 76 || scaleUp(digits))) return 1
  } else if (scaleDown(-digits, isNegative, rounding)) return 1
  return storeResult(isNegative, out)
}

/** -1, 0 or 1: a * 10^digits beside b, or a beside b * 10^-digits. */
export function decimalCompare(aLow: u64, aHigh: u64, bLow: u64, bHigh: u64, digits: i32): i32 {
  const aIsNegative = <i64>aHigh < 0
  if (aIsNegative != <i64>bHigh < 0) return aIsNegative ? -1 : 1
  const larger = aIsNegative ? -1 : 1
  setMagnitude(bLow, bHigh)
  // 128 bits times 10^38 fit 256 bits; scales differ by no more.
  if (digits < 0) scaleUp(-digits)
  const b0 = n0
  const b1 = n1
  const b2 = n2
  const b3 = n3
  setMagnitude(aLow, aHigh)
  if (digits > 0) scaleUp(digits)
  if (n3 != b3) return n3 > b3 ? larger : -larger
  if (n2 != b2) return n2 > b2 ? larger : -larger
  if (n1 != b1) return n1 > b1 ? larger : -larger
  if (n0 != b0) return n0 > b0 ? larger : -larger
  return 0
}

/** Whether a number has at most `precision` digits, 1 to 38. */
export function decimalFits(low: u64, high: u64, precision: i32): bool {
  setMagnitude(low, high)
  const limit = power(precision)
  return n1 < wideHigh || (n1 == wideHigh && n0 < limit)
}

/** The nearest double, or NaN where that takes more than one exact division: the caller then asks the slow way. */
export function decimalToDouble(low: u64, high: u64, scale: i32): f64 {
  setMagnitude(low, high)
  if (n1 != 0 || n0 > 0x20000000000000 || scale > 22) return NaN
  // Powers of ten to 10^22 are exact doubles.
  const divisor = scale > 19 ? <f64>smallPower(19) * <f64>smallPower(scale - 19) : <f64>smallPower(scale)
  const value = <f64>n0 / divisor
  return <i64>high < 0 ? -value : value
}

/** Writes a number with `scale` digits behind the point, at most 41 bytes, and returns how many. */
export function formatDecimal(low: u64, high: u64, scale: i32, target: usize): i32 {
  setMagnitude(low, high)
  // Digits from the back: at most 39, or zeros up to the one before the point.
  let at = NUMERATOR + 48
  let count = 0
  // Nine digits at a time, so that single ones are divided off in 32 bits.
  while ((n0 | n1) != 0) {
    const nine = <u32>divideSmall(1000000000)
    const size = (n0 | n1) != 0 ? 9 : digitCount(nine)
    writeDigits(at, nine, size)
    at -= size
    count += size
  }
  for (; count <= scale; count++) store<u8>(--at, 48)
  let to = target
  if (<i64>high < 0) store<u8>(to++, 45)
  const whole = count - scale
  memory.copy(to, at, whole)
  to += whole
  if (scale > 0) {
    store<u8>(to++, 46)
    memory.copy(to, at + whole, scale)
    to += scale
  }
  return <i32>(to - target)
}

/**
 * Reads a number: an optional sign, digits with or without a point, an optional exponent, spaces around it; rounded half up to `scale`
 * digits behind the point.
 *
 * @returns 0, 1 when it has more than 38 digits then, or 2 when the text is no number.
 */
export function parseDecimal(address: usize, length: usize, scale: i32, out: usize): i32 {
  let end = address + length
  while (address < end && load<u8>(address) == 32) address++
  while (address < end && load<u8>(end - 1) == 32) end--
  let isNegative = false
  if (address < end && (load<u8>(address) == 45 || load<u8>(address) == 43)) {
    isNegative = load<u8>(address) == 45
    address++
  }
  n0 = 0
  n1 = 0
  n2 = 0
  n3 = 0
  let digits = 0
  let taken = 0
  let exponent: i32 = 0
  let isBehindPoint = false
  // Digits beyond 72 cannot matter but for being there: 38 before the point or 38 dropped by rounding.
  for (; address < end; address++) {
    const byte = load<u8>(address)
    if (byte == 46 && !isBehindPoint) {
      isBehindPoint = true
      continue
    }
    const digit = <u32>byte - 48
    if (digit > 9) break
    digits++
    if (taken < 72) {
      if (taken > 0 || digit != 0) taken++
      appendDigit(digit)
      if (isBehindPoint) exponent--
    } else if (!isBehindPoint) exponent++
  }
  if (digits == 0) return 2
  if (address < end) {
    if ((load<u8>(address) | 32) != 101) return 2
    address++
    let isSmall = false
    if (address < end && (load<u8>(address) == 45 || load<u8>(address) == 43)) {
      isSmall = load<u8>(address) == 45
      address++
    }
    if (address == end) return 2
    let given: i32 = 0
    for (; address < end; address++) {
      const digit = <u32>load<u8>(address) - 48
      if (digit > 9) return 2
      given = min(given * 10 + <i32>digit, 100000)
    }
    exponent += isSmall ? -given : given
  }
  const move = exponent + scale
  if (move < 0) {
    if (scaleDown(-move, isNegative, HALF_UP)) return 1
  } else if ((n0 | n1 | n2 | n3) != 0 && (move > 76 || scaleUp(move))) return 1
  return storeResult(isNegative, out)
}

// @ts-ignore: decorator
@inline
function appendDigit(digit: u32): void {
  if ((n1 | n2 | n3) == 0 && n0 < 1000000000000000000) {
    n0 = n0 * 10 + digit
    return
  }
  scaleUp(1)
  addTo(digit, 0)
}
