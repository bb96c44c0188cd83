/**
 * Series and samples are kept by what they were gathered from and this number: raise it whenever the gathering of any numbers, one by
 * one or from a stream, could come out different, in value, order or shape.
 */
export const GATHERING_VERSION = 1;
