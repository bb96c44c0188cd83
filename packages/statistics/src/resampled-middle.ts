/**
 * The middle of n words of 32 bits that are drawn at random, without drawing each: how many of them begin with 0 is how many of n
 * random bits are 0, which tells the half in which the middle lies, and so on within that half. The words of the two middle ranks
 * (the same one for an odd n) are exactly so distributed as if all had been drawn and sorted, for a sixteenth of the random words.
 * @param n at least 1
 * @param word the next random word, from 0 to 2^32 - 1
 */
export function middleOfWords(n: number, word: () => number): { low: number; high: number } {
  let [lowRank, highRank] = [Math.ceil(n / 2) - 1, Math.floor(n / 2)];
  let left = n;
  let begin = 0;
  // Powers of two by halving: to raise 2 to each takes longer than all the rest.
  for (let bit = 31, half = 2 ** 31; bit >= 0; bit--, half /= 2) {
    const zeros = left - onesIn(left, word);
    if (lowRank < zeros && highRank >= zeros)
      return {
        low: wordOfRank(begin, bit, zeros, lowRank, word),
        high: wordOfRank(begin + half, bit, left - zeros, highRank - zeros, word),
      };
    if (highRank < zeros) left = zeros;
    else {
      [lowRank, highRank] = [lowRank - zeros, highRank - zeros];
      begin += half;
      left -= zeros;
    }
  }
  return { low: begin, high: begin };
}

/** The word of a rank, from 0, among `left` words that share all but their last `bits` bits, which begin so. */
function wordOfRank(begin: number, bits: number, left: number, rank: number, word: () => number): number {
  for (let bit = bits - 1, half = 2 ** bit; bit >= 0; bit--, half /= 2) {
    if (left <= FEW) return begin + drawnOfRank(left, bit + 1, rank, word);
    const zeros = left - onesIn(left, word);
    if (rank < zeros) left = zeros;
    else {
      begin += half;
      left -= zeros;
      rank -= zeros;
    }
  }
  return begin;
}

/** So few are sooner drawn one by one. */
const FEW = 4;

/** The number of a rank among `left` random ones of some bits. */
function drawnOfRank(left: number, bits: number, rank: number, word: () => number): number {
  const few = new Float64Array(left);
  for (let i = 0; i < left; i++) few[i] = word() >>> (32 - bits);
  return left === 1 ? (few[0] ?? 0) : (few.sort()[rank] ?? 0);
}

/** How many of n random bits are 1. */
function onesIn(n: number, word: () => number): number {
  let ones = 0;
  let more = n;
  for (; more >= 32; more -= 32) ones += onesOf(word());
  return more === 0 ? ones : ones + onesOf(word() >>> (32 - more));
}

/** By adding neighbouring bits, then pairs of bits, and so on (Warren, "Hacker's Delight", 2nd edition, section 5-1). */
function onesOf(word: number): number {
  let x = word - ((word >>> 1) & 0x55555555);
  x = (x & 0x33333333) + ((x >>> 2) & 0x33333333);
  x = (x + (x >>> 4)) & 0x0f0f0f0f;
  return Math.imul(x, 0x01010101) >>> 24;
}
