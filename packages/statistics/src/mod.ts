export { meanOfSorted, stddevOfSorted } from './moments.ts';
export { quantile, quantileOfSorted } from './quantile.ts';
